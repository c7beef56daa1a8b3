import { Lane } from './lane';

/**
 * Passes over a row in f64, two elements at a time, whatever the dtype: for what is rounded once at the end. `Op` is a
 * class without fields whose `pair<T>(x, y, a, b)` gives the f64 results for the two elements at x and y from two
 * constants of the row. The mirror is src/js/pairs.ts.
 */
export abstract class Pairs {
  /** The sum of pair(x, y): element i goes to partial sum i mod 4. */
  @inline static sum<T, Op>(x: usize, y: usize, n: i32, a: v128, b: v128): f64 {
    const op = changetype<Op>(0);
    let s0 = f64x2.splat(0),
      s1 = s0;
    let i: usize = 0;
    for (let left = n; left > 0; left -= 2, i += 2 * sizeof<T>()) {
      const term = v128.and(op.pair<T>(x + i, y + i, a, b), Lane.upTo<f64>((<usize>left) << 3));
      const s = f64x2.add(s0, term);
      s0 = s1;
      s1 = s;
    }
    return Lane.sum(f64x2.add(s0, s1));
  }

  /** dst = pair(x, y), as values of R. */
  @inline static map<T, R, Op>(x: usize, y: usize, dst: usize, n: i32, a: v128, b: v128): void {
    const op = changetype<Op>(0);
    let i: usize = 0;
    for (let left = n; left > 0; left -= 2, i += 2 * sizeof<T>(), dst += 2 * sizeof<R>()) {
      const v = op.pair<T>(x + i, y + i, a, b);
      if (left > 1) Lane.storePair<R>(dst, v);
      else store<R>(dst, <R>f64x2.extract_lane(v, 0));
    }
  }
}
