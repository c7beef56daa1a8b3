import { makeMax, type Max, tsallis } from './max.ts';
import { EACH_SOFTMAX } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';

/**
 * softmax(x / T) of each row: p_i = exp((x_i - max x) / T) / sum.
 *
 * Shapes: x rows x n, row-major; the result likewise.
 *
 * Special values: -Infinity is masked (p = 0); a NaN, a +Infinity or a row of nothing but -Infinity gives a NaN row; T = 0 is
 * one-hot at the first of the greatest; T = Infinity is uniform over what is not masked.
 *
 * Accuracy: each entry >= 2^-100 within 5 ULP, at every T if |max x| <= 2000 T; beyond that 5 ULP at T = 1 and 5 + 2 |z| ULP
 * elsewhere, z = (x - max x) / T. An entry below 2^-126 of the greatest (float64: 2^-1022) may be 0.
 *
 * Source: Bridle 1990.
 *
 * @example
 * softmax(Float32Array.of(2, 1, 0), 3); // [0.665, 0.245, 0.090]
 * softmax(Float32Array.of(2, 1, -Infinity), 3, { temperature: 0.5 }); // [0.881, 0.119, 0]
 */
export const softmax: Max = /* @__PURE__ */ makeMax({
  name: ['softmax'],
  each: EACH_SOFTMAX,
  entropy: /* @__PURE__ */ tsallis(1),
  scratch: Scratch.softmax,
  max: (kernels, src, dst, rows, n, t, scratch) => kernels.softmax(src, dst, rows, n, t, scratch),
  vjp: (kernels, p, dp, dst, rows, n, t, scratch) => kernels.softmax_vjp(p, dp, dst, rows, n, t, scratch),
});
