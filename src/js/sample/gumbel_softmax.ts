import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import * as Maxes from '../max/maxes.ts';
import { expSum } from '../max/exponentials.ts';
import { exponential } from '../random/exponential.ts';
import { gumbel } from '../random/gumbel.ts';
import * as Row from '../row.ts';
import * as Scores from '../max/scores.ts';

/**
 * dst = (src - max) + g, row by row: what a max turns into a Gumbel-Softmax sample (Maddison et al. 2017; Jang et al.
 * 2017); a NaN row where the row's maximum is not finite. For T > 1 it is half of that, which the max takes at T / 2: what
 * leaves the range before the division need not behind it. dst is apart from src.
 */
export function gumbel_perturb(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  words: number,
): void {
  const scale = Scores.scaleOf(temperature);
  gumbel(dst, rows * n, first, k0, k1, words);
  for (let r = 0, x = src / BYTES, s = dst / BYTES; r < rows; r++, x += n, s += n) {
    const max = Row.max(x, n);
    for (let i = 0; i < n; i++) {
      const v = heap[x + i]!;
      if (max - max !== 0) heap[s + i] = NaN;
      else heap[s + i] = v > -Infinity ? round(v * scale - max * scale) + heap[s + i]! * scale : -Infinity;
    }
  }
}

/**
 * Softmax at T = 1 of scores perturbed by g = -log E, where dst holds E: exp(x - max) / E over its sum. So it needs no
 * logarithm, and the scores are not rounded. Divided by the sum, not scaled, so that a class alone in a row gets 1.
 */
const Raced: Maxes.Max = {
  hot: 1,
  cold: 0,
  row(x, dst, n, max, temperature, scratch) {
    const s = scratch / BYTES;
    expSum(x, s, n, max, temperature);
    for (let i = 0; i < n; i++) heap[dst + i] = heap[s + i]! / heap[dst + i]!;
    const sum = round(Row.sum(dst, n));
    for (let i = 0; i < n; i++) heap[dst + i]! /= sum;
  },
};

/**
 * dst = softmax((src - max) + g), row by row: the Gumbel-Softmax sample at T = 1 of the noise of `gumbel`. 0 where
 * exp(src - max) is below 2^-126.5 (f64: 2^-1022.5), whatever the noise. dst is apart from src; `scratch`: room for a row.
 */
export function gumbel_softmax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  Exponents.open(1);
  exponential(dst, rows * n, first, k0, k1, words);
  Maxes.forward(Raced, src, dst, rows, n, 1, scratch, 1);
}
