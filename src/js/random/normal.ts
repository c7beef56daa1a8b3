import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import * as Log from '../math/log.ts';
import { polynomial } from '../math/polynomial.ts';
import * as Noise from './noise.ts';
import * as Philox from './philox.ts';

/** The bits of a draw are an integer below END. */
const END = BYTES === 4 ? c.TWO_TO_32 : c.TWO_TO_64;

/** Every m of the tails is below this; w is below 4.2 for the others. */
const TAILS_BELOW = c.TWO_TO_24;

/** w - less, w = -log(4 v (1 - v)), from v END */
function wOf(v: number, less: number): number {
  const p = round(v * round(4 / END - v * (4 / END / END)));
  return BYTES === 4 ? Log.short(p, less) : -Log.normal(p) - less;
}

/** An integer m, high part first, plus 1/2. */
function plusHalf(m: number, low: number): number {
  return round((BYTES === 4 ? round(m) : m * c.TWO_TO_32 + low) + 0.5);
}

/** |y| of m for w < NORMAL_TAIL_FROM: a P(w) */
function centre(m: number, low: number): number {
  const t = wOf(plusHalf(m, low), c.NORMAL_CENTRE_AT),
    p = BYTES === 4 ? polynomial(c.NORMAL_CENTRE_F32, t) : polynomial(c.NORMAL_CENTRE_F64, t);
  return plusHalf(0x7fffffff - m, BYTES === 4 ? 0 : ~low >>> 0) * (2 / END) * p;
}

/** |y| for w >= NORMAL_TAIL_FROM, v >= 2^-24 */
function tail(w: number): number {
  const t = round(round(Math.sqrt(w)) - c.NORMAL_TAIL_AT);
  return BYTES === 4 ? polynomial(c.NORMAL_TAIL_F32, t) : polynomial(c.NORMAL_TAIL_F64, t);
}

/** |y| for 2^-65 <= v <= 2^-24 */
function far(w: number): number {
  const t = round(round(Math.sqrt(w)) - c.NORMAL_FAR_AT);
  return BYTES === 4 ? polynomial(c.NORMAL_FAR_F32, t) : polynomial(c.NORMAL_FAR_F64, t);
}

/** The draw at m where it may be in the tails; `low`: of an f64 its low word, of an f32 its extension word. */
function rare(m: number, low: number): number {
  if (m < c.EXTEND_BELOW) {
    const v = round(round(m * c.TWO_TO_32 + low) + 0.5);
    return far(wOf(BYTES === 4 ? v / c.TWO_TO_32 : v, 0));
  }
  const w = wOf(plusHalf(m, low), 0);
  return w < c.NORMAL_TAIL_FROM ? centre(m, low) : tail(w);
}

/**
 * N(0, 1) noise: y with P(N < y) = u = (x + 1/2) / 2^32 (f64: 2^64), of the bits x of a draw.
 *
 * The quantile is odd about the median. It is taken from the nearer end, at v = (m + 1/2) / 2^32 with m = min(x, ~x), so
 * that neither tail loses a bit. With a = 1 - 2 v and w = -log(4 v (1 - v)) = -log(1 - a^2), |y| is a P(w) in the centre
 * and P(sqrt(w)) in the tails, P polynomials (Giles 2012, "Approximating the erfinv function"). a is taken from the bits
 * and not from v, so that draws near 0 keep their relative precision and none is 0; an error of w tells little there.
 *
 * Where m (f64: its high word) is below EXTEND_BELOW, once in 2^23, a third polynomial takes over; an f32 is then refined
 * by an extension word e: v = (m 2^32 + e + 1/2) / 2^64.
 */
function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const values = heap,
    bits = integers;
  for (let i = 0, at = p / 4, to = dst / BYTES; i < count; i++, at += BYTES / 4, to++) {
    const upper = bits[at]! >> 31,
      low = BYTES === 4 ? 0 : (bits[at + 1]! ^ upper) >>> 0;
    values[to] = centre(bits[at]! ^ upper, low) * (-1 - 2 * upper);
  }
  for (let i = 0, at = p / 4; i < count; i++, at += BYTES / 4) {
    const upper = bits[at]! >> 31,
      m = bits[at]! ^ upper;
    if (m >= TAILS_BELOW) continue;
    const extended = BYTES === 4 && m < c.EXTEND_BELOW;
    const low = extended ? Philox.extension(element + i, k0, k1) : BYTES === 4 ? 0 : (bits[at + 1]! ^ upper) >>> 0;
    values[dst / BYTES + i] = rare(m, low) * (-1 - 2 * upper);
  }
}

/** dst_i = the normal draw of flat element first + i, i < count. */
export function normal(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
