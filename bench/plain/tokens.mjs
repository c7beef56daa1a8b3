/** Tokens of a language model, as loops over one row: a single pass with a heap, and the sums that the steps need. See index.mjs. */

/** @typedef {{ temperature: number, topK: number, topP: number, minP: number }} Steps */

/** What is left of a row, best first, and the weight exp((l - max) / T) of each. @typedef {{ indices: Int32Array, weights: Float64Array, count: number }} Left */

/** Room for what is left of rows of up to n. @param {number} n @returns {Left} */
export function roomForTokens(n) {
  return { indices: new Int32Array(n), weights: new Float64Array(n), count: 0 };
}

/**
 * The k greatest by a heap whose root is the least of them, then sorted.
 * @param {Float32Array} x @param {number} k @param {Left} left
 */
function greatest(x, k, left) {
  const heap = left.indices;
  const sink = (value, at) => {
    for (let child = 2 * at + 1; child < k; child = 2 * at + 1) {
      if (child + 1 < k && x[heap[child + 1]] < x[heap[child]]) child++;
      if (!(x[heap[child]] < x[value])) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = value;
  };
  for (let i = 0; i < k; i++) heap[i] = i;
  for (let i = (k >> 1) - 1; i >= 0; i--) sink(heap[i], i);
  let least = x[heap[0]];
  for (let i = k; i < x.length; i++) {
    if (x[i] > least) {
      sink(i, 0);
      least = x[heap[0]];
    }
  }
  heap.subarray(0, k).sort((a, b) => x[b] - x[a] || a - b);
  left.count = k;
}

/**
 * All that the nucleus may hold: tokens of less than (1 - p) / (n - 1) have no more than 1 - p together.
 * @param {Float32Array} x @param {Steps} steps @param {Left} left @returns the sum of all weights
 */
function nucleus(x, { temperature, topP }, left) {
  const { indices } = left;
  let max = -Infinity;
  for (let i = 0; i < x.length; i++) if (x[i] > max) max = x[i];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp((x[i] - max) / temperature);
  const least = max + temperature * Math.log((sum * (1 - topP)) / (x.length - 1));
  let count = 0;
  for (let i = 0; i < x.length; i++) if (x[i] >= least) indices[count++] = i;
  indices.subarray(0, count).sort((a, b) => x[b] - x[a] || a - b);
  left.count = count;
  return sum;
}

/**
 * Top-k (0: off), top-p and min-p of one row, in this order, in what is left.
 * @param {Float32Array} x @param {Steps} steps @param {Left} left
 */
export function truncateTokens(x, steps, left) {
  const { temperature, topK, topP, minP } = steps;
  const { indices, weights } = left;
  let sum = 0;
  if (topK === 0) sum = nucleus(x, steps, left);
  else greatest(x, topK, left);
  const max = x[indices[0]];
  let all = 0;
  for (let j = 0; j < left.count; j++) all += weights[j] = Math.exp((x[indices[j]] - max) / temperature);
  if (topK > 0) sum = all;
  let count = 0;
  for (let mass = 0; count < left.count && Math.fround(mass / sum) < Math.fround(topP); count++) mass += weights[count];
  while (count > 1 && weights[count - 1] < minP) count--;
  left.count = count;
  return left;
}

/** One of what is left, by its running sum. @param {Left} left @param {Float32Array} logProb @param {number} row */
function drawToken({ indices, weights, count }, logProb, row) {
  let sum = 0;
  for (let j = 0; j < count; j++) sum += weights[j];
  let u = sum * Math.random();
  let j = 0;
  while (j < count - 1 && (u -= weights[j]) >= 0) j++;
  logProb[row] = Math.log(weights[j] / sum);
  return indices[j];
}

/** A token for each row. @param {Float32Array[]} rows @param {Steps[]} steps one per row @param {Left} left @param {Float32Array} logProb @param {Int32Array} out */
export function sampleTokens(rows, steps, left, logProb, out) {
  for (let r = 0; r < rows.length; r++) out[r] = drawToken(truncateTokens(rows[r], steps[r], left), logProb, r);
  return out;
}
