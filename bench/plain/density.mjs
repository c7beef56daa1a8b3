/** Log-densities of relaxed samples and their gradients, as loops. See index.mjs. */

/** @typedef {Float32Array | Float64Array} Floats */

/** log (n - 1)!: the product where it is short, else Stirling's series to 1e-8. @param {number} n */
function logFactorialBelow(n) {
  if (n < 10) {
    let product = 1;
    for (let k = 2; k < n; k++) product *= k;
    return Math.log(product);
  }
  return (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** @param {Floats} logY @param {Floats} logits @param {number} n @param {number} temperature @param {Floats} out */
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

/** @param {Floats} y @param {Floats} logits @param {number} n @param {number} temperature @param {Floats} out */
export function concreteLogProb(y, logits, n, temperature, out) {
  const logY = y.map(Math.log);
  expConcreteLogProb(logY, logits, n, temperature, out);
  for (let row = 0, r = 0; row < y.length; row += n, r++) {
    let logs = 0;
    for (let i = row; i < row + n; i++) logs += logY[i];
    out[r] -= logs;
  }
  return out;
}

/** @param {Floats} logY @param {Floats} logits @param {Floats} d @param {number} n @param {number} temperature */
export function expConcreteLogProbVjp(logY, logits, d, n, temperature) {
  const [dY, dLogits, dT] = [logY.slice(), logits.slice(), d.slice()];
  const exps = new Float64Array(n);
  for (let row = 0, r = 0; row < logits.length; row += n, r++) {
    let max = -Infinity;
    for (let i = row; i < row + n; i++) max = Math.max(max, logits[i] - temperature * logY[i]);
    let sum = 0;
    for (let i = row; i < row + n; i++) {
      exps[i - row] = Math.exp(logits[i] - temperature * logY[i] - max);
      sum += exps[i - row];
    }
    let slope = (n - 1) / temperature;
    for (let i = row; i < row + n; i++) {
      const h = 1 - (n * exps[i - row]) / sum;
      slope -= logY[i] * h;
      dLogits[i] = d[r] * h;
      dY[i] = -temperature * d[r] * h;
    }
    dT[r] = d[r] * slope;
  }
  return { logY: dY, logits: dLogits, temperature: dT };
}

/** @param {Floats} y @param {Floats} logits @param {Floats} d @param {number} n @param {number} temperature */
export function concreteLogProbVjp(y, logits, d, n, temperature) {
  const logs = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) logs[i] = Math.log(y[i]);
  const gradients = expConcreteLogProbVjp(logs, logits, d, n, temperature);
  const dY = y.slice();
  for (let i = 0; i < y.length; i++) dY[i] = (gradients.logY[i] - d[Math.floor(i / n)]) / y[i];
  return { y: dY, logits: gradients.logits, temperature: gradients.temperature };
}

/** log(1 + exp x). @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** @param {Floats} z @param {Floats} logits @param {number} temperature @param {Floats} out */
export function logitBinConcreteLogProb(z, logits, temperature, out) {
  const logT = Math.log(temperature);
  for (let i = 0; i < z.length; i++) {
    const d = logits[i] - temperature * z[i];
    out[i] = logT + d - 2 * softplus(d);
  }
  return out;
}

/** @param {Floats} y @param {Floats} logits @param {number} temperature @param {Floats} out */
export function binConcreteLogProb(y, logits, temperature, out) {
  const logT = Math.log(temperature);
  for (let i = 0; i < y.length; i++) {
    const log = Math.log(y[i]);
    const logRest = Math.log1p(-y[i]);
    const d = logits[i] - temperature * (log - logRest);
    out[i] = logT + d - 2 * softplus(d) - log - logRest;
  }
  return out;
}

/** @param {Floats} z @param {Floats} logits @param {Floats} d @param {number} temperature */
export function logitBinConcreteLogProbVjp(z, logits, d, temperature) {
  const [dZ, dLogits, dT] = [z.slice(), z.slice(), z.slice()];
  for (let i = 0; i < z.length; i++) {
    const h = 1 - 2 / (1 + Math.exp(temperature * z[i] - logits[i]));
    dLogits[i] = d[i] * h;
    dZ[i] = -temperature * d[i] * h;
    dT[i] = d[i] * (1 / temperature - z[i] * h);
  }
  return { z: dZ, logits: dLogits, temperature: dT };
}

/** @param {Floats} y @param {Floats} logits @param {Floats} d @param {number} temperature */
export function binConcreteLogProbVjp(y, logits, d, temperature) {
  const [dY, dLogits, dT] = [y.slice(), y.slice(), y.slice()];
  for (let i = 0; i < y.length; i++) {
    const z = Math.log(y[i] / (1 - y[i]));
    const h = 1 - 2 / (1 + Math.exp(temperature * z - logits[i]));
    dLogits[i] = d[i] * h;
    dY[i] = (d[i] * (-temperature * h + 2 * y[i] - 1)) / (y[i] * (1 - y[i]));
    dT[i] = d[i] * (1 / temperature - z * h);
  }
  return { y: dY, logits: dLogits, temperature: dT };
}

/** @param {Floats} logits @param {Int32Array} ranking @param {number} n @param {number} k @param {Floats} out */
export function plackettLuceLogProb(logits, ranking, n, k, out) {
  for (let row = 0, r = 0; row < logits.length; row += n, r++) {
    let [max, rest, value] = [-Infinity, 0, 0];
    for (let i = 0; i < n; i++) max = Math.max(max, logits[row + i]);
    for (let i = 0; i < n; i++) rest += Math.exp(logits[row + i] - max);
    for (let j = 0; j < k; j++) {
      const z = logits[row + ranking[r * k + j]] - max;
      value += z - Math.log(rest);
      rest -= Math.exp(z);
    }
    out[r] = value;
  }
  return out;
}
