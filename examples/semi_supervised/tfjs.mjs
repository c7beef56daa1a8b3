/** tfjs on its wasm backend, ready, and the gradient of the matrix product as wasm is quick at it. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as wasm from '@tensorflow/tfjs-backend-wasm';

const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
wasm.setWasmPaths(`${folder}/`);
if (!(await tf.setBackend('wasm'))) throw new Error('tfjs has no wasm backend here');

/**
 * A product with a transposed operand does not reach the fast kernel of the backend, and the gradient that comes with tfjs
 * is made of two of them. Transposed first, a step takes a third of the time.
 */
tf.registerGradient({
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc(dy, [a, b], { transposeA, transposeB }) {
    if (transposeA || transposeB || a.rank !== 2) throw new Error('the gradient is that of plain products of matrices');
    return { a: () => tf.matMul(dy, tf.transpose(b)), b: () => tf.matMul(tf.transpose(a), dy) };
  },
});

export { tf };
