import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round, words } from '../lane.ts';
import * as Log from '../math/log.ts';
import * as Noise from './noise.ts';
import * as Philox from './philox.ts';

/**
 * -log(v) where `upper`, -log(1 - v) elsewhere: v = high + low in (0, 1/2], both parts exact.
 *
 * Exp(1) noise is -log(1 - u) for u = (x + 1/2) / 2^32 (f64: 2^64). The bits x of a draw lie at distance m = min(x, ~x)
 * from their nearer end, below the median for x = m and above it for x = ~m, where 1 - u = (m + 1/2) / 2^32 = v. So
 * neither tail loses a bit: near 0 the noise is v itself, and its upper tail, which decides argmax, is -log v.
 */
function negativeLog(upper: boolean, high: number, low: number): number {
  // reduce: 2^k (1 + f + rest) = v or 1 - v, k from its rounded value
  const v = round(high + low);
  const k = Log.exponent(upper ? v : round(1 - v));
  const scale = Log.scale(k),
    signed = upper ? scale : -scale;
  const h = round(signed * high + (upper ? -1 : scale - 1));
  const l = signed * low;
  const f = round(h + l);
  const rest = round(l - round(f - h)) * (f < 0 ? 1 : 0.5);
  return -Log.rebuild(k, f, rest);
}

/** The draw of the words at index i. */
function draw(i: number): number {
  if (BYTES === 4) {
    const x = words[i]!,
      upper = x >= 0x80000000;
    const m = upper ? ~x : x;
    return negativeLog(upper, (m & ~0x7f) / c.TWO_TO_32, ((m & 0x7f) + 0.5) / c.TWO_TO_32);
  }
  const x1 = words[i]!,
    x0 = words[i + 1]!,
    upper = x1 >= 0x80000000;
  const m1 = upper ? ~x1 : x1,
    m0 = upper ? ~x0 : x0;
  const high = m1 * c.TWO_TO_32 + ((m0 & ~0x3ff) >>> 0);
  return negativeLog(upper, high / c.TWO_TO_64, ((m0 & 0x3ff) + 0.5) / c.TWO_TO_64);
}

/**
 * The draws of `count` elements from `element` on, whose words are at p. An f32 whose m is below EXTEND_BELOW, once in
 * 2^23, is refined by an extension word y: v = (m 2^32 + y + 1/2) / 2^64.
 */
export function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const perDraw = BYTES / 4;
  for (let i = 0, w = p / 4, to = dst / BYTES; i < count; i++, w += perDraw) {
    const x = words[w]!,
      upper = x >= 0x80000000,
      m = upper ? ~x : x;
    if (BYTES === 4 && m < c.EXTEND_BELOW) {
      const y = Philox.extension(element + i, k0, k1);
      // 40 bits, of which 24 and 16 are exact in an f32
      const rest = y & 0xffff,
        high = m * c.TWO_TO_32 + (y - rest);
      heap[to + i] = negativeLog(upper, high / c.TWO_TO_64, (rest + 0.5) / c.TWO_TO_64);
    } else {
      heap[to + i] = draw(w);
    }
  }
}

/** dst_i = the exponential draw of flat element first + i, i < count. */
export function exponential(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
