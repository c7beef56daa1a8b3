/** Whether what is compared computes the same thing. */
import * as anymax from 'anymax';
import { dataOf, normalLogits, residentOf, variantsOf } from './data.mjs';

/** @typedef {import('./ops.mjs').Op} Op */

/**
 * Throws unless mirror and resident arrays give the bits of wasm and the plain loop computes the same thing: the same values within
 * 1e-5, or where it is noisy the same distribution, by means over 20,000 rows within 6 standard errors. That is a false
 * alarm in 1e6 runs, and it sees noise that is 10 % too wide.
 * @param {Op} op @param {'float32' | 'float64'} dtype
 */
export function check(op, dtype) {
  const { noisy, byRow } = op.shape;
  for (const n of noisy || !byRow ? [10] : [10, 1000]) {
    const rows = noisy ? 20_000 : 64;
    const logits = normalLogits(rows * n, op.name, dtype);
    if (noisy) for (let i = n; i < logits.length; i++) logits[i] = logits[i - n];
    const data = dataOf(op, logits, n, anymax.key(n));
    const resident = residentOf(data);
    const [wasm, inside, mirror, loop] = variantsOf(op, data, resident).map(({ before, run }) => {
      before?.();
      return valuesOf(run());
    });
    resident.free();
    for (const others of [inside, mirror])
      if (!wasm.every((value, i) => Object.is(value, others[i]))) throw new Error(`${op.name}: other bits than wasm's`);
    const same = noisy ? sameMeans(op, wasm, loop, n) : wasm.every((value, i) => near(value, loop[i]));
    if (!same) throw new Error(`${op.name}, n = ${n}: the plain loop computes something else`);
  }
}

/** All values of a result, or of several. @param {any} result @returns {number[]} */
function valuesOf(result) {
  if (result.view) return valuesOf(result.view);
  return ArrayBuffer.isView(result) ? Array.from(/** @type {any} */ (result)) : Object.values(result).flatMap(valuesOf);
}

/** @param {number} a @param {number} b */
function near(a, b) {
  return Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
}

/** Whether two noisy results have the same means. @param {Op} op @param {number[]} a @param {number[]} b @param {number} n */
function sameMeans(op, a, b, n) {
  const others = meansOf(op, b, n);
  return meansOf(op, a, n).every(({ mean, variance }, i) => {
    const other = others[i];
    return Math.abs(mean - other.mean) <= 6 * Math.sqrt(variance + other.variance);
  });
}

/**
 * Means over the rows of a result, with their variances: of each class's element and its square, or of how often the
 * class is drawn.
 * @param {Op} op @param {number[]} result @param {number} n
 */
function meansOf({ shape }, result, n) {
  const byIndex = shape.gives === 'index';
  const rows = byIndex ? result.length : result.length / n;
  const value = byIndex
    ? (row, c) => (result[row] === c ? 1 : 0)
    : (row, c) => (c < n ? result[row * n + c] : result[row * n + c - n] ** 2);
  return Array.from({ length: byIndex ? n : 2 * n }, (_, c) => {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      sum += value(row, c);
      squares += value(row, c) ** 2;
    }
    const mean = sum / rows;
    return { mean, variance: (squares / rows - mean * mean) / rows };
  });
}
