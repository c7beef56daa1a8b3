import { checkOptions, checkSame, checkTemperature, type Dtype, type Floats } from '../engine/check.ts';
import { checkDoubles } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { exp, rounded } from '../max/elementary.ts';
import { dotRows, logProbs } from '../max/log_probs.ts';
import { gumbelSoftmax } from '../sample/gumbel_softmax.ts';

/** The options of the semi-supervised objective. */
export interface SemiSupervisedOptions {
  /** Of the classifier's own loss on labelled rows, alpha in Kingma et al.: >= 0; 1 if not given. */
  readonly weight?: number;
}

/** Those of the gradient with a sampled class. */
export interface SampledGradientOptions extends SemiSupervisedOptions {
  /** That of the sample y; 1 if not given. */
  readonly temperature?: number;
}

/** The objective of each row, and its gradients by class, in f64. */
function marginal(
  losses: Float64Array,
  logits: Float64Array,
  labelsGiven: Values<Int32Array>,
  n: number,
  weight: number,
) {
  const labels = Int32Array.from(checkSame('labels', labelsGiven, 'i32', 'the batch', logits.length / n));
  const logQ = logProbs(logits, n);
  const q = exp(logQ);
  const row = (i: number): number => Math.floor(i / n),
    hidden = (i: number): boolean => labels[row(i)] === -1;
  // what a class counts for: q, or whether it is the label
  const ofLosses = q.map((v, i) => {
    const k = labels[row(i)]!;
    return hidden(i) ? v : k >= 0 && k < n ? Number(i % n === k) : NaN;
  });
  const terms = logQ.map((l, i) => losses[i]! + (hidden(i) ? l : -weight * l));
  const objective = dotRows(ofLosses, terms, n);
  const ofLogits = q.map((v, i) => {
    if (!hidden(i)) return weight * (v - ofLosses[i]!);
    return v === 0 ? 0 : v * (terms[i]! - objective[row(i)]!);
  });
  return { objective, ofLosses, ofLogits, hidden };
}

/** The weight, once the names of the options are known. */
function weightOf(options: SampledGradientOptions | undefined, known: readonly string[], dtype: Dtype): number {
  checkOptions(options, known);
  return checkTemperature(options?.weight, dtype, 'weight');
}

/**
 * The semi-supervised objective of model M2 with the class marginalised, one value a row, to be minimised:
 *
 *     of a row without a label     sum_k q_k (losses_k + log q_k)         q = softmax(logits), the classifier q(k | x)
 *     of a row of class k          losses_k - weight log q_k
 *
 * where losses_k is the caller's loss of the row had it class k: minus the ELBO, prior log p(k) included. The caller
 * evaluates it for every class of a row without a label, and only for k where that is known (0 will do elsewhere): the
 * cost grows with n, that of semiSupervisedSampled does not. Shapes: losses and logits rows x n; labels an Int32Array,
 * one a row, -1 for none. Special values: a class masked in logits is left out; NaN for a label outside [-1, n). Errors:
 * as for softmax; RangeError for a weight that is negative or NaN. Accuracy: computed in f64, rounded once. Source:
 * Kingma et al. 2014, equations 6 to 9.
 */
export const semiSupervisedMarginal = /* @__PURE__ */ Object.assign(
  function semiSupervisedMarginal<A extends Floats>(
    losses: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    n: number,
    options?: SemiSupervisedOptions,
  ): A {
    const { dtype, doubles } = checkDoubles({ losses, logits }, n);
    const [l, a] = doubles as [Float64Array, Float64Array];
    return rounded(marginal(l, a, labels, n, weightOf(options, ['weight'], dtype)).objective, dtype);
  },
  {
    /**
     * The gradients of sum_r dObjective_r objective_r, without a label and with label k:
     *
     *     losses: q        logits: q (losses + log q - objective)
     *     losses: 1 at k        logits: weight (q - 1 at k)
     *
     * Shapes: dObjective one value a row; the gradients rows x n. Errors: as for semiSupervisedMarginal.
     */
    vjp<A extends Floats>(
      losses: Values<A>,
      logits: Values<A>,
      labels: Values<Int32Array>,
      dObjective: Values<A>,
      n: number,
      options?: SemiSupervisedOptions,
    ): { losses: A; logits: A } {
      const { dtype, doubles } = checkDoubles({ losses, logits }, n, { dObjective });
      const [l, a, d] = doubles as [Float64Array, Float64Array, Float64Array];
      const { ofLosses, ofLogits } = marginal(l, a, labels, n, weightOf(options, ['weight'], dtype));
      const times = (x: Float64Array): A =>
        rounded(
          x.map((v, i) => d[Math.floor(i / n)]! * v),
          dtype,
        );
      return { losses: times(ofLosses), logits: times(ofLogits) };
    },
  },
);

/**
 * The same with the class sampled by Gumbel-Softmax, one value a row, to be minimised:
 *
 *     of a row without a label     loss + sum_k q_k log q_k         q = softmax(logits)
 *     of a row of class k          loss - weight log q_k
 *
 * where loss is the caller's loss of the row, evaluated once: at a relaxed sample y = gumbelSoftmax(source, logits, n) of
 * its class (or its hardmax), or at the one-hot vector of the label. Shapes: loss one value a row, logits rows x n, labels
 * as for semiSupervisedMarginal. Special values, errors and accuracy likewise. Source: Jang et al. 2017, section 4.3.
 */
export const semiSupervisedSampled = /* @__PURE__ */ Object.assign(
  function semiSupervisedSampled<A extends Floats>(
    loss: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    n: number,
    options?: SemiSupervisedOptions,
  ): A {
    const { dtype, doubles } = checkDoubles({ logits }, n, { loss });
    const [a, l] = doubles as [Float64Array, Float64Array];
    const rest = marginal(new Float64Array(a.length), a, labels, n, weightOf(options, ['weight'], dtype)).objective;
    return rounded(
      rest.map((v, r) => v + l[r]!),
      dtype,
    );
  },
  {
    /**
     * The gradient of sum_r dObjective_r objective_r for the logits, from the relaxed samples y and the gradient dy of
     * each row's loss at its y: through the sample (gumbelSoftmax.vjp; rows without a label alone) and through q. That of
     * the losses is dObjective.
     *
     * Shapes: y, dy and the gradient rows x n, dObjective one value a row. Errors: as for semiSupervisedSampled.
     */
    vjp<A extends Floats>(
      y: Values<A>,
      dy: Values<A>,
      logits: Values<A>,
      labels: Values<Int32Array>,
      dObjective: Values<A>,
      n: number,
      options?: SampledGradientOptions,
    ): { logits: A } {
      const { dtype, doubles } = checkDoubles({ y, dy, logits }, n, { dObjective });
      const [at, slope, a, d] = doubles as [Float64Array, Float64Array, Float64Array, Float64Array];
      const weight = weightOf(options, ['temperature', 'weight'], dtype);
      const { ofLogits, hidden } = marginal(new Float64Array(a.length), a, labels, n, weight);
      const temperature = checkTemperature(options?.temperature, dtype);
      const path = gumbelSoftmax.vjp(at, slope, n, { temperature });
      return {
        logits: rounded(
          ofLogits.map((v, i) => d[Math.floor(i / n)]! * (v + (hidden(i) ? path[i]! : 0))),
          dtype,
        ),
      };
    },
  },
);
