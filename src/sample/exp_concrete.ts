import { ofDraws, ofPair } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input, Widened } from '../engine/half.ts';
import { logVjp, logVjpTemperature } from '../max/log_softmax.ts';
import type { MaxOptions } from '../max/max.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import { ofPerturbed } from './gumbel_softmax.ts';
import * as Scratch from '../shared/scratch.ts';

/** What `expConcrete` is. */
export interface ExpConcreteSampler {
  <A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): Widened<A, H>;
  /**
   * The vector-Jacobian product with respect to the logits, from the log-sample: that of logSoftmax, since noise and shift
   * are constants to it. Shapes, special values and errors: as for `logSoftmax.vjp`.
   *
   * @param logY The log-samples, rows x n.
   * @param dLogY The gradient by the log-samples, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature` of the samples, and `out`.
   * @returns The gradient by the logits, rows x n.
   */
  vjp<A extends Floats = Float32Array>(logY: Input<A>, dLogY: Input<A>, n: RowLength, options?: MaxOptions<A>): A;
  /**
   * The derivative by T times dLogY, from the log-sample, one value per row: -sum logY dx, dx the vector-Jacobian product.
   *
   * Special values: 0 at T = 0 and T = Infinity; NaN for a NaN.
   *
   * Accuracy: that of `logSoftmax.vjpTemperature`.
   *
   * @param logY The log-samples, rows x n.
   * @param dLogY The gradient by the log-samples, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature` of the samples, and `out`.
   * @returns One value per row.
   * @throws As for expConcrete.
   */
  vjpTemperature<A extends Floats = Float32Array>(
    logY: Input<A>,
    dLogY: Input<A>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): A;
}

/**
 * The logarithm of a Concrete sample for each row, in log space: log softmax(((l - max l) + g) / T). Nothing underflows, so
 * it is what densities should be given. `exp` of it is what `gumbelSoftmax` gives for the same source, up to rounding.
 *
 * Shapes, special values (as logarithms) and errors: as for gumbelSoftmax.
 *
 * Source: Maddison et al. 2017, appendix C.3.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param logits Unnormalised log-probabilities, rows x n; -Infinity masks a class.
 * @param n The number of classes: the length of a row.
 * @param options `temperature` (1 if absent), and `out`.
 * @returns Log-samples, rows x n.
 * @example
 * const logY = expConcrete(key(7), Float32Array.of(2, 1, 0), 3, { temperature: 0.5 }); // [-0.002, -6.714, -7.596]
 */
export const expConcrete: ExpConcreteSampler = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofDraws<ExpConcreteSampler>(
    /* @__PURE__ */ makeRowOp('logits', {
      keys: ROW_KEYS,
      scratch: Scratch.log_softmax,
      row(kernels, src, dst, rows, n, t, scratch, _k, first, k0, k1, words) {
        kernels.gumbel_perturb(src, dst, rows, n, t, first, k0, k1, words);
        kernels.log_softmax(dst, dst, rows, n, ofPerturbed(t), scratch);
      },
    }),
  ),
  {
    vjp: /* @__PURE__ */ ofPair<ExpConcreteSampler['vjp']>(/* @__PURE__ */ logVjp('logY', 'dLogY')),
    vjpTemperature: /* @__PURE__ */ ofPair<ExpConcreteSampler['vjpTemperature']>(
      /* @__PURE__ */ logVjpTemperature('logY', 'dLogY'),
    ),
  },
);
