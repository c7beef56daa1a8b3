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
  return -Log.rebuild(k, f, rest * (0.5 - 0.5 * Math.floor(f)));
}

/** The draw of a word x of f32, and of words x and y of f64. */
function draw(x: number, y: number): number {
  const upper = x >>> 31,
    m = x ^ -upper,
    rest = y ^ -upper;
  return negativeLog(
    upper,
    BYTES === 4 ? (m & ~0x7f) / c.TWO_TO_32 : (m * c.TWO_TO_32 + ((rest & ~0x3ff) >>> 0)) / c.TWO_TO_64,
    BYTES === 4 ? ((m & 0x7f) + 0.5) / c.TWO_TO_32 : ((rest & 0x3ff) + 0.5) / c.TWO_TO_64,
  );
}

/**
 * The draws of `count` elements from `element` on, whose words are at p. An f32 whose m is below EXTEND_BELOW, once in
 * 2^23, is refined by an extension word y: v = (m 2^32 + y + 1/2) / 2^64.
 */
export function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const values = heap,
    bits = integers;
  let rare = 0;
  for (let i = 0, w = p / 4, to = dst / BYTES; i < count; i++, w += BYTES / 4, to++) {
    const x = bits[w]!;
    if (BYTES === 4) rare |= (x ^ (x >> 31)) - c.EXTEND_BELOW;
    values[to] = draw(x, BYTES === 4 ? 0 : bits[w + 1]!);
  }
  if (rare < 0) refine(p / 4, dst / BYTES, count, element, k0, k1);
}

function refine(w: number, to: number, count: number, element: number, k0: number, k1: number): void {
  for (let i = 0; i < count; i++) {
    const x = integers[w + i]!,
      m = x ^ (x >> 31);
    if (m >= c.EXTEND_BELOW) continue;
    // 40 bits, of which 24 and 16 are exact in an f32
    const y = Philox.extension(element + i, k0, k1),
      rest = y & 0xffff;
    heap[to + i] = negativeLog(x >>> 31, (m * c.TWO_TO_32 + (y - rest)) / c.TWO_TO_64, (rest + 0.5) / c.TWO_TO_64);
  }
}

/** dst_i = the exponential draw of flat element first + i, i < count. */
export function exponential(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
