import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Exp } from './exp';
import { Log } from './log';
import { Log1p } from './log1p';

/** Functions of two f64, called and not inlined: for work in f64 that is rounded once, whatever the dtype. */
export abstract class Double {
  /** Two elements of T at p. */
  @inline static load<T>(p: usize): v128 {
    return sizeof<T>() == 4 ? Four.pair(p) : v128.load(p);
  }

  /** v as elements of T at p, one of them if no more are left. */
  @inline static store<T>(p: usize, v: v128, left: i32): void {
    Lane.storeUpTo<T>(p, sizeof<T>() == 4 ? f32x4.demote_f64x2_zero(v) : v, (<usize>min(left, 2)) << alignof<T>());
  }

  @inline static exp(x: v128): v128 {
    return Exp.of<f64>(x);
  }

  @inline static log(x: v128): v128 {
    return Log.of<f64>(x);
  }

  @inline static log1p(x: v128): v128 {
    return Log1p.of<f64>(x);
  }

  /** (exp t - 1 - t) / t^2 for |t| <= 1. */
  static phi(t: v128): v128 {
    return Exp.phi<f64>(t);
  }

  /** exp(x) - 1 without cancellation: Kahan's (u - 1) x / log u of u = exp x. */
  static expm1(x: v128): v128 {
    const one = Constant.one<f64>();
    const u = Double.exp(x),
      d = f64x2.sub(u, one);
    const kahan = f64x2.div(f64x2.mul(d, x), Double.log(u));
    const small = v128.bitselect(x, kahan, f64x2.eq(u, one));
    return v128.bitselect(small, d, f64x2.lt(f64x2.abs(x), one));
  }

  /** x^e for x > 0; 0 and NaN stay. */
  static pow(x: v128, e: v128): v128 {
    return v128.bitselect(Double.exp(f64x2.mul(e, Double.log(x))), x, f64x2.gt(x, Constant.zero<f64>()));
  }

  /** One number at a time. */
  @inline static logOf(x: f64): f64 {
    return f64x2.extract_lane(Double.log(f64x2.splat(x)), 0);
  }

  @inline static expOf(x: f64): f64 {
    return f64x2.extract_lane(Double.exp(f64x2.splat(x)), 0);
  }

  @inline static log1pOf(x: f64): f64 {
    return f64x2.extract_lane(Double.log1p(f64x2.splat(x)), 0);
  }

  @inline static powOf(x: f64, e: f64): f64 {
    return f64x2.extract_lane(Double.pow(f64x2.splat(x), f64x2.splat(e)), 0);
  }
}
