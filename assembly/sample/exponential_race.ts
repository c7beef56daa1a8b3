import { Lane } from '../lane';
import { Argmax } from '../max/argmax';
import { exponential } from '../random/exponential';
import { Row } from '../row';

const F32: usize = memory.data<f32>([0, NaN]);
const F64: usize = memory.data<f64>([0, NaN]);

/** -E / (w / max), NaN for a negative w. x: w, y: E, a = max. */
@final
@unmanaged
class Arrival {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const w = v128.load(x);
    // a weight of -0 is 0
    const time = v128.div<T>(v128.load(y), v128.abs<T>(v128.div<T>(w, a)));
    return Lane.select(v128.lt<T>(w, Lane.constant<T>(F32, F64, 0)), Lane.constant<T>(F32, F64, 1), v128.neg<T>(time));
  }
}

/**
 * dst_r = argmin of E / weight over row r, E Exp(1) noise; -1 for a row with a negative or NaN weight, or without one
 * above 0; the first +Infinity if there is one. `scratch`: room for rows n values. See src/js/sample/exponential_race.ts.
 */
export function exponential_race<T>(
  weights: usize,
  dst: usize,
  rows: i32,
  n: i32,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
  words: usize,
): void {
  exponential<T>(scratch, rows * n, first, k0, k1, words);
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(weights, n),
      top = v128.extract_lane<T>(max, 0);
    Row.each<T, Arrival>(weights, scratch, scratch, n, v128.splat<T>(isFinite<T>(top) ? top : 1));
    const soonest = Row.max<T>(scratch, n);
    let index = -1;
    if (top > 0 && !v128.any_true(v128.ne<T>(soonest, soonest))) {
      index = top < <T>Infinity ? Argmax.index<T>(scratch, soonest) : Argmax.index<T>(weights, max);
    }
    store<i32>(dst, index);
    weights += (<usize>n) << alignof<T>();
    scratch += (<usize>n) << alignof<T>();
    dst += 4;
  }
}
