import { ofDraws, ofPair } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import { logVjp, logVjpTemperature } from '../max/log_softmax.ts';
import type { MaxOptions } from '../max/max.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import { ofPerturbed } from './gumbel_softmax.ts';
import * as Scratch from '../shared/scratch.ts';

/** What `expConcrete` is. */
export interface ExpConcreteSampler {
  <A extends Floats>(source: RowSource, logits: Values<A>, n: number, options?: MaxOptions<A>): A;
  /**
   * The vector-Jacobian product with respect to the logits, from the log-sample: that of logSoftmax, since noise and
   * shift are constants to it. Shapes, special values and errors: as for `logSoftmax.vjp`.
   */
  vjp<A extends Floats>(logY: Values<A>, dLogY: Values<A>, n: number, options?: MaxOptions<A>): A;
  /**
   * The derivative by T times dLogY, from the log-sample, one value a row: -sum logY dx, dx the vector-Jacobian product.
   * Special values: 0 at T = 0 and T = Infinity; NaN for a NaN. Errors: as for expConcrete. Accuracy: computed in f64,
   * rounded once.
   */
  vjpTemperature<A extends Floats>(logY: Values<A>, dLogY: Values<A>, n: number, options?: MaxOptions<A>): A;
}

/**
 * The logarithm of a Concrete sample for each row, in log space: log softmax(((l - max l) + g) / T). Nothing underflows,
 * so it is what densities should be given. `exp` of it is what `gumbelSoftmax` gives for the same source, up to rounding.
 *
 * Shapes, special values (as logarithms) and errors: as for gumbelSoftmax. Source: Maddison et al. 2017, appendix C.3.
 */
export const expConcrete: ExpConcreteSampler = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofDraws<ExpConcreteSampler>(
    /* @__PURE__ */ makeRowOp('logits', {
      keys: ROW_KEYS,
      scratch: Scratch.log_softmax,
      row(kernels, src, dst, rows, n, t, scratch, first, k0, k1, words) {
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
