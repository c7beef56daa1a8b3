import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Row } from '../row';
import { TimesOrZero } from '../vocabulary';
import { logsOf, weigh } from './tsallis';

/** The sums of s and s d of the last row, d = dp - centre. */
let mass: f64 = 0,
  dot: f64 = 0;

/** x (y - a - b) c. */
@final
@unmanaged
class Projected {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const d = f32x4.sub(f32x4.sub(v128.load(y), a), b);
    return f32x4.add(f32x4.mul(f32x4.mul(v128.load(x), d), c), Constant.zero<f32>());
  }
}

/** The gradients of maxes in f32, with sums in f64. See src/js/max/project_single.ts. */
export abstract class Single {
  /** Where a row's greatest p is, the first one, in bytes. */
  static greatest(p: usize, n: i32): usize {
    const bytes = (<usize>n) << 2;
    let m0 = Constant.zero<f32>(),
      m1 = m0,
      i: usize = 0;
    for (; i + 32 <= bytes; i += 32) {
      m0 = i32x4.max_s(m0, f32x4.abs(v128.load(p + i)));
      m1 = i32x4.max_s(m1, f32x4.abs(v128.load(p + i, 16)));
    }
    for (; i < bytes; i += 16) m0 = i32x4.max_s(m0, v128.and(f32x4.abs(v128.load(p + i)), Lane.upTo<f32>(bytes - i)));
    m0 = i32x4.max_s(m0, m1);
    m0 = i32x4.max_s(m0, Four.others(m0));
    m0 = i32x4.max_s(m0, v128.shuffle<i32>(m0, m0, 1, 0, 3, 2));
    for (i = 0; !v128.any_true(v128.or(Single.equal(p + i, m0), Single.equal(p + i + 16, m0))); i += 32);
    if (!v128.any_true(Single.equal(p + i, m0))) i += 16;
    return i + ((<usize>ctz(i32x4.bitmask(Single.equal(p + i, m0)))) << 2);
  }

  @inline static equal(p: usize, magnitude: v128): v128 {
    return i32x4.eq(f32x4.abs(v128.load(p)), magnitude);
  }

  /** 4 x (y - centre) */
  @inline static product(s: v128, dp: usize, centre: v128): v128 {
    return f32x4.mul(s, f32x4.mul(f32x4.sub(v128.load(dp), centre), Single.quadruple()));
  }

  static quadruple(): v128 {
    return Lane.splat<f32>(memory.data<f32>([4]));
  }

