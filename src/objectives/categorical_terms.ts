import { EXP_CONCRETE } from '../density/exp_concrete.ts';
import { EXP_CONCRETE_TERM } from '../density/term.ts';
import { checkInteger } from '../engine/check.ts';
import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { analyticGradients, analyticTerm, weightedGradients, weightedTerm } from './discrete.ts';
import { relaxedGradients, relaxedTerm, type TermOptions } from './relaxed.ts';

/** What `relaxedElboTerm` is. */
export interface RelaxedElboTerm {
  /**
   * log p(logY) - log q(logY) of each row.
   *
   * @param logY Log-samples of q, rows x n, as `expConcrete` gives them.
   * @param logits Those of the posterior q, rows x n.
   * @param priorLogits Those of the prior p, rows x n.
   * @param n The number of classes.
   * @param options `temperature` of q and `priorTemperature` of p, each 1 if absent.
   * @returns One value per row.
   * @throws As expConcreteLogProb.
   */
  <A extends Floats>(logY: Values<A>, logits: Values<A>, priorLogits: Values<A>, n: number, options?: TermOptions): A;
  /**
   * The gradients of sum_r dTerm_r term_r, each input on its own: those of the log-densities. The part of the logits that goes
   * through the sample is the `vjp` of expConcrete.
   *
   * @param logY Log-samples of q, rows x n.
   * @param logits Those of the posterior q, rows x n.
   * @param priorLogits Those of the prior p, rows x n.
   * @param dTerm The gradient by each term: one value per row.
   * @param n The number of classes.
   * @param options The temperatures of the term.
   * @returns `logY`, `logits` and `priorLogits` rows x n; both temperatures one value per row.
   * @throws As the term.
   */
  vjp<A extends Floats>(
    logY: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    dTerm: Values<A>,
    n: number,
    options?: TermOptions,
  ): { logY: A; logits: A; priorLogits: A; temperature: A; priorTemperature: A };
}

/**
 * An estimator of -KL(Q || P), the term that an ELBO with a categorical latent variable adds to log p(x | y), one value per
 * row: the difference of the relaxed log-densities at the sample,
 *
 *     log p(logY) - log q(logY)
 *
 * with q = ExpConcrete(logits, temperature), p = ExpConcrete(priorLogits, priorTemperature), logY a sample of q
 * (expConcrete). It is the only one of the three terms that keeps the ELBO a lower bound, that of the relaxed model.
 *
 * Special values: those of expConcreteLogProb; a class is masked in both or in none.
 *
 * Accuracy: computed in f64, rounded once. The paper suggests the temperatures (prior, posterior) (1/2, 2/3) for bits, (2/3, 1)
 * for 4 classes, (2/5, 2/3) for 8.
 *
 * Source: Maddison et al. 2017, appendix C.2.
 *
 * @example
 * const logits = Float32Array.of(2, 1, 0);
 * const prior = new Float32Array(3);
 * const options = { temperature: 1, priorTemperature: 0.67 };
 * const logY = expConcrete(key(7), logits, 3, { temperature: 1 });
 * relaxedElboTerm(logY, logits, prior, 3, options); // [-0.994]
 */
