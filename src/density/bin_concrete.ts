import { ofElements } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import { ELEMENT_OPTIONS } from '../engine/op.ts';
import type { ElementOptions } from '../max/max.ts';
import { DENSITY_BIN_CONCRETE, DENSITY_LOGIT_BIN_CONCRETE } from '../shared/constants.ts';
import { type DensityOptions, gradientsOfElements, makeDensity } from './log_prob.ts';

export const BIN_CONCRETE = /* @__PURE__ */ makeDensity('y', DENSITY_BIN_CONCRETE, ELEMENT_OPTIONS);
export const LOGIT_BIN_CONCRETE = /* @__PURE__ */ makeDensity('z', DENSITY_LOGIT_BIN_CONCRETE, ELEMENT_OPTIONS);

/** What `binConcreteLogProb` is. */
export interface BinConcreteLogProb {
  <A extends Floats = Float32Array>(y: Input<A>, logits: Input<A>, options?: ElementOptions<A>): A;
  /**
   * The gradient of sum_i dLogProb_i logProb_i, with h = 1 - 2 sigmoid(d):
   *
   *     logits: h        y: (-T h + 2 y - 1) / (y (1 - y))        temperature: 1/T - z h
   *
   * Shapes: all three like y.
   *
   * Special values: NaN at y = 0 and y = 1, and where the log-density is not finite; 0 where all mass is.
   *
   * Accuracy (float32): 1e-6 of the terms.
   *
   * @param y Relaxed bits in [0, 1].
   * @param logits Log-odds, like y.
   * @param dLogProb The gradient by each log-density, like y.
   * @param options The `temperature`.
   * @returns `y`, `logits` and `temperature`, each with one value per element.
   * @throws As for binConcreteLogProb.
   */
  vjp<A extends Floats = Float32Array>(
    y: Input<A>,
    logits: Input<A>,
    dLogProb: Input<A>,
    options?: Pick<DensityOptions<A>, 'temperature'>,
  ): { y: A; logits: A; temperature: A };
}

/**
 * The log-density of BinConcrete(logits, T), the relaxed Bernoulli distribution, at y in [0, 1], element by element, with z
 * = log y - log(1 - y) and d = logits - T z:
 *
 *     log T + d - 2 log(1 + exp d) - log y - log(1 - y)
 *
 * Values near 1 have few digits left of 1 - y: logitBinConcreteLogProb takes z.
 *
 * Shapes: logits like y, any length; the result likewise.
 *
 * Special values: at y = 0 and y = 1 the limit: +Infinity for T < 1, -Infinity for T > 1, and for T = 1 -logit at 0 and
 * logit at 1. For a logit of -Infinity all mass is at 0, for +Infinity at 1: 0 there, -Infinity elsewhere. NaN for a NaN
 * and for y outside [0, 1].
 *
 * Accuracy (float32): 1e-6 of the greater of the result and the sum of its absolute terms, logits and T z among them.
 *
 * Source: Maddison et al. 2017, appendix B.
 *
 * @param y Relaxed bits in [0, 1], of any length.
 * @param logits Log-odds, like y.
 * @param options `temperature` (finite and above 0; 1 if absent), and `out`.
 * @returns One value per element.
 * @throws As for gumbelSigmoid; RangeError for a T that is 0 or Infinity.
 * @example
 * binConcreteLogProb(Float32Array.of(0.9, 0.2), Float32Array.of(2, -1), { temperature: 0.5 }); // [0.132, -0.270]
 */
export const binConcreteLogProb: BinConcreteLogProb = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofElements<BinConcreteLogProb>(BIN_CONCRETE.logProb),
  { vjp: /* @__PURE__ */ gradientsOfElements<BinConcreteLogProb['vjp']>(BIN_CONCRETE) },
);

/** What `logitBinConcreteLogProb` is. */
export interface LogitBinConcreteLogProb {
  <A extends Floats = Float32Array>(z: Input<A>, logits: Input<A>, options?: ElementOptions<A>): A;
  /**
   * The gradient of sum_i dLogProb_i logProb_i, with h = 1 - 2 sigmoid(d):
   *
   *     logits: h        z: -T h        temperature: 1/T - z h
   *
   * Shapes: all three like z.
   *
   * Special values: NaN where the log-density is not finite; 0 where all mass is.
   *
   * Accuracy (float32): 1e-6 of the terms.
   *
   * @param z Log-odds of relaxed bits.
   * @param logits Log-odds, like z.
   * @param dLogProb The gradient by each log-density, like z.
   * @param options The `temperature`.
   * @returns `z`, `logits` and `temperature`, each with one value per element.
   * @throws As for logitBinConcreteLogProb.
   */
  vjp<A extends Floats = Float32Array>(
    z: Input<A>,
    logits: Input<A>,
    dLogProb: Input<A>,
    options?: Pick<DensityOptions<A>, 'temperature'>,
  ): { z: A; logits: A; temperature: A };
}

/**
 * The log-density of z = log y - log(1 - y) for y of BinConcrete(logits, T), element by element, with d = logits - T z:
 *
 *     log T + d - 2 log(1 + exp d)
 *
 * Shapes: logits like z, any length; the result likewise.
 *
 * Special values: -Infinity at z = +-Infinity; for a logit of +-Infinity all mass is at z of the same value: 0 there,
 * -Infinity elsewhere; NaN for a NaN.
 *
 * Accuracy (float32): 1e-6 of the greater of the result and the sum of its absolute terms, logits and T z among them;
 * nothing saturates.
 *
 * Source: Maddison et al. 2017, appendix B.
 *
 * @param z Log-odds of relaxed bits, of any length.
 * @param logits Log-odds of the distribution, like z.
 * @param options `temperature` (finite and above 0; 1 if absent), and `out`.
 * @returns One value per element.
 * @throws As for binConcreteLogProb.
 * @example
 * logitBinConcreteLogProb(Float32Array.of(2, -1), Float32Array.of(2, -1), { temperature: 0.5 }); // [-2.320, -2.141]
 */
export const logitBinConcreteLogProb: LogitBinConcreteLogProb = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofElements<LogitBinConcreteLogProb>(LOGIT_BIN_CONCRETE.logProb),
  { vjp: /* @__PURE__ */ gradientsOfElements<LogitBinConcreteLogProb['vjp']>(LOGIT_BIN_CONCRETE) },
);
