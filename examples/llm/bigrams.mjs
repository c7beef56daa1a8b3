/** Counts of neighbouring tokens, as tables of logarithms in bytes. */

/** How often each token comes `gap` places behind each other one, over all documents; the other tokens (id 0) count nowhere. */
function countPairs(documents, n, gap) {
  const counts = new Float64Array(n * n);
  for (const page of documents) {
    for (let i = gap; i < page.length; i++) {
      if (page[i] !== 0 && page[i - gap] !== 0) counts[page[i - gap] * n + page[i]]++;
    }
  }
  return counts;
}

/** The shares of the tokens, each as if it were there once more. */
function sharesOf(documents, n) {
  const counts = new Float64Array(n).fill(1);
  for (const page of documents) for (const id of page) counts[id]++;
  counts[0] = 1;
  const total = counts.reduce((a, b) => a + b);
  return counts.map((count) => count / total);
}

/** Rows of p(next | token): counts, smoothed by the shares of all tokens (Witten and Bell 1991). */
function smooth(counts, shares, n) {
  const p = new Float64Array(n * n);
  for (let row = 0; row < n * n; row += n) {
    const own = counts.subarray(row, row + n);
    const total = own.reduce((a, b) => a + b);
    const kinds = own.reduce((k, count) => k + Math.sign(count), 0);
    const rest = total === 0 ? 1 : kinds / (total + kinds);
    for (let k = 0; k < n; k++) p[row + k] = (1 - rest) * (own[k] / (total || 1)) + rest * shares[k];
  }
  return p;
}

/** A table in bytes: value = scale (byte - zero). @param {Float64Array} values */
function quantise(values) {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const scale = (most - least) / 255;
  const zero = Math.round(-least / scale);
  return {
    scale,
    zero,
    bytes: Uint8Array.from(values, (v) => Math.min(255, Math.max(0, Math.round(v / scale) + zero))),
  };
}

/**
 * The two tables whose sum is the logits: log p(next | last), and of the token before the last how much more often the next
 * one follows it than anything, half of log p(next | before) / p(next).
 */
export function makeTables(documents, n) {
  const shares = sharesOf(documents, n);
  const table = (gap, value) => quantise(smooth(countPairs(documents, n, gap), shares, n).map(value));
  return { last: table(1, Math.log), before: table(2, (p, i) => Math.log(p / shares[i % n]) / 2) };
}

/** A byte of a table as a logit, of a row. */
export const rowOf = ({ bytes, scale, zero }, row, n) =>
  Float32Array.from(bytes.subarray(row * n, row * n + n), (byte) => Math.fround(scale) * (byte - zero));
