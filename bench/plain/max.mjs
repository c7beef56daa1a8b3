/** Maxes, their gradients and reductions of rows, as loops. See index.mjs. */

/** @typedef {Float32Array | Float64Array} Floats */

/** @param {Floats} x @param {number} from @param {number} n */
function maxOf(x, from, n) {
  let max = -Infinity;
  for (let i = from; i < from + n; i++) if (x[i] > max) max = x[i];
  return max;
}

/** @param {Floats} x @param {number} n @param {number} temperature @param {Floats} out */
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
 * @param {Floats} x @param {number} from @param {number} n @param {number} max @param {number} slope
 */
function logSumExpOf(x, from, n, max, slope) {
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += Math.exp((x[i] - max) * slope);
  return Math.log(sum);
}

/** @param {Floats} x @param {number} n @param {number} temperature @param {Floats} out */
export function logSoftmax(x, n, temperature, out) {
  const slope = 1 / temperature;
  for (let row = 0; row < x.length; row += n) {
    const max = maxOf(x, row, n);
    const logSum = logSumExpOf(x, row, n, max, slope);
    for (let i = row; i < row + n; i++) out[i] = (x[i] - max) * slope - logSum;
  }
  return out;
}

/** @param {Floats} x @param {Int32Array} indices @param {number} n @param {Floats} out */
export function logSoftmaxAt(x, indices, n, out) {
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    const max = maxOf(x, row, n);
    out[r] = x[row + indices[r]] - max - logSumExpOf(x, row, n, max, 1);
  }
  return out;
}

/**
 * By insertion into the k best so far.
 * @param {Floats} x @param {number} n @param {number} k @param {Int32Array} out
 */
export function topK(x, n, k, out) {
  for (let row = 0, to = 0; row < x.length; row += n, to += k) {
    let count = 0;
    for (let i = 0; i < n; i++) {
      const v = x[row + i];
      if (count === k && !(v > x[row + out[to + k - 1]])) continue;
      let j = count < k ? count++ : k - 1;
      for (; j > 0 && x[row + out[to + j - 1]] < v; j--) out[to + j] = out[to + j - 1];
      out[to + j] = i;
    }
  }
  return out;
}

/** @param {Floats} p @param {Floats} d @param {number} n @param {Floats} out */
export function shannonVjp(p, d, n, out) {
  for (let i = 0; i < p.length; i++) out[i] = -d[Math.floor(i / n)] * (1 + Math.log(p[i]));
  return out;
}

/** @param {Floats} x @param {Int32Array} target @param {Floats} d @param {number} n @param {number} temperature @param {Floats} out */
export function softmaxLossVjp(x, target, d, n, temperature, out) {
  softmax(x, n, temperature, out);
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    out[row + target[r]] -= 1;
    for (let i = 0; i < n; i++) out[row + i] *= d[r] / temperature;
  }
  return out;
}

/** @param {Floats} x @param {number} n @param {Floats} out */
export function logSumExp(x, n, out) {
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    const max = maxOf(x, row, n);
    out[r] = max + logSumExpOf(x, row, n, max, 1);
  }
  return out;
}

/** @param {Floats} x @param {number} from @param {number} n */
function argmaxOf(x, from, n) {
  let best = 0;
  for (let i = 1; i < n; i++) if (x[from + i] > x[from + best]) best = i;
  return best;
}

/** @param {Floats} x @param {number} n @param {Int32Array} out */
export function argmax(x, n, out) {
  for (let row = 0, r = 0; row < x.length; row += n, r++) out[r] = argmaxOf(x, row, n);
  return out;
}

/** @param {Floats} x @param {number} n @param {Floats} out */
export function hardmax(x, n, out) {
  out.fill(0);
  for (let row = 0; row < x.length; row += n) out[row + argmaxOf(x, row, n)] = 1;
  return out;
}

/**
 * Sorts each row (ascending, as typed arrays do) and takes the greatest k of it that stay above their threshold.
 * @param {Floats} x @param {number} n @param {Floats} out
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

/**
 * By sorting as well: the threshold of the greatest k is their mean less the root of what is left of their variance
 * (Peters, Niculae and Martins 2019, algorithm 2).
 * @param {Floats} x @param {number} n @param {Floats} out
 */
