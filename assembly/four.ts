import { SHORT_ROW } from './shared';
import { Lane } from './lane';

const F32: usize = memory.data<f32>([-Infinity, 0, Infinity]);
const NEGATIVE_INFINITY: usize = 0,
  ZERO: usize = 1,
  INFINITE: usize = 2;

/**
 * Four short rows of f32 side by side, a row a lane: nothing goes across the lanes of a vector, and a loop that ends at the
 * same step for all four. Vector i at p holds the i-th elements; up to a multiple of four vectors, -Infinity follows. To
 * a pass of `Row` they are one row of 4 x vectors(n) elements whose constants differ from lane to lane. A row has the same
 * bits here as alone.
 */
export abstract class Four {
  /** Whether rows of n are taken four at a time. A row of one would be written over what is behind the four. */
  @inline static takes(n: i32): bool {
    return n > 1 && n <= SHORT_ROW;
  }

  @inline static vectors(n: i32): i32 {
    return (n + 3) & ~3;
  }

  @inline static constant(i: usize): v128 {
    return v128.load32_splat(F32 + (i << 2));
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
    const low = Four.constant(NEGATIVE_INFINITY),
      row = (<usize>n) << 2,
      end = p + (row << 2),
      stop = p + ((<usize>Four.vectors(n)) << 4);
    Four.transpose(src, row, 16, p, 16, 64, (stop - p) >> 6, stop);
    let max = low,
      nan = Four.constant(ZERO);
    for (; p < end; p += 16) {
      const v = v128.load(p);
      max = f32x4.pmax(max, v);
      nan = v128.or(nan, f32x4.ne(v, v));
    }
    for (; p < stop; p += 16) v128.store(p, low);
    return f32x4.add(v128.or(max, nan), Four.constant(ZERO));
  }

  /** The four rows back to dst. What a row's last vector holds beyond it goes before the next row's first. */
  static close(p: usize, dst: usize, n: i32): void {
    const row = (<usize>n) << 2;
    Four.transpose(p, 16, 64, dst, row, 16, (<usize>Four.vectors(n)) >> 2, dst + (row << 2));
  }

  @inline static finite(max: v128): bool {
    return i32x4.all_true(f32x4.lt(f32x4.abs(max), Four.constant(INFINITE)));
  }

  /** An element of two of the rows in f64: the first two at p, the others at p + 8. */
  @inline static pair(p: usize): v128 {
    return f64x2.promote_low_f32x4(v128.load64_zero(p));
  }

  /** Values of two rows and of the two others, rounded to f32. */
  @inline static singles(low: v128, high: v128): v128 {
    return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  }

  /** The sums of two rows in f64, as Row.sum; the padding is 0. */
  static sum(p: usize, n: i32): v128 {
    const end = p + ((<usize>n) << 4);
    let s0 = Four.constant(ZERO),
      s1 = s0;
    for (; p < end; p += 64) {
      s0 = f64x2.add(s0, f64x2.add(Four.pair(p), Four.pair(p + 32)));
      s1 = f64x2.add(s1, f64x2.add(Four.pair(p + 16), Four.pair(p + 48)));
    }
    return f64x2.add(s0, s1);
  }

  /** The vectors mapped in place, by an `Op` as Row has them. */
  @inline static map<Op>(p: usize, n: i32, a: v128, b: v128 = a, c: v128 = a): void {
    const end = p + ((<usize>n) << 4);
    for (; p < end; p += 16) v128.store(p, changetype<Op>(0).map<f32>(p, p, a, b, c));
  }
}
