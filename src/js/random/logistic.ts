import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import { normal as log } from '../math/log.ts';
import { half, refine } from './exponential.ts';
import * as Noise from './noise.ts';

/** The draw of a word x of f32, and of words x and y of f64. */
function draw(x: number, y: number): number {
  const upper = x >> 31,
    v = half(x ^ upper, y ^ upper);
  return log(round(v / round(1 - v))) * (1 + 2 * upper);
}

/**
 * Logistic(0, 1) noise: log u - log(1 - u) as +-log(v / (1 - v)), of the distance v of u from the nearer end of (0, 1): odd about
 * the median, and no bit of a tail is lost.
 */
function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const values = heap,
    bits = integers;
  for (let i = 0, w = p / 4, to = dst / BYTES; i < count; i++, w += BYTES / 4, to++) {
    values[to] = draw(bits[w]!, BYTES === 4 ? 0 : bits[w + 1]!);
  }
  if (BYTES === 4) refine(p / 4, dst / BYTES, count, element, k0, k1, true);
}

/** dst_i = the logistic draw of flat element first + i, i < count. */
export function logistic(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
