import * as c from '../shared';
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
 * dst = `draws` times argmin of E / weight over each row, E Exp(1) noise; -1 for a row with a negative or NaN weight, or
 * without one above 0; the first +Infinity if there is one. `scratch`: room for rows n values, and for RACE_ELEMENTS. See
 * src/js/sample/exponential_race.ts.
 */
export function exponential_race<T>(
  weights: usize,
  dst: usize,
  rows: i32,
  n: i32,
  draws: i32,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
  words: usize,
): void {
  const row = (<usize>n) << alignof<T>(),
    atOnce = max(rows, c.RACE_ELEMENTS / n),
    total = rows * draws;
  for (let from = 0; from < total; from += atOnce) {
    const count = min(atOnce, total - from);
    exponential<T>(scratch, count * n, first + <f64>from * <f64>n, k0, k1, words);
    for (let j = 0, y = scratch; j < count; j++, y += row) {
      const x = weights + <usize>((from + j) / draws) * row,
        most = Row.max<T>(x, n),
        top = v128.extract_lane<T>(most, 0);
      Row.each<T, Arrival>(x, y, y, n, v128.splat<T>(isFinite<T>(top) ? top : 1));
      const soonest = Row.max<T>(y, n);
      let index = -1;
      if (top > 0 && !v128.any_true(v128.ne<T>(soonest, soonest))) {
        index = top < <T>Infinity ? Argmax.index<T>(y, soonest) : Argmax.index<T>(x, most);
      }
      store<i32>(dst, index);
      dst += 4;
    }
  }
}