  static add(s: usize, dp: usize, n: i32, at: f32): void {
    const bytes = (<usize>n) << 2,
      bulk = bytes & ~63,
      centre = f32x4.splat(at);
    let m = Constant.zero<f64>(),
      d = m,
      i: usize = 0;
    for (; i < bulk; i += 64) {
      const s0 = v128.load(s + i),
        s1 = v128.load(s + i, 16),
        s2 = v128.load(s + i, 32),
        s3 = v128.load(s + i, 48);
      m = f64x2.add(m, Lane.wide<f32>(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))));
      d = f64x2.add(
        d,
        Lane.wide<f32>(
          f32x4.add(
            f32x4.add(Single.product(s0, dp + i, centre), Single.product(s1, dp + i + 16, centre)),
            f32x4.add(Single.product(s2, dp + i + 32, centre), Single.product(s3, dp + i + 48, centre)),
          ),
        ),
      );
    }
    for (; i < bytes; i += 16) {
      const inRow = Lane.upTo<f32>(bytes - i),
        w = v128.and(v128.load(s + i), inRow),
        v = v128.and(Single.product(w, dp + i, centre), inRow);
      m = f64x2.add(f64x2.add(m, f64x2.promote_low_f32x4(w)), f64x2.promote_low_f32x4(Four.others(w)));
      d = f64x2.add(f64x2.add(d, f64x2.promote_low_f32x4(v)), f64x2.promote_low_f32x4(Four.others(v)));
    }
    mass = Lane.sum(m);
    dot = Lane.sum(d) / 4;
  }

  /** A row in f64. See src/js/max/project_single.ts. */
  static inDoubles(s: usize, u: usize, dp: usize, dst: usize, n: i32, centre: f64, by: f64, slopes: bool): void {
    const bytes = (<usize>n) << 2;
    let mass: f64 = 0,
      dot: f64 = 0,
      total: f64 = 0;
    for (let i: usize = 0; i < bytes; i += 4) {
      const w = <f64>load<f32>(s + i);
      if (w == 0) continue;
      mass += w;
      dot += w * (<f64>load<f32>(dp + i) - centre);
    }
    if (mass == 0 || mass != mass || by == 0) {
      Row.fill<f32>(dst, slopes ? 1 : n, mass == mass ? Constant.zero<f32>() : Constant.nan<f32>());
      return;
    }
    const mean = dot / mass;
    for (let i: usize = 0; i < bytes; i += 4) {
      const w = <f64>load<f32>(u + i),
        term = w == 0 ? 0 : w * (<f64>load<f32>(dp + i) - centre - mean);
      if (slopes) total += term;
      else store<f32>(dst + i, <f32>(term / by));
    }
    if (slopes) store<f32>(dst, <f32>(0 - total / by));
  }

  /** -alpha (alpha - 1) times the Tsallis entropy of a row, or twice that. See src/js/max/project_single.ts. */
  static inner(p: usize, n: i32, alpha: f64): f64 {
    const bytes = (<usize>n) << 2,
      bulk = bytes & ~15,
      whole = alpha == 2;
    let total = f64x2.splat(0);
    if (whole) for (let i: usize = 0; i < bulk; i += 16) total = f64x2.add(total, Single.squares(v128.load(p + i)));
    else for (let i: usize = 0; i < bulk; i += 16) total = f64x2.add(total, Single.roots(v128.load(p + i)));
    if (bulk < bytes) {
      const v = v128.and(v128.load(p + bulk), Lane.upTo<f32>(bytes - bulk));
      total = f64x2.add(total, whole ? Single.squares(v) : Single.roots(v));
    }
    return Lane.sum(total);
  }

  /** p (p - 1) of four elements, two sums; NaN below 0. */
  @inline static squares(p: v128): v128 {
    const v = v128.or(p, f32x4.lt(p, Constant.zero<f32>()));
    return f64x2.add(Single.square(f64x2.promote_low_f32x4(v)), Single.square(f64x2.promote_low_f32x4(Four.others(v))));
  }

  /** r (3 p - r^2) - 2 p of four elements. */
  @inline static roots(v: v128): v128 {
    const r = f32x4.sqrt(v);
    return f64x2.add(
      Single.root(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(r)),
      Single.root(f64x2.promote_low_f32x4(Four.others(v)), f64x2.promote_low_f32x4(Four.others(r))),
    );
  }

  /** p (p - 1) */
  @inline static square(p: v128): v128 {
    return f64x2.sub(f64x2.mul(p, p), p);
  }

  /** r (3 p - r^2) - 2 p */
  @inline static root(p: v128, r: v128): v128 {
    const twice = f64x2.add(p, p);
    return f64x2.sub(f64x2.mul(r, f64x2.sub(f64x2.add(twice, p), f64x2.mul(r, r))), twice);
  }

  /** The products of rows at their outputs p, or the derivatives by T if `slopes`. */
  static rows(
    p: usize,
    dp: usize,
    dst: usize,
    rows: i32,
    n: i32,
    temperature: f32,
    alpha: f64,
    slopes: bool,
    scratch: usize,
  ): void {
    const width = (<usize>n) << 2,
      ordinary = temperature > <f32>c.LEAST_SCALE && temperature < <f32>c.GREATEST_SCALE,
      by = <f64>temperature * (slopes && alpha != 1 ? alpha - 1 : 1),
      perT = f32x4.splat(1 / temperature);
    for (let r = 0; r < rows; r++) {
      const s = weigh<f32>(p, scratch, n, 2 - alpha, 1),
        centre = load<f32>(dp + Single.greatest(p, n));
      let u = slopes ? p : s;
      if (slopes && alpha == 1) {
        u = logsOf<f32>(p, scratch, r, rows, n);
        Row.each<f32, TimesOrZero>(p, u, u, n);
      }
      Single.add(s, dp, n, centre);
      const mean = dot / mass;
      let finite = ordinary && isFinite(mass + mean);
      if (finite && slopes) {
        Single.add(u, dp, n, centre);
        const slope = (mean * mass - dot) / by;
        store<f32>(dst, <f32>slope);
        finite = isFinite(slope);
      } else if (finite) {
        const at = <f32>(<f64>centre + mean),
          rest = f32x4.splat(<f32>(mean + (<f64>centre - <f64>at)));
        Row.map<f32, Projected>(s, dp, dst, n, f32x4.splat(at), rest, perT);
      }
      if (!finite) Single.inDoubles(s, u, dp, dst, n, centre, by, slopes);
      p += width;
      dp += width;
      dst += slopes ? 4 : width;
    }
  }
}
