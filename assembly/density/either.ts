import { Double } from '../math/double';

/** Values of f32 (`single`) or f64, to be computed with in f64: one body for both dtypes. */
export abstract class Either {
  @inline static load(p: usize, i: i32, single: bool): f64 {
    return single ? <f64>load<f32>(p + ((<usize>i) << 2)) : load<f64>(p + ((<usize>i) << 3));
  }

  @inline static store(p: usize, i: i32, value: f64, single: bool): void {
    if (single) store<f32>(p + ((<usize>i) << 2), <f32>value);
    else store<f64>(p + ((<usize>i) << 3), value);
  }

  /** Two values from the i-th on. */
  @inline static pair(p: usize, i: i32, single: bool): v128 {
    return single ? Double.load<f32>(p + ((<usize>i) << 2)) : Double.load<f64>(p + ((<usize>i) << 3));
  }

  /** v as values from the i-th on, one of them if no more are left. */
  @inline static put(p: usize, i: i32, v: v128, left: i32, single: bool): void {
    if (left < 2) Either.store(p, i, f64x2.extract_lane(v, 0), single);
    else if (single) v128.store64_lane(p + ((<usize>i) << 2), f32x4.demote_f64x2_zero(v), 0);
    else v128.store(p + ((<usize>i) << 3), v);
  }
}
