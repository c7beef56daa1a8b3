import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Row } from '../row';
import { Noise } from './noise';
import { Philox } from './philox';

/** Words as f64, and their logarithms, for draws of f32. */
export abstract class Words {
  /** The high halves of 2^52 + x, whose low halves are words x. */
  static lift(): v128 {
    return Lane.splat<i32>(memory.data<i32>([0x43300000]));
  }

  static offset(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_52 - 0.5]));
  }

  static sqrtHalf(): v128 {
    return Lane.splat<i64>(memory.data<i64>([(<i64>c.SQRT_HALF_HIGH_BITS_F64) << 32]));
  }

  /** What leaves the exponent k of m 2^k, m in [sqrt(1/2), sqrt(2)), as k + 1024 above the 52 low bits. */
  static toExponent(): v128 {
    return Lane.splat<i64>(memory.data<i64>([(<i64>0x40000000 - c.SQRT_HALF_HIGH_BITS_F64) << 32]));
  }

  static mantissa(): v128 {
    return Lane.splat<i64>(memory.data<i64>([0xfffffffffffff]));
  }

  static bias(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_52 + 1024 + 32]));
  }

  /** x + 1/2 of the first two words; of the others. */
  @inline static low(x: v128): v128 {
    return f64x2.sub(v128.shuffle<i32>(x, Words.lift(), 0, 4, 1, 5), Words.offset());
  }

  @inline static high(x: v128): v128 {
    return f64x2.sub(v128.shuffle<i32>(x, Words.lift(), 2, 6, 3, 7), Words.offset());
  }

  /** -log(y / 2^32) for y > 0 */
  @inline static minusLog(y: v128): v128 {
    const t = i64x2.add(y, Words.toExponent()),
      m = i64x2.add(v128.and(t, Words.mantissa()), Words.sqrtHalf()),
      k = f64x2.sub(Words.bias(), v128.or(i64x2.shr_u(t, 52), Constant.twoTo52()));
    return Log.ratio(Constant.one<f64>(), m, k);
  }
}

/**
 * Exp(1) noise: -log(1 - u) for u = (x + 1/2) / 2^32 (f64: 2^64). f32: in f64, rounded once. f64: of the distance m of x from
 * its nearer end, in two parts. See src/js/random/exponential.ts.
 */
export abstract class Exponential {
  /** 2^-64. */
  static scale(): v128 {
    return Lane.splat<f64>(memory.data<f64>([1.0 / c.TWO_TO_64]));
  }

  /** The 10 low bits of 63 that high() leaves to low(), as a mask. */
  static rest(): v128 {
    return Lane.splat<i64>(memory.data<i64>([0x3ff]));
  }

  static bound(): v128 {
    return Lane.splat<i32>(memory.data<i32>([c.EXTEND_BELOW]));
  }

  /** All ones where x is in the upper half. */
  @inline static upper<T>(x: v128): v128 {
    return sizeof<T>() == 4 ? i32x4.shr_s(x, 31) : i64x2.shr_s(x, 63);
  }

  /** The leading 53 bits of the m of an f64, times the scale: exact. */
  @inline static high(m: v128): v128 {
    const leading = v128.andnot(m, Exponential.rest()),
      top = f64x2.sub(v128.or(i64x2.shr_u(leading, 32), Constant.twoTo84()), Constant.twoTo84And52()),
      rest = v128.or(v128.and(leading, Constant.lowHalf()), Constant.twoTo52());
    return f64x2.mul(f64x2.add(top, rest), Exponential.scale());
  }

  /** The other bits of m and the 1/2, times the scale: exact. */
  @inline static low(m: v128): v128 {
    const rest = f64x2.sub(v128.or(v128.and(m, Exponential.rest()), Constant.twoTo52()), Constant.twoTo52());
    return f64x2.mul(f64x2.add(rest, Constant.half<f64>()), Exponential.scale());
  }

  /** The draws of bits of f64: -log(v) in the upper half, -log(1 - v) elsewhere, v = high + low in (0, 1/2]. */
  @inline static doubles(bits: v128): v128 {
    const one = Constant.one<f64>(),
      upper = Exponential.upper<f64>(bits),
      m = v128.xor(bits, upper),
      high = Exponential.high(m),
      low = Exponential.low(m);
    // reduce: 2^k (1 + f + rest) = v or 1 - v, k from its rounded value
    const v = f64x2.add(high, low),
      e = Log.exponent<f64>(Lane.select(upper, v, f64x2.sub(one, v))),
      scale = i64x2.sub(one, e),
      sign = v128.andnot(Constant.sign<f64>(), upper),
      h = f64x2.add(f64x2.mul(scale, v128.xor(high, sign)), f64x2.sub(v128.andnot(scale, upper), one)),
      l = f64x2.mul(scale, v128.xor(low, sign)),
      f = f64x2.add(h, l);
    const weight = Lane.select(f64x2.lt(f, Constant.sign<f64>()), one, Constant.half<f64>()),
      rest = f64x2.mul(weight, f64x2.sub(l, f64x2.sub(f, h))),
      k = Log.count<f64>(e);
    return f64x2.neg(Log.rebuild<f64>(k, f, Lane.madd<f64>(k, Log.ln2Low<f64>(), rest)));
  }

  /** The draws of words of f32: -log(1 - u), rounded once. */
  @inline static singles(x: v128): v128 {
    const y = v128.not(x);
    return Four.singles(Words.minusLog(Words.low(y)), Words.minusLog(Words.high(y)));
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
      // v 2^32; -log(1 - v) is v + v^2 / 2
      const y = <f64>m + (<f64>Philox.extension(element + i, k0, k1) + 0.5) / c.TWO_TO_32,
        v = y / c.TWO_TO_32;
      let draw = f64x2.extract_lane(Words.minusLog(f64x2.splat(y)), 0);
      if (x >= 0) draw = odd ? -draw : v + (v * v) / 2;
      store<f32>(dst + ((<usize>i) << 2), <f32>draw);
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
    return sizeof<T>() == 4 ? Exponential.singles(bits) : Exponential.doubles(bits);
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
