import { makeMax, type Max, tsallis } from './max.ts';
import { EACH_ENTMAX15 } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';

/**
 * entmax15(x / T) of each row, the 1.5-entmax: p_i = [z_i / 2 - t]+^2, z = (x - max x) / T, with t such that the row sums
 * to 1. Sparse as sparsemax, smooth as softmax; zeros where z_i <= 2 t.
 *
 * Shapes, errors and special values are those of softmax.
 *
 * Accuracy (float32): each entry within 4 ULP of max p, the sum within 2^-22 of 1, n up to 131 072; float64: 1e-12 of max p.
 *
 * Source: Peters, Niculae and Martins 2019.
 *
 * @example
 * entmax15(Float32Array.of(2, 1, -1), 3); // [0.831, 0.169, 0]
 */
export const entmax15: Max = /* @__PURE__ */ makeMax({
  name: ['entmax15'],
  each: EACH_ENTMAX15,
  entropy: /* @__PURE__ */ tsallis(1.5),
  scratch: Scratch.entmax15,
  max: (kernels, src, dst, rows, n, t, scratch) => kernels.entmax15(src, dst, rows, n, t, scratch),
  vjp: (kernels, p, dp, dst, rows, n, t, scratch) => kernels.entmax15_vjp(p, dp, dst, rows, n, t, scratch),
});
