/**
 * log(1 + exp l) and sigmoid(l) by the package's logistic density, which has the same bits in every engine, where
 * Math.exp and Math.log1p have not: at z = 0 and T = 1 its logarithm is l - 2 log(1 + exp l), with gradient
 * 1 - 2 sigmoid(l).
 */
import { logitBinConcreteLogProb } from 'anymax';

/** @typedef {import('./product.mjs').Floats} Floats */

/**
 * Element by element.
 * @template {Floats} A
 * @param {A} logits
 * @returns {{ softplus: A, sigmoid: A }}
 */
export function logistic(logits) {
  const zeros = /** @type {A} */ (logits.slice().fill(0));
  const softplus = logitBinConcreteLogProb(zeros, logits);
  const sigmoid = logitBinConcreteLogProb.vjp(zeros, logits, /** @type {A} */ (zeros.slice().fill(-0.5))).logits;
  for (let i = 0; i < logits.length; i++) {
    softplus[i] = (logits[i] - softplus[i]) / 2;
    sigmoid[i] += 0.5;
  }
  return { softplus, sigmoid };
}
