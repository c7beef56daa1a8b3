import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Row } from '../row';
import { Polynomial } from './polynomial';

export abstract class Log {
  static sqrtHalf<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.SQRT_HALF_F32 : <T>c.SQRT_HALF_F64]));
  }

  /** For the exponent k as count() gives it. */
  static ln2High<T>(): v128 {
    return Lane.splat<T>(
      memory.data<T>([sizeof<T>() == 4 ? <T>(c.LN2_HIGH_F32 / c.EXPONENT_UNIT_F32) : <T>c.LN2_HIGH_F64]),
    );
  }

  static ln2Low<T>(): v128 {
    return Lane.splat<T>(
      memory.data<T>([sizeof<T>() == 4 ? <T>(c.LN2_LOW_F32 / c.EXPONENT_UNIT_F32) : <T>c.LN2_LOW_F64]),
    );
  }

  static leastNormal<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.LEAST_NORMAL_F32 : <T>c.LEAST_NORMAL_F64]));
  }

  /** What makes subnormals normal, and what it adds to the count of their exponents. */
  static lift<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.LIFT_F32 : <T>c.LIFT_F64]));
  }

  static lifted<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>(24 * c.EXPONENT_UNIT_F32) : <T>54]));
  }

  static twoTo52And1024(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_52 + 1024]));
  }

  /** log x for positive normal x. */
  @inline static normal<T>(x: v128): v128 {
    const e = Log.exponent<T>(x),
      k = Log.count<T>(e);
    return Log.rebuild<T>(k, Log.fraction<T>(x, e), Lane.madd<T>(k, Log.ln2Low<T>(), Constant.zero<T>()));
  }

  /** reduce: the exponent k of x = 2^k m, m in [sqrt(1/2), sqrt(2)), in its place among the bits */
  @inline static exponent<T>(x: v128): v128 {
    return v128.and(Lane.subBits<T>(x, Log.sqrtHalf<T>()), Constant.minusInfinity<T>());
  }

  /** k as a number; f32: times 2^23 */
  @inline static count<T>(e: v128): v128 {
    if (sizeof<T>() == 4) return f32x4.convert_i32x4_s(e);
    // the bits of 2 are 1024 in the exponent of an f64
    const biased = i64x2.shr_u(i64x2.add(e, Constant.two<T>()), 52);
    return f64x2.sub(v128.or(biased, Constant.twoTo52()), Log.twoTo52And1024());
  }

  /** f = m - 1 */
  @inline static fraction<T>(x: v128, e: v128): v128 {
    return v128.sub<T>(Lane.subBits<T>(x, e), Constant.one<T>());
  }

  /** approximate: f - log(1 + f) = s (f - R) */
  @inline static less<T>(f: v128): v128 {
    const s = v128.div<T>(f, v128.add<T>(f, Constant.two<T>()));
    const z = v128.mul<T>(s, s);
    const R = v128.mul<T>(Polynomial.of<T>(z, c.LOG_F32, c.LOG_F32_TERMS, c.LOG_F64, c.LOG_F64_TERMS), z);
    return v128.mul<T>(s, v128.sub<T>(f, R));
  }

  /** reconstruct: log(1 + f) + low and the high part of k ln2, the small terms first */
  @inline static rebuild<T>(k: v128, f: v128, low: v128): v128 {
    const small = v128.sub<T>(Log.less<T>(f), low);
    return Lane.madd<T>(k, Log.ln2High<T>(), v128.sub<T>(f, small));
  }

  /** For the exponent k as count() gives it. */
  static minusLn2(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>(-c.LN2_F32 / c.EXPONENT_UNIT_F32)]));
  }

  /** -log x - less of an f32 x, right to 2^-23 or a few last places: for what needs no more. */
  @inline static short(x: v128, less: v128): v128 {
    const e = Log.exponent<f32>(x),
      f = Log.fraction<f32>(x, e),
      s = f32x4.div(f, f32x4.add(f, Constant.two<f32>())),
      P = Polynomial.of<f32>(f32x4.mul(s, s), c.LOG_SHORT_F32, c.LOG_SHORT_F32_TERMS, c.LOG_F64, c.LOG_F64_TERMS);
    return f32x4.sub(f32x4.sub(f32x4.mul(Log.count<f32>(e), Log.minusLn2()), less), f32x4.mul(s, P));
  }

  static ln2(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.LN2]));
  }

  /** log(a / b) + k ln2 of a / b in [2/3, 3/2], for draws of f32. */
  @inline static ratio(a: v128, b: v128, k: v128): v128 {
    const s = f64x2.div(f64x2.sub(a, b), f64x2.add(a, b)),
      z = f64x2.mul(s, s),
      R = f64x2.mul(Polynomial.of<f64>(z, c.LOG_F32, c.LOG_F32_TERMS, c.LOG_RATIO, c.LOG_RATIO_TERMS), z);
    return f64x2.add(f64x2.mul(s, f64x2.add(R, Constant.two<f64>())), f64x2.mul(k, Log.ln2()));
  }

  @inline static isNormal(x: v128): v128 {
    return v128.and(f32x4.ge(x, Log.leastNormal<f32>()), f32x4.lt(x, Constant.infinity<f32>()));
  }

  /** Whether all of four vectors at x are positive, normal and finite. */
  @inline static areNormal(x: usize): bool {
    const first = v128.and(Log.isNormal(v128.load(x)), Log.isNormal(v128.load(x, 16))),
      rest = v128.and(Log.isNormal(v128.load(x, 32)), Log.isNormal(v128.load(x, 48)));
    return i32x4.all_true(v128.and(first, rest));
  }

  /** log x for every x. */
  @inline static every<T>(x: v128): v128 {
    const subnormal = v128.lt<T>(x, Log.leastNormal<T>());
    const lifted = Lane.select(subnormal, v128.mul<T>(x, Log.lift<T>()), x);
    const e = Log.exponent<T>(lifted);
    const k = v128.sub<T>(Log.count<T>(e), v128.and(subnormal, Log.lifted<T>()));
    let y = Log.rebuild<T>(k, Log.fraction<T>(lifted, e), v128.mul<T>(k, Log.ln2Low<T>()));
    y = Lane.select(v128.lt<T>(x, Constant.infinity<T>()), y, x);
    y = Lane.select(v128.eq<T>(x, Constant.zero<T>()), Constant.minusInfinity<T>(), y);
    return Lane.select(v128.lt<T>(x, Constant.zero<T>()), Constant.nan<T>(), y);
  }

  /** The same, called and not inlined: for what is not hot. */
  static of<T>(x: v128): v128 {
    return Log.every<T>(x);
  }
}

@final
@unmanaged
class LogOf {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Log.every<T>(v128.load(x));
  }
}

/** dst_i = log(src_i), i < count. Of f32 four vectors at a time where all of them are positive and normal, which takes less. */
export function log<T>(src: usize, dst: usize, count: i32): void {
  if (sizeof<T>() == 8) {
    Row.each<T, LogOf>(src, src, dst, count);
    return;
  }
  const end = src + ((<usize>count) << 2);
  while (src < end) {
    let run = src;
    while (run + 64 <= end && Log.areNormal(run)) run += 64;
    for (; src < run; src += 64, dst += 64) {
      const y0 = Log.normal<f32>(v128.load(src)),
        y1 = Log.normal<f32>(v128.load(src, 16)),
        y2 = Log.normal<f32>(v128.load(src, 32)),
        y3 = Log.normal<f32>(v128.load(src, 48));
      v128.store(dst, y0);
      v128.store(dst, y1, 16);
      v128.store(dst, y2, 32);
      v128.store(dst, y3, 48);
    }
    if (src < end) Lane.storeUpTo<f32>(dst, Log.every<f32>(v128.load(src)), end - src);
    src += 16;
    dst += 16;
  }
}
