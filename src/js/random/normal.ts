import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round, words } from '../lane.ts';
import * as Log from '../math/log.ts';
import { polynomial } from '../math/polynomial.ts';
import * as Noise from './noise.ts';
import * as Philox from './philox.ts';

/** The bits of a draw are an integer below END. */
const END = BYTES === 4 ? c.TWO_TO_32 : c.TWO_TO_64;

/** w = -log(4 v (1 - v)), from v END */
function wOf(v: number): number {
  return -Log.normal(round(v * round(4 / END - round(v * (4 / END / END)))));
}

/** y / a for w < NORMAL_TAIL_FROM */
function centre(w: number): number {
  const t = round(w - c.NORMAL_CENTRE_AT);
  return BYTES === 4 ? polynomial(c.NORMAL_CENTRE_F32, t) : polynomial(c.NORMAL_CENTRE_F64, t);
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

/** The low word of an f64's m, of the words at index i. */
function lowOf(i: number, upper: boolean): number {
  const x = words[i + 1]!;
  return upper ? ~x >>> 0 : x;
}

/** The normal of m, high part first, on its nearer side. */
function near(m: number, low: number): number {
  const w = wOf(round((BYTES === 4 ? round(m) : m * c.TWO_TO_32 + low) + 0.5));
  if (!(w < c.NORMAL_TAIL_FROM)) return tail(w);
  const rest = 0x7fffffff - m;
  const fromMedian = BYTES === 4 ? round(rest) : rest * c.TWO_TO_32 + (0xffffffff - low);
  return round(round(fromMedian + 0.5) * (2 / END)) * centre(w);
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
  const perDraw = BYTES / 4;
  for (let i = 0, at = p / 4, to = dst / BYTES; i < count; i++, at += perDraw) {
    const x = words[at]!,
      upper = x >= 0x80000000,
      m = upper ? ~x : x;
    let y: number;
    if (m < c.EXTEND_BELOW) {
      const low = BYTES === 4 ? Philox.extension(element + i, k0, k1) : lowOf(at, upper);
      const v = round(round(m * c.TWO_TO_32 + low) + 0.5);
      y = far(wOf(BYTES === 4 ? v / c.TWO_TO_32 : v));
    } else {
      y = near(m, BYTES === 4 ? 0 : lowOf(at, upper));
    }
    heap[to + i] = upper ? y : -y;
  }
}

/** dst_i = the normal draw of flat element first + i, i < count. */
export function normal(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
