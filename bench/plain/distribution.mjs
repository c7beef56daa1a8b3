/** @typedef {Float32Array | Float64Array} Floats */

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** log p of a class per row. @param {Floats} logits @param {Int32Array} target @param {number} n */
export function categoricalLogProb(logits, target, n) {
  const out = new /** @type {any} */ (logits.constructor)(target.length);
  for (let row = 0, r = 0; row < logits.length; row += n, r++) {
    let max = -Infinity;
    for (let i = row; i < row + n; i++) if (logits[i] > max) max = logits[i];
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += Math.exp(logits[i] - max);
    out[r] = logits[row + target[r]] - max - Math.log(sum);
  }
  return out;
}

/** @param {Floats} logits @param {number} n */
export function categoricalEntropy(logits, n) {
  const out = new /** @type {any} */ (logits.constructor)(logits.length / n);
  for (let row = 0, r = 0; row < logits.length; row += n, r++) {
    let max = -Infinity;
    for (let i = row; i < row + n; i++) if (logits[i] > max) max = logits[i];
    let sum = 0;
    let dot = 0;
    for (let i = row; i < row + n; i++) {
      const e = Math.exp(logits[i] - max);
      sum += e;
      dot += e * (logits[i] - max);
    }
    out[r] = Math.log(sum) - dot / sum;
  }
  return out;
}

/** KL(P || Q) of two rows of logits. @param {Floats} p @param {Floats} q @param {number} n */
export function categoricalDivergence(p, q, n) {
  const out = new /** @type {any} */ (p.constructor)(p.length / n);
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    const [a, b] = [logSum(p, row, n), logSum(q, row, n)];
    let total = 0;
    for (let i = row; i < row + n; i++) total += Math.exp(p[i] - a) * (p[i] - a - (q[i] - b));
    out[r] = total;
  }
  return out;
}

/** @param {Floats} x @param {number} row @param {number} n */
function logSum(x, row, n) {
  let max = -Infinity;
  for (let i = row; i < row + n; i++) if (x[i] > max) max = x[i];
  let sum = 0;
  for (let i = row; i < row + n; i++) sum += Math.exp(x[i] - max);
  return max + Math.log(sum);
}

/** An array of f of each element. @param {Floats} x @param {(v: number) => number} f */
function each(x, f) {
  const out = new /** @type {any} */ (x.constructor)(x.length);
  for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
  return out;
}

/** @param {Floats} x */
export const normalLogProb = (x) => each(x, (v) => -0.5 * (v * v + LOG_TWO_PI));
/** @param {Floats} x */
export const gumbelLogProb = (x) => each(x, (v) => -(v + Math.exp(-v)));
/** @param {Floats} x */
export const logisticLogProb = (x) => each(x, (v) => -v - 2 * Math.log1p(Math.exp(-v)));
/** @param {Floats} x */
export const gumbelCdf = (x) => each(x, (v) => Math.exp(-Math.exp(-v)));
/** @param {Floats} x */
export const logisticCdf = (x) => each(x, (v) => 1 / (1 + Math.exp(-v)));
/** The entropy of a bit by its logit. @param {Floats} logits */
export const bernoulliEntropy = (logits) =>
  each(logits, (l) => Math.log1p(Math.exp(-Math.abs(l))) + Math.abs(l) / (1 + Math.exp(Math.abs(l))));
