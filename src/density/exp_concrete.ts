import { ofPair } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input } from '../engine/half.ts';
import type { MaxOptions } from '../max/max.ts';
import { DENSITY_EXP_CONCRETE } from '../shared/constants.ts';
import { type DensityOptions, gradientsOfRows, makeDensity } from './log_prob.ts';

export const EXP_CONCRETE = /* @__PURE__ */ makeDensity('logY', DENSITY_EXP_CONCRETE);

/** What `expConcreteLogProb` is. */
export interface ExpConcreteLogProb {
  /**
   * The log-density of each row.
   *
   * @param logY Log-samples, rows x n, as `expConcrete` gives them.
   * @param logits Unnormalised log-probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `temperature` (finite and above 0; 1 if absent) and `out`, one value per row.
   * @returns One value per row.
   * @throws As softmax; RangeError for a temperature of 0 or Infinity.
   */
  <A extends Floats = Float32Array>(logY: Input<A>, logits: Input<A>, n: RowLength, options?: MaxOptions<A>): A;
  /**
   * The gradient of sum_r dLogProb_r logProb_r, with q = softmax(w) and h = 1 - n q:
   *
   *     logits: h        logY: -T h        temperature: (n-1)/T - sum_k logY_k h_k
   *
   * Special values: 0 for a class that is left out, and for n = 1; a NaN row where the log-density is not finite.
   *
   * Accuracy: computed in f64, rounded once.
   *
   * @param logY Log-samples, rows x n, as `expConcrete` gives them.
   * @param logits Unnormalised log-probabilities, rows x n.
   * @param dLogProb The gradient by each log-density: one value per row.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature`.
   * @returns `logY` and `logits` rows x n, `temperature` one value per row.
   * @throws As for expConcreteLogProb.
   */
  vjp<A extends Floats = Float32Array>(
    logY: Input<A>,
    logits: Input<A>,
    dLogProb: Input<A>,
    n: RowLength,
    options?: DensityOptions<A>,
  ): { logY: A; logits: A; temperature: A };
}

/**
 * The log-density of ExpConcrete(logits, T) at log-samples logY, one value per row, with w = logits - T logY:
 *
 *     log (n-1)! + (n-1) log T + sum w - n log sum exp w
 *
 * with respect to n - 1 of the coordinates of logY (the last one follows).
 *
 * Shapes: logY and logits rows x n.
 *
 * Special values: a class masked in logits is left out where logY is -Infinity, and n counts the rest; -Infinity where logY
 * is finite there, or -Infinity for a class that is not masked; NaN for a NaN or a logit of +Infinity; 0 for n = 1.
 *
 * Accuracy (float32): 1e-6 of the greater of the result and the mean absolute term, n up to 1e5.
 *
 * Source: Maddison et al. 2017, section 3.2 and appendix C.3.
 *
 * @example
 * const logits = Float32Array.of(2, 1, 0);
 * const logY = expConcrete(key(7), logits, 3, { temperature: 0.5 });
 * expConcreteLogProb(logY, logits, 3, { temperature: 0.5 }); // [-5.141]
 */
export const expConcreteLogProb: ExpConcreteLogProb = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofPair<ExpConcreteLogProb>(EXP_CONCRETE.logProb),
  { vjp: /* @__PURE__ */ gradientsOfRows<ExpConcreteLogProb['vjp']>(EXP_CONCRETE) },
);
