import { Lane } from '../lane';
import { Row } from '../row';

export abstract class Argmax {
  /** The first index of a row's greatest element `max` (see Row.max), or of its first NaN. */
  static index<T>(src: usize, max: v128): i32 {
    let p = src,
      found: v128;
    while (true) {
      const v = v128.load(p);
      found = v128.or(v128.eq<T>(v, max), v128.ne<T>(v, v));
      if (v128.any_true(found)) break;
      p += 16;
    }
    return <i32>((p - src) >> alignof<T>()) + ctz(Lane.bitmask<T>(found));
  }

  /** dst_r = 0, the draw from a row of one class, -1 where it cannot be drawn. */
  static alone<T>(src: usize, dst: usize, rows: i32): void {
    for (let r = 0; r < rows; r++) {
      store<i32>(dst, <i32>(load<T>(src) > <T>-Infinity) - 1);
      src += sizeof<T>();
      dst += 4;
    }
  }

  /** dst = `hot` at index `at` of a row and `cold` elsewhere. */
  static place<T>(dst: usize, n: i32, at: i32, hot: T, cold: T): void {
    Row.fill<T>(dst, n, v128.splat<T>(cold));
    store<T>(dst + ((<usize>at) << alignof<T>()), hot);
  }
}

/** dst_r = the index of row r's first greatest element, or first NaN. */
export function argmax<T>(src: usize, dst: usize, rows: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    store<i32>(dst, Argmax.index<T>(src, Row.max<T>(src, n)));
    src += (<usize>n) << alignof<T>();
    dst += 4;
  }
}

/** dst = the one-hot vector of argmax, row by row; a NaN row where a row has a NaN. */
export function hardmax<T>(src: usize, dst: usize, rows: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n);
    if (v128.any_true(v128.ne<T>(max, max))) Row.fill<T>(dst, n, max);
    else Argmax.place<T>(dst, n, Argmax.index<T>(src, max), 1, 0);
    src += (<usize>n) << alignof<T>();
    dst += (<usize>n) << alignof<T>();
  }
}

/** dst_r = how many elements of row r are above 0. */
export function support_size<T>(src: usize, dst: usize, rows: i32, n: i32): void {
  const bytes = (<usize>n) << alignof<T>(),
    zero = v128.splat<T>(0);
  for (let r = 0; r < rows; r++) {
    let count = 0;
    for (let i: usize = 0; i < bytes; i += 16) {
      const above = v128.and(v128.gt<T>(v128.load(src + i), zero), Lane.upTo<T>(bytes - i));
      count += popcnt(Lane.bitmask<T>(above));
    }
    store<i32>(dst, count);
    src += bytes;
    dst += 4;
  }
}

/** A row of dst is 0 where a NaN row comes of nothing but -Infinity in src. */
export function zero_empty<T>(src: usize, dst: usize, rows: i32, n: i32): void {
  const row = (<usize>n) << alignof<T>();
  for (let r = 0; r < rows; r++, src += row, dst += row) {
    if (load<T>(dst) == load<T>(dst)) continue;
    if (v128.extract_lane<T>(Row.max<T>(src, n), 0) == -Infinity) memory.fill(dst, 0, row);
  }
}
