import * as c from '../../src/shared/constants';
import { Lane } from '../lane';

/** For each bit mask of four lanes, the bytes that move the lanes set to the front. */
const FRONT: usize = memory.data<u8>(
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
const F32: usize = memory.data<f32>([0, 1]);
const F64: usize = memory.data<f64>([0, 1, 0.5]);

/**
 * What the maxes with finite support share. A row's candidates are its elements x >= least, a superset of the support;
 * their z = (x - max) / T, rounded in T, are gathered in f64. See src/js/max/sparse.ts.
 */
export abstract class Sparse {
  @inline static zero<T>(): v128 {
    return Lane.constant<T>(F32, F64, 0);
  }

  @inline static one<T>(): v128 {
    return Lane.constant<T>(F32, F64, 1);
  }

  @inline static half(): v128 {
    return v128.load64_splat(F64 + 16);
  }

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
        for (; i < end; i += 16) v128.store(dst + i, Sparse.zero<T>());
      } else {
        for (; i < end; i += 16)
          Lane.storeUpTo<T>(dst + i, Sparse.of<T, M>(Sparse.z<T>(x + i, max, t), tau, a), bytes - i);
      }
    }
  }

  @inline static of<T, M>(z: v128, threshold: v128, alpha: v128): v128 {
    const m = changetype<M>(0);
    if (sizeof<T>() == 8) return m.of(z, threshold, alpha);
    const low = f64x2.promote_low_f32x4(z),
      high = f64x2.promote_low_f32x4(v128.shuffle<i32>(z, z, 2, 3, 0, 1));
    return v128.shuffle<i64>(
      f32x4.demote_f64x2_zero(m.of(low, threshold, alpha)),
      f32x4.demote_f64x2_zero(m.of(high, threshold, alpha)),
      0,
      2,
    );
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
}
