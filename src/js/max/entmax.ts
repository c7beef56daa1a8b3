import * as c from '../../shared/constants.ts';
import { doubles } from '../lane.ts';
import * as Double from '../math/double.ts';
import * as Maxes from './maxes.ts';
import * as Sparse from './sparse.ts';

/** (1 + x)^(1 / d) as exp(log1p(x) / d), 0 where x <= -1; d = alpha - 1. */
function power(x: number, alpha: number): number {
  return x > -1 ? Double.exp(Double.log1p(x) / (alpha - 1)) : 0;
}

/**
 * p = (1 + d (z - m))+^(1 / d) with sum 1: [(alpha - 1) z - t]+^(1 / (alpha - 1)) with t = d m - 1, in the form that goes
 * over to softmax as d -> 0 and loses nothing there (Peters, Niculae and Martins 2019).
 *
 * alpha <= 2: Newton's iteration from m = 0 on the norm of the bases, which is convex, so that it comes from the left.
 * Above, where p is steep at 0, in a bracket: a step that leaves it is replaced by its middle.
 */
function threshold(z: number, end: number, alpha: number): number {
  const d = alpha - 1;
  let m = 0,
    low = 0,
    high = -Double.expm1(-d * Double.log(end - z)) / d;
  for (let step = 0; step < c.ENTMAX_STEPS; step++) {
    const s = [0, 0, 0, 0],
      w = [0, 0, 0, 0];
    for (let p = z; p < end; p++) {
      const x = d * (doubles[p]! - m),
        y = power(x, alpha),
        lane = (p - z) % 4;
      s[lane]! += y;
      if (y > 0) w[lane]! += y / (1 + x);
    }
    const sum = s[0]! + s[2]! + (s[1]! + s[3]!),
      weights = w[0]! + w[2]! + (w[1]! + w[3]!);
    let next: number;
    if (d <= 1) {
      next = m - (sum * Double.expm1(-d * Double.log(sum))) / (d * weights);
      if (!(next > m)) return m;
    } else {
      if (sum > 1) low = m;
      else high = m;
      next = m + (sum - 1) / weights;
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (next === low || next === high) return next;
    }
    m = next;
  }
  return m;
}

const Entmax = /* @__PURE__ */ Sparse.sparse({
  threshold,
  of: (z, m, alpha) => power((alpha - 1) * (z - m), alpha),
});

/** dst = entmax(src / T) of an alpha > 1, row by row. `scratch`: room for n + 8 f64. */
export function entmax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
  alpha: number,
): void {
  Maxes.forward(Entmax, src, dst, rows, n, temperature, scratch, alpha);
}
