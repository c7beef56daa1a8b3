import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Row } from '../row';
import { Scaled } from '../vocabulary';
import { EntmaxSingle } from './entmax_single';
import { Steep } from './entmax_steep';
import { Exponentials } from './exponentials';
import { Maxes, Simplex } from './maxes';
import { Rescale } from './rescale';
import { Sparse } from './sparse';

/** p by d / P^d, P the greatest, 1 < alpha <= 2. See src/js/max/entmax.ts. */
@final
@unmanaged
class Entmax extends Simplex {
  @inline of(z: v128, slope: v128, alpha: v128): v128 {
    return Entmax.power(f64x2.mul(z, slope), f64x2.sub(alpha, Constant.one<f64>()));
  }

  /** (1 + x)^(1 / d) as exp(log1p(x) / d), 0 where x <= -1. */
  static power(x: v128, d: v128): v128 {
    return v128.and(Double.exp(f64x2.div(Double.log1p(x), d)), f64x2.gt(x, Constant.minusOne<f64>()));
  }

  /** d / P^d by Newton from P = 1 on the norm of the bases, which is convex. */
  @inline threshold(z: usize, end: usize, alpha: f64): f64 {
    const d = alpha - 1,
      exponent = f64x2.splat(d);
    let root: f64 = 1;
    for (let step = 0; step < c.ENTMAX_STEPS; step++) {
      const slope = f64x2.splat(d / root);
      let s0 = Constant.zero<f64>(),
        s1 = s0,
        w0 = s0,
        w1 = s0;
      for (let p = z; p < end; p += 16) {
        const x = f64x2.mul(v128.load(p), slope);
        const power = Entmax.power(x, exponent);
        const weight = f64x2.div(power, f64x2.add(Constant.one<f64>(), x));
        const s = f64x2.add(s0, power),
          w = f64x2.add(w0, v128.and(weight, f64x2.gt(power, Constant.zero<f64>())));
        s0 = s1;
        s1 = s;
        w0 = w1;
        w1 = w;
      }
      const sum = Lane.sum(f64x2.add(s0, s1)),
        weights = Lane.sum(f64x2.add(w0, w1));
      const next = root - (sum * (root - Double.powOf(sum, -d))) / weights;
      if (!(next < root)) break;
      root = next;
    }
    return d / root;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    if (alpha > 2) {
      changetype<Steep>(0).row<T>(x, dst, n, max, temperature, scratch, alpha);
      return;
    }
    if (Rescale.takes<T>(temperature)) {
      x = Rescale.row<T>(x, dst, n, max, temperature);
      max = Constant.zero<T>();
      temperature = Rescale.temperature<T>(temperature);
    }
    Sparse.row<T, Entmax>(x, dst, n, max, temperature, scratch, alpha);
    Row.each<T, Scaled>(dst, dst, dst, n, v128.splat<T>(<T>(1 / Exponentials.add<T>(dst, n))));
  }
}

/** dst = entmax(src / T) of an alpha > 1, row by row. `scratch`: room for a row of n + 8 f64. */
export function entmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, alpha: f64, scratch: usize): void {
  if (sizeof<T>() == 8) {
    Maxes.forward<T, Entmax>(src, dst, rows, n, temperature, scratch, alpha);
    return;
  }
  // rows of alpha > 2 one by one, for which there is no `four`
  const at = alpha > 2 ? 1 : rows,
    bytes = (<usize>(at * n)) << 2;
  for (; rows > 0; rows -= at, src += bytes, dst += bytes) {
    Maxes.forward<T, EntmaxSingle>(src, dst, at, n, temperature, scratch, alpha);
  }
}
