import { arena } from '../engine/backend.ts';
import {
  checkFloats,
  checkOptions,
  checkOut,
  checkPositiveTemperature,
  checkRows,
  type Floats,
} from '../engine/check.ts';
import { type Forward, makeMax, mapRows, type Max, type MaxOptions } from './max.ts';

/**
 * softmax(x / T) of each row: p_i = exp((x_i - max x) / T) / sum.
 *
 * Shapes: x rows x n, row-major; the result likewise. Special values: -Infinity is masked (p = 0); a NaN, a +Infinity or
 * a row of nothing but -Infinity gives a NaN row; T = 0 is one-hot at the first of the greatest; T = Infinity uniform
 * over what is not masked. Errors: TypeError for another kind of array or an unknown option; RangeError for a length that
 * is not a multiple of n, an n that is no positive integer, a T that is negative or NaN, a wrong `out`. Accuracy
 * (float32): each entry >= 2^-100 within 5 ULP at T = 1 and 5 + 2 |z| ULP elsewhere, z = (x - max x) / T. Source: Bridle 1990.
 */
export const softmax: Max = /* @__PURE__ */ makeMax(
  1,
  {
    scratch: () => 0,
    run: (kernels, src, dst, rows, n, temperature) => kernels.softmax(src, dst, rows, n, temperature),
  },
  (kernels, p, dp, dst, rows, n, temperature) => kernels.softmax_vjp(p, dp, dst, rows, n, temperature),
);

/** Bytes for a row of either dtype. */
const row = (n: number): number => 8 * n;

export const logForward: Forward = {
  scratch: row,
  run: (kernels, src, dst, rows, n, temperature, scratch) =>
    kernels.log_softmax(src, dst, rows, n, temperature, scratch),
};

/**
 * log softmax(x / T) of each row: z_i - log sum exp z, z = (x - max x) / T.
 *
 * Shapes, errors and special values are those of softmax, with log p: -Infinity where p is 0.
 */
export function logSoftmax<A extends Floats>(x: A, n: number, options?: MaxOptions<A>): A {
  return mapRows(logForward, 'x', x, n, options);
}

/**
 * log sum exp(x / T) of each row, one value a row.
 *
 * Special values: -Infinity for a row of nothing but -Infinity; +Infinity for one with a +Infinity; NaN for one with a
 * NaN. Errors: as for softmax, and RangeError for a T that is 0 or Infinity: the limits do not exist.
 */
export function logSumExp<A extends Floats>(x: A, n: number, options?: MaxOptions<A>): A {
  const dtype = checkFloats('x', x);
  const rows = checkRows('x', x, n);
  checkOptions(options, ['temperature', 'out']);
  const temperature = checkPositiveTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, rows, [x]);
  return arena().run({
    dtype,
    inputs: [x],
    rows,
    n,
    outputs: [{ kind: dtype, width: 1, out }],
    scratch: () => row(n),
    kernel: (kernels, at, count) => kernels.log_sum_exp(at.from[0]!, at.to[0]!, count, n, temperature, at.scratch),
  })[0] as A;
}
