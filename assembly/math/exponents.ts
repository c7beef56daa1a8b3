import * as c from '../shared';
import { Lane } from '../lane';
import { Exp } from './exp';
import { Polynomial } from './polynomial';

/** Of the call: 1 / (T ln2), the two parts of T ln2, T ln2 itself, 1 / T, the greatest |max|, T. */
const F32: usize = memory.data<f32>([0, 0, 0, 0, 0, 0, NaN]);
const F64: usize = memory.data<f64>([0, 0, 0, 0, 0, 0, NaN]);
const PER_LN2: usize = 0,
  LN2_HIGH: usize = 1,
  LN2_LOW: usize = 2,
  LN2: usize = 3,
  PER_T: usize = 4,
  REACH: usize = 5,
  T_OF: usize = 6;

/** K exp(x / T) 2^-N, N the exponent of the row's greatest. See src/js/math/exponents.ts. */
export abstract class Exponents {
  static biasedMagic<T>(): v128 {
    return Lane.splat<T>(
      memory.data<T>([
        sizeof<T>() == 4 ? <T>(c.MAGIC_F32 + c.EXPONENT_BIAS_F32) : <T>(c.MAGIC_F64 + c.EXPONENT_BIAS_F64),
      ]),
    );
  }

  static bias<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.EXPONENT_BIAS_F32 : <T>c.EXPONENT_BIAS_F64]));
  }

  @inline static call<T>(i: usize): v128 {
    return Lane.constant<T>(F32, F64, i);
  }

  @inline static set<T>(i: usize, value: f64): void {
    store<T>((sizeof<T>() == 4 ? F32 : F64) + (i << alignof<T>()), <T>value);
  }

  /** Begins a call at temperature t: a kernel does so before it asks for anything else. */
  @inline static open<T>(t: T): void {
    if (t != load<T>((sizeof<T>() == 4 ? F32 : F64) + (T_OF << alignof<T>()))) Exponents.prepare<T>(t);
  }

  static prepare<T>(t: T): void {
    // T ln2 = a + b, a exact
    const T1 = Exponents.cut(<f64>t, 0xffffffff),
      a = T1 * c.LN2_HIGH_F64,
      b = (<f64>t - T1) * c.LN2_HIGH_F64 + <f64>t * c.LN2_LOW_F64,
      ln2 = a + b,
      high = Exponents.cut(<f64>(<T>ln2), sizeof<T>() == 4 ? 0x1ffffffffff : 0xfff);
    Exponents.set<T>(PER_LN2, 1 / ln2);
    Exponents.set<T>(LN2_HIGH, high);
    Exponents.set<T>(LN2_LOW, a - high + b);
    Exponents.set<T>(LN2, ln2);
    Exponents.set<T>(PER_T, 1 / <f64>t);
    const within =
      <f64>t > (sizeof<T>() == 4 ? c.EXPONENTS_FROM_F32 : c.EXPONENTS_FROM_F64) &&
      <f64>t < (sizeof<T>() == 4 ? c.EXPONENTS_TO_F32 : c.EXPONENTS_TO_F64);
    Exponents.set<T>(REACH, within ? c.EXPONENTS_REACH * <f64>t : -1);
    Exponents.set<T>(T_OF, <f64>t);
  }

  /** x without the bits of the mask. */
  @inline static cut(x: f64, mask: u64): f64 {
    return reinterpret<f64>(reinterpret<u64>(x) & ~mask);
  }

  /** Whether rows of these maxima are within reach. */
  @inline static reach<T>(max: v128): bool {
    const within = v128.le<T>(v128.abs<T>(max), Exponents.call<T>(REACH));
    return sizeof<T>() == 4 ? i32x4.all_true(within) : i64x2.all_true(within);
  }

  /** N = round(max / (T ln2)) */
  @inline static exponent<T>(max: v128): v128 {
    return v128.sub<T>(Exponents.nearest<T>(max, Exp.magic<T>()), Exp.magic<T>());
  }

  /** The x whose power of two is 0, which everything below counts as. */
  @inline static least<T>(N: v128): v128 {
    return v128.mul<T>(v128.sub<T>(N, Exponents.bias<T>()), Exponents.call<T>(LN2));
  }

  /** What rounds to an integer n and leaves n - N, biased, in the low bits, where an exponent wants it. */
  @inline static magic<T>(N: v128): v128 {
    return v128.sub<T>(Exponents.biasedMagic<T>(), N);
  }

  /** K exp(x) 2^-N at T = 1: the same bits as `tempered`. */
  @inline static plain<T>(x: v128, least: v128, magic: v128): v128 {
    const v = v128.pmax<T>(x, least),
      t = Exponents.nearest<T>(v, magic);
    return Exponents.rebuild<T>(Exponents.residual<T>(v, t, magic), t);
  }

  /** K exp(x / T) 2^-N */
  @inline static tempered<T>(x: v128, least: v128, magic: v128): v128 {
    const v = v128.pmax<T>(x, least),
      t = Exponents.nearest<T>(v, magic);
    return Exponents.rebuild<T>(v128.mul<T>(Exponents.residual<T>(v, t, magic), Exponents.call<T>(PER_T)), t);
  }

  /** K exp(max / T) 2^-N */
  static ofMax<T>(max: v128): v128 {
    return Exponents.tempered<T>(max, max, Exponents.magic<T>(Exponents.exponent<T>(max)));
  }

  /** t = n + magic, n T ln2 the nearest multiple to x */
  @inline static nearest<T>(x: v128, magic: v128): v128 {
    return Lane.madd<T>(x, Exponents.call<T>(PER_LN2), magic);
  }

  /** reduce: r = x - n T ln2, in two steps of which the first is exact */
  @inline static residual<T>(x: v128, t: v128, magic: v128): v128 {
    const n = v128.sub<T>(t, magic);
    return Lane.nmadd<T>(n, Exponents.call<T>(LN2_LOW), Lane.nmadd<T>(n, Exponents.call<T>(LN2_HIGH), x));
  }

  /** K */
  @inline static factor<T>(): f64 {
    return sizeof<T>() == 4 ? c.POWER_F32_FACTOR : 1;
  }

  /** reconstruct: K exp r times the power of two in the low bits of t */
  @inline static rebuild<T>(r: v128, t: v128): v128 {
    const y = sizeof<T>() == 4 ? Polynomial.monic(r, c.POWER_F32, c.POWER_F32_TERMS) : Exp.approximate<T>(r);
    return v128.mul<T>(y, sizeof<T>() == 4 ? i32x4.shl(t, 23) : i64x2.shl(t, 52));
  }
}
