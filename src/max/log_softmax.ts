import { checkPositiveTemperature } from '../engine/check.ts';
import { ofPair, ofRows } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeOp, makeRowOp, type Op } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input, Widened } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import type { MaxOptions } from './max.ts';
import { EACH_LOG_SOFTMAX, EACH_LOG_SUM_EXP } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';

/** What `logSoftmax` is: a function of rows, with its gradient. */
export interface LogSoftmax {
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): Widened<A, H>;
  /**
   * The vector-Jacobian product from the output log p: (dLogP - p sum dLogP) / T, rows x n. What is masked (-Infinity) is
   * left out of the sum and gets 0; 0 at T = 0; a NaN row for a NaN in log p.
   *
   * Accuracy: float32 within 8 ULP of the greatest term, dLogP or p sum dLogP.
   *
   * @param logP What logSoftmax gave, rows x n.
   * @param dLogP The gradient by the log-probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature` of the call, and `out`.
   * @returns The gradient by x, rows x n.
   * @throws As for softmax.
   */
  vjp<A extends Floats = Float32Array>(logP: Input<A>, dLogP: Input<A>, n: RowLength, options?: MaxOptions<A>): A;
  /**
   * The log-probability of one class per row: the element of logSoftmax(x, n, { temperature }) at that index, bit for bit.
   * NaN for an index outside [0, n).
   *
   * @param x Rows of n scores.
   * @param indices An Int32Array, one index per row.
   * @param n The number of classes.
   * @param options `temperature`; `out`, one value per row.
   * @returns One value per row.
   * @throws As logSoftmax; RangeError or TypeError for `indices` of another length or kind.
   * @example
   * logSoftmax.at(Float32Array.of(0, 0), Int32Array.of(1), 2); // Float32Array [-0.6931472]
   */
  at<A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    indices: Values<Int32Array>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): Widened<A, H>;
  /**
   * The derivative by T times dLogP, from the output log p, one value per row: -sum log p dx, dx the vector-Jacobian
   * product.
   *
   * Special values: 0 at T = 0 and T = Infinity; NaN for a NaN.
   *
   * Accuracy: float32 within 8 ULP of the sum of the absolute values of log p dLogP / T and log p p sum dLogP / T.
   *
   * @param logP What logSoftmax gave, rows x n.
   * @param dLogP The gradient by the log-probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature` of the call, and `out`.
   * @returns One value per row.
   * @throws As for softmax.
   */
  vjpTemperature<A extends Floats = Float32Array>(
    logP: Input<A>,
    dLogP: Input<A>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): A;
}

/** The vector-Jacobian product of log softmax from an output of this name. */
export function logVjp(name: string, dName: string): Op {
  return makeOp({
    inputs: [
      { name, width: 'n' },
      { name: dName, width: 'n' },
    ],
    outputs: [{ width: 'n' }],
    kernel: (kernels, [logP, dLogP, dst], rows, n, temperature) =>
      kernels.log_softmax_vjp(logP, dLogP, dst, rows, n, temperature),
  });
}

/** The derivative by T from the same. */
export function logVjpTemperature(name: string, dName: string): Op {
  return makeOp({
    inputs: [
      { name, width: 'n' },
      { name: dName, width: 'n' },
    ],
    outputs: [{ width: 1 }],
    scratch: Scratch.log_softmax_vjp_temperature,
    kernel: (kernels, [logP, dLogP, dst], rows, n, temperature, scratch) =>
      kernels.log_softmax_vjp_temperature(logP, dLogP, dst, rows, n, temperature, scratch),
  });
}

/**
 * log softmax(x / T) of each row: z_i - log sum exp z, z = (x - max x) / T.
 *
 * Shapes, errors and special values are those of softmax, with log p: -Infinity where x is masked.
 *
 * Accuracy: 4 ULP of each entry above 2^-100, also near 0, if |max x| <= 2000 T; beyond that 4 ULP of max(1, |y|).
 *
 * @param x Scores, rows x n; -Infinity masks a class.
 * @param n The number of classes: the length of a row.
 * @param options `temperature` (1 if absent), and `out`.
 * @returns Log-probabilities, rows x n.
 * @example
 * logSoftmax(Float32Array.of(2, 1, 0), 3); // [-0.408, -1.408, -2.408]
 */
