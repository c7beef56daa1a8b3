import { Four } from '../four';
import { Lane } from '../lane';

/** Values of f32 (`single`) or f64, to be computed with in f64: one body for both dtypes. */
export abstract class Either {
  @inline static load(p: usize, single: bool): f64 {
    return single ? <f64>load<f32>(p) : load<f64>(p);
  }

  @inline static store(p: usize, value: f64, single: bool): void {
    if (single) store<f32>(p, <f32>value);
    else store<f64>(p, value);
  }

  /** A row as f64: whole vectors of f32. */
  static widen(src: usize, dst: usize, n: i32, single: bool): void {
    if (!single) {
      memory.copy(dst, src, (<usize>n) << 3);
      return;
    }
    const bytes = (<usize>n) << 2;
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(dst + 2 * i, Four.pair(src + i));
      v128.store(dst + 2 * i, Four.pair(src + i + 8), 16);
    }
  }

  /** A row back, and nothing beyond. */
  static narrow(src: usize, dst: usize, n: i32, single: bool): void {
    if (!single) {
      memory.copy(dst, src, (<usize>n) << 3);
      return;
    }
    const bytes = (<usize>n) << 2;
    for (let i: usize = 0; i < bytes; i += 16) {
      Lane.storeUpTo<f32>(dst + i, Four.singles(v128.load(src + 2 * i), v128.load(src + 2 * i, 16)), bytes - i);
    }
  }
}
