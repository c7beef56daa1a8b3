import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Simplex } from './maxes';
import { Rescale } from './rescale';

/** For each bit mask of four lanes, the bytes that move the lanes set to the front. */
export const FRONT: usize = memory.data<u8>(
  [
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2,
    3, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128, 8, 9, 10, 11, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 0, 1, 2, 3, 8, 9, 10, 11, 128, 128, 128, 128, 128, 128, 128, 128, 4, 5, 6, 7, 8, 9, 10, 11, 128, 128,
    128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 128, 128, 128, 128, 12, 13, 14, 15, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128,
    128, 4, 5, 6, 7, 12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15,
    128, 128, 128, 128, 8, 9, 10, 11, 12, 13, 14, 15, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 8, 9, 10, 11,
    12, 13, 14, 15, 128, 128, 128, 128, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5,
    6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  ],
  16,
);

/**
 * What the maxes with finite support share. A row's candidates are its elements x >= least, a superset of the support;
 * their z = (x - max) / T, rounded in T, are gathered in f64. See src/js/max/sparse.ts.
 */
export abstract class Sparse {
  /** The bound `least` of the candidates: below max - reach T by more than all roundings; short rows take every element. */
  @inline static least<T>(n: i32, max: T, reach: T, temperature: T): T {
    if (n <= c.SHORT_ROW) return -Infinity;
    return max - reach * temperature * <T>(sizeof<T>() == 4 ? c.MARGIN_F32 : c.MARGIN_F64);
  }

  @inline static z<T>(p: usize, max: v128, t: v128): v128 {
    return v128.div<T>(v128.sub<T>(v128.load(p), max), t);
  }

  /** Whether one of the 4 vectors at p holds a candidate. */
  @inline static any<T>(p: usize, least: v128): bool {
    const a = v128.or(v128.ge<T>(v128.load(p), least), v128.ge<T>(v128.load(p, 16), least));
    const b = v128.or(v128.ge<T>(v128.load(p, 32), least), v128.ge<T>(v128.load(p, 48), least));
    return v128.any_true(v128.or(a, b));
  }

