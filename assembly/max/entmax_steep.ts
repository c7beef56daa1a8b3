import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Row } from '../row';
import { Scaled } from '../vocabulary';
import { Exponentials } from './exponentials';
import { Simplex } from './maxes';
import { Sparse } from './sparse';

/** alpha-entmax of an alpha > 2, by the least positive p, r. See src/js/max/entmax_steep.ts. */
@final
@unmanaged
export class Steep extends Simplex {
  /** (d z)+^(1 / d). */
  static above(z: v128, d: v128): v128 {
    const u = f64x2.pmax(Constant.zero<f64>(), f64x2.mul(d, z));
    return Double.pow(u, f64x2.div(Constant.one<f64>(), d));
  }

  /** w = (lesser / greater)^d of (a, r). */
  @inline static ratio(a: v128, r: v128, d: v128): v128 {
    return Double.exp(f64x2.mul(d, Double.log(f64x2.div(f64x2.pmin(a, r), f64x2.pmax(a, r)))));
  }

  /** The d-norm of (a, r), of their w. */
  @inline static norm(a: v128, r: v128, d: v128, w: v128): v128 {
    return f64x2.mul(f64x2.pmax(a, r), Double.exp(f64x2.div(Double.log1p(w), d)));
  }

  /** p, 0 below the least. */
  @inline of(z: v128, r: v128, alpha: v128): v128 {
    const d = f64x2.sub(alpha, Constant.one<f64>()),
      a = Steep.above(z, d);
    return v128.and(Steep.norm(a, r, d, Steep.ratio(a, r, d)), f64x2.ge(z, Constant.zero<f64>()));
  }

  /** The middle one in the list of the candidates between low and high; high if there is none. */
  static between(z: usize, end: usize, low: f64, high: f64): f64 {
    let count = 0;
    for (let p = z; p < end; p += 8) if (load<f64>(p) > low && load<f64>(p) < high) count++;
    let rank = count >> 1;
    for (let p = z; p < end; p += 8) {
      const v = load<f64>(p);
      if (v > low && v < high && rank-- == 0) return v;
    }
    return high;
  }

  /** The least score in the support. */
  static least(z: usize, end: usize, max: f64, temperature: f64, d: f64): f64 {
    const slope = f64x2.splat(d),
      t = f64x2.splat(temperature);
    let low = -Infinity,
      high = max,
      v = max;
    for (let p = z; p < end; p += 8) if (load<f64>(p) > low && load<f64>(p) < v) v = load<f64>(p);
    while (v < high) {
      const at = f64x2.splat(v);
      let s0 = Constant.zero<f64>(),
        s1 = s0;
      for (let p = z; p < end; p += 32) {
        s0 = f64x2.add(s0, Steep.above(f64x2.div(f64x2.sub(v128.load(p), at), t), slope));
        s1 = f64x2.add(s1, Steep.above(f64x2.div(f64x2.sub(v128.load(p, 16), at), t), slope));
      }
      if (Lane.sum(f64x2.add(s0, s1)) < 1) high = v;
      else low = v;
      v = Steep.between(z, end, low, high);
    }
    return high;
  }

  /** The scores become their a, or -1 below the least; returns how many are in the support. */
  static support(z: usize, end: usize, least: f64, temperature: f64, d: f64): i32 {
    const slope = f64x2.splat(d),
      t = f64x2.splat(temperature),
      at = f64x2.splat(least);
    let count = 0;
    for (let p = z; p < end; p += 16) {
      const v = v128.load(p),
        out = f64x2.lt(v, at);
      v128.store(p, Lane.select(out, Constant.minusOne<f64>(), Steep.above(f64x2.div(f64x2.sub(v, at), t), slope)));
      count += 2 - popcnt(i64x2.bitmask(out));
    }
    return count;
  }

  /** The least positive p. */
  static solve(z: usize, end: usize, k: i32, d: f64): f64 {
    const slope = f64x2.splat(d),
      zero = Constant.zero<f64>(),
      one = Constant.one<f64>();
    let r: f64 = 1 / <f64>k;
    for (let step = 0; step < c.ENTMAX_STEPS; step++) {
      const at = f64x2.splat(r);
      let s0 = zero,
        s1 = zero,
        w0 = zero,
        w1 = zero;
      for (let p = z; p < end; p += 16) {
        const a = v128.load(p),
          inside = f64x2.ge(a, zero),
          w = Steep.ratio(a, at, slope),
          norm = v128.and(Steep.norm(a, at, slope, w), inside),
          part = f64x2.div(Lane.select(f64x2.lt(a, at), one, w), f64x2.add(one, w));
        const s = f64x2.add(s0, norm),
          q = f64x2.add(w0, v128.and(f64x2.div(f64x2.mul(norm, part), at), inside));
        s0 = s1;
        s1 = s;
        w0 = w1;
        w1 = q;
      }
      const excess = Lane.sum(f64x2.add(s0, s1)) - 1,
        next = r - excess / Lane.sum(f64x2.add(w0, w1));
      if (!(next < r)) return r;
      if (!(next > c.LEAST_NORMAL_F64)) return c.LEAST_NORMAL_F64;
      r = next;
      if (excess < c.ENTMAX_EXCESS_F64) return r;
    }
    return r;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    const d = alpha - 1,
      top = v128.extract_lane<T>(max, 0);
    const end = Sparse.gather<T>(
      x,
      scratch,
      n,
      Constant.zero<T>(),
      1,
      Sparse.least<T>(n, top, <T>(1 / d), temperature),
    );
    const least = Steep.least(scratch, end, top, temperature, d);
    const r = Steep.solve(scratch, end, Steep.support(scratch, end, least, temperature, d), d);
    const bottom = <T>least;
    Sparse.write<T, Steep>(x, dst, n, v128.splat<T>(bottom), temperature, bottom, r, alpha);
    Row.each<T, Scaled>(dst, dst, dst, n, v128.splat<T>(<T>(1 / Exponentials.add<T>(dst, n))));
  }
}
