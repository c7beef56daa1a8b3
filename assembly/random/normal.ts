import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Polynomial } from '../math/polynomial';
import { Row } from '../row';
import { Exponential } from './exponential';
import { Noise } from './noise';
import { Philox } from './philox';

/**
 * N(0, 1) noise: the quantile of u = (x + 1/2) / 2^32 (f64: 2^64), from v, the distance of u from its nearer end,
 * a = 1 - 2 v and w = -log(4 v (1 - v)). See src/js/random/normal.ts.
 */
abstract class Normal {
  /** What makes a of the distance from the median, in units of the bits. */
  static toA<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>(2.0 / c.TWO_TO_32) : <T>(2.0 / c.TWO_TO_64)]));
  }

  /** 4 v and 4 v^2 in those units. */
  static fourV<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>(4.0 / c.TWO_TO_32) : <T>(4.0 / c.TWO_TO_64)]));
  }

  static fourVSquared<T>(): v128 {
    return Lane.splat<T>(
      memory.data<T>([sizeof<T>() == 4 ? <T>(4.0 / c.TWO_TO_64) : <T>(4.0 / c.TWO_TO_64 / c.TWO_TO_64)]),
    );
  }

  /** The largest signed integer. */
  static greatest<T>(): v128 {
    if (sizeof<T>() == 4) return Lane.splat<i32>(memory.data<i32>([0x7fffffff]));
    return Lane.splat<i64>(memory.data<i64>([0x7fffffffffffffff]));
  }

  static tailFrom<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>c.NORMAL_TAIL_FROM]));
  }

  static centreAt<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>c.NORMAL_CENTRE_AT]));
  }

  static tailAt<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>c.NORMAL_TAIL_AT]));
  }

  static farAt<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>c.NORMAL_FAR_AT]));
  }

  /** x + 1/2 for an integer x >= 0; x itself is rounded first. An f64's halves are or-ed into 2^84 and 2^52. */
  @inline static number<T>(x: v128): v128 {
    if (sizeof<T>() == 4) return f32x4.add(f32x4.convert_i32x4_s(x), Constant.half<T>());
    const high = v128.or(i64x2.shr_u(x, 32), Constant.twoTo84()),
      low = v128.or(v128.and(x, Constant.lowHalf()), Constant.twoTo52());
    return f64x2.add(f64x2.add(f64x2.sub(high, Constant.twoTo84And52()), low), Constant.half<T>());
  }

  /** w - less, from v 2^32 (f64: 2^64) */
  @inline static w<T>(v: v128, less: v128): v128 {
    const p = v128.mul<T>(v, Lane.nmadd<T>(v, Normal.fourVSquared<T>(), Normal.fourV<T>()));
    return sizeof<T>() == 4 ? Log.short(p, less) : f64x2.sub(f64x2.neg(Log.normal<f64>(p)), less);
  }

  /** The a of m. */
  @inline static a<T>(m: v128): v128 {
    return v128.mul<T>(Normal.number<T>(v128.xor(m, Normal.greatest<T>())), Normal.toA<T>());
  }

  /** y / a for w < NORMAL_TAIL_FROM */
  @inline static centre<T>(m: v128): v128 {
    const t = Normal.w<T>(Normal.number<T>(m), Normal.centreAt<T>());
    return Polynomial.of<T>(
      t,
      c.NORMAL_CENTRE_F32,
      c.NORMAL_CENTRE_F32_TERMS,
      c.NORMAL_CENTRE_F64,
      c.NORMAL_CENTRE_F64_TERMS,
    );
  }

  /** |y| for w >= NORMAL_TAIL_FROM, v >= 2^-24 */
  @inline static tail<T>(w: v128): v128 {
    const t = v128.sub<T>(v128.sqrt<T>(w), Normal.tailAt<T>());
    return Polynomial.of<T>(t, c.NORMAL_TAIL_F32, c.NORMAL_TAIL_F32_TERMS, c.NORMAL_TAIL_F64, c.NORMAL_TAIL_F64_TERMS);
  }

  /** |y| for 2^-65 <= v <= 2^-24 */
  @inline static far<T>(w: v128): v128 {
    const t = v128.sub<T>(v128.sqrt<T>(w), Normal.farAt<T>());
    return Polynomial.of<T>(t, c.NORMAL_FAR_F32, c.NORMAL_FAR_F32_TERMS, c.NORMAL_FAR_F64, c.NORMAL_FAR_F64_TERMS);
  }

  /** The normals of bits, |y| given. */
  @inline static signed<T>(y: v128, upper: v128): v128 {
    return v128.or(y, v128.andnot(Constant.sign<T>(), upper));
  }

  /** Draws anew where m is below TAILS_BELOW, once in 128: in the tails from w = NORMAL_TAIL_FROM on. */
  static tails<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    const bytes = (<usize>count) << alignof<T>();
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = Noise.bits<T>(p + i),
        upper = Exponential.upper<T>(x),
        m = v128.xor(x, upper);
      if (!v128.any_true(Normal.outside<T>(m))) continue;
      const w = Normal.w<T>(Normal.number<T>(m), Constant.zero<T>()),
        y = Normal.signed<T>(Normal.tail<T>(w), upper),
        inside = v128.lt<T>(w, Normal.tailFrom<T>());
      Lane.storeUpTo<T>(dst + i, Lane.select(inside, v128.load(dst + i), y), bytes - i);
      Normal.rare<T>(p + i, dst + i, min(16, bytes - i), element + (i >> alignof<T>()), k0, k1);
    }
  }

  /** Where m is below TAILS_BELOW. */
  @inline static outside<T>(m: v128): v128 {
    if (sizeof<T>() == 4) return i32x4.lt_s(m, Lane.splat<i32>(memory.data<i32>([1 << 24])));
    return i64x2.lt_s(m, Lane.splat<i64>(memory.data<i64>([0x100000000000000])));
  }

  /** Draws anew where m (f64: its high word) is below EXTEND_BELOW, f32 with an extension word. */
  @inline static rare<T>(p: usize, dst: usize, bytes: usize, element: u64, k0: u32, k1: u32): void {
    for (let at: usize = 0; at < bytes; at += sizeof<T>(), element++) {
      const x = load<i32>(p + at),
        upper = x >> 31,
        m = x ^ upper;
      if (m >= c.EXTEND_BELOW) continue;
      const low = sizeof<T>() == 4 ? Philox.extension(element, k0, k1) : load<u32>(p + at, 4) ^ upper;
      // v 2^64: 40 bits and the 1/2
      let v = <T>(((<u64>m) << 32) | low) + <T>0.5;
      if (sizeof<T>() == 4) v /= <T>c.TWO_TO_32;
      const y = Normal.far<T>(Normal.w<T>(v128.splat<T>(v), Constant.zero<T>()));
      store<T>(dst + at, v128.extract_lane<T>(upper ? y : v128.neg<T>(y), 0));
    }
  }
}

@final
@unmanaged
class Draw {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const bits = Noise.bits<T>(x),
      upper = Exponential.upper<T>(bits),
      m = v128.xor(bits, upper);
    return Normal.signed<T>(v128.mul<T>(Normal.a<T>(m), Normal.centre<T>(m)), upper);
  }
}

@final
@unmanaged
class Slices {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Row.each<T, Draw>(p, p, dst, count);
    Normal.tails<T>(p, dst, count, element, k0, k1);
  }
}

/** dst_i = the normal draw of flat element first + i, i < count. */
export function normal<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Slices>(dst, count, first, k0, k1, words);
}