  /** Appends the candidates of the vector at p, of which `mask` tells the lanes that count, at `to`; returns its new end. */
  @inline static append<T>(p: usize, to: usize, mask: v128, max: v128, t: v128, least: v128): usize {
    const lanes = Lane.bitmask<T>(v128.and(v128.ge<T>(v128.load(p), least), mask));
    const z = Sparse.z<T>(p, max, t);
    if (sizeof<T>() == 4) {
      const front = i8x16.swizzle(z, v128.load(FRONT + ((<usize>lanes) << 4)));
      v128.store(to, f64x2.promote_low_f32x4(front));
      v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<i32>(front, front, 2, 3, 0, 1)), 16);
    } else {
      v128.store(to, lanes == 2 ? v128.shuffle<i64>(z, z, 1, 0) : z);
    }
    return to + ((<usize>popcnt(lanes)) << 3);
  }

  /** The candidates' z at `to`, padded with -Infinity to a multiple of four; returns the end of the padding. */
  static gather<T>(src: usize, to: usize, n: i32, max: v128, temperature: T, least: T): usize {
    const t = v128.splat<T>(temperature),
      bound = v128.splat<T>(least);
    const bulk = Lane.bulk<T>(n),
      bytes = (<usize>n) << alignof<T>();
    const start = to;
    let i: usize = 0;
    for (; i < bulk; i += 64) {
      if (!Sparse.any<T>(src + i, bound)) continue;
      for (let j: usize = 0; j < 64; j += 16) {
        const p = src + i + j;
        to = Sparse.append<T>(p, to, v128.eq<T>(bound, bound), max, t, bound);
      }
    }
    for (; i < bytes; i += 16) to = Sparse.append<T>(src + i, to, Lane.upTo<T>(bytes - i), max, t, bound);
    const end = start + ((to - start + 31) & ~31);
    for (; to < end; to += 8) store<f64>(to, -Infinity);
    return end;
  }

  /** dst = the max of each element, rounded once, from its z and the row's threshold; groups without candidates are 0. */
  @inline static write<T, M>(
    x: usize,
    dst: usize,
    n: i32,
    max: v128,
    temperature: T,
    least: T,
    threshold: f64,
    alpha: f64,
  ): void {
    const t = v128.splat<T>(temperature),
      bound = v128.splat<T>(least);
    const tau = f64x2.splat(threshold),
      a = f64x2.splat(alpha);
    const bulk = Lane.bulk<T>(n),
      bytes = (<usize>n) << alignof<T>();
    let i: usize = 0;
    while (i < bytes) {
      const end = i < bulk ? i + 64 : bytes;
      if (i < bulk && !Sparse.any<T>(x + i, bound)) {
        for (; i < end; i += 16) v128.store(dst + i, Constant.zero<T>());
      } else {
        for (; i < end; i += 16)
          Lane.storeUpTo<T>(dst + i, Sparse.of<T, M>(Sparse.z<T>(x + i, max, t), tau, tau, a), bytes - i);
      }
    }
  }

  /** p of a vector: of f32, the first two lanes by the threshold `low`, the others by `high`. */
  @inline static of<T, M>(z: v128, low: v128, high: v128, alpha: v128): v128 {
    const m = changetype<M>(0);
    if (sizeof<T>() == 8) return m.of(z, low, alpha);
    const z0 = f64x2.promote_low_f32x4(z),
      z1 = f64x2.promote_low_f32x4(v128.shuffle<i32>(z, z, 2, 3, 0, 1));
    return Four.singles(m.of(z0, low, alpha), m.of(z1, high, alpha));
  }

  /**
   * The threshold by Newton's iteration from t = -1, which comes from the left: over the candidates, `first` and `second`
   * are the terms of two sums, and `next` is the step from them.
   */
  static newton<M>(z: usize, end: usize): f64 {
    const m = changetype<M>(0);
    let t = Constant.minusOne<f64>(),
      last = t;
    while (true) {
      let s0 = Constant.zero<f64>(),
        s1 = s0,
        q0 = s0,
        q1 = s0;
      for (let p = z; p < end; p += 32) {
        const z0 = v128.load(p),
          z1 = v128.load(p, 16);
        s0 = f64x2.add(s0, m.first(z0, t));
        s1 = f64x2.add(s1, m.first(z1, t));
        q0 = f64x2.add(q0, m.second(z0, t));
        q1 = f64x2.add(q1, m.second(z1, t));
      }
      const q = Lane.total(f64x2.add(q0, q1));
      if (m.settled(q, last)) return f64x2.extract_lane(t, 0);
      const next = m.next(t, Lane.total(f64x2.add(s0, s1)), q);
      if (!v128.any_true(f64x2.gt(next, t))) return f64x2.extract_lane(t, 0);
      t = next;
      last = q;
    }
  }

  /** The next t of two of four rows side by side. Element i goes to the same partial sum i mod 4. */
  static next<M>(z: usize, n: i32, t: v128): v128 {
    const m = changetype<M>(0),
      end = z + ((<usize>n) << 4);
    let s0 = Constant.zero<f64>(),
      s1 = s0,
      s2 = s0,
      s3 = s0,
      q0 = s0,
      q1 = s0,
      q2 = s0,
      q3 = s0;
    for (let p = z; p < end; p += 64) {
      const z0 = Four.pair(p),
        z1 = Four.pair(p + 16),
        z2 = Four.pair(p + 32),
        z3 = Four.pair(p + 48);
      s0 = f64x2.add(s0, m.first(z0, t));
      s1 = f64x2.add(s1, m.first(z1, t));
      s2 = f64x2.add(s2, m.first(z2, t));
      s3 = f64x2.add(s3, m.first(z3, t));
      q0 = f64x2.add(q0, m.second(z0, t));
      q1 = f64x2.add(q1, m.second(z1, t));
      q2 = f64x2.add(q2, m.second(z2, t));
      q3 = f64x2.add(q3, m.second(z3, t));
    }
    const s = f64x2.add(f64x2.add(s0, s2), f64x2.add(s1, s3)),
      q = f64x2.add(f64x2.add(q0, q2), f64x2.add(q1, q3));
    return f64x2.pmax(t, m.next(t, s, q));
  }

  /**
   * A max with finite support, row by row. `M` is a class without fields: `threshold` solves sum p = 1 over the
   * candidates, `of` is p(z, threshold, alpha) in f64, and the support lies in z > -1 / (alpha - 1).
   */
  @inline static row<T, M>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    const least = Sparse.least<T>(n, v128.extract_lane<T>(max, 0), <T>(1 / (alpha - 1)), temperature);
    const end = Sparse.gather<T>(x, scratch, n, max, temperature, least);
    const threshold = changetype<M>(0).threshold(scratch, end, alpha);
    Sparse.write<T, M>(x, dst, n, max, temperature, least, threshold, alpha);
  }

  /** The same for four rows side by side at p: a row that has its threshold keeps it while the others go on. */
  @inline static four<M>(p: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const t = f32x4.splat(temperature),
      a = f64x2.splat(alpha);
    const vectors = Four.vectors(n),
      bytes = (<usize>vectors) << 4;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(p + i, Sparse.z<f32>(p + i, max, t));
    let low = Constant.minusOne<f64>(),
      high = low;
    while (true) {
      const nextLow = Sparse.next<M>(p, vectors, low),
        nextHigh = Sparse.next<M>(p + 8, vectors, high);
      if (!v128.any_true(v128.or(f64x2.gt(nextLow, low), f64x2.gt(nextHigh, high)))) break;
      low = nextLow;
      high = nextHigh;
    }
    for (let i: usize = 0; i < bytes; i += 16) v128.store(p + i, Sparse.of<f32, M>(v128.load(p + i), low, high, a));
  }
}

/**
 * A max with finite support whose threshold is Newton's: `M` is a class without fields that has `of` and the terms and the
 * step of `Sparse.newton`.
 */
@unmanaged
export class FiniteSupport<M> extends Simplex {
  @inline of(z: v128, threshold: v128, alpha: v128): v128 {
    return changetype<M>(0).of(z, threshold, alpha);
  }

  @inline threshold(z: usize, end: usize, alpha: f64): f64 {
    return Sparse.newton<M>(z, end);
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    if (Rescale.takes<T>(temperature)) {
      x = Rescale.row<T>(x, dst, n, max, temperature);
      max = Constant.zero<T>();
      temperature = Rescale.temperature<T>(temperature);
    }
    Sparse.row<T, FiniteSupport<M>>(x, dst, n, max, temperature, scratch, alpha);
  }

  @inline four(p: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    Sparse.four<M>(p, n, max, temperature, alpha);
  }
}