export const relaxedElboTerm: RelaxedElboTerm = /* @__PURE__ */ Object.assign(
  function relaxedElboTerm<A extends Floats>(
    logY: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    n: number,
    options?: TermOptions,
  ): A {
    return relaxedTerm(EXP_CONCRETE_TERM, { logY, logits, priorLogits }, n, options);
  },
  {
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

/** What `weightedElboTerm` is. */
export interface WeightedElboTerm {
  /**
   * sum_k y_k log(P_k / Q_k) of each row.
   *
   * @param y Samples, relaxed or one-hot, rows x n.
   * @param logits Those of the posterior Q, rows x n.
   * @param priorLogits Those of the prior P, rows x n.
   * @param n The number of classes.
   * @returns One value per row.
   * @throws As softmax.
   */
  <A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, n: number): A;
  /**
   * The gradients of sum_r dTerm_r term_r, each input on its own:
   *
   *     y: log(P / Q)        logits: Q sum y - y        priorLogits: y - P sum y
   *
   * @param y Samples, rows x n.
   * @param logits Those of the posterior Q, rows x n.
   * @param priorLogits Those of the prior P, rows x n.
   * @param dTerm The gradient by each term: one value per row.
   * @param n The number of classes.
   * @returns The three gradients, each rows x n.
   * @throws As the term.
   */
  vjp<A extends Floats>(
    y: Values<A>,
    logits: Values<A>,
    priorLogits: Values<A>,
    dTerm: Values<A>,
    n: number,
  ): { y: A; logits: A; priorLogits: A };
}

/**
 * The same by the discrete probabilities, weighted by the relaxed sample y:
 *
 *     sum_k y_k log(P_k / Q_k)        P = softmax(priorLogits), Q = softmax(logits)
 *
 * Special values: a class masked in logits is left out, and so is one with y_k = 0; -Infinity where y_k > 0 and P_k = 0;
 * NaN for a NaN row.
 *
 * Accuracy: sums in f64; in float32 with exponentials of float32, within 4 ULP of the sum of the absolute terms
 * y_k (|log P_k| + |log Q_k|), and of that of y_k |log(P_k / Q_k)| where the rows are nearly equal.
 *
 * Source: Maddison et al. 2017, appendix C.2; Jang et al. 2017.
 *
 * @example
 * const logits = Float32Array.of(2, 1, 0);
 * const y = gumbelSoftmax(key(7), logits, 3, { temperature: 0.5 });
 * weightedElboTerm(y, logits, new Float32Array(3), 3); // [-0.689]
 */
export const weightedElboTerm: WeightedElboTerm = /* @__PURE__ */ Object.assign(
  function weightedElboTerm<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, n: number): A {
    return weightedTerm(y, logits, priorLogits, checkInteger('n', n, 1));
  },
  {
    vjp<A extends Floats>(y: Values<A>, logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>, n: number) {
      return weightedGradients(dTerm, y, logits, priorLogits, checkInteger('n', n, 1));
    },
  },
);

/** What `analyticElboTerm` is. */
export interface AnalyticElboTerm {
  /**
   * -KL(Q || P) of each row.
   *
   * @param logits Those of the posterior Q, rows x n.
   * @param priorLogits Those of the prior P, rows x n.
   * @param n The number of classes.
   * @returns One value per row, at most 0.
   * @throws As softmax.
   */
  <A extends Floats>(logits: Values<A>, priorLogits: Values<A>, n: number): A;
  /**
   * The gradients of sum_r dTerm_r term_r:
   *
   *     logits: Q (log(P / Q) - term)        priorLogits: Q - P
   *
   * Special values: not finite where the term is not.
   *
   * @param logits Those of the posterior Q, rows x n.
   * @param priorLogits Those of the prior P, rows x n.
   * @param dTerm The gradient by each term: one value per row.
   * @param n The number of classes.
   * @returns The two gradients, each rows x n.
   * @throws As the term.
   */
  vjp<A extends Floats>(
    logits: Values<A>,
    priorLogits: Values<A>,
    dTerm: Values<A>,
    n: number,
  ): { logits: A; priorLogits: A };
}

/**
 * The same in closed form, without a sample: sum_k Q_k log(P_k / Q_k) = -KL(Q || P), one value per row.
 *
 * Special values: as for weightedElboTerm at y = Q. Accuracy: that of klDivergence.
 *
 * Source: Maddison et al. 2017, appendix C.2.
 *
 * @example
 * analyticElboTerm(Float32Array.of(2, 1, 0), new Float32Array(3), 3); // [-0.266]
 */
export const analyticElboTerm: AnalyticElboTerm = /* @__PURE__ */ Object.assign(
  function analyticElboTerm<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, n: number): A {
    return analyticTerm(logits, priorLogits, checkInteger('n', n, 1));
  },
  {
    vjp<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, dTerm: Values<A>, n: number) {
      return analyticGradients(dTerm, logits, priorLogits, checkInteger('n', n, 1));
    },
  },
);
