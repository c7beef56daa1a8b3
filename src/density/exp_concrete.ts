import { ofPair } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import type { MaxOptions } from '../max/max.ts';
import { type DensityOptions, gradientsOfRows, makeDensity } from './log_prob.ts';

export const EXP_CONCRETE = /* @__PURE__ */ makeDensity(
  'logY',
  (kernels, ...at) => kernels.exp_concrete_log_prob(...at),
  (kernels, ...at) => kernels.exp_concrete_log_prob_vjp(...at),
  true,
);

/** What `expConcreteLogProb` is. */
export interface ExpConcreteLogProb {
  <A extends Floats>(logY: Values<A>, logits: Values<A>, n: number, options?: MaxOptions<A>): A;
  /**
   * The gradient of sum_r dLogProb_r logProb_r, with q = softmax(w) and h = 1 - n q:
   *
   *     logits: h        logY: -T h        temperature: (n-1)/T - sum_k logY_k h_k
   *
   * Shapes: dLogProb one value a row; the gradients of logY and logits rows x n, that of T one value a row. Special
   * values: 0 for a class that is left out, and for n = 1; a NaN row where the log-density is not finite. Errors: as
   * for expConcreteLogProb. Accuracy: computed in f64, rounded once.
   */
  vjp<A extends Floats>(
    logY: Values<A>,
    logits: Values<A>,
    dLogProb: Values<A>,
    n: number,
    options?: DensityOptions,
  ): { logY: A; logits: A; temperature: A };
}

/**
 * The log-density of ExpConcrete(logits, T) at log-samples logY, one value a row, with w = logits - T logY:
 *
 *     log (n-1)! + (n-1) log T + sum w - n log sum exp w
 *
 * with respect to n - 1 of the coordinates of logY (the last one follows). Shapes: logY and logits rows x n. Special
 * values: a class masked in logits is left out where logY is -Infinity, and n counts the rest; -Infinity where logY is
 * finite there, or -Infinity for a class that is not masked; NaN for a NaN or a logit of +Infinity; 0 for n = 1. Errors:
 * as for softmax; RangeError for a T that is 0 or Infinity. Accuracy (float32): 1e-6 of the greater of the result and the
 * mean absolute term, n up to 1e5. Source: Maddison et al. 2017, section 3.2 and appendix C.3.
 */
export const expConcreteLogProb: ExpConcreteLogProb = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofPair<ExpConcreteLogProb>(EXP_CONCRETE.logProb),
  { vjp: /* @__PURE__ */ gradientsOfRows<ExpConcreteLogProb['vjp']>(EXP_CONCRETE) },
);
