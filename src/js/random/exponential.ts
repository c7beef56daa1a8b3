import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, power, round } from '../lane.ts';
import * as Log from '../math/log.ts';
import * as Noise from './noise.ts';
import * as Philox from './philox.ts';

/**
 * -log(v) where `upper` is 1, -log(1 - v) where it is 0: v = high + low in (0, 1/2], both parts exact. Without branches,
 * which noise would take at random. Only v and f are rounded: the rest is exact.
 *
 * Exp(1) noise is -log(1 - u) for u = (x + 1/2) / 2^32 (f64: 2^64). The bits x of a draw lie at distance m = min(x, ~x)
 * from their nearer end, below the median for x = m and above it for x = ~m, where 1 - u = (m + 1/2) / 2^32 = v. So
 * neither tail loses a bit: near 0 the noise is v itself, and its upper tail, which decides argmax, is -log v.
 */
function negativeLog(upper: number, high: number, low: number): number {
  const lower = 1 - upper,
    sign = upper - lower;
  // reduce: 2^k (1 + f + rest) = v or 1 - v, k from its rounded value
  const v = round(high + low);
  const k = Log.exponent(lower + sign * v);
  const scale = power(0 - k),
    signed = sign * scale;
  const h = signed * high + (lower * scale - 1),
    l = signed * low;
  const f = round(h + l),
    rest = l - (f - h);
  // by 1 / (1 + f), roughly: 1 below 0, else 1/2
  return -Log.rebuild(k, f, round(Log.ln2Low(k) + rest * (0.5 - 0.5 * Math.floor(f))));
}

/** The leading 24 (53) bits of the m of a word, or of two, as a part of 1. */
function high(m: number, rest: number): number {
  return BYTES === 4 ? (m & ~0x7f) / c.TWO_TO_32 : (m * c.TWO_TO_32 + ((rest & ~0x3ff) >>> 0)) / c.TWO_TO_64;
}

/** The other bits, and 1/2. */
function low(m: number, rest: number): number {
  return BYTES === 4 ? ((m & 0x7f) + 0.5) / c.TWO_TO_32 : ((rest & 0x3ff) + 0.5) / c.TWO_TO_64;
}

/** v = (m + 1/2) / 2^32 (f64: 2^64), rounded once. */
export function half(m: number, rest: number): number {
  return round(high(m, rest) + low(m, rest));
}

/** The draw of a word x of f32, and of words x and y of f64. */
function draw(x: number, y: number): number {
  const upper = x >>> 31,
    m = x ^ -upper,
    rest = y ^ -upper;
  return negativeLog(upper, high(m, rest), low(m, rest));
}

/**
 * The draws of `count` elements from `element` on, whose words are at p. An f32 whose m is below EXTEND_BELOW, once in
 * 2^23, is refined by an extension word y: v = (m 2^32 + y + 1/2) / 2^64.
 */
export function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const values = heap,
    bits = integers;
  for (let i = 0, w = p / 4, to = dst / BYTES; i < count; i++, w += BYTES / 4, to++) {
    const x = bits[w]!;
    values[to] = draw(x, BYTES === 4 ? 0 : bits[w + 1]!);
  }
  if (BYTES === 4) refine(p / 4, dst / BYTES, count, element, k0, k1, false);
}

/**
 * Draws anew where m is below EXTEND_BELOW. `odd`: of logistic noise, which is log v there, and its negative in the upper half.
 */
export function refine(
  w: number,
  to: number,
  count: number,
  element: number,
  k0: number,
  k1: number,
  odd: boolean,
): void {
  let least = 0;
  for (let i = 0; i < count; i++) least |= (integers[w + i]! ^ (integers[w + i]! >> 31)) - c.EXTEND_BELOW;
  if (least >= 0) return;
  for (let i = 0; i < count; i++) {
    const x = integers[w + i]!,
      m = x ^ (x >> 31);
    if (m >= c.EXTEND_BELOW) continue;
    // 40 bits, of which 24 and 16 are exact in an f32
    const y = Philox.extension(element + i, k0, k1),
      rest = y & 0xffff;
    const upper = odd ? 1 : x >>> 31,
      v = negativeLog(upper, (m * c.TWO_TO_32 + (y - rest)) / c.TWO_TO_64, (rest + 0.5) / c.TWO_TO_64);
    heap[to + i] = upper === x >>> 31 ? v : -v;
  }
}

/** dst_i = the exponential draw of flat element first + i, i < count. */
export function exponential(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