export function entmax15(x, n, out) {
  for (let row = 0; row < x.length; row += n) {
    const sorted = x.slice(row, row + n).sort();
    const max = sorted[n - 1];
    let sum = 0;
    let squares = 0;
    let threshold = -1;
    for (let k = 1; k <= n; k++) {
      const z = (sorted[n - k] - max) / 2;
      sum += z;
      squares += z * z;
      const mean = sum / k;
      const next = mean - Math.sqrt(Math.max(0, (1 - squares + sum * mean) / k));
      if (next > z) break;
      threshold = next;
    }
    for (let i = row; i < row + n; i++) {
      const root = Math.max(0, (x[i] - max) / 2 - threshold);
      out[i] = root * root;
    }
  }
  return out;
}

/** Halvings of the bracket, as entmax's `entmax_bisect` has them. */
const BISECTIONS = 50;

/** @param {Floats} x @param {number} n @param {number} alpha @param {Floats} out */
export function entmax(x, n, alpha, out) {
  const d = alpha - 1;
  const power = 1 / d;
  for (let row = 0; row < x.length; row += n) {
    const max = maxOf(x, row, n);
    let threshold = -1;
    let width = 1 - (1 / n) ** d;
    let sum = 0;
    for (let step = 0; step < BISECTIONS; step++) {
      width /= 2;
      sum = 0;
      for (let i = row; i < row + n; i++) {
        const z = (x[i] - max) * d - threshold - width;
        out[i] = z > 0 ? z ** power : 0;
        sum += out[i];
      }
      if (sum >= 1) threshold += width;
    }
    for (let i = row; i < row + n; i++) out[i] /= sum;
  }
  return out;
}

/** The weight of the family's Jacobian, p^(2 - alpha) on the support. @param {number} p @param {number} alpha */
function weightOf(p, alpha) {
  if (alpha === 1) return p;
  if (p === 0) return 0;
  if (alpha === 2) return 1;
  return alpha === 1.5 ? Math.sqrt(p) : p ** (2 - alpha);
}

/** @param {Floats} p @param {Floats} dp @param {number} n @param {number} alpha @param {Floats} out */
export function vjp(p, dp, n, alpha, out) {
  for (let row = 0; row < p.length; row += n) {
    let sum = 0;
    let dot = 0;
    for (let i = row; i < row + n; i++) {
      const s = weightOf(p[i], alpha);
      out[i] = s;
      sum += s;
      dot += s * dp[i];
    }
    const mean = dot / sum;
    for (let i = row; i < row + n; i++) out[i] *= dp[i] - mean;
  }
  return out;
}

/** One value per row: the gradient of T at T = 1, from the output. @param {Floats} p @param {Floats} dp @param {number} n @param {Floats} out */
export function softmaxVjpTemperature(p, dp, n, out) {
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    let mean = 0;
    for (let i = row; i < row + n; i++) mean += p[i] * dp[i];
    let sum = 0;
    for (let i = row; i < row + n; i++) if (p[i] > 0) sum += Math.log(p[i]) * p[i] * (dp[i] - mean);
    out[r] = -sum;
  }
  return out;
}

/** @param {Floats} p @param {number} n @param {Floats} out */
export function shannon(p, n, out) {
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    let sum = 0;
    for (let i = row; i < row + n; i++) if (p[i] > 0) sum += p[i] * Math.log(p[i]);
    out[r] = -sum;
  }
  return out;
}

/** Cross-entropy. @param {Floats} x @param {Int32Array} target @param {number} n @param {Floats} out */
export function softmaxLoss(x, target, n, out) {
  logSumExp(x, n, out);
  for (let r = 0; r < out.length; r++) out[r] -= x[r * n + target[r]];
  return out;
}

/** @param {Floats} x @param {Int32Array} target @param {number} n @param {Floats} out */
export function softmaxLossGradient(x, target, n, out) {
  softmax(x, n, 1, out);
  for (let r = 0; r < target.length; r++) out[r * n + target[r]] -= 1;
  return out;
}

/** @param {Floats} logP @param {Floats} d @param {number} n @param {Floats} out */
export function logSoftmaxVjp(logP, d, n, out) {
  for (let row = 0; row < logP.length; row += n) {
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += d[i];
    for (let i = row; i < row + n; i++) out[i] = d[i] - Math.exp(logP[i]) * sum;
  }
  return out;
}

