import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { log } from '../math/log';
import { Row } from '../row';
import { TimesOrZero } from '../vocabulary';
import { Argmax } from './argmax';
import { weigh } from './tsallis';

/** f64 pairs: the sums of s and s d, d = dp - centre, and as many more; the last s and dp of a row. */
const SUMS: usize = memory.data(96, 16);
const MORE: usize = SUMS + 32,
  LAST: usize = SUMS + 64;

/** y, 0 where x is. */
@final
@unmanaged
class Kept {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.and(v128.load(y), f32x4.ne(v128.load(x), Constant.zero<f32>()));
  }
}

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
  /** Adds to the sums at `to` the pairs at i = 0, step, ... < end, each with the one at i + other. */
  static add(s: usize, dp: usize, end: usize, step: usize, other: usize, centre: v128, to: usize): void {
    let mass = v128.load(to),
      dot = v128.load(to, 16);
    for (let i: usize = 0; i < end; i += step) {
      const j = i + other,
        s0 = Four.pair(s + i),
        s1 = Four.pair(s + j),
        t0 = f64x2.mul(s0, f64x2.sub(Four.pair(dp + i), centre)),
        t1 = f64x2.mul(s1, f64x2.sub(Four.pair(dp + j), centre));
      mass = f64x2.add(mass, f64x2.add(s0, s1));
      dot = f64x2.add(dot, f64x2.add(t0, t1));
    }
    v128.store(to, mass);
    v128.store(to, dot, 16);
  }

  /** The sums begin anew. */
  @inline static clear(): void {
    for (let i: usize = 0; i < 64; i += 16) v128.store(SUMS + i, Constant.zero<f32>());
  }

  /** The sums of a row, in both lanes. */
  static ofRow(s: usize, dp: usize, n: i32, centre: v128): void {
    const bytes = (<usize>n) << 2,
      bulk = bytes & ~15;
    Single.clear();
    Single.add(s, dp, bulk, 16, 8, centre, SUMS);
    if (bulk < bytes) {
      const mask = Lane.upTo<f32>(bytes - bulk);
      v128.store(LAST, v128.and(v128.load(s + bulk), mask));
      v128.store(LAST, v128.and(v128.load(dp + bulk), mask), 16);
      Single.add(LAST, LAST + 16, 16, 16, 8, centre, SUMS);
    }
    v128.store(SUMS, Lane.total(v128.load(SUMS)));
    v128.store(SUMS, Lane.total(v128.load(SUMS, 16)), 16);
  }

  /** Those of two of four rows side by side. */
  static ofPair(s: usize, dp: usize, size: usize, centre: v128): void {
    Single.clear();
    Single.add(s, dp, size, 64, 32, centre, SUMS);
    Single.add(s + 16, dp + 16, size, 64, 32, centre, MORE);
    v128.store(SUMS, f64x2.add(v128.load(SUMS), v128.load(MORE)));
    v128.store(SUMS, f64x2.add(v128.load(SUMS, 16), v128.load(MORE, 16)), 16);
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

  /** The mean of d under s, from those sums. */
  @inline static mean(): v128 {
    return f64x2.div(v128.load(SUMS, 16), v128.load(SUMS));
  }

  /** -sum u (d - mean) / by, from the sums of u. */
  @inline static slope(mean: v128, by: v128): v128 {
    return f64x2.div(f64x2.sub(f64x2.mul(mean, v128.load(SUMS)), v128.load(SUMS, 16)), by);
  }

  /** dst = s (dp - at - rest) factor; whether all of it is finite. */
  static project(s: usize, dp: usize, dst: usize, n: i32, at: v128, rest: v128, factor: f32): bool {
    Row.map<f32, Projected>(s, dp, dst, n, at, rest, f32x4.splat(factor));
    const bytes = (<usize>n) << 2;
    let odd = Constant.zero<f32>();
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = v128.load(dst + i);
      odd = v128.or(odd, v128.and(f32x4.sub(v, v), Lane.upTo<f32>(bytes - i)));
    }
    return !v128.any_true(odd);
  }

  /**
   * Places the dp of four rows behind their p, which are side by side at `at` with their greatest `max`; returns the dp where p is
   * greatest. What follows the p is 0 then.
   */
  static beside(dp: usize, at: usize, n: i32, max: v128): v128 {
    const row = (<usize>n) << 2,
      size = (<usize>Four.vectors(n)) << 4,
      d = at + size,
      zero = Constant.zero<f32>();
    Four.transpose(dp, row, 16, d, 16, 64, size >> 6, d + size);
    let centre = zero,
      found = zero;
    for (let i: usize = 0; i < size; i += 16) {
      const now = v128.andnot(f32x4.eq(v128.load(at + i), max), found);
      found = v128.or(found, now);
      centre = v128.or(centre, v128.and(v128.load(d + i), now));
      if (i >= row << 2) v128.store(at + i, zero);
    }
    return centre;
  }

  /** u of the derivative by T: p log p at alpha = 1, p itself beyond. */
  static slopesOf(p: usize, u: usize, n: i32, alpha: f64): usize {
    if (alpha != 1) return p;
    log<f32>(p, u, n);
    Row.each<f32, TimesOrZero>(p, u, u, n);
    return u;
  }

  /** Four short rows, in the bits of `row`; false, and nothing done, if one of them is special. */
  static four(
    p: usize,
    dp: usize,
    dst: usize,
    n: i32,
    temperature: f32,
    alpha: f64,
    slopes: bool,
    scratch: usize,
  ): bool {
    const count = Four.vectors(n) << 2,
      size = (<usize>count) << 2,
      d = scratch + size,
      max = Four.open(p, scratch, n);
    if (!Four.finite(max)) return false;
    const centre = Single.beside(dp, scratch, n, max),
      s = weigh<f32>(scratch, d + size, count, 2 - alpha, 1),
      u = slopes ? Single.slopesOf(scratch, d + 2 * size, count, alpha) : 0,
      c0 = f64x2.promote_low_f32x4(centre),
      c1 = f64x2.promote_low_f32x4(Four.others(centre));
    Single.ofPair(s, d, size, c0);
    const m0 = Single.mean();
    Single.ofPair(s + 8, d + 8, size, c1);
    const m1 = Single.mean();
    // a difference of what is finite is 0
    if (v128.any_true(v128.or(f64x2.sub(m0, m0), f64x2.sub(m1, m1)))) return false;
    if (slopes) {
      Single.ofPair(u, d, size, c0);
      const by = f64x2.splat(<f64>temperature * (alpha == 1 ? 1 : alpha - 1)),
        low = Single.slope(m0, by);
      Single.ofPair(u + 8, d + 8, size, c1);
      v128.store(dst, Four.singles(low, Single.slope(m1, by)));
      return true;
    }
    const at = Four.singles(f64x2.add(c0, m0), f64x2.add(c1, m1)),
      r0 = f64x2.add(m0, f64x2.sub(c0, f64x2.promote_low_f32x4(at))),
      r1 = f64x2.add(m1, f64x2.sub(c1, f64x2.promote_low_f32x4(Four.others(at))));
    if (!Single.project(s, d, d, count, at, Four.singles(r0, r1), 1 / temperature)) return false;
    Four.close(d, dst, n);
    return true;
  }

  static row(
    p: usize,
    dp: usize,
    dst: usize,
    n: i32,
    temperature: f32,
    alpha: f64,
    slopes: bool,
    ordinary: bool,
    scratch: usize,
  ): void {
    const bytes = (<usize>n) << 2,
      s = weigh<f32>(p, scratch, n, 2 - alpha, 1),
      u = slopes ? Single.slopesOf(p, scratch + bytes, n, alpha) : 0,
      centre = <f64>load<f32>(dp + ((<usize>Argmax.index<f32>(p, Row.top<f32>(p, n))) << 2)),
      t = <f64>temperature;
    const c = f64x2.splat(centre),
      by = f64x2.splat(t * (alpha == 1 ? 1 : alpha - 1));
    Single.ofRow(s, dp, n, c);
    const finite = isFinite(f64x2.extract_lane(Single.mean(), 0));
    if (!finite) {
      // once more without what has no weight
      const kept = slopes ? scratch + 2 * bytes : dst;
      Row.each<f32, Kept>(s, dp, kept, n);
      dp = kept;
      Single.ofRow(s, dp, n, c);
    }
    const mass = load<f64>(SUMS),
      means = Single.mean();
    if (mass == 0 || mass != mass || t == 0) {
      Row.fill<f32>(dst, slopes ? 1 : n, mass == mass ? Constant.zero<f32>() : Constant.nan<f32>());
    } else if (slopes) {
      Single.ofRow(u, dp, n, c);
      store<f32>(dst, <f32>f64x2.extract_lane(Single.slope(means, by), 0));
    } else {
      const mean = f64x2.extract_lane(means, 0),
        at = <f32>(centre + mean),
        rest = f32x4.splat(<f32>(mean + (centre - <f64>at)));
      if (finite && ordinary && Single.project(s, dp, dst, n, f32x4.splat(at), rest, 1 / temperature)) return;
      for (let i: usize = 0; i < bytes; i += 4) {
        const w = <f64>load<f32>(s + i);
        store<f32>(dst + i, w == 0 ? 0 : <f32>((w * (<f64>load<f32>(dp + i) - centre - mean)) / t));
      }
    }
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
      fours = Four.takes(n) && ordinary ? rows & ~3 : 0;
    for (let r = 0; r < rows;) {
      let some: usize = 1;
      if (r < fours && (r & 3) == 0 && Single.four(p, dp, dst, n, temperature, alpha, slopes, scratch)) some = 4;
      else Single.row(p, dp, dst, n, temperature, alpha, slopes, ordinary, scratch);
      r += <i32>some;
      p += some * width;
      dp += some * width;
      dst += some * (slopes ? 4 : width);
    }
  }
}