export const logSoftmax: LogSoftmax = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofRows<LogSoftmax>(
    /* @__PURE__ */ makeRowOp('x', {
      each: EACH_LOG_SOFTMAX,
      scratch: Scratch.log_softmax,
      row: (kernels, src, dst, rows, n, t, scratch) => kernels.log_softmax(src, dst, rows, n, t, scratch),
    }),
  ),
  {
    vjp: /* @__PURE__ */ ofPair<LogSoftmax['vjp']>(/* @__PURE__ */ logVjp('logP', 'dLogP')),
    at: /* @__PURE__ */ ofPair<LogSoftmax['at']>(
      /* @__PURE__ */ makeOp({
        inputs: [
          { name: 'x', width: 'n' },
          { name: 'indices', width: 1, kind: I32 },
        ],
        outputs: [{ width: 1, empty: NaN }],
        scratch: Scratch.log_softmax_at,
        kernel: (kernels, [x, indices, dst], rows, n, temperature, scratch) =>
          kernels.log_softmax_at(x, indices, dst, 0, rows, n, temperature, scratch),
      }),
    ),
    vjpTemperature: /* @__PURE__ */ ofPair<LogSoftmax['vjpTemperature']>(
      /* @__PURE__ */ logVjpTemperature('logP', 'dLogP'),
    ),
  },
);

/** What `logSumExp` is: a function of rows, with its gradient. */
export interface LogSumExp {
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): Widened<A, H>;
  /**
   * The vector-Jacobian product, d softmax(x / T) / T: x rows x n, d one value per row, the result rows x n.
   *
   * Special values: those of softmax.
   *
   * Accuracy: computed in f64, rounded once.
   *
   * @param x Scores, rows x n.
   * @param d The gradient by each result: one value per row.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature` of the call, and `out`.
   * @returns The gradient by x, rows x n.
   * @throws As for logSumExp.
   */
  vjp<A extends Floats = Float32Array>(x: Input<A>, d: Input<A>, n: RowLength, options?: MaxOptions<A>): A;
  /**
   * The derivative by T times d, from the input x, one value per row: -d <softmax(x / T), x> / T^2.
   *
   * Special values: what is masked counts 0; NaN for a NaN row of softmax.
   *
   * Accuracy: computed in f64, rounded once.
   *
   * @param x Scores, rows x n.
   * @param d The gradient by each result: one value per row.
   * @param n The number of classes: the length of a row.
   * @param options The `temperature` of the call, and `out`.
   * @returns One value per row.
   * @throws As for logSumExp.
   */
  vjpTemperature<A extends Floats = Float32Array>(x: Input<A>, d: Input<A>, n: RowLength, options?: MaxOptions<A>): A;
}

const X_AND_D = [
  { name: 'x', width: 'n' },
  { name: 'd', width: 1 },
] as const;

/**
 * log sum exp(x / T) of each row, one value per row.
 *
 * Special values: -Infinity for a row of nothing but -Infinity; +Infinity for one with a +Infinity; NaN for one with a NaN.
 *
 * Accuracy: 4 ULP of the greater of the result and max x / T, so of the result, also near 0, unless max x is negative.
 *
 * @param x Scores, rows x n.
 * @param n The number of classes: the length of a row.
 * @param options `temperature` (1 if absent), and `out`, one value per row.
 * @returns One value per row.
 * @throws As for softmax, and RangeError for a T that is 0 or Infinity: the limits do not exist.
 * @example
 * logSumExp(Float32Array.of(2, 1, 0), 3); // [2.408]
 */
export const logSumExp: LogSumExp = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofRows<LogSumExp>(
    /* @__PURE__ */ makeRowOp('x', {
      width: 1,
      empty: -Infinity,
      check: checkPositiveTemperature,
      each: EACH_LOG_SUM_EXP,
      scratch: Scratch.log_sum_exp,
      row: (kernels, src, dst, rows, n, t, scratch) => kernels.log_sum_exp(src, dst, rows, n, t, scratch),
    }),
  ),
  {
    vjp: /* @__PURE__ */ ofPair<LogSumExp['vjp']>(
      /* @__PURE__ */ makeOp({
        inputs: X_AND_D,
        outputs: [{ width: 'n' }],
        check: checkPositiveTemperature,
        scratch: Scratch.log_sum_exp_vjp,
        kernel: (kernels, [x, d, dst], rows, n, temperature, scratch) =>
          kernels.log_sum_exp_vjp(x, d, dst, rows, n, temperature, scratch),
      }),
    ),
    vjpTemperature: /* @__PURE__ */ ofPair<LogSumExp['vjpTemperature']>(
      /* @__PURE__ */ makeOp({
        inputs: X_AND_D,
        outputs: [{ width: 1 }],
        check: checkPositiveTemperature,
        f64: true,
        scratch: Scratch.log_sum_exp_vjp_temperature,
        kernel: (kernels, [x, d, dst], rows, n, temperature, scratch) =>
          kernels.log_sum_exp_vjp_temperature(x, d, dst, rows, n, temperature, scratch),
      }),
    ),
  },
);
