import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Row } from '../row';
import { Noise } from './noise';
import { Philox } from './philox';

/**
 * Exp(1) noise: -log(1 - u) for u = (x + 1/2) / 2^32 (f64: 2^64). The bits x of a draw lie at distance m = min(x, ~x)
 * from their nearer end, below the median for x = m and above it for x = ~m; v = (m + 1/2) / 2^32 is kept as an
 * unrounded sum high + low. See src/js/random/exponential.ts.
 */
export abstract class Exponential {
  /** 2^-32; 2^-64 of an f64. */
  static scale<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>(1.0 / (sizeof<T>() == 4 ? c.TWO_TO_32 : c.TWO_TO_64))]));
  }

  /** The low bits that high() leaves to low(), as a mask: 7 of 31, 10 of 63. */
  static rest<T>(): v128 {
    return sizeof<T>() == 4 ? Lane.splat<i32>(memory.data<i32>([0x7f])) : Lane.splat<i64>(memory.data<i64>([0x3ff]));
  }

  static leading<T>(): v128 {
    return sizeof<T>() == 4 ? Lane.splat<i32>(memory.data<i32>([~0x7f])) : Lane.splat<i64>(memory.data<i64>([~0x3ff]));
  }

  static bound(): v128 {
    return Lane.splat<i32>(memory.data<i32>([c.EXTEND_BELOW]));
  }

  /** All ones where x is in the upper half. */
  @inline static upper<T>(x: v128): v128 {
    return sizeof<T>() == 4 ? i32x4.shr_s(x, 31) : i64x2.shr_s(x, 63);
  }

  /** The leading 24 (53) bits of m, times the scale: exact. */
  @inline static high<T>(m: v128): v128 {
    if (sizeof<T>() == 4)
      return f32x4.mul(f32x4.convert_i32x4_s(v128.and(m, Exponential.leading<T>())), Exponential.scale<T>());
    const leading = v128.and(m, Exponential.leading<T>());
    const top = f64x2.sub(v128.or(i64x2.shr_u(leading, 32), Constant.twoTo84()), Constant.twoTo84And52());
    const rest = v128.or(v128.and(leading, Constant.lowHalf()), Constant.twoTo52());
    return f64x2.mul(f64x2.add(top, rest), Exponential.scale<T>());
  }

  /** The other bits of m and the 1/2, times the scale: exact. */
  @inline static low<T>(m: v128): v128 {
    const rest =
      sizeof<T>() == 4
        ? f32x4.convert_i32x4_s(v128.and(m, Exponential.rest<T>()))
        : f64x2.sub(v128.or(v128.and(m, Exponential.rest<T>()), Constant.twoTo52()), Constant.twoTo52());
    return v128.mul<T>(v128.add<T>(rest, Constant.half<T>()), Exponential.scale<T>());
  }

  /** -log(v) where `upper`, -log(1 - v) elsewhere: v = high + low in (0, 1/2]. */
  @inline static negativeLog<T>(upper: v128, high: v128, low: v128): v128 {
    const one = Constant.one<T>();
    // reduce: 2^k (1 + f + rest) = v or 1 - v, k from its rounded value
    const v = v128.add<T>(high, low);
    const e = Log.exponent<T>(Lane.select(upper, v, v128.sub<T>(one, v)));
    const scale = Lane.subBits<T>(one, e);
    const sign = v128.andnot(Constant.sign<T>(), upper);
    const c = v128.sub<T>(v128.andnot(scale, upper), one);
    const h = v128.add<T>(v128.mul<T>(scale, v128.xor(high, sign)), c);
    const l = v128.mul<T>(scale, v128.xor(low, sign));
    const f = v128.add<T>(h, l);
    const weight = Lane.select(v128.lt<T>(f, Constant.sign<T>()), one, Constant.half<T>());
    const rest = v128.mul<T>(weight, v128.sub<T>(l, v128.sub<T>(f, h)));
    const k = Log.count<T>(e);
    return v128.neg<T>(Log.rebuild<T>(k, f, Lane.madd<T>(k, Log.ln2Low<T>(), rest)));
  }

  /** The draws of `count` elements from `element` on, whose words are at p. */
  static slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Row.map<T, Draw>(p, p, dst, count);
    if (sizeof<T>() == 4) Exponential.extend(p, dst, count, element, k0, k1, false);
  }

  /**
   * Draws anew, with an extension word y, where m < EXTEND_BELOW: v = (m 2^32 + y + 1/2) / 2^64. `odd`: of logistic noise, which
   * is log v there, and its negative in the upper half.
   */
  static extend(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32, odd: bool): void {
    if (!Exponential.rare(p, count)) return;
    for (let i = 0; i < count; i++) {
      const x = load<i32>(p + ((<usize>i) << 2)),
        m = x ^ (x >> 31);
      if (m >= c.EXTEND_BELOW) continue;
      // 40 bits, of which 24 and 16 are exact in an f32
      const y = Philox.extension(element + i, k0, k1);
      const v = ((<u64>m) << 32) | y;
      const high = <f32>(v & ~0xffff) / <f32>c.TWO_TO_64,
        low = (<f32>(v & 0xffff) + 0.5) / <f32>c.TWO_TO_64;
      const upper = odd ? -1 : x >> 31;
      let draw = f32x4.extract_lane(
        Exponential.negativeLog<f32>(i32x4.splat(upper), f32x4.splat(high), f32x4.splat(low)),
        0,
      );
      if (x >> 31 != upper) draw = -draw;
      store<f32>(dst + ((<usize>i) << 2), draw);
    }
  }

  /** Whether a word may be below EXTEND_BELOW from its end: seldom, and looked for four words at a time. */
  @inline static rare(p: usize, count: i32): bool {
    const end = p + ((<usize>count) << 2);
    const bound = Exponential.bound();
    let least = bound;
    for (; p < end; p += 16) {
      const x = v128.load(p);
      least = i32x4.min_s(least, v128.xor(x, Exponential.upper<f32>(x)));
    }
    return v128.any_true(i32x4.lt_s(least, bound));
  }
}

@final
@unmanaged
class Draw {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const bits = Noise.bits<T>(x);
    const upper = Exponential.upper<T>(bits),
      m = v128.xor(bits, upper);
    return Exponential.negativeLog<T>(upper, Exponential.high<T>(m), Exponential.low<T>(m));
  }
}

@final
@unmanaged
class Slices {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Exponential.slice<T>(p, dst, count, element, k0, k1);
  }
}

/** dst_i = the exponential draw of flat element first + i, i < count. */
export function exponential<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Slices>(dst, count, first, k0, k1, words);
}
