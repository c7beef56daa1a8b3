import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import type { MaxOptions } from '../max/max.ts';
import { type DensityOptions, gradients, logProb, ofElements } from './log_prob.ts';

export const BIN_CONCRETE = /* @__PURE__ */ ofElements('y', 'bin_concrete_log_prob');
export const LOGIT_BIN_CONCRETE = /* @__PURE__ */ ofElements('z', 'logit_bin_concrete_log_prob');

/**
 * The log-density of BinConcrete(logits, T), the relaxed Bernoulli distribution, at y in [0, 1], element by element, with
 * z = log y - log(1 - y) and d = logits - T z:
 *
 *     log T + d - 2 log(1 + exp d) - log y - log(1 - y)
 *
 * Values near 1 have few digits left of 1 - y: logitBinConcreteLogProb takes z. Shapes: logits like y, any length; the
 * result likewise. Special values: at y = 0 and y = 1 the limit: +Infinity for T < 1, -Infinity for T > 1, and for T = 1
 * -logit at 0 and logit at 1. For a logit of -Infinity all mass is at 0, for +Infinity at 1: 0 there, -Infinity elsewhere.
 * NaN for a NaN and for y outside [0, 1]. Errors: as for gumbelSigmoid; RangeError for a T that is 0 or Infinity.
 * Accuracy: computed in f64, rounded once. Source: Maddison et al. 2017, appendix B.
 */
export const binConcreteLogProb = /* @__PURE__ */ Object.assign(
  function binConcreteLogProb<A extends Floats>(y: Values<A>, logits: Values<A>, options?: MaxOptions<A>): A {
    return logProb(BIN_CONCRETE, y, logits, 1, options);
  },
  {
    /**
     * The gradient of sum_i dLogProb_i logProb_i, with h = 1 - 2 sigmoid(d):
     *
     *     logits: h        y: (-T h + 2 y - 1) / (y (1 - y))        temperature: 1/T - z h
     *
     * Shapes: all three like y. Special values: NaN at y = 0 and y = 1, and where the log-density is not finite; 0 where
     * all mass is. Errors: as for binConcreteLogProb. Accuracy: computed in f64, rounded once.
     */
    vjp<A extends Floats>(
      y: Values<A>,
      logits: Values<A>,
      dLogProb: Values<A>,
      options?: DensityOptions,
    ): { y: A; logits: A; temperature: A } {
      const [value, dLogits, temperature] = gradients(BIN_CONCRETE, y, logits, dLogProb, 1, options);
      return { y: value, logits: dLogits, temperature };
    },
  },
);

/**
 * The log-density of z = log y - log(1 - y) for y of BinConcrete(logits, T), element by element, with d = logits - T z:
 *
 *     log T + d - 2 log(1 + exp d)
 *
 * Shapes: logits like z, any length; the result likewise. Special values: -Infinity at z = +-Infinity; for a logit of
 * +-Infinity all mass is at z of the same value: 0 there, -Infinity elsewhere; NaN for a NaN. Errors: as for
 * binConcreteLogProb. Accuracy: computed in f64, rounded once; nothing saturates. Source: Maddison et al. 2017, appendix B.
 */
export const logitBinConcreteLogProb = /* @__PURE__ */ Object.assign(
  function logitBinConcreteLogProb<A extends Floats>(z: Values<A>, logits: Values<A>, options?: MaxOptions<A>): A {
    return logProb(LOGIT_BIN_CONCRETE, z, logits, 1, options);
  },
  {
    /**
     * The gradient of sum_i dLogProb_i logProb_i, with h = 1 - 2 sigmoid(d):
     *
     *     logits: h        z: -T h        temperature: 1/T - z h
     *
     * Shapes: all three like z. Special values: NaN where the log-density is not finite; 0 where all mass is. Errors: as
     * for logitBinConcreteLogProb. Accuracy: computed in f64, rounded once.
     */
    vjp<A extends Floats>(
      z: Values<A>,
      logits: Values<A>,
      dLogProb: Values<A>,
      options?: DensityOptions,
    ): { z: A; logits: A; temperature: A } {
      const [value, dLogits, temperature] = gradients(LOGIT_BIN_CONCRETE, z, logits, dLogProb, 1, options);
      return { z: value, logits: dLogits, temperature };
    },
  },
);
