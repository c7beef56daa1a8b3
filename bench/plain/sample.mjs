/** Noise and perturbed maxes, as loops. See index.mjs. */
import { logSoftmax, softmax } from './max.mjs';

/** @typedef {Float32Array | Float64Array} Floats */

const gumbelNoise = () => -Math.log(-Math.log(Math.random()));

function logisticNoise() {
  const u = Math.random();
  return Math.log(u / (1 - u));
}

/** @param {Uint32Array} out */
export function bits(out) {
  for (let i = 0; i < out.length; i++) out[i] = Math.random() * 2 ** 32;
  return out;
}

/** @param {Floats} out */
export function uniform(out) {
  for (let i = 0; i < out.length; i++) out[i] = Math.random();
  return out;
}

/** @param {Floats} out */
export function exponential(out) {
  for (let i = 0; i < out.length; i++) out[i] = -Math.log(1 - Math.random());
  return out;
}

/** @param {Floats} out */
export function gumbel(out) {
  for (let i = 0; i < out.length; i++) out[i] = gumbelNoise();
  return out;
}

/** @param {Floats} out */
export function logistic(out) {
  for (let i = 0; i < out.length; i++) out[i] = logisticNoise();
  return out;
}

/** Box and Muller, both of each pair. @param {Floats} out */
export function normal(out) {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const angle = 2 * Math.PI * Math.random();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** @param {Floats} logits @param {number} n @param {Int32Array} out */
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

/** The cumulative sums of one row, kept for the next call. */
let sums = new Float64Array(64);

/** Cumulative sums of exp, searched from the front or, for many draws, by halves. @param {Floats} logits @param {number} n @param {number} draws @param {Int32Array} out */
export function categorical(logits, n, draws, out) {
  if (sums.length < n) sums = new Float64Array(n);
  for (let row = 0, r = 0; row < logits.length; row += n, r += draws) {
    let max = -Infinity;
    for (let i = row; i < row + n; i++) if (logits[i] > max) max = logits[i];
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += Math.exp(logits[row + i] - max);
      sums[i] = sum;
    }
    for (let d = 0; d < draws; d++) out[r + d] = draws === 1 ? search(sum) : halve(n, sum);
  }
  return out;
}

/** @param {number} sum */
function search(sum) {
  const u = Math.random() * sum;
  let i = 0;
  while (sums[i] <= u) i++;
  return i;
}

/** @param {number} n @param {number} sum */
function halve(n, sum) {
  const u = Math.random() * sum;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] <= u) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Perturbs and sorts. @param {Floats} logits @param {number} n @param {number} k @param {Int32Array} out */
export function gumbelTopK(logits, n, k, out) {
  const scores = new Float64Array(n);
  const order = Array.from(scores, (_, i) => i);
  for (let row = 0, r = 0; row < logits.length; row += n, r += k) {
    for (let i = 0; i < n; i++) scores[i] = logits[row + i] + gumbelNoise();
    order.sort((a, b) => scores[b] - scores[a]);
    for (let j = 0; j < k; j++) out[r + j] = order[j];
  }
  return out;
}

/** @param {Floats} weights @param {number} n @param {Int32Array} out @param {number} draws */
export function exponentialRace(weights, n, out, draws = 1) {
  for (let r = 0; r < out.length; r++) {
    const row = Math.floor(r / draws) * n;
    let first = 0;
    let time = Infinity;
    for (let i = 0; i < n; i++) {
      const arrival = -Math.log(1 - Math.random()) / weights[row + i];
      if (arrival < time) {
        first = i;
        time = arrival;
      }
    }
    out[r] = first;
  }
  return out;
}

/** @param {Floats} logits @param {Floats} top @param {number} n @param {Floats} out */
export function gumbelGiven(logits, top, n, out) {
  perturb(logits, out);
  for (let row = 0, r = 0; row < out.length; row += n, r++) {
    let greatest = -Infinity;
    for (let i = 0; i < n; i++) greatest = Math.max(greatest, out[row + i]);
    for (let i = 0; i < n; i++) {
      const v = top[r] - out[row + i] + Math.log1p(-Math.exp(out[row + i] - greatest));
      out[row + i] = top[r] - Math.max(v, 0) - Math.log1p(Math.exp(-Math.abs(v)));
    }
  }
  return out;
}

/** @param {Floats} logits @param {Floats} out */
export function perturb(logits, out) {
  for (let i = 0; i < logits.length; i++) out[i] = logits[i] + gumbelNoise();
  return out;
}

/** @param {Floats} logits @param {number} n @param {number} temperature @param {Floats} out */
export function gumbelSoftmax(logits, n, temperature, out) {
  return softmax(perturb(logits, out), n, temperature, out);
}

/** @param {Floats} logits @param {number} n @param {number} temperature @param {Floats} out */
export function expConcrete(logits, n, temperature, out) {
  return logSoftmax(perturb(logits, out), n, temperature, out);
}

/** @param {Floats} logits @param {number} temperature @param {Floats} out */
export function gumbelSigmoid(logits, temperature, out) {
  for (let i = 0; i < logits.length; i++) out[i] = 1 / (1 + Math.exp(-(logits[i] + logisticNoise()) / temperature));
  return out;
}

/** @param {Floats} logits @param {number} temperature @param {Floats} out */
export function logitBinConcrete(logits, temperature, out) {
  for (let i = 0; i < logits.length; i++) out[i] = (logits[i] + logisticNoise()) / temperature;
  return out;
}

/** @param {Floats} y @param {Floats} dy @param {number} temperature @param {Floats} out */
export function gumbelSigmoidVjp(y, dy, temperature, out) {
  for (let i = 0; i < y.length; i++) out[i] = (dy[i] * y[i] * (1 - y[i])) / temperature;
  return out;
}

/** @param {Floats} z @param {Floats} dz @param {number} temperature @param {Floats} out */
export function logitBinConcreteVjp(z, dz, temperature, out) {
  for (let i = 0; i < z.length; i++) out[i] = dz[i] / temperature;
  return out;
}

/** @param {Floats} z @param {Floats} dz @param {number} temperature @param {Floats} out */
export function logitBinConcreteVjpTemperature(z, dz, temperature, out) {
  for (let i = 0; i < z.length; i++) out[i] = (-z[i] / temperature) * dz[i];
  return out;
}
