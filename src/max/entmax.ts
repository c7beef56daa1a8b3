import { checkAlpha } from '../engine/check.ts';
import { entmax15 } from './entmax15.ts';
import { makeMax, type Max, tsallis } from './max.ts';
import { softmax } from './softmax.ts';
import { sparsemax } from './sparsemax.ts';
import * as Scratch from '../shared/scratch.ts';

/**
 * The alpha-entmax of an alpha >= 1: p_i = [(alpha - 1) z_i - t]+^(1 / (alpha - 1)), z = (x - max x) / T, with t such
 * that the row sums to 1. The maximiser of <p, z> + H(p) for the Tsallis entropy H of that alpha. entmax(1), entmax(1.5)
 * and entmax(2) are softmax, entmax15 and sparsemax themselves.
 *
 * Shapes, errors and special values are those of softmax.
 *
 * Accuracy, at every alpha: float32 each entry within 4 ULP of max p, the sum within 2^-22 of 1; float64 1e-12 of max p and
 * 1e-14.
 *
 * Source: Peters, Niculae and Martins 2019.
 *
 * @param alpha At least 1: the greater, the sparser.
 * @returns The max, with its gradients, entropy and loss.
 * @throws RangeError for an alpha below 1, NaN or Infinity; TypeError for what is not a number.
 * @example
 * entmax(1.25)(Float32Array.of(1, 0.5, -1), 3); // [0.631, 0.345, 0.023]
 */
export function entmax(alpha: number): Max {
  checkAlpha(alpha);
  if (alpha === 1) return softmax;
  if (alpha === 1.5) return entmax15;
  if (alpha === 2) return sparsemax;
  return makeMax({
    name: ['entmax', alpha],
    entropy: tsallis(alpha),
    scratch: Scratch.entmax_vjp,
    max: (kernels, src, dst, rows, n, t, scratch) => kernels.entmax(src, dst, rows, n, t, alpha, scratch),
    vjp: (kernels, p, dp, dst, rows, n, t, scratch) => kernels.entmax_vjp(p, dp, dst, rows, n, t, alpha, scratch),
  });
}
