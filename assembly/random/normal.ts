import * as c from '../../src/shared/constants';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Row } from '../row';
import { Exponential } from './exponential';
import { Noise } from './noise';
import { Philox } from './philox';

// The bits of -0.0 are the mask of the sign.
const F32: usize = memory.data<f32>([
  -0.0,
  0.5,
  <f32>(2.0 / c.TWO_TO_32),
  <f32>(4.0 / c.TWO_TO_32),
  <f32>(4.0 / c.TWO_TO_64),
  0,
  0,
  0,
  <f32>c.NORMAL_TAIL_FROM,
  <f32>c.NORMAL_CENTRE_AT,
  <f32>c.NORMAL_TAIL_AT,
  <f32>c.NORMAL_FAR_AT,
  <f32>c.NORMAL_CENTRE_F32_0,
  <f32>c.NORMAL_CENTRE_F32_1,
  <f32>c.NORMAL_CENTRE_F32_2,
  <f32>c.NORMAL_CENTRE_F32_3,
  <f32>c.NORMAL_CENTRE_F32_4,
  <f32>c.NORMAL_CENTRE_F32_5,
  <f32>c.NORMAL_CENTRE_F32_6,
  <f32>c.NORMAL_CENTRE_F32_7,
  <f32>c.NORMAL_CENTRE_F32_8,
  <f32>c.NORMAL_TAIL_F32_0,
  <f32>c.NORMAL_TAIL_F32_1,
  <f32>c.NORMAL_TAIL_F32_2,
  <f32>c.NORMAL_TAIL_F32_3,
  <f32>c.NORMAL_TAIL_F32_4,
  <f32>c.NORMAL_TAIL_F32_5,
  <f32>c.NORMAL_TAIL_F32_6,
  <f32>c.NORMAL_TAIL_F32_7,
  <f32>c.NORMAL_FAR_F32_0,
  <f32>c.NORMAL_FAR_F32_1,
  <f32>c.NORMAL_FAR_F32_2,
  <f32>c.NORMAL_FAR_F32_3,
  <f32>c.NORMAL_FAR_F32_4,
  <f32>c.NORMAL_FAR_F32_5,
  <f32>c.NORMAL_FAR_F32_6,
]);
const F64: usize = memory.data<f64>([
  -0.0,
  0.5,
  2.0 / c.TWO_TO_64,
  4.0 / c.TWO_TO_64,
  4.0 / c.TWO_TO_64 / c.TWO_TO_64,
  c.TWO_TO_52,
  c.TWO_TO_84,
  c.TWO_TO_84 + c.TWO_TO_52,
  c.NORMAL_TAIL_FROM,
  c.NORMAL_CENTRE_AT,
  c.NORMAL_TAIL_AT,
  c.NORMAL_FAR_AT,
  c.NORMAL_CENTRE_F64_0,
  c.NORMAL_CENTRE_F64_1,
  c.NORMAL_CENTRE_F64_2,
  c.NORMAL_CENTRE_F64_3,
  c.NORMAL_CENTRE_F64_4,
  c.NORMAL_CENTRE_F64_5,
  c.NORMAL_CENTRE_F64_6,
  c.NORMAL_CENTRE_F64_7,
  c.NORMAL_CENTRE_F64_8,
  c.NORMAL_CENTRE_F64_9,
  c.NORMAL_CENTRE_F64_10,
  c.NORMAL_CENTRE_F64_11,
  c.NORMAL_CENTRE_F64_12,
  c.NORMAL_CENTRE_F64_13,
  c.NORMAL_CENTRE_F64_14,
  c.NORMAL_CENTRE_F64_15,
  c.NORMAL_CENTRE_F64_16,
  c.NORMAL_CENTRE_F64_17,
  c.NORMAL_CENTRE_F64_18,
  c.NORMAL_CENTRE_F64_19,
  c.NORMAL_TAIL_F64_0,
  c.NORMAL_TAIL_F64_1,
  c.NORMAL_TAIL_F64_2,
  c.NORMAL_TAIL_F64_3,
  c.NORMAL_TAIL_F64_4,
  c.NORMAL_TAIL_F64_5,
  c.NORMAL_TAIL_F64_6,
  c.NORMAL_TAIL_F64_7,
  c.NORMAL_TAIL_F64_8,
  c.NORMAL_TAIL_F64_9,
  c.NORMAL_TAIL_F64_10,
  c.NORMAL_TAIL_F64_11,
  c.NORMAL_TAIL_F64_12,
  c.NORMAL_TAIL_F64_13,
  c.NORMAL_TAIL_F64_14,
  c.NORMAL_TAIL_F64_15,
  c.NORMAL_TAIL_F64_16,
  c.NORMAL_TAIL_F64_17,
  c.NORMAL_TAIL_F64_18,
  c.NORMAL_TAIL_F64_19,
  c.NORMAL_FAR_F64_0,
  c.NORMAL_FAR_F64_1,
  c.NORMAL_FAR_F64_2,
  c.NORMAL_FAR_F64_3,
  c.NORMAL_FAR_F64_4,
  c.NORMAL_FAR_F64_5,
  c.NORMAL_FAR_F64_6,
  c.NORMAL_FAR_F64_7,
  c.NORMAL_FAR_F64_8,
  c.NORMAL_FAR_F64_9,
  c.NORMAL_FAR_F64_10,
  c.NORMAL_FAR_F64_11,
  c.NORMAL_FAR_F64_12,
  c.NORMAL_FAR_F64_13,
  c.NORMAL_FAR_F64_14,
  c.NORMAL_FAR_F64_15,
  c.NORMAL_FAR_F64_16,
  c.NORMAL_FAR_F64_17,
]);
const SIGN: usize = 0,
  HALF: usize = 1,
  TO_A: usize = 2,
  FOUR_V: usize = 3,
  FOUR_V_SQUARED: usize = 4,
  TWO_TO_52: usize = 5,
  TWO_TO_84: usize = 6,
  TWO_TO_84_52: usize = 7;
