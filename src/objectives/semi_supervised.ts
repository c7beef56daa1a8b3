import { marginalObjective, objectiveGradients, sampledObjective } from '../density/categorical.ts';
import { checkOptions, checkTemperature, newArray } from '../engine/check.ts';
import { checkCopies, checkRowsOf, checkSame } from '../engine/check_distributions.ts';
import { copyOf, type Dtype, type Floats, I32 } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { gumbelSoftmax } from '../sample/gumbel_softmax.ts';
import type {
  SampledGradientOptions,
  SemiSupervisedMarginal,
  SemiSupervisedOptions,
  SemiSupervisedSampled,
} from './semi_supervised_types.ts';

/** The label of a row that has none. */
const NONE = -1;

/** The weight, once the names of the options are known. */
function weightOf(options: SampledGradientOptions | undefined, known: readonly string[], dtype: Dtype): number {
  checkOptions(options, known);
  return checkTemperature(options?.weight, dtype, 'weight');
}

/**
 * The semi-supervised objective of model M2 with the class marginalised, one value per row, to be minimised:
 *
 *     of a row without a label     sum_k q_k (losses_k + log q_k)         q = softmax(logits), the classifier q(k | x)
 *     of a row of class k          losses_k - weight log q_k
 *
 * where losses_k is the caller's loss of the row had it class k: minus the ELBO, prior log p(k) included. The caller
 * evaluates it for every class of a row without a label, and only for k where that is known (0 will do elsewhere): the cost
 * grows with n, that of semiSupervisedSampled does not.
 *
 * Special values: a class masked in logits is left out; NaN for a label outside [-1, n).
 *
 * Accuracy: sums in f64; in float32 with exponentials of float32, within 4 ULP of the sum of the absolute terms
 * q_k (|losses_k| + |log q_k|).
 *
 * Source: Kingma et al. 2014, equations 6 to 9.
 *
 * @example
 * const logits = Float32Array.of(2, 1, 0);
 * semiSupervisedMarginal(Float32Array.of(3, 1, 2), logits, Int32Array.of(-1), 3); // [1.588]
 * semiSupervisedMarginal(Float32Array.of(3, 1, 2), logits, Int32Array.of(1), 3); // [2.408]
 */
export const semiSupervisedMarginal: SemiSupervisedMarginal = /* @__PURE__ */ Object.assign(
  function semiSupervisedMarginal<A extends Floats>(
    losses: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    n: number,
    options?: SemiSupervisedOptions,
  ): A {
    const { dtype } = checkRowsOf({ losses, logits }, n);
    return marginalObjective(losses, logits, labels, n, weightOf(options, ['weight'], dtype));
  },
  {
    vjp<A extends Floats>(
      losses: Values<A>,
      logits: Values<A>,
      labels: Values<Int32Array>,
      dObjective: Values<A>,
      n: number,
      options?: SemiSupervisedOptions,
    ): { losses: A; logits: A } {
      const { dtype } = checkRowsOf({ losses, logits }, n, { dObjective });
      const weight = weightOf(options, ['weight'], dtype);
      const [byLosses, byLogits] = objectiveGradients(losses, logits, labels, dObjective, n, weight);
      return { losses: byLosses, logits: byLogits };
    },
  },
);

/**
 * The same with the class sampled by Gumbel-Softmax, one value per row, to be minimised:
 *
 *     of a row without a label     loss + sum_k q_k log q_k         q = softmax(logits)
 *     of a row of class k          loss - weight log q_k
 *
 * where loss is the caller's loss of the row, evaluated once: at a relaxed sample y = gumbelSoftmax(source, logits, n) of
 * its class (or its hardmax), or at the one-hot vector of the label.
 *
 * Special values and accuracy: as for semiSupervisedMarginal.
 *
 * Source: Jang et al. 2017, section 4.3.
 *
 * @example
 * semiSupervisedSampled(Float32Array.of(1), Float32Array.of(2, 1, 0), Int32Array.of(-1), 3); // [0.168]
 */
export const semiSupervisedSampled: SemiSupervisedSampled = /* @__PURE__ */ Object.assign(
  function semiSupervisedSampled<A extends Floats>(
    loss: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    n: number,
    options?: SemiSupervisedOptions,
  ): A {
    const { dtype } = checkRowsOf({ logits }, n, { loss });
    return sampledObjective(loss, logits, labels, n, weightOf(options, ['weight'], dtype));
  },
  {
    vjp<A extends Floats>(
      y: Values<A>,
      dy: Values<A>,
      logits: Values<A>,
      labels: Values<Int32Array>,
      dObjective: Values<A>,
      n: number,
      options?: SampledGradientOptions,
    ): { logits: A } {
      const { dtype, copies } = checkCopies({ y, dy, logits }, n, { dObjective });
      const [at, slope, a, d] = copies as [A, A, A, A];
      const own = copyOf(checkSame<Int32Array>('labels', labels, I32, 'the batch', d.length)),
        weight = weightOf(options, ['temperature', 'weight'], dtype);
      const path = gumbelSoftmax.vjp(at, slope, n, { temperature: checkTemperature(options?.temperature, dtype) });
      const [, byLogits] = objectiveGradients(newArray(dtype, a.length) as A, a, own, d, n, weight);
      for (let i = 0; i < a.length; i++) {
        const r = Math.floor(i / n);
        if (own[r] === NONE) byLogits[i]! += d[r]! * path[i]!;
      }
      return { logits: byLogits };
    },
  },
);
