/**
 * What a JavaScript user would write without the package: loops over Float32Array, `Math.exp`, `Math.log`,
 * `Math.random`. Same shapes as the package's functions of the same name; `out` is always given.
 */

/** @typedef {Float32Array} F32 */

/** @param {F32} x @param {number} from @param {number} n */
function maxOf(x, from, n) {
  let max = -Infinity;
  for (let i = from; i < from + n; i++) if (x[i] > max) max = x[i];
  return max;
}

/** @param {F32} x @param {number} n @param {number} temperature @param {F32} out */
export function softmax(x, n, temperature, out) {
  const slope = 1 / temperature;
  for (let row = 0; row < x.length; row += n) {
    const max = maxOf(x, row, n);
    let sum = 0;
    for (let i = row; i < row + n; i++) {
      const e = Math.exp((x[i] - max) * slope);
      out[i] = e;
      sum += e;
    }
    const scale = 1 / sum;
    for (let i = row; i < row + n; i++) out[i] *= scale;
  }
  return out;
}

/**
 * log sum exp((x - max) slope) of a row.
 * @param {F32} x @param {number} from @param {number} n @param {number} max @param {number} slope
 */
function logSumExpOf(x, from, n, max, slope) {
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += Math.exp((x[i] - max) * slope);
  return Math.log(sum);
}

/** @param {F32} x @param {number} n @param {number} temperature @param {F32} out */
export function logSoftmax(x, n, temperature, out) {
  const slope = 1 / temperature;
  for (let row = 0; row < x.length; row += n) {
    const max = maxOf(x, row, n);
    const logSum = logSumExpOf(x, row, n, max, slope);
    for (let i = row; i < row + n; i++) out[i] = (x[i] - max) * slope - logSum;
  }
  return out;
}

/** @param {F32} x @param {number} n @param {F32} out */
export function logSumExp(x, n, out) {
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    const max = maxOf(x, row, n);
    out[r] = max + logSumExpOf(x, row, n, max, 1);
  }
  return out;
}

/** @param {F32} x @param {number} n @param {Int32Array} out */
export function argmax(x, n, out) {
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    let best = 0;
    for (let i = 1; i < n; i++) if (x[row + i] > x[row + best]) best = i;
    out[r] = best;
  }
  return out;
}

/**
 * Sorts each row (ascending, as typed arrays do) and takes the greatest k of it that stay above their threshold.
 * @param {F32} x @param {number} n @param {F32} out
 */
export function sparsemax(x, n, out) {
  for (let row = 0; row < x.length; row += n) {
    const sorted = x.slice(row, row + n).sort();
    const max = sorted[n - 1];
    let sum = 0;
    let threshold = 0;
    for (let k = 1; k <= n; k++) {
      const z = sorted[n - k] - max;
      sum += z;
      if (1 + k * z <= sum) break;
      threshold = (sum - 1) / k;
    }
    for (let i = row; i < row + n; i++) out[i] = Math.max(0, x[i] - max - threshold);
  }
  return out;
}

const gumbelNoise = () => -Math.log(-Math.log(Math.random()));

function logisticNoise() {
  const u = Math.random();
  return Math.log(u / (1 - u));
}

/** @param {F32} out */
export function uniform(out) {
  for (let i = 0; i < out.length; i++) out[i] = Math.random();
  return out;
}

/** @param {F32} out */
export function exponential(out) {
  for (let i = 0; i < out.length; i++) out[i] = -Math.log(1 - Math.random());
  return out;
}

/** @param {F32} out */
export function gumbel(out) {
  for (let i = 0; i < out.length; i++) out[i] = gumbelNoise();
  return out;
}

/** @param {F32} out */
export function logistic(out) {
  for (let i = 0; i < out.length; i++) out[i] = logisticNoise();
  return out;
}

/** @param {F32} logits @param {number} n @param {Int32Array} out */
export function gumbelMax(logits, n, out) {
  for (let row = 0, r = 0; row < logits.length; row += n, r++) {
    let best = 0;
    let bestScore = -Infinity;
    for (let i = 0; i < n; i++) {
      const score = logits[row + i] + gumbelNoise();
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    out[r] = best;
  }
  return out;
}

/** @param {F32} logits @param {F32} out */
function perturb(logits, out) {
  for (let i = 0; i < logits.length; i++) out[i] = logits[i] + gumbelNoise();
  return out;
}

/** @param {F32} logits @param {number} n @param {number} temperature @param {F32} out */
export function gumbelSoftmax(logits, n, temperature, out) {
  return softmax(perturb(logits, out), n, temperature, out);
}

/** @param {F32} logits @param {number} n @param {number} temperature @param {F32} out */
export function expConcrete(logits, n, temperature, out) {
  return logSoftmax(perturb(logits, out), n, temperature, out);
}

/** @param {F32} logits @param {number} temperature @param {F32} out */
export function gumbelSigmoid(logits, temperature, out) {
  for (let i = 0; i < logits.length; i++) out[i] = 1 / (1 + Math.exp(-(logits[i] + logisticNoise()) / temperature));
  return out;
}

/** log (n - 1)!: the product where it is short, else Stirling's series to 1e-8. @param {number} n */
function logFactorialBelow(n) {
  if (n < 10) {
    let product = 1;
    for (let k = 2; k < n; k++) product *= k;
    return Math.log(product);
  }
  return (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** @param {F32} logY @param {F32} logits @param {number} n @param {number} temperature @param {F32} out */
export function expConcreteLogProb(logY, logits, n, temperature, out) {
  const constant = logFactorialBelow(n) + (n - 1) * Math.log(temperature);
  for (let row = 0, r = 0; row < logits.length; row += n, r++) {
    let max = -Infinity;
    let sum = 0;
    for (let i = row; i < row + n; i++) {
      const w = logits[i] - temperature * logY[i];
      sum += w;
      if (w > max) max = w;
    }
    let exps = 0;
    for (let i = row; i < row + n; i++) exps += Math.exp(logits[i] - temperature * logY[i] - max);
    out[r] = constant + sum - n * (max + Math.log(exps));
  }
  return out;
}
