import { EXP_CONCRETE } from '../density/exp_concrete.ts';
import { checkInteger } from '../engine/check.ts';
import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { analyticGradients, analyticTerm, weightedGradients, weightedTerm } from './discrete.ts';
import { relaxedGradients, relaxedTerm, type TermOptions } from './relaxed.ts';

/**
 * What takes the place of -KL(Q || P) in the ELBO of a categorical latent variable, one value per row, to be added to
 * log p(x | y): the difference of the relaxed log-densities at the sample,
 *
 *     log p(logY) - log q(logY)
 *
 * with q = ExpConcrete(logits, temperature), p = ExpConcrete(priorLogits, priorTemperature), logY a sample of q (expConcrete).
 * Of the three terms the only one that keeps the ELBO a lower bound, that of the relaxed model. Shapes: all three rows x
 * n. Special values: those of expConcreteLogProb; a class is masked in both or in none. Errors: as for expConcreteLogProb.
 * Accuracy: computed in f64, rounded once. Temperatures (prior, posterior) of the paper: (1/2, 2/3) for bits, (2/3, 1)
 * for 4 classes, (2/5, 2/3) for 8. Source: Maddison et al. 2017, appendix C.2.
 */
export const relaxedElboTerm = /* @__PURE__ */ Object.assign(
  function relaxedElboTerm<A extends Floats>(
    logY: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    n: number,
    options?: TermOptions,
  ): A {
    return relaxedTerm(EXP_CONCRETE, logY, logits, priorLogits, n, options);
  },
  {
    /**
     * The gradients of sum_r dTerm_r term_r, each input on its own: those of the log-densities. Shapes: dTerm one value per
     * row; logY, logits, priorLogits rows x n, both temperatures one value per row. What reaches the logits through the
     * sample is expConcrete's part. Errors: as for relaxedElboTerm.
     */
    vjp<A extends Floats>(
      logY: Values<A>,
      logits: Values<A>,
      priorLogits: Values<A>,
      dTerm: Values<A>,
      n: number,
      options?: TermOptions,
    ) {
      const { value, ...rest } = relaxedGradients(EXP_CONCRETE, dTerm, logY, logits, priorLogits, n, options);
      return { logY: value, ...rest };
    },
  },
);

/**
 * The same by the discrete probabilities, weighted by the relaxed sample y:
 *
 *     sum_k y_k log(P_k / Q_k)        P = softmax(priorLogits), Q = softmax(logits)
 *
 * Shapes: all three rows x n; one value per row. Special values: a class masked in logits is left out, and so is one with
 * y_k = 0; -Infinity where y_k > 0 and P_k = 0; NaN for a NaN row. Errors: as for softmax. Accuracy: computed in f64,
 * rounded once. Source: Maddison et al. 2017, appendix C.2; Jang et al. 2017.
 */
export const weightedElboTerm = /* @__PURE__ */ Object.assign(
  function weightedElboTerm<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, n: number): A {
    return weightedTerm(y, logits, priorLogits, checkInteger('n', n, 1));
  },
  {
    /**
     * The gradients of sum_r dTerm_r term_r, each input on its own:
     *
     *     y: log(P / Q)        logits: Q sum y - y        priorLogits: y - P sum y
     *
     * Shapes: dTerm one value per row; the gradients rows x n. Errors: as for weightedElboTerm.
     */
    vjp<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>, n: number) {
      return weightedGradients(dTerm, y, logits, priorLogits, checkInteger('n', n, 1));
    },
  },
);

/**
 * The same in closed form, without a sample: sum_k Q_k log(P_k / Q_k) = -KL(Q || P), one value per row.
 *
 * Shapes, special values, errors and accuracy: as for weightedElboTerm at y = Q. Source: Maddison et al. 2017, appendix
 * C.2.
 */
export const analyticElboTerm = /* @__PURE__ */ Object.assign(
  function analyticElboTerm<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, n: number): A {
    return analyticTerm(logits, priorLogits, checkInteger('n', n, 1));
  },
  {
    /**
     * The gradients of sum_r dTerm_r term_r:
     *
     *     logits: Q (log(P / Q) - term)        priorLogits: Q - P
     *
     * Shapes: dTerm one value per row; the gradients rows x n. Special values: not finite where the term is not. Errors: as
     * for analyticElboTerm.
     */
    vjp<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>, n: number) {
      return analyticGradients(dTerm, logits, priorLogits, checkInteger('n', n, 1));
    },
  },
);
