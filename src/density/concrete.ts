import { ofPair } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input } from '../engine/half.ts';
import type { MaxOptions } from '../max/max.ts';
import { DENSITY_CONCRETE } from '../shared/constants.ts';
import { type DensityOptions, gradientsOfRows, makeDensity } from './log_prob.ts';

export const CONCRETE = /* @__PURE__ */ makeDensity('y', DENSITY_CONCRETE);

/** What `concreteLogProb` is. */
export interface ConcreteLogProb {
  /**
   * The log-density of each row.
   *
   * @param y Points of the simplex, rows x n.
   * @param logits Unnormalised log-probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `temperature` (finite and above 0; 1 if absent) and `out`, one value per row.
   * @returns One value per row.
   * @throws As softmax; RangeError for a temperature of 0 or Infinity.
   */
  <A extends Floats = Float32Array>(y: Input<A>, logits: Input<A>, n: RowLength, options?: MaxOptions<A>): A;
  /**
   * The gradient of sum_r dLogProb_r logProb_r, each y_k on its own, with q = softmax(w) and h = 1 - n q:
   *
   *     logits: h        y: (-T h - 1) / y        temperature: (n-1)/T - sum_k h_k log y_k
   *
   * Special values: 0 for a class that is left out, and for n = 1; a NaN row on the boundary, and where the log-density is
   * not finite.
   *
   * Accuracy: computed in f64, rounded once.
   *
   * @param y Points of the simplex, rows x n.
   * @param logits Unnormalised log-probabilities, rows x n.
   * @param dLogProb The gradient by each log-density: one value per row.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature`.
   * @returns `y` and `logits` rows x n, `temperature` one value per row.
   * @throws As for concreteLogProb.
   */
  vjp<A extends Floats = Float32Array>(
    y: Input<A>,
    logits: Input<A>,
    dLogProb: Input<A>,
    n: RowLength,
    options?: DensityOptions<A>,
  ): { y: A; logits: A; temperature: A };
}

/**
 * The log-density of Concrete(logits, T), the Gumbel-Softmax distribution, at points y of the simplex, one value per row,
 * with w = logits - T log y:
 *
 *     log (n-1)! + (n-1) log T + sum (w - log y) - n log sum exp w
 *
 * with respect to n - 1 of the coordinates of y. Samples underflow to the boundary at small T: expConcreteLogProb takes
 * their logarithms, which do not.
 *
 * Shapes: y and logits rows x n, each row of y on the simplex (its sum is not checked).
 *
 * Special values: a class masked in logits is left out where y is 0, and n counts the rest; -Infinity where y is not 0
 * there. With j coordinates of 0 that are not masked the density goes like their size to the power (n-j) T - j: +Infinity
 * where that is negative, -Infinity where positive, where it is 0 the limit along equal coordinates. NaN for a NaN, a logit
 * of +Infinity, or a y that is negative or infinite; 0 for n = 1.
 *
 * Accuracy (float32): 1e-6 of the greater of the result and the mean absolute term, n up to 1e5.
 *
 * Source: Maddison et al. 2017, section 3.2.
 *
 * @example
 * const logits = Float32Array.of(2, 1, 0);
 * concreteLogProb(Float32Array.of(0.6, 0.3, 0.1), logits, 3, { temperature: 0.5 }); // [-0.282]
 */
export const concreteLogProb: ConcreteLogProb = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofPair<ConcreteLogProb>(CONCRETE.logProb),
  { vjp: /* @__PURE__ */ gradientsOfRows<ConcreteLogProb['vjp']>(CONCRETE) },
);