const TAIL_FROM: usize = 8,
  CENTRE_AT: usize = 9,
  TAIL_AT: usize = 10,
  FAR_AT: usize = 11;
// The polynomials, one behind the other, and how many terms they have in f32 and f64.
const CENTRE: usize = 12;
const CENTRE_F32: usize = 9,
  CENTRE_F64: usize = 20;
const TAIL_F32: usize = 8,
  TAIL_F64: usize = 20;
const FAR_F32: usize = 7,
  FAR_F64: usize = 18;

// The largest signed integer, and the low half of 64 bits.
const I32: usize = memory.data<i32>([0x7fffffff]);
const I64: usize = memory.data<i64>([0x7fffffffffffffff, 0xffffffff]);
const GREATEST: usize = 0,
  LOW_HALF: usize = 1;

/**
 * N(0, 1) noise: the quantile of u = (x + 1/2) / 2^32 (f64: 2^64), from v, the distance of u from its nearer end,
 * a = 1 - 2 v and w = -log(4 v (1 - v)). See src/js/random/normal.ts.
 */
abstract class Normal {
  @inline static k<T>(i: usize): v128 {
    return Lane.constant<T>(F32, F64, i);
  }

  @inline static mask<T>(i: usize): v128 {
    return Lane.constant<T>(I32, I64, i);
  }

  /** x + 1/2 for an integer x >= 0; x itself is rounded first. An f64's halves are or-ed into 2^84 and 2^52. */
  @inline static number<T>(x: v128): v128 {
    if (sizeof<T>() == 4) return f32x4.add(f32x4.convert_i32x4_s(x), Normal.k<T>(HALF));
    const high = v128.or(i64x2.shr_u(x, 32), Normal.k<T>(TWO_TO_84)),
      low = v128.or(v128.and(x, Normal.mask<T>(LOW_HALF)), Normal.k<T>(TWO_TO_52));
    return f64x2.add(f64x2.add(f64x2.sub(high, Normal.k<T>(TWO_TO_84_52)), low), Normal.k<T>(HALF));
  }

  /** w, from v 2^32 (f64: 2^64) */
  @inline static w<T>(v: v128): v128 {
    const p = v128.mul<T>(v, Lane.nmadd<T>(v, Normal.k<T>(FOUR_V_SQUARED), Normal.k<T>(FOUR_V)));
    return v128.neg<T>(Log.normal<T>(p));
  }

  /** y / a for w < NORMAL_TAIL_FROM */
  @inline static centre<T>(w: v128): v128 {
    const t = v128.sub<T>(w, Normal.k<T>(CENTRE_AT));
    return Normal.polynomial<T>(t, CENTRE, sizeof<T>() == 4 ? CENTRE_F32 : CENTRE_F64);
  }

  /** |y| for w >= NORMAL_TAIL_FROM, v >= 2^-24 */
  @inline static tail<T>(w: v128): v128 {
    const t = v128.sub<T>(v128.sqrt<T>(w), Normal.k<T>(TAIL_AT));
    if (sizeof<T>() == 4) return Normal.polynomial<T>(t, CENTRE + CENTRE_F32, TAIL_F32);
    return Normal.polynomial<T>(t, CENTRE + CENTRE_F64, TAIL_F64);
  }

