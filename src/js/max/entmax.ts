import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import * as Double from '../math/double.ts';
import * as Row from '../row.ts';
import { singleOf } from './entmax_single.ts';
import { Steep } from './entmax_steep.ts';
import * as Maxes from './maxes.ts';
import * as Rescale from './rescale.ts';
import * as Sparse from './sparse.ts';

/** (1 + x)^(1 / d) as exp(log1p(x) / d), 0 where x <= -1. */
function power(x: number, d: number): number {
  return x > -1 ? Double.exp(Double.log1p(x) / d) : 0;
}

/**
 * alpha-entmax (Peters, Niculae and Martins 2019), 1 < alpha <= 2, d = alpha - 1: p = P (1 + d z / P^d)+^(1 / d), with P the greatest
 * p, is exact for a P of any size, and goes over to softmax as d -> 0. Newton's iteration for P^d, from 1, on the norm of the bases,
 * which is convex, so that it comes from the right. Returns d / P^d; P itself is what makes the sum 1.
 */
function threshold(z: number, end: number, alpha: number): number {
  const d = alpha - 1;
  let root = 1;
  for (let step = 0; step < c.ENTMAX_STEPS; step++) {
    const slope = d / root,
      s = [0, 0, 0, 0],
      w = [0, 0, 0, 0];
    for (let p = z; p < end; p++) {
      const x = doubles[p]! * slope,
        y = power(x, d),
        lane = (p - z) % 4;
      s[lane]! += y;
      if (y > 0) w[lane]! += y / (1 + x);
    }
    const sum = Sparse.total(s),
      next = root - (sum * (root - Double.pow(sum, -d))) / Sparse.total(w);
    if (!(next < root)) break;
    root = next;
  }
  return d / root;
}

const of = (z: number, slope: number, alpha: number): number => power(z * slope, alpha - 1);

const Candidates = /* @__PURE__ */ Sparse.sparse({ threshold, of });

const Entmax: Maxes.Max = {
  ...Candidates,
  row(x, dst, n, max, temperature, scratch, alpha) {
    Candidates.row(x, dst, n, max, temperature, scratch, alpha);
    const scale = 1 / Row.sum(dst, n);
    for (let i = 0; i < n; i++) heap[dst + i]! *= scale;
  },
};

/** dst = entmax(src / T) of an alpha > 1, row by row. `scratch`: room for a row of n + 8 f64. */
export function entmax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  let m = Steep;
  if (alpha <= 2) m = Rescale.of(BYTES === 8 ? Entmax : singleOf(alpha));
  Maxes.forward(m, src, dst, rows, n, temperature, scratch, alpha);
}
