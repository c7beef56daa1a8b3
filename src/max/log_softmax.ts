import type { Call } from '../engine/call.ts';
import { type AnyArray, checkPositiveTemperature, type Floats } from '../engine/check.ts';
import type { Kernels } from '../engine/kernels.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { type MaxOptions, room } from './max.ts';

/**
 * log softmax(x / T) of each row: z_i - log sum exp z, z = (x - max x) / T.
 *
 * Shapes, errors and special values are those of softmax, with log p: -Infinity where p is 0.
 */
export const logSoftmax = /* @__PURE__ */ Object.assign(
  function logSoftmax<A extends Floats>(x: Values<A>, n: number, options?: MaxOptions<A>): A {
    return openRows('x', x, n, options)
      .gives(n)
      .reserve(room(n, 1))
      .run((kernels, { from, to, temperature, scratch }, rows) =>
        kernels.log_softmax(from[0]!, to[0]!, rows, n, temperature, scratch),
      ) as A;
  },
  {
    /**
     * The vector-Jacobian product from the output log p: (dLogP - p sum dLogP) / T, rows x n. What is masked (-Infinity)
     * is left out of the sum and gets 0; 0 at T = 0; a NaN row for a NaN in log p. Errors: as for softmax. Accuracy:
     * computed in f64, rounded once.
     */
    vjp<A extends Floats>(logP: Values<A>, dLogP: Values<A>, n: number, options?: MaxOptions<A>): A {
      return pullBackLog(openRows('logP', logP, n, options).with('dLogP', dLogP)) as A;
    },
  },
);

/** The vector-Jacobian product of log softmax over rows of an output and of what is multiplied. */
export function pullBackLog(call: Call<Kernels>): AnyArray {
  const { n } = call;
  return call
    .inDoubles()
    .gives(n)
    .reserve()
    .run((kernels, { from, to, temperature }, rows) =>
      kernels.log_softmax_vjp(from[0]!, from[1]!, to[0]!, rows, n, temperature),
    );
}

/** The derivative by T over the same. */
export function pullBackLogTemperature(call: Call<Kernels>): AnyArray {
  const { n } = call;
  return call
    .inDoubles()
    .gives(1)
    .reserve(room(n, 1))
    .run((kernels, { from, to, temperature, scratch }, rows) =>
      kernels.log_softmax_vjp_temperature(from[0]!, from[1]!, to[0]!, rows, n, temperature, scratch),
    );
}

/**
 * log sum exp(x / T) of each row, one value a row.
 *
 * Special values: -Infinity for a row of nothing but -Infinity; +Infinity for one with a +Infinity; NaN for one with a
 * NaN. Errors: as for softmax, and RangeError for a T that is 0 or Infinity: the limits do not exist.
 */
export const logSumExp = /* @__PURE__ */ Object.assign(
  function logSumExp<A extends Floats>(x: Values<A>, n: number, options?: MaxOptions<A>): A {
    return openRows('x', x, n, options, undefined, checkPositiveTemperature)
      .gives(1)
      .reserve(room(n, 1))
      .run((kernels, { from, to, temperature, scratch }, rows) =>
        kernels.log_sum_exp(from[0]!, to[0]!, rows, n, temperature, scratch),
      ) as A;
  },
  {
    /**
     * The vector-Jacobian product, d softmax(x / T) / T: x rows x n, d one value a row, the result rows x n. Special
     * values: those of softmax. Errors: as for logSumExp. Accuracy: computed in f64, rounded once.
     */
    vjp<A extends Floats>(x: Values<A>, d: Values<A>, n: number, options?: MaxOptions<A>): A {
      return openRows('x', x, n, options, undefined, checkPositiveTemperature)
        .inDoubles()
        .with('d', d, 1)
        .gives(n)
        .reserve()
        .run((kernels, { from, to, temperature }, rows) =>
          kernels.log_sum_exp_vjp(from[0]!, from[1]!, to[0]!, rows, n, temperature),
        ) as A;
    },
  },
);