  /** |y| for 2^-65 <= v <= 2^-24 */
  @inline static far<T>(w: v128): v128 {
    const t = v128.sub<T>(v128.sqrt<T>(w), Normal.k<T>(FAR_AT));
    if (sizeof<T>() == 4) return Normal.polynomial<T>(t, CENTRE + CENTRE_F32 + TAIL_F32, FAR_F32);
    return Normal.polynomial<T>(t, CENTRE + CENTRE_F64 + TAIL_F64, FAR_F64);
  }

  /** The polynomial of `terms` constants from `at` on. The compiler decides what depends on `terms`. */
  @inline static polynomial<T>(t: v128, at: usize, terms: usize): v128 {
    let p = Normal.k<T>(at + terms - 1);
    if (terms > 19) p = Lane.madd<T>(p, t, Normal.k<T>(at + 18));
    if (terms > 18) p = Lane.madd<T>(p, t, Normal.k<T>(at + 17));
    if (terms > 17) p = Lane.madd<T>(p, t, Normal.k<T>(at + 16));
    if (terms > 16) p = Lane.madd<T>(p, t, Normal.k<T>(at + 15));
    if (terms > 15) p = Lane.madd<T>(p, t, Normal.k<T>(at + 14));
    if (terms > 14) p = Lane.madd<T>(p, t, Normal.k<T>(at + 13));
    if (terms > 13) p = Lane.madd<T>(p, t, Normal.k<T>(at + 12));
    if (terms > 12) p = Lane.madd<T>(p, t, Normal.k<T>(at + 11));
    if (terms > 11) p = Lane.madd<T>(p, t, Normal.k<T>(at + 10));
    if (terms > 10) p = Lane.madd<T>(p, t, Normal.k<T>(at + 9));
    if (terms > 9) p = Lane.madd<T>(p, t, Normal.k<T>(at + 8));
    if (terms > 8) p = Lane.madd<T>(p, t, Normal.k<T>(at + 7));
    if (terms > 7) p = Lane.madd<T>(p, t, Normal.k<T>(at + 6));
    p = Lane.madd<T>(p, t, Normal.k<T>(at + 5));
    p = Lane.madd<T>(p, t, Normal.k<T>(at + 4));
    p = Lane.madd<T>(p, t, Normal.k<T>(at + 3));
    p = Lane.madd<T>(p, t, Normal.k<T>(at + 2));
    p = Lane.madd<T>(p, t, Normal.k<T>(at + 1));
    return Lane.madd<T>(p, t, Normal.k<T>(at));
  }

  /** The normals of bits x: both forms, of which one is taken. */
  @inline static near<T>(x: v128): v128 {
    const upper = Exponential.upper<T>(x),
      m = v128.xor(x, upper);
    const a = v128.mul<T>(Normal.number<T>(v128.xor(m, Normal.mask<T>(GREATEST))), Normal.k<T>(TO_A));
    const w = Normal.w<T>(Normal.number<T>(m));
    const centre = v128.mul<T>(a, Normal.centre<T>(w));
    const y = Lane.select(v128.lt<T>(w, Normal.k<T>(TAIL_FROM)), centre, Normal.tail<T>(w));
    return v128.or(y, v128.andnot(Normal.k<T>(SIGN), upper));
  }

  /** Draws anew where m (f64: its high word) is below EXTEND_BELOW, f32 with an extension word. */
  static rare<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    if (!Exponential.rare(p, count * <i32>(sizeof<T>() >> 2))) return;
    for (let i = 0; i < count; i++) {
      const at = (<usize>i) << alignof<T>();
      const x = load<i32>(p + at),
        upper = x >> 31,
        m = x ^ upper;
      if (m >= c.EXTEND_BELOW) continue;
      const low = sizeof<T>() == 4 ? Philox.extension(element + i, k0, k1) : load<u32>(p + at, 4) ^ upper;
      // v 2^64: 40 bits and the 1/2
      let v = <T>(((<u64>m) << 32) | low) + <T>0.5;
      if (sizeof<T>() == 4) v /= <T>c.TWO_TO_32;
      const y = Normal.far<T>(Normal.w<T>(v128.splat<T>(v)));
      store<T>(dst + at, v128.extract_lane<T>(upper ? y : v128.neg<T>(y), 0));
    }
  }
}

@final
@unmanaged
class Draw {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Normal.near<T>(Noise.bits<T>(x));
  }
}

@final
@unmanaged
class Slices {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Row.each<T, Draw>(p, p, dst, count);
    Normal.rare<T>(p, dst, count, element, k0, k1);
  }
}

/** dst_i = the normal draw of flat element first + i, i < count. */
export function normal<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Slices>(dst, count, first, k0, k1, words);
}
