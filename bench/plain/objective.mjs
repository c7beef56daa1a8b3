import { expConcreteLogProb, logitBinConcreteLogProb } from './density.mjs';
import { logSoftmax } from './max.mjs';

/** @typedef {Float32Array | Float64Array} Floats */

/** @param {Floats} like @param {number} length @returns {Floats} */
const floats = (like, length) => new /** @type {any} */ (like.constructor)(length);

/** log p - log q of a relaxed sample. @param {Floats} logY @param {Floats} logits @param {Floats} prior @param {number} n */
export function relaxedElboTerm(logY, logits, prior, n) {
  const out = expConcreteLogProb(logY, prior, n, 1, floats(logits, logits.length / n)),
    q = expConcreteLogProb(logY, logits, n, 1, floats(logits, out.length));
  for (let r = 0; r < out.length; r++) out[r] -= q[r];
  return out;
}

/** sum y log(P / Q). @param {Floats} y @param {Floats} logits @param {Floats} prior @param {number} n */
export function weightedElboTerm(y, logits, prior, n) {
  const [q, p] = [logits, prior].map((l) => logSoftmax(l, n, 1, floats(l, l.length)));
  const out = floats(y, y.length / n);
  for (let row = 0, r = 0; row < y.length; row += n, r++) {
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += y[i] * (p[i] - q[i]);
    out[r] = sum;
  }
  return out;
}

/** -KL(Q || P). @param {Floats} logits @param {Floats} prior @param {number} n */
export function analyticElboTerm(logits, prior, n) {
  const [q, p] = [logits, prior].map((l) => logSoftmax(l, n, 1, floats(l, l.length)));
  const out = floats(logits, logits.length / n);
  for (let row = 0, r = 0; row < q.length; row += n, r++) {
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += Math.exp(q[i]) * (p[i] - q[i]);
    out[r] = sum;
  }
  return out;
}

/** @param {Floats} z @param {Floats} logits @param {Floats} prior */
export function binaryRelaxedElboTerm(z, logits, prior) {
  const out = logitBinConcreteLogProb(z, prior, 1, floats(z, z.length)),
    q = logitBinConcreteLogProb(z, logits, 1, floats(z, z.length));
  for (let i = 0; i < out.length; i++) out[i] -= q[i];
  return out;
}

/** log sigmoid. @param {number} l */
const logSigmoid = (l) => Math.min(l, 0) - Math.log1p(Math.exp(-Math.abs(l)));

/** @param {Floats} y @param {Floats} logits @param {Floats} prior */
export function binaryWeightedElboTerm(y, logits, prior) {
  const out = floats(y, y.length);
  for (let i = 0; i < y.length; i++) {
    const one = logSigmoid(prior[i]) - logSigmoid(logits[i]),
      zero = logSigmoid(-prior[i]) - logSigmoid(-logits[i]);
    out[i] = y[i] * one + (1 - y[i]) * zero;
  }
  return out;
}

/** @param {Floats} logits @param {Floats} prior */
export function binaryAnalyticElboTerm(logits, prior) {
  const q = floats(logits, logits.length);
  for (let i = 0; i < q.length; i++) q[i] = 1 / (1 + Math.exp(-logits[i]));
  return binaryWeightedElboTerm(q, logits, prior);
}

/** @param {Floats} losses @param {Floats} logits @param {Int32Array} labels -1 for none @param {number} n */
export function semiSupervisedMarginal(losses, logits, labels, n) {
  const q = logSoftmax(logits, n, 1, floats(logits, logits.length));
  const out = floats(logits, labels.length);
  for (let row = 0, r = 0; row < q.length; row += n, r++) {
    if (labels[r] >= 0) {
      out[r] = losses[row + labels[r]] - q[row + labels[r]];
      continue;
    }
    let sum = 0;
    for (let i = row; i < row + n; i++) sum += Math.exp(q[i]) * (losses[i] + q[i]);
    out[r] = sum;
  }
  return out;
}

/** The gradients of losses and logits. @param {Floats} losses @param {Floats} logits @param {Int32Array} labels @param {Floats} d @param {number} n */
export function semiSupervisedMarginalVjp(losses, logits, labels, d, n) {
  const q = logSoftmax(logits, n, 1, floats(logits, logits.length));
  const [dLosses, dLogits] = [floats(logits, q.length), floats(logits, q.length)];
  for (let row = 0, r = 0; row < q.length; row += n, r++) {
    const k = labels[r];
    let objective = 0;
    for (let i = row; i < row + n; i++) {
      const p = Math.exp(q[i]);
      dLosses[i] = k >= 0 ? 0 : d[r] * p;
      dLogits[i] = p;
      objective += p * (losses[i] + q[i]);
    }
    for (let i = row; i < row + n; i++) dLogits[i] *= d[r] * (k >= 0 ? 1 : losses[i] + q[i] - objective);
    if (k >= 0) {
      dLosses[row + k] = d[r];
      dLogits[row + k] -= d[r];
    }
  }
  return { losses: dLosses, logits: dLogits };
}

/** @param {Floats} loss one value per row @param {Floats} logits @param {Int32Array} labels @param {number} n */
export function semiSupervisedSampled(loss, logits, labels, n) {
  const q = logSoftmax(logits, n, 1, floats(logits, logits.length));
  const out = floats(loss, loss.length);
  for (let row = 0, r = 0; row < q.length; row += n, r++) {
    let sum = 0;
    if (labels[r] >= 0) sum = -q[row + labels[r]];
    else for (let i = row; i < row + n; i++) sum += Math.exp(q[i]) * q[i];
    out[r] = loss[r] + sum;
  }
  return out;
}
