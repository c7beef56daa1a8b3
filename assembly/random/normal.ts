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

  /** w, from v 2^32 (f64: 2^64) */
  @inline static w<T>(v: v128): v128 {
    const p = v128.mul<T>(v, Lane.nmadd<T>(v, Normal.fourVSquared<T>(), Normal.fourV<T>()));
    return v128.neg<T>(Log.normal<T>(p));
  }

  /** y / a for w < NORMAL_TAIL_FROM */
  @inline static centre<T>(w: v128): v128 {
    const t = v128.sub<T>(w, Normal.centreAt<T>());
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

  /** The normals of bits x: both forms, of which one is taken. */
  @inline static near<T>(x: v128): v128 {
    const upper = Exponential.upper<T>(x),
      m = v128.xor(x, upper);
    const a = v128.mul<T>(Normal.number<T>(v128.xor(m, Normal.greatest<T>())), Normal.toA<T>());
    const w = Normal.w<T>(Normal.number<T>(m));
    const centre = v128.mul<T>(a, Normal.centre<T>(w));
    const y = Lane.select(v128.lt<T>(w, Normal.tailFrom<T>()), centre, Normal.tail<T>(w));
    return v128.or(y, v128.andnot(Constant.sign<T>(), upper));
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
