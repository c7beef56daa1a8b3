import { LOGIT_BIN_CONCRETE } from '../density/bin_concrete.ts';
import { LOGIT_BIN_CONCRETE_TERM } from '../density/term.ts';
import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { analyticGradients, analyticTerm, weightedGradients, weightedTerm } from './discrete.ts';
import { relaxedGradients, relaxedTerm, type TermOptions } from './relaxed.ts';

/** What `binaryRelaxedElboTerm` is. */
export interface BinaryRelaxedElboTerm {
  /**
   * log p(z) - log q(z) of each element.
   *
   * @param z Log-odds of relaxed bits of q, as `logitBinConcrete` gives them, of any length.
   * @param logits Those of the posterior q, like z.
   * @param priorLogits Those of the prior p, like z.
   * @param options `temperature` of q and `priorTemperature` of p, each 1 if absent.
   * @returns One value per element.
   * @throws As logitBinConcreteLogProb.
   */
  <A extends Floats>(z: Values<A>, logits: Values<A>, priorLogits: Values<A>, options?: TermOptions): A;
  /**
   * The gradients of sum_i dTerm_i term_i, each input on its own.
   *
   * @param z Log-odds of relaxed bits of q.
   * @param logits Those of the posterior q, like z.
   * @param priorLogits Those of the prior p, like z.
   * @param dTerm The gradient by each term, like z.
   * @param options The temperatures of the term.
   * @returns Five gradients with one value per element.
   * @throws As the term.
   */
  vjp<A extends Floats>(
    z: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    dTerm: Values<A>,
    options?: TermOptions,
  ): { z: A; logits: A; priorLogits: A; temperature: A; priorTemperature: A };
}

/**
 * relaxedElboTerm for bits, one value per element: log p(z) - log q(z) at the log-odds z of a relaxed bit, with the
 * densities of logitBinConcreteLogProb at (logits, temperature) and (priorLogits, priorTemperature).
 *
 * Special values and accuracy: as for logitBinConcreteLogProb.
 *
 * Source: Maddison et al. 2017, appendix C.2.
 *
 * @example
 * const logits = Float32Array.of(2, -1);
 * const z = logitBinConcrete(key(7), logits, { temperature: 0.67 });
 * binaryRelaxedElboTerm(z, logits, new Float32Array(2), { temperature: 0.67, priorTemperature: 0.5 }); // [0.665, -0.126]
 */
export const binaryRelaxedElboTerm: BinaryRelaxedElboTerm = /* @__PURE__ */ Object.assign(
  function binaryRelaxedElboTerm<A extends Floats>(
    z: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    options?: TermOptions,
  ): A {
    return relaxedTerm(LOGIT_BIN_CONCRETE_TERM, { z, logits, priorLogits }, 1, options);
  },
  {
    vjp<A extends Floats>(
      z: Values<A>,
      logits: Values<A>,
      priorLogits: Values<A>,
      dTerm: Values<A>,
      options?: TermOptions,
    ) {
      const { value, ...rest } = relaxedGradients(LOGIT_BIN_CONCRETE, dTerm, z, logits, priorLogits, 1, options);
      return { z: value, ...rest };
    },
  },
);

/** What `binaryWeightedElboTerm` is. */
export interface BinaryWeightedElboTerm {
  /**
   * y log(P / Q) + (1 - y) log((1 - P) / (1 - Q)) of each element.
   *
   * @param y Bits, relaxed or not, of any length.
   * @param logits Those of the posterior, like y.
   * @param priorLogits Those of the prior, like y.
   * @returns One value per element.
   * @throws As gumbelSigmoid.
   */
  <A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>): A;
  /**
   * The gradients of sum_i dTerm_i term_i: y: log(P / Q) - log((1 - P) / (1 - Q)); logits: Q - y; priorLogits: y - P.
   *
   * @param y Bits, relaxed or not.
   * @param logits Those of the posterior, like y.
   * @param priorLogits Those of the prior, like y.
   * @param dTerm The gradient by each term, like y.
   * @returns Three gradients with one value per element.
   * @throws As the term.
   */
  vjp<A extends Floats>(
    y: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    dTerm: Values<A>,
  ): { y: A; logits: A; priorLogits: A };
}

/**
 * weightedElboTerm for bits, one value per element: y log(P / Q) + (1 - y) log((1 - P) / (1 - Q)), P =
 * sigmoid(priorLogits), Q = sigmoid(logits), y a relaxed bit.
 *
 * Accuracy: computed in f64, rounded once.
 *
 * Source: Maddison et al. 2017, appendix C.2.
 *
 * @example
 * binaryWeightedElboTerm(Float32Array.of(1, 0), Float32Array.of(2, -1), new Float32Array(2)); // [-0.566, -0.380]
 */
export const binaryWeightedElboTerm: BinaryWeightedElboTerm = /* @__PURE__ */ Object.assign(
  function binaryWeightedElboTerm<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>): A {
    return weightedTerm(y, logits, priorLogits, undefined);
  },
  {
    vjp<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>) {
      return weightedGradients(dTerm, y, logits, priorLogits, undefined);
    },
  },
);

/** What `binaryAnalyticElboTerm` is. */
export interface BinaryAnalyticElboTerm {
  /**
   * -KL(Q || P) of each bit.
   *
   * @param logits Those of the posterior, of any length.
   * @param priorLogits Those of the prior, like logits.
   * @returns One value per element, at most 0.
   * @throws As gumbelSigmoid.
   */
  <A extends Floats>(logits: Values<A>, priorLogits: Values<A>): A;
  /**
   * The gradients of sum_i dTerm_i term_i: logits: Q (log(P / Q) - term); priorLogits: Q - P.
   *
   * @param logits Those of the posterior.
   * @param priorLogits Those of the prior, like logits.
   * @param dTerm The gradient by each term, like logits.
   * @returns Two gradients with one value per element.
   * @throws As the term.
   */
  vjp<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>): { logits: A; priorLogits: A };
}

/**
 * analyticElboTerm for bits, one value per element: binaryWeightedElboTerm at y = Q.
 *
 * @example
 * binaryAnalyticElboTerm(Float32Array.of(2, -1), new Float32Array(2)); // [-0.328, -0.111]
 */
export const binaryAnalyticElboTerm: BinaryAnalyticElboTerm = /* @__PURE__ */ Object.assign(
  function binaryAnalyticElboTerm<A extends Floats>(logits: Values<A>, priorLogits: Values<A>): A {
    return analyticTerm(logits, priorLogits, undefined);
  },
  {
    vjp<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>) {
      return analyticGradients(dTerm, logits, priorLogits, undefined);
    },
  },
);
