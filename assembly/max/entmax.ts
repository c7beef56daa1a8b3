import * as c from '../../src/shared/constants';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Pairs } from '../pairs';
import { Row } from '../row';
import { Maxes } from './maxes';
import { Sparse } from './sparse';

/** p = (1 + d (z - m))+^(1 / d), d = alpha - 1. See src/js/max/entmax.ts. */
@final
@unmanaged
class Entmax {
  @inline hot<T>(): T {
    return 1;
  }

  @inline cold<T>(): T {
    return 0;
  }

  @inline of(z: v128, m: v128, alpha: v128): v128 {
    return Entmax.power(f64x2.mul(f64x2.sub(alpha, f64x2.splat(1)), f64x2.sub(z, m)), alpha);
  }

  /** (1 + x)^(1 / d) as exp(log1p(x) / d), 0 where x <= -1. */
  static power(x: v128, alpha: v128): v128 {
    const one = f64x2.splat(1);
    const p = Double.exp(f64x2.div(Double.log1p(x), f64x2.sub(alpha, one)));
    return v128.and(p, f64x2.gt(x, f64x2.neg(one)));
  }

  /** alpha <= 2: Newton from m = 0 on the norm of the bases, which is convex. Above: Newton in a bracket. */
  @inline threshold(z: usize, end: usize, alpha: f64): f64 {
    const d = alpha - 1;
    let m: f64 = 0,
      low: f64 = 0;
    let high = -Double.expm1Of(-d * Double.logOf(<f64>((end - z) >> 3))) / d;
    for (let step = 0; step < c.ENTMAX_STEPS; step++) {
      const a = f64x2.splat(alpha),
        slope = f64x2.splat(d),
        one = f64x2.splat(1),
        at = f64x2.splat(m);
      let s0 = Sparse.zero<f64>(),
        s1 = s0,
        w0 = s0,
        w1 = s0;
      for (let p = z; p < end; p += 16) {
        const x = f64x2.mul(slope, f64x2.sub(v128.load(p), at));
        const power = Entmax.power(x, a);
        const weight = v128.and(f64x2.div(power, f64x2.add(one, x)), f64x2.gt(power, Sparse.zero<f64>()));
        const s = f64x2.add(s0, power),
          w = f64x2.add(w0, weight);
        s0 = s1;
        s1 = s;
        w0 = w1;
        w1 = w;
      }
      const sum = Lane.sum(f64x2.add(s0, s1)),
        weights = Lane.sum(f64x2.add(w0, w1));
      if (d <= 1) {
        const next = m - (sum * Double.expm1Of(-d * Double.logOf(sum))) / (d * weights);
        if (!(next > m)) return m;
        m = next;
      } else {
        if (sum > 1) low = m;
        else high = m;
        let next = m + (sum - 1) / weights;
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (next == low || next == high) return next;
        m = next;
      }
    }
    return m;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Sparse.row<T, Entmax>(x, dst, n, max, temperature, scratch, alpha);
  }
}

/** dst = entmax(src / T) of an alpha > 1, row by row. `scratch`: room for n + 8 f64. */
export function entmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize, alpha: f64): void {
  Maxes.forward<T, Entmax>(src, dst, rows, n, temperature, scratch, alpha);
}

/** (p / b)^a. */
@final
@unmanaged
class Weight {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    return Double.pow(f64x2.div(Lane.pair<T>(x), b), a);
  }
}

@final
@unmanaged
class Itself {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    return Lane.pair<T>(x);
  }
}

/** s dp, 0 where s is. */
@final
@unmanaged
class Weighted {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    const s = Lane.pair<T>(x);
    return v128.and(f64x2.mul(s, Lane.pair<T>(y)), f64x2.ne(s, Sparse.zero<f64>()));
  }
}

/** s (dp - a) b, 0 where s is. */
@final
@unmanaged
class Projected {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    const s = Lane.pair<T>(x);
    const dx = f64x2.mul(f64x2.mul(s, f64x2.sub(Lane.pair<T>(y), a)), b);
    return v128.and(dx, f64x2.ne(s, Sparse.zero<f64>()));
  }
}

/** The least positive element of a row of p for alpha > 2, where s would overflow without it; 1 otherwise. */
function leastOf<T>(p: usize, n: i32, alpha: f64): f64 {
  let least: f64 = 1;
  for (let i = 0; i < n && alpha > 2; i++) {
    const v = <f64>load<T>(p + ((<usize>i) << alignof<T>()));
    if (v > 0 && v < least) least = v;
  }
  return least;
}

/** dst = the vector-Jacobian product of entmax at its output p, in f64. `scratch`: room for 2 n + 4 f64. */
export function entmax_vjp<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
  alpha: f64,
): void {
  const s = scratch,
    d = scratch + ((<usize>n + 2) << 3);
  const exponent = f64x2.splat(2 - alpha);
  for (let r = 0; r < rows; r++) {
    const least = leastOf<T>(p, n, alpha);
    Pairs.map<T, f64, Weight>(p, p, s, n, exponent, f64x2.splat(least));
    Pairs.map<T, f64, Itself>(dp, dp, d, n, exponent, exponent);
    const sum = Pairs.sum<f64, Itself>(s, s, n, exponent, exponent);
    if (sum != sum || temperature == 0) {
      Row.fill<T>(dst, n, sum == sum ? <T>0 : <T>NaN);
    } else {
      const mean = f64x2.splat(Pairs.sum<f64, Weighted>(s, d, n, exponent, exponent) / sum);
      Pairs.map<f64, T, Projected>(s, d, dst, n, mean, f64x2.splat(Double.powOf(least, 2 - alpha) / <f64>temperature));
    }
    p += (<usize>n) << alignof<T>();
    dp += (<usize>n) << alignof<T>();
    dst += (<usize>n) << alignof<T>();
  }
}
