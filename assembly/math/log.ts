import * as c from '../../src/shared/constants';
import { Lane } from '../lane';
import { Row } from '../row';

// The bits of -Infinity are the mask of sign and exponent; those of 2.0 are 1024 in the exponent of an f64.
const F32: usize = memory.data<f32>([
  1,
  2,
  -Infinity,
  Infinity,
  NaN,
  0,
  <f32>c.SQRT_HALF_F32,
  <f32>(c.LN2_HIGH_F32 / c.EXPONENT_UNIT_F32),
  <f32>(c.LN2_LOW_F32 / c.EXPONENT_UNIT_F32),
  <f32>c.LEAST_NORMAL_F32,
  <f32>c.LIFT_F32,
  <f32>(24 * c.EXPONENT_UNIT_F32),
  0,
  0,
  <f32>c.LOG_F32_1,
  <f32>c.LOG_F32_2,
  <f32>c.LOG_F32_3,
]);
const F64: usize = memory.data<f64>([
  1,
  2,
  -Infinity,
  Infinity,
  NaN,
  0,
  c.SQRT_HALF_F64,
  c.LN2_HIGH_F64,
  c.LN2_LOW_F64,
  c.LEAST_NORMAL_F64,
  c.LIFT_F64,
  54,
  c.TWO_TO_52,
  c.TWO_TO_52 + 1024,
  c.LOG_F64_1,
  c.LOG_F64_2,
  c.LOG_F64_3,
  c.LOG_F64_4,
  c.LOG_F64_5,
  c.LOG_F64_6,
  c.LOG_F64_7,
]);
const ONE: usize = 0,
  TWO: usize = 1,
  NEGATIVE_INFINITY: usize = 2,
  INFINITE: usize = 3,
  NOT_A_NUMBER: usize = 4,
  ZERO: usize = 5,
  SQRT_HALF: usize = 6;
const LN2_HIGH: usize = 7,
  LN2_LOW: usize = 8,
  LEAST_NORMAL: usize = 9,
  LIFT: usize = 10,
  LIFTED: usize = 11,
  TWO_TO_52: usize = 12,
  TWO_TO_52_1024: usize = 13,
  L: usize = 14;

export abstract class Log {
  @inline static k<T>(i: usize): v128 {
    return Lane.constant<T>(F32, F64, i);
  }

  /** log x for positive normal x. */
  @inline static normal<T>(x: v128): v128 {
    const e = Log.exponent<T>(x);
    return Log.rebuild<T>(Log.count<T>(e), Log.fraction<T>(x, e), Log.k<T>(ZERO));
  }

  /** reduce: the exponent k of x = 2^k m, m in [sqrt(1/2), sqrt(2)), in its place among the bits */
  @inline static exponent<T>(x: v128): v128 {
    return v128.and(Lane.subBits<T>(x, Log.k<T>(SQRT_HALF)), Log.k<T>(NEGATIVE_INFINITY));
  }

  /** k as a number; f32: times 2^23 */
  @inline static count<T>(e: v128): v128 {
    if (sizeof<T>() == 4) return f32x4.convert_i32x4_s(e);
    const biased = i64x2.shr_u(i64x2.add(e, Log.k<T>(TWO)), 52);
    return f64x2.sub(v128.or(biased, Log.k<T>(TWO_TO_52)), Log.k<T>(TWO_TO_52_1024));
  }

  /** f = m - 1 */
  @inline static fraction<T>(x: v128, e: v128): v128 {
    return v128.sub<T>(Lane.subBits<T>(x, e), Log.k<T>(ONE));
  }

  /** k ln2 + log(1 + f) + low */
  @inline static rebuild<T>(k: v128, f: v128, low: v128): v128 {
    // approximate: log(1 + f) = f - s (f - R)
    const s = v128.div<T>(f, v128.add<T>(f, Log.k<T>(TWO)));
    const z = v128.mul<T>(s, s);
    let R: v128;
    if (sizeof<T>() == 4) {
      R = Lane.madd<T>(z, Log.k<T>(L + 2), Log.k<T>(L + 1));
    } else {
      R = Lane.madd<T>(z, Log.k<T>(L + 6), Log.k<T>(L + 5));
      R = Lane.madd<T>(R, z, Log.k<T>(L + 4));
      R = Lane.madd<T>(R, z, Log.k<T>(L + 3));
      R = Lane.madd<T>(R, z, Log.k<T>(L + 2));
      R = Lane.madd<T>(R, z, Log.k<T>(L + 1));
    }
    R = v128.mul<T>(Lane.madd<T>(R, z, Log.k<T>(L)), z);
    // reconstruct: the small terms first
    const small = v128.sub<T>(v128.mul<T>(s, v128.sub<T>(f, R)), Lane.madd<T>(k, Log.k<T>(LN2_LOW), low));
    return Lane.madd<T>(k, Log.k<T>(LN2_HIGH), v128.sub<T>(f, small));
  }

  /** log x for every x. */
  @inline static every<T>(x: v128): v128 {
    const subnormal = v128.lt<T>(x, Log.k<T>(LEAST_NORMAL));
    const lifted = Lane.select(subnormal, v128.mul<T>(x, Log.k<T>(LIFT)), x);
    const e = Log.exponent<T>(lifted);
    const k = v128.sub<T>(Log.count<T>(e), v128.and(subnormal, Log.k<T>(LIFTED)));
    let y = Log.rebuild<T>(k, Log.fraction<T>(lifted, e), Log.k<T>(ZERO));
    y = Lane.select(v128.lt<T>(x, Log.k<T>(INFINITE)), y, x);
    y = Lane.select(v128.eq<T>(x, Log.k<T>(ZERO)), Log.k<T>(NEGATIVE_INFINITY), y);
    return Lane.select(v128.lt<T>(x, Log.k<T>(ZERO)), Log.k<T>(NOT_A_NUMBER), y);
  }
}

@final
@unmanaged
class LogOf {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Log.every<T>(v128.load(x));
  }
}

/** dst_i = log(src_i), i < count. */
export function log<T>(src: usize, dst: usize, count: i32): void {
  Row.map<T, LogOf>(src, src, dst, count);
}
