import { Constant } from './constant';
import { SHORT_ROW } from './shared';
import { Lane } from './lane';

/**
 * Four short rows of f32 side by side, a row a lane: nothing goes across the lanes of a vector, and a loop that ends at the
 * same step for all four. Vector i at p holds the i-th elements; up to a multiple of four vectors, -Infinity follows. To
 * a pass of `Row` they are one row of 4 x vectors(n) elements whose constants differ from lane to lane. A row has the same
 * bits here as alone.
 */
export abstract class Four {
  /** Whether rows of n are taken four at a time. */
  @inline static takes(n: i32): bool {
    return n <= SHORT_ROW;
  }

  @inline static vectors(n: i32): i32 {
    return (n + 3) & ~3;
  }

  /**
   * Transposes `blocks` of four vectors, the last one first: those of a block are `from` and `to` bytes apart, the blocks
   * themselves `step` and `stride`. Nothing is written from `end` on.
   */
  static transpose(
    src: usize,
    from: usize,
    step: usize,
    dst: usize,
    to: usize,
    stride: usize,
    blocks: usize,
    end: usize,
  ): void {
    src += blocks * step;
    dst += blocks * stride;
    while (blocks-- > 0) {
      src -= step;
      dst -= stride;
      const a = v128.load(src),
        b = v128.load(src + from),
        c = v128.load(src + 2 * from),
        d = v128.load(src + 3 * from);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5),
        cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5),
        ba = v128.shuffle<i32>(a, b, 2, 6, 3, 7),
        dc = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(dst, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(dst + to, v128.shuffle<i64>(ab, cd, 1, 3));
      v128.store(dst + 2 * to, v128.shuffle<i64>(ba, dc, 0, 2));
      Lane.storeUpTo<f32>(dst + 3 * to, v128.shuffle<i64>(ba, dc, 1, 3), end - dst - 3 * to);
    }
  }

  /** Places the four rows at src side by side at p; returns the maximum of each, as Row.max. */
  static open(src: usize, p: usize, n: i32): v128 {
    const low = Constant.minusInfinity<f32>(),
      row = (<usize>n) << 2,
      end = p + (row << 2),
      stop = p + ((<usize>Four.vectors(n)) << 4);
    Four.transpose(src, row, 16, p, 16, 64, (stop - p) >> 6, stop);
    let max = low,
      nan = Constant.zero<f32>();
    for (; p < end; p += 16) {
      const v = v128.load(p);
      max = f32x4.pmax(max, v);
      nan = v128.or(nan, f32x4.ne(v, v));
    }
    for (; p < stop; p += 16) v128.store(p, low);
    return f32x4.add(v128.or(max, nan), Constant.zero<f32>());
  }

  /** The four rows back to dst. What a row's last vector holds beyond it goes before the next row's first. */
  static close(p: usize, dst: usize, n: i32): void {
    // a row of one would be written over what is behind the four
    if (n == 1) {
      v128.store(dst, v128.load(p));
      return;
    }
    const row = (<usize>n) << 2;
    Four.transpose(p, 16, 64, dst, row, 16, (<usize>Four.vectors(n)) >> 2, dst + (row << 2));
  }

  @inline static finite(max: v128): bool {
    return i32x4.all_true(f32x4.lt(f32x4.abs(max), Constant.infinity<f32>()));
  }

  /** An element of two of the rows in f64: the first two at p, the others at p + 8. */
  @inline static pair(p: usize): v128 {
    return f64x2.promote_low_f32x4(v128.load64_zero(p));
  }

  /** Values of two rows and of the two others, rounded to f32. */
  @inline static singles(low: v128, high: v128): v128 {
    return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  }

  /** The last two lanes first: of values of four rows those of the two others. */
  @inline static others(v: v128): v128 {
    return v128.shuffle<i32>(v, v, 2, 3, 0, 1);
  }

  /** The vectors at p to e, with -Infinity in the place of each row's first element equal to `max`. */
  static without(p: usize, e: usize, vectors: i32, max: v128): void {
    const low = Constant.minusInfinity<f32>();
    let found = Constant.zero<f32>();
    for (const end = p + ((<usize>vectors) << 4); p < end; p += 16, e += 16) {
      const v = v128.load(p),
        now = v128.andnot(f32x4.eq(v, max), found);
      found = v128.or(found, now);
      v128.store(e, f32x4.add(v, v128.and(now, low)));
    }
  }

  /** At `sums`: groups of 16 vectors added up to four each, in f32, as a group of a row is. */
  static addUp(p: usize, vectors: i32, sums: usize): void {
    const end = p + ((<usize>vectors) << 4);
    for (; p < end; p += 256) {
      for (let q = p; q < p + 64; q += 16, sums += 16) {
        let rest = Constant.zero<f32>(),
          first = rest;
        if (q < end) first = v128.load(q);
        if (q + 64 < end) first = f32x4.add(first, v128.load(q, 64));
        if (q + 128 < end) rest = v128.load(q, 128);
        if (q + 192 < end) rest = f32x4.add(rest, v128.load(q, 192));
        v128.store(sums, f32x4.add(first, rest));
      }
    }
  }

  /** The sums of two rows of n in f64, as Row.sum, from what addUp gave. */
  static sum(sums: usize, n: i32): v128 {
    const end = sums + (((<usize>n + 15) >> 4) << 6);
    let s0 = Constant.zero<f32>(),
      s1 = s0;
    for (; sums < end; sums += 64) {
      s0 = f64x2.add(s0, f64x2.add(Four.pair(sums), Four.pair(sums + 32)));
      s1 = f64x2.add(s1, f64x2.add(Four.pair(sums + 16), Four.pair(sums + 48)));
    }
    return f64x2.add(s0, s1);
  }

  /** The vectors mapped in place, by an `Op` as Row has them. */
  @inline static map<Op>(p: usize, n: i32, a: v128, b: v128 = a, c: v128 = a): void {
    const end = p + ((<usize>n) << 4);
    for (; p < end; p += 16) v128.store(p, changetype<Op>(0).map<f32>(p, p, a, b, c));
  }
}
