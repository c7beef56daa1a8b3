import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { pullBackLog, pullBackLogTemperature } from '../max/log_softmax.ts';
import { type MaxOptions, room } from '../max/max.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

/**
 * The logarithm of a Concrete sample for each row, in log space: log softmax(((l - max l) + g) / T). Nothing underflows,
 * so it is what densities should be given. `exp` of it is what `gumbelSoftmax` gives for the same source, up to rounding.
 *
 * Shapes, special values (as logarithms) and errors: as for gumbelSoftmax. Source: Maddison et al. 2017, appendix C.3.
 */
export const expConcrete = /* @__PURE__ */ Object.assign(
  function expConcrete<A extends Floats>(source: Source, logits: Values<A>, n: number, options?: MaxOptions<A>): A {
    checkSource(source);
    const call = openRows('logits', logits, n, options).gives(n).reserve(room(n, 1));
    const { high, low } = takeKey(source);
    return call.run((kernels, { from, to, temperature, scratch, words }, rows, first) => {
      kernels.gumbel_perturb(from[0]!, to[0]!, rows, n, first, low, high, words);
      kernels.log_softmax(to[0]!, to[0]!, rows, n, temperature, scratch);
    }) as A;
  },
  {
    /**
     * The vector-Jacobian product with respect to the logits, from the log-sample: that of logSoftmax, since noise and
     * shift are constants to it. Shapes, special values and errors: as for `logSoftmax.vjp`.
     */
    vjp<A extends Floats>(logY: Values<A>, dLogY: Values<A>, n: number, options?: MaxOptions<A>): A {
      return pullBackLog(openRows('logY', logY, n, options).with('dLogY', dLogY)) as A;
    },
    /**
     * The derivative by T times dLogY, from the log-sample, one value a row: -sum logY dx, dx the vector-Jacobian product.
     * Special values: 0 at T = 0 and T = Infinity; NaN for a NaN. Errors: as for expConcrete. Accuracy: computed in f64,
     * rounded once.
     */
    vjpTemperature<A extends Floats>(logY: Values<A>, dLogY: Values<A>, n: number, options?: MaxOptions<A>): A {
      return pullBackLogTemperature(openRows('logY', logY, n, options).with('dLogY', dLogY)) as A;
    },
  },
);
