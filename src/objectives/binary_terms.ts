import { LOGIT_BIN_CONCRETE } from '../density/bin_concrete.ts';
import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { analyticGradients, analyticTerm, weightedGradients, weightedTerm } from './discrete.ts';
import { relaxedGradients, relaxedTerm, type TermOptions } from './relaxed.ts';

/**
 * relaxedElboTerm for bits, one value per element: log p(z) - log q(z) at the log-odds z of a relaxed bit, with the
 * densities of logitBinConcreteLogProb at (logits, temperature) and (priorLogits, priorTemperature).
 *
 * Shapes: all three of one length; the result likewise. Special values, errors and accuracy: as for
 * logitBinConcreteLogProb. Source: Maddison et al. 2017, appendix C.2.
 */
export const binaryRelaxedElboTerm = /* @__PURE__ */ Object.assign(
  function binaryRelaxedElboTerm<A extends Floats>(
    z: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    options?: TermOptions,
  ): A {
    return relaxedTerm(LOGIT_BIN_CONCRETE, z, logits, priorLogits, 1, options);
  },
  {
    /** The gradients of sum_i dTerm_i term_i, each input on its own and one value per element. Errors: as for the term. */
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

/**
 * weightedElboTerm for bits, one value per element: y log(P / Q) + (1 - y) log((1 - P) / (1 - Q)), P = sigmoid(priorLogits),
 * Q = sigmoid(logits), y a relaxed bit.
 *
 * Shapes: all three of one length; the result likewise. Errors: as for gumbelSigmoid. Accuracy: computed in f64, rounded
 * once. Source: Maddison et al. 2017, appendix C.2.
 */
export const binaryWeightedElboTerm = /* @__PURE__ */ Object.assign(
  function binaryWeightedElboTerm<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>): A {
    return weightedTerm(y, logits, priorLogits, undefined);
  },
  {
    /** The gradients of sum_i dTerm_i term_i: y: log(P / Q) - log((1 - P) / (1 - Q)); logits: Q - y; priorLogits: y - P. */
    vjp<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>) {
      return weightedGradients(dTerm, y, logits, priorLogits, undefined);
    },
  },
);

/** analyticElboTerm for bits, one value per element: binaryWeightedElboTerm at y = Q. */
export const binaryAnalyticElboTerm = /* @__PURE__ */ Object.assign(
  function binaryAnalyticElboTerm<A extends Floats>(logits: Values<A>, priorLogits: Values<A>): A {
    return analyticTerm(logits, priorLogits, undefined);
  },
  {
    /** The gradients of sum_i dTerm_i term_i: logits: Q (log(P / Q) - term); priorLogits: Q - P. */
    vjp<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>) {
      return analyticGradients(dTerm, logits, priorLogits, undefined);
    },
  },
);
