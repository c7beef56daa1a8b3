import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import * as c from '../shared';

/** Rows of f32 whose elements are all finite, with sums in f64. See src/js/density/single.ts. */
export abstract class Single {
  static reach(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.DENSITY_REACH]));
  }

  /** w less that of the first element, 0 beyond the row. */
  @inline static from(l: v128, a: v128, l0: v128, a0: v128, t: v128, inRow: v128): v128 {
    return v128.and(f32x4.sub(f32x4.sub(a, a0), f32x4.mul(t, f32x4.sub(l, l0))), inRow);
  }

  @inline static exp(d: v128, inRow: v128): v128 {
    return v128.and(Exp.bounded<f32>(f32x4.pmin(d, Single.reach())), inRow);
  }

  /** d, on the simplex (`minus` 1) less log x. */
  @inline static term(d: v128, l: v128, minus: v128, inRow: v128): v128 {
    return f32x4.sub(d, v128.and(f32x4.mul(l, minus), inRow));
  }

  /** The log-density of a row at log x = l; NaN where it wants f64. */
  static row(l: usize, logits: usize, n: i32, temperature: f32, constant: f64, simplex: bool): f64 {
    const bytes = n << 2,
      t = f32x4.splat(temperature),
      minus = f32x4.splat(simplex ? 1 : 0),
      l0 = v128.load32_splat(l),
      a0 = v128.load32_splat(logits);
    let total = Constant.zero<f64>(),
      sum = total;
    for (let i = 0; i < bytes; i += 64) {
      const at = l + i,
        by = logits + i,
        left = bytes - i;
      const r0 = Lane.upTo<f32>(left),
        r1 = Lane.upTo<f32>(max(left - 16, 0)),
        r2 = Lane.upTo<f32>(max(left - 32, 0)),
        r3 = Lane.upTo<f32>(max(left - 48, 0));
      const v0 = v128.load(at),
        v1 = v128.load(at, 16),
        v2 = v128.load(at, 32),
        v3 = v128.load(at, 48);
      const d0 = Single.from(v0, v128.load(by), l0, a0, t, r0),
        d1 = Single.from(v1, v128.load(by, 16), l0, a0, t, r1),
        d2 = Single.from(v2, v128.load(by, 32), l0, a0, t, r2),
        d3 = Single.from(v3, v128.load(by, 48), l0, a0, t, r3);
      const e = f32x4.add(
        f32x4.add(Single.exp(d0, r0), Single.exp(d1, r1)),
        f32x4.add(Single.exp(d2, r2), Single.exp(d3, r3)),
      );
      const s = f32x4.add(
        f32x4.add(Single.term(d0, v0, minus, r0), Single.term(d1, v1, minus, r1)),
        f32x4.add(Single.term(d2, v2, minus, r2), Single.term(d3, v3, minus, r3)),
      );
      sum = f64x2.add(sum, Lane.wide<f32>(e));
      total = f64x2.add(total, Lane.wide<f32>(s));
    }
    const all = Lane.sum(total),
      expSum = Lane.sum(sum);
    if (n < 2 || !isFinite(all) || !(expSum < c.DENSITY_GREATEST_SUM)) return NaN;
    const density = constant + (all - <f64>n * Double.logOf(expSum));
    return n > c.SHORT_ROW && abs(density) < c.DENSITY_CANCELS * <f64>n ? NaN : density;
  }
}
