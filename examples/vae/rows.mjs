/** Row-major matrices in arrays, by rows. */

/** @typedef {import('./product.mjs').Floats} Floats */

/** 0 .. count - 1. @param {number} count */
export const range = (count) => Int32Array.from({ length: count }, (_, i) => i);

/** @param {ArrayLike<number>} values */
export function total(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** @param {Floats} a @param {number} rows @returns {Float64Array} */
export function rowSums(a, rows) {
  const width = a.length / rows;
  return Float64Array.from({ length: rows }, (_, r) => total(a.subarray(r * width, (r + 1) * width)));
}

/** a_r *= weights_r for each row. @param {Floats} a @param {Float64Array} weights */
export function scale(a, weights) {
  const width = a.length / weights.length;
  for (let r = 0, i = 0; r < weights.length; r++) for (let k = 0; k < width; k++, i++) a[i] *= weights[r];
}

/** a_r += weights_r b_r for each row. @param {Floats} a @param {Floats} b @param {Float64Array} weights */
export function addScaled(a, b, weights) {
  const width = a.length / weights.length;
  for (let r = 0, i = 0; r < weights.length; r++) for (let k = 0; k < width; k++, i++) a[i] += weights[r] * b[i];
}

/** The rows of a, then those of b. @param {Floats} a @param {Floats} b */
export function above(a, b) {
  const both = likeOf(a, a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The rows of a that `rows` names. @param {Floats} a @param {number} width @param {Int32Array} rows */
export function gather(a, width, rows) {
  const picked = likeOf(a, rows.length * width);
  rows.forEach((row, r) => picked.set(a.subarray(row * width, (row + 1) * width), r * width));
  return picked;
}

/** Zeros in the dtype of an array. @param {Floats} a @param {number} length @returns {Floats} */
function likeOf(a, length) {
  return a instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
