/** The matrix product by tfjs on wasm, in float32. The packages are those of examples/semi_supervised. */
import { tf } from '../semi_supervised/tfjs.mjs';

/**
 * A matrix as a tensor. A transposed one is transposed by a kernel of its own: products with a transposed operand are slow.
 * @param {import('./product.mjs').Matrix} matrix @param {number} rows @param {number} columns
 */
function tensorOf({ data, column }, rows, columns) {
  const values = data.subarray(0, rows * columns);
  return column === 1 ? tf.tensor(values, [rows, columns]) : tf.transpose(tf.tensor(values, [columns, rows]));
}

/** c += a b. @type {import('./product.mjs').Product} */
export function addByTfjs(rows, columns, inner, a, b, c) {
  // nothing is returned: tidy would look for tensors among the values
  tf.tidy(() => {
    const product = tf.matMul(tensorOf(a, rows, inner), tensorOf(b, inner, columns)).dataSync();
    for (let i = 0; i < product.length; i++) c[i] += product[i];
  });
}
