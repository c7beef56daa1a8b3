import * as c from '../../shared/constants.ts';
import { doubles, heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import * as Row from '../row.ts';
import type * as Maxes from './maxes.ts';
import * as Sparse from './sparse.ts';

/** (d z)+^(1 / d), z = (x - v) / T: the p of a class whose score is so far above that of a class v with p = 0. */
function above(z: number, d: number): number {
  const u = d * z;
  return u > 0 ? Double.pow(u, 1 / d) : 0;
}

/** The d-norm of (a, r), and the part of r^d in its d-th power. */
function norm(a: number, r: number, d: number): [p: number, part: number] {
  const greater = a < r ? r : a,
    less = a < r ? a : r;
  const w = Double.exp(d * Double.log(less / greater));
  return [greater * Double.exp(Double.log1p(w) / d), (a < r ? 1 : w) / (1 + w)];
}

/** The candidates from `from` to `to` between low and high, of which the one in the middle of their list is next. */
function between(from: number, to: number, low: number, high: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (doubles[i]! > low && doubles[i]! < high) count++;
  let rank = count >> 1;
  for (let i = from; i < to; i++) if (doubles[i]! > low && doubles[i]! < high && rank-- === 0) return doubles[i]!;
  return high;
}

/**
 * The least score in the support: a class is in it if those above, with p = 0 for the class itself, sum to less than 1.
 * The least candidate is tried first: often all are in it.
 */
function leastOf(from: number, to: number, max: number, temperature: number, d: number): number {
  let low = -Infinity,
    high = max,
    v = max;
  for (let i = from; i < to; i++) if (doubles[i]! > low && doubles[i]! < v) v = doubles[i]!;
  while (v < high) {
    const sums = [0, 0, 0, 0];
    for (let i = from; i < to; i++) sums[(i - from) & 3]! += above((doubles[i]! - v) / temperature, d);
    if (Sparse.total(sums) < 1) high = v;
    else low = v;
    v = between(from, to, low, high);
  }
  return high;
}

/** The least positive p, by Newton's iteration from 1 / k, over the a of the k classes of the support; others are -1. */
function solve(from: number, to: number, d: number): number {
  let k = 0;
  for (let i = from; i < to; i++) if (doubles[i]! >= 0) k++;
  let r = 1 / k;
  for (let step = 0; step < c.ENTMAX_STEPS; step++) {
    const sums = [0, 0, 0, 0],
      slopes = [0, 0, 0, 0];
    for (let i = from; i < to; i++) {
      const a = doubles[i]!;
      if (!(a >= 0)) continue;
      const [p, part] = norm(a, r, d);
      sums[(i - from) & 3]! += p;
      slopes[(i - from) & 3]! += (p * part) / r;
    }
    const excess = Sparse.total(sums) - 1,
      next = r - excess / Sparse.total(slopes);
    if (!(next < r)) return r;
    if (!(next > c.LEAST_NORMAL_F64)) return c.LEAST_NORMAL_F64;
    r = next;
    if (excess < c.ENTMAX_EXCESS_F64) return r;
  }
  return r;
}

/**
 * alpha-entmax of an alpha > 2, where p is steep at 0: the least positive p, r, is what is solved for. With d = alpha - 1
 * and a_i = (d (z_i - z_least))^(1 / d), the differences of scores taken exactly,
 *
 *     p_i = (a_i^d + r^d)^(1 / d),
 *
 * a sum of what is not negative, at every alpha; its derivative by r is (r / p_i)^(d - 1), so that a small p has no error
 * that is not small beside the greatest. sum p is convex in r, and at least 1 at r = 1 / k, k the size of the support: Newton's
 * iteration comes from the right. The sum of the row is divided by at the end.
 */
export const Steep: Maxes.Max = {
  hot: 1,
  cold: 0,
  row(x, dst, n, max, temperature, scratch, alpha) {
    const d = alpha - 1,
      from = scratch / 8;
    // the scores themselves are gathered
    const to = Sparse.gather(x, from, n, 0, 1, Sparse.least(n, max, round(1 / d), temperature));
    const least = leastOf(from, to, max, temperature, d);
    for (let i = from; i < to; i++) {
      const v = doubles[i]!;
      doubles[i] = v < least ? -1 : above((v - least) / temperature, d);
    }
    const r = solve(from, to, d);
    for (let i = 0; i < n; i++) {
      const z = round(round(heap[x + i]! - least) / temperature); // -0 for what is below by less than T can tell
      heap[dst + i] = z < 0 ? 0 : norm(above(z, d), r, d)[0];
    }
    const scale = round(1 / Row.sum(dst, n));
    for (let i = 0; i < n; i++) heap[dst + i] = heap[dst + i]! * scale;
  },
};
