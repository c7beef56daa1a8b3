import { makeMax, type Max, tsallis } from './max.ts';
import { EACH_SPARSEMAX } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';

/**
 * sparsemax(x / T) of each row: the point of the simplex nearest to z = (x - max x) / T, p_i = [z_i - t]+ with t such
 * that the row sums to 1. Exact zeros where z_i <= t.
 *
 * Shapes, errors and special values are those of softmax.
 *
 * Accuracy (float32): each entry within 4 ULP of max p, the sum within 2^-22 of 1, n up to 131 072.
 *
 * Source: Martins and Astudillo 2016.
 *
 * @example
 * sparsemax(Float32Array.of(1, 0.5, -1), 3); // [0.75, 0.25, 0]
 */
export const sparsemax: Max = /* @__PURE__ */ makeMax({
  name: ['sparsemax'],
  each: EACH_SPARSEMAX,
  entropy: /* @__PURE__ */ tsallis(2),
  scratch: Scratch.sparsemax,
  max: (kernels, src, dst, rows, n, t, scratch) => kernels.sparsemax(src, dst, rows, n, t, scratch),
  vjp: (kernels, p, dp, dst, rows, n, t, scratch) => kernels.sparsemax_vjp(p, dp, dst, rows, n, t, scratch),
});