/** @param {Floats} x @param {Floats} d one value per row @param {number} n @param {Floats} out */
export function logSumExpVjp(x, d, n, out) {
  softmax(x, n, 1, out);
  for (let row = 0, r = 0; row < x.length; row += n, r++) for (let i = row; i < row + n; i++) out[i] *= d[r];
  return out;
}

/** @param {Floats} p @param {number} n @param {Int32Array} out */
export function supportSize(p, n, out) {
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    let count = 0;
    for (let i = row; i < row + n; i++) if (p[i] > 0) count++;
    out[r] = count;
  }
  return out;
}

/** The Tsallis entropy of alpha > 1. @param {Floats} p @param {number} n @param {number} alpha @param {Floats} out */
export function tsallis(p, n, alpha, out) {
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += p[i] - (alpha === 2 ? p[i] * p[i] : p[i] * Math.sqrt(p[i]));
    out[r] = sum / (alpha * (alpha - 1));
  }
  return out;
}

/**
 * The Fenchel-Young loss of sparsemax or entmax15: <p, x> + H(p) - x_target.
 * @param {Floats} x @param {Int32Array} target @param {number} n @param {1.5 | 2} alpha @param {Floats} out @param {Floats} p
 */
export function sparseLoss(x, target, n, alpha, out, p) {
  if (alpha === 2) sparsemax(x, n, p);
  else entmax15(x, n, p);
  tsallis(p, n, alpha, out);
  for (let row = 0, r = 0; row < x.length; row += n, r++) {
    let dot = 0;
    for (let i = row; i < row + n; i++) dot += p[i] * x[i];
    out[r] += dot - x[row + target[r]];
  }
  return out;
}

/** @param {Floats} x @param {Int32Array} target @param {number} n @param {Floats} out */
export function sparsemaxLossGradient(x, target, n, out) {
  sparsemax(x, n, out);
  for (let r = 0; r < target.length; r++) out[r * n + target[r]] -= 1;
  return out;
}

/**
 * One value per row: the gradient of T at T = 1 of a max of alpha > 1, from the output.
 * @param {Floats} p @param {Floats} dp @param {number} n @param {number} alpha @param {Floats} out
 */
export function vjpTemperature(p, dp, n, alpha, out) {
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    let sum = 0;
    let dot = 0;
    for (let i = row; i < row + n; i++) {
      const s = weightOf(p[i], alpha);
      sum += s;
      dot += s * dp[i];
    }
    const mean = dot / sum;
    let total = 0;
    for (let i = row; i < row + n; i++) total += p[i] * (dp[i] - mean);
    out[r] = -total / (alpha - 1);
  }
  return out;
}

/**
 * One value per row: the gradient of alpha, from the output.
 * @param {Floats} p @param {Floats} dp @param {number} n @param {number} alpha @param {Floats} out
 */
export function vjpAlpha(p, dp, n, alpha, out) {
  const d = alpha - 1;
  for (let row = 0, r = 0; row < p.length; row += n, r++) {
    let sum = 0;
    let logs = 0;
    for (let i = row; i < row + n; i++) {
      if (!(p[i] > 0)) continue;
      sum += weightOf(p[i], alpha);
      logs += p[i] * Math.log(p[i]);
    }
    let total = 0;
    for (let i = row; i < row + n; i++) {
      if (!(p[i] > 0)) continue;
      const q = weightOf(p[i], alpha) / sum;
      total += dp[i] * ((p[i] - q) / (d * d) - (p[i] * Math.log(p[i]) - q * logs) / d);
    }
    out[r] = total;
  }
  return out;
}

/** One value per row: the gradient of T at T = 1 of log softmax. @param {Floats} logP @param {Floats} d @param {number} n @param {Floats} out */
export function logSoftmaxVjpTemperature(logP, d, n, out) {
  for (let row = 0, r = 0; row < logP.length; row += n, r++) {
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += d[i];
    let total = 0;
    for (let i = row; i < row + n; i++) total -= logP[i] * (d[i] - Math.exp(logP[i]) * sum);
    out[r] = total;
  }
  return out;
}
