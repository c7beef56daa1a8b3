import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Row } from '../row';
import { Polynomial } from './polynomial';

export abstract class Exp {
  static log2e<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>c.LOG2E]));
  }

  static magic<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.MAGIC_F32 : <T>c.MAGIC_F64]));
  }

  static ln2High<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.LN2_HIGH_F32 : <T>c.LN2_HIGH_F64]));
  }

  static ln2Low<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.LN2_LOW_F32 : <T>c.LN2_LOW_F64]));
  }

  static least<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.EXP_LEAST_F32 : <T>c.EXP_LEAST_F64]));
  }

  static greatest<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.EXP_GREATEST_F32 : <T>c.EXP_GREATEST_F64]));
  }

  /** exp(x) for x up to EXP_GREATEST; +0 below EXP_LEAST and for NaN. */
  @inline static bounded<T>(x: v128): v128 {
    const t = Exp.nearest<T>(x);
    return Exp.rebuild<T>(x, t, Exp.residual<T>(x, t));
  }

  /** exp(x + low), where low is what rounding took from x. */
  @inline static compensated<T>(x: v128, low: v128): v128 {
    const t = Exp.nearest<T>(x);
    return Exp.rebuild<T>(x, t, v128.add<T>(Exp.residual<T>(x, t), low));
  }

  /** reduce: n = round(x / ln2), in the low bits of t = n + MAGIC */
  @inline static nearest<T>(x: v128): v128 {
    return Lane.madd<T>(x, Exp.log2e<T>(), Exp.magic<T>());
  }

  /** r = x - n ln2, in two steps of which the first is exact */
  @inline static residual<T>(x: v128, t: v128): v128 {
    const n = v128.sub<T>(t, Exp.magic<T>());
    return Lane.nmadd<T>(n, Exp.ln2Low<T>(), Lane.nmadd<T>(n, Exp.ln2High<T>(), x));
  }

  /** approximate: exp r = 1 + (r + r^2 q) */
  @inline static approximate<T>(r: v128): v128 {
    const square = v128.mul<T>(r, r),
      q =
        sizeof<T>() == 4
          ? Polynomial.of<T>(r, c.EXP_F32, c.EXP_F32_TERMS, c.EXP_F64, c.EXP_F64_TERMS)
          : Polynomial.halves(r, square, c.EXP_F64, c.EXP_F64_TERMS);
    return v128.add<T>(Lane.madd<T>(q, square, r), Constant.one<T>());
  }

  /** reconstruct: exp(n ln2 + r), n in the low bits of t added to the exponent; +0 where x is below EXP_LEAST */
  @inline static rebuild<T>(x: v128, t: v128, r: v128): v128 {
    const e = Lane.addBits<T>(Exp.approximate<T>(r), sizeof<T>() == 4 ? i32x4.shl(t, 23) : i64x2.shl(t, 52));
    return v128.and(e, v128.ge<T>(x, Exp.least<T>()));
  }

  /** (exp t - 1 - t) / t^2 for |t| <= 1. */
  @inline static phi<T>(t: v128): v128 {
    return Polynomial.of<T>(t, c.PHI_F32, c.PHI_F32_TERMS, c.PHI_F64, c.PHI_F64_TERMS);
  }

  /** exp(x) for every x. */
  @inline static every<T>(x: v128): v128 {
    const e = Exp.bounded<T>(x);
    const y = Lane.select(v128.gt<T>(x, Exp.greatest<T>()), Constant.infinity<T>(), e);
    return Lane.select(v128.eq<T>(x, x), y, x);
  }

  /** The same, called and not inlined: for what is not hot. */
  static of<T>(x: v128): v128 {
    return Exp.every<T>(x);
  }
}

@final
@unmanaged
class ExpOf {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Exp.every<T>(v128.load(x));
  }
}

/** dst_i = exp(src_i), i < count. */
export function exp<T>(src: usize, dst: usize, count: i32): void {
  Row.each<T, ExpOf>(src, src, dst, count);
}
