import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import * as c from '../shared';

/** Functions of laws, in f64. See src/js/density/law.ts. */
abstract class Law {
  static deep(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.LAW_DEEP]));
  }

  static halfLog2Pi(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.HALF_LOG_2PI]));
  }

  /** exp x, subnormal results included. */
  static exp(x: v128): v128 {
    const deep = f64x2.lt(x, Law.deep());
    const e = Double.exp(Lane.select(deep, f64x2.mul(x, Constant.half<f64>()), x));
    return Lane.select(deep, f64x2.mul(e, e), e);
  }

  /** (x - loc) / scale, where a difference of f64 that overflows may still have a finite quotient. */
  @inline static quotient<T>(x: v128, loc: v128, scale: v128): v128 {
    const d = f64x2.sub(x, loc),
      z = f64x2.div(d, scale);
    if (sizeof<T>() == 4) return z;
    const half = Constant.half<f64>(),
      halves = f64x2.div(f64x2.sub(f64x2.mul(x, half), f64x2.mul(loc, half)), scale);
    return Lane.select(f64x2.eq(f64x2.abs(d), Constant.infinity<f64>()), f64x2.add(halves, halves), z);
  }

  /** A function at z; log-densities are those at scale 1. */
  static of(z: v128, op: i32): v128 {
    const zero = Constant.zero<f64>(),
      one = Constant.one<f64>();
    if (op == c.LAW_NORMAL) {
      const square = f64x2.mul(z, z);
      return f64x2.sub(f64x2.mul(square, f64x2.neg(Constant.half<f64>())), Law.halfLog2Pi());
    }
    if (op == c.LAW_EXP) return Law.exp(z);
    const minus = f64x2.sub(zero, z);
    if (op >= c.LAW_GUMBEL && op <= c.LAW_GUMBEL_CDF) {
      const e = Law.exp(minus),
        rest = f64x2.sub(zero, e);
      if (op == c.LAW_GUMBEL_CDF) return Law.exp(rest);
      if (op == c.LAW_GUMBEL_LOG_CDF) return rest;
      const infinite = f64x2.eq(f64x2.abs(z), Constant.infinity<f64>());
      return Lane.select(infinite, Constant.minusInfinity<f64>(), f64x2.sub(minus, e));
    }
    const size = f64x2.abs(z),
      e = Law.exp(f64x2.neg(size)),
      whole = f64x2.add(one, e),
      below = f64x2.lt(z, zero);
    if (op == c.LAW_SIGMOID) return f64x2.div(Lane.select(below, e, one), whole);
    const tail = Double.log1p(e);
    if (op == c.LAW_LOG_SIGMOID) return f64x2.sub(v128.and(z, below), tail);
    if (op == c.LAW_LOGISTIC) return f64x2.sub(f64x2.neg(size), f64x2.add(tail, tail));
    return f64x2.add(tail, v128.and(f64x2.div(f64x2.mul(size, e), whole), f64x2.ne(e, zero)));
  }
}

/** dst = a function (LAW_) at z = (x - loc) / scale or, without loc and scale, at x, element by element. */
export function law<T>(x: usize, loc: usize, scale: usize, dst: usize, op: i32, count: i32): void {
  let before = Constant.zero<f64>(),
    logScale = before;
  for (let i = 0; i < count; i += 2) {
    const p = (<usize>i) << alignof<T>();
    let z = Double.load<T>(x + p);
    if (scale != 0) {
      const s = Double.load<T>(scale + p);
      z = Law.quotient<T>(z, Double.load<T>(loc + p), s);
      if (op <= c.LAW_GUMBEL && v128.any_true(f64x2.ne(s, before))) {
        before = s;
        logScale = Double.log(s);
      }
    }
    Double.store<T>(dst + p, f64x2.sub(Law.of(z, op), logScale), count - i);
  }
}
