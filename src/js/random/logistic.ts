import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, power } from '../lane.ts';
import * as Log from '../math/log.ts';
import { half, refine } from './exponential.ts';
import * as Noise from './noise.ts';

/** log(u / (1 - u)) of u = (x + 1/2) / 2^32, as log(a / b) of u and 1 - u in units of 2^-32, which an f64 holds. */
function single(x: number): number {
  const a = (x >>> 0) + 0.5;
  // b = 2^32 - a: a / b is about 2^k, k the difference of their bits to the nearest exponent
  const k = (Log.high(a) - Log.high(c.TWO_TO_32 - a) + 0x80000) >> 20;
  return Log.ratio(a, (c.TWO_TO_32 - a) * power(k), k);
}

/** +-log(v / (1 - v)) of the words x and y, and of the distance v of u from the nearer end of (0, 1). */
function double(x: number, y: number): number {
  const upper = x >> 31,
    v = half(x ^ upper, y ^ upper);
  return Log.normal(v / (1 - v)) * (1 + 2 * upper);
}

/** The draw of a word x of f32, and of words x and y of f64. */
function draw(x: number, y: number): number {
  return BYTES === 4 ? single(x) : double(x, y);
}

/**
 * Logistic(0, 1) noise: log u - log(1 - u), odd about the median, and no bit of a tail is lost.
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
