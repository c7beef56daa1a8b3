import * as c from '../../src/shared/constants';
import { Lane } from '../lane';
import { Row } from '../row';

const F32: usize = memory.data<f32>([
  <f32>c.LOG2E,
  <f32>c.MAGIC_F32,
  <f32>c.LN2_HIGH_F32,
  <f32>c.LN2_LOW_F32,
  <f32>c.EXP_LEAST_F32,
  <f32>c.EXP_GREATEST_F32,
  1,
  Infinity,
  <f32>c.EXP_F32_0,
  <f32>c.EXP_F32_1,
  <f32>c.EXP_F32_2,
  <f32>c.EXP_F32_3,
  <f32>c.EXP_F32_4,
]);
const F64: usize = memory.data<f64>([
  c.LOG2E,
  c.MAGIC_F64,
  c.LN2_HIGH_F64,
  c.LN2_LOW_F64,
  c.EXP_LEAST_F64,
  c.EXP_GREATEST_F64,
  1,
  Infinity,
  c.EXP_F64_0,
  c.EXP_F64_1,
  c.EXP_F64_2,
  c.EXP_F64_3,
  c.EXP_F64_4,
  c.EXP_F64_5,
  c.EXP_F64_6,
  c.EXP_F64_7,
  c.EXP_F64_8,
  c.EXP_F64_9,
]);
const LOG2E: usize = 0,
  MAGIC: usize = 1,
  LN2_HIGH: usize = 2,
  LN2_LOW: usize = 3,
  LEAST: usize = 4,
  GREATEST: usize = 5,
  ONE: usize = 6,
  INFINITE: usize = 7,
  Q: usize = 8;

export abstract class Exp {
  @inline static k<T>(i: usize): v128 {
    return Lane.constant<T>(F32, F64, i);
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
    return Lane.madd<T>(x, Exp.k<T>(LOG2E), Exp.k<T>(MAGIC));
  }

  /** r = x - n ln2, in two steps of which the first is exact */
  @inline static residual<T>(x: v128, t: v128): v128 {
    const n = v128.sub<T>(t, Exp.k<T>(MAGIC));
    return Lane.nmadd<T>(n, Exp.k<T>(LN2_LOW), Lane.nmadd<T>(n, Exp.k<T>(LN2_HIGH), x));
  }

  /** exp(n ln2 + r), n in the low bits of t; +0 where x is below EXP_LEAST */
  @inline static rebuild<T>(x: v128, t: v128, r: v128): v128 {
    // approximate: exp r = 1 + (r + r^2 q)
    let q: v128;
    if (sizeof<T>() == 4) {
      q = Lane.madd<T>(r, Exp.k<T>(Q + 4), Exp.k<T>(Q + 3));
    } else {
      q = Lane.madd<T>(r, Exp.k<T>(Q + 9), Exp.k<T>(Q + 8));
      q = Lane.madd<T>(q, r, Exp.k<T>(Q + 7));
      q = Lane.madd<T>(q, r, Exp.k<T>(Q + 6));
      q = Lane.madd<T>(q, r, Exp.k<T>(Q + 5));
      q = Lane.madd<T>(q, r, Exp.k<T>(Q + 4));
      q = Lane.madd<T>(q, r, Exp.k<T>(Q + 3));
    }
    q = Lane.madd<T>(q, r, Exp.k<T>(Q + 2));
    q = Lane.madd<T>(q, r, Exp.k<T>(Q + 1));
    q = Lane.madd<T>(q, r, Exp.k<T>(Q));
    const p = v128.add<T>(Lane.madd<T>(q, v128.mul<T>(r, r), r), Exp.k<T>(ONE));
    // reconstruct: add n to the exponent
    const e = Lane.addBits<T>(p, sizeof<T>() == 4 ? i32x4.shl(t, 23) : i64x2.shl(t, 52));
    return v128.and(e, v128.ge<T>(x, Exp.k<T>(LEAST)));
  }

  /** exp(x) for every x. */
  @inline static every<T>(x: v128): v128 {
    const e = Lane.select(v128.gt<T>(x, Exp.k<T>(GREATEST)), Exp.k<T>(INFINITE), Exp.bounded<T>(x));
    return Lane.select(v128.eq<T>(x, x), e, x);
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
  Row.map<T, ExpOf>(src, src, dst, count);
}
