import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Maxes, Simplex } from './maxes';
import { Sparse } from './sparse';

const F64: usize = memory.data<f64>([c.GREATEST_F64]);

/** p by the threshold m (alpha <= 2) or by the greatest p, q (above). See src/js/max/entmax.ts. */
@final
@unmanaged
class Entmax extends Simplex {
  @inline of(z: v128, at: v128, alpha: v128): v128 {
    const d = f64x2.sub(alpha, Constant.one<f64>());
    if (f64x2.extract_lane(d, 0) <= 1) return Entmax.power(f64x2.mul(d, f64x2.sub(z, at)), alpha);
    return f64x2.mul(at, Entmax.power(f64x2.mul(f64x2.mul(d, z), Entmax.scale(at, d)), alpha));
  }

  /** q^-d, as far as f64 goes. */
  static scale(q: v128, d: v128): v128 {
    return f64x2.pmin(Double.exp(f64x2.neg(f64x2.mul(d, Double.log(q)))), v128.load64_splat(F64));
  }

  /** (1 + x)^(1 / d) as exp(log1p(x) / d), 0 where x <= -1. */
  static power(x: v128, alpha: v128): v128 {
    const one = Constant.one<f64>();
    const p = Double.exp(f64x2.div(Double.log1p(x), f64x2.sub(alpha, one)));
    return v128.and(p, f64x2.gt(x, f64x2.neg(one)));
  }

  /** alpha <= 2: Newton from m = 0 on the norm of the bases, which is convex. Above: Newton in a bracket from q = 1. */
  @inline threshold(z: usize, end: usize, alpha: f64): f64 {
    const d = alpha - 1;
    let m: f64 = 0,
      q: f64 = 1,
      low: f64 = 1 / <f64>((end - z) >> 3),
      high: f64 = 1;
    for (let step = 0; step < c.ENTMAX_STEPS; step++) {
      const a = f64x2.splat(alpha),
        slope = f64x2.splat(d),
        one = Constant.one<f64>(),
        at = f64x2.splat(m),
        scale = Entmax.scale(f64x2.splat(q), slope);
      let s0 = Constant.zero<f64>(),
        s1 = s0,
        w0 = s0,
        w1 = s0;
      for (let p = z; p < end; p += 16) {
        const x = f64x2.mul(f64x2.mul(slope, f64x2.sub(v128.load(p), at)), scale);
        const power = Entmax.power(x, a);
        const weight = v128.and(f64x2.div(power, f64x2.add(one, x)), f64x2.gt(power, Constant.zero<f64>()));
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
        const excess = q * sum - 1;
        if (excess > 0) high = q;
        else low = q;
        let next = q - excess / weights;
        if (next == q) return q;
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (next == low || next == high) return next;
        q = next;
      }
    }
    return d <= 1 ? m : q;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Sparse.row<T, Entmax>(x, dst, n, max, temperature, scratch, alpha);
  }
}

/** dst = entmax(src / T) of an alpha > 1, row by row. `scratch`: room for n + 8 f64. */
export function entmax(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, alpha: f64, scratch: usize): void {
  Maxes.forward<f64, Entmax>(src, dst, rows, n, temperature, scratch, alpha);
}
