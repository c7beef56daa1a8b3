import { byAlpha, least, vjp as supportVjp } from '../double.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import * as Row from '../row.ts';
import * as Project from './project.ts';
import * as Single from './project_single.ts';
import { slope, weigh } from './tsallis.ts';

/** The p of a row that are not 0 at `to`, their dp at `and`, in f64, one behind the other; returns how many. */
function gather(p: number, dp: number, n: number, to: number, and: number): number {
  let k = 0;
  for (let i = 0; i < n; i++) {
    const v = heap[p + i]!;
    if (v === 0) continue;
    doubles[to + k] = v;
    doubles[and + k++] = heap[dp + i]!;
  }
  return k;
}

/** dst = the vector-Jacobian product of entmax at its output p, for any alpha >= 1. `scratch`: room for five rows. */
export function entmax_vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  const to = scratch / 8,
    d = to + n + 1,
    y = d + n + 1;
  for (let r = 0; r < rows; r++) {
    const x = p / BYTES + r * n,
      at = dst / BYTES + r * n,
      k = gather(x, dp / BYTES + r * n, n, to, d);
    if (k > 0 && !supportVjp(to, d, y, k, temperature, alpha, y + n + 1)) {
      heap.fill(NaN, at, at + n);
      continue;
    }
    for (let i = 0, j = y; i < n; i++) heap[at + i] = heap[x + i] === 0 ? 0 : doubles[j++]!;
  }
}

/** dst_r = the derivative by alpha of row r at its output p, times dp. `scratch`: room for six rows. */
export function entmax_vjp_alpha(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  alpha: number,
  scratch: number,
): void {
  const to = scratch / 8,
    d = to + n + 1;
  for (let r = 0; r < rows; r++) {
    const k = gather(p / BYTES + r * n, dp / BYTES + r * n, n, to, d);
    heap[dst / BYTES + r] = byAlpha(to, d, k, alpha, d + n + 1);
  }
}

/**
 * dst_r = the derivative by T of row r at its output p, times dp: -sum w dx, dx the vector-Jacobian product and
 * w = (p^(alpha-1) - 1) / (alpha - 1), log p at alpha = 1. Of w dx = u (dp - mean) / T, u is s w; from alpha = 1.5 on, where dx is
 * great where p is small, it is p / (alpha - 1): what is left out sums to 0. A T below 1 divides the sum, whose terms might overflow. For alpha > 2 the weights of the mean are
 * relative to the greatest. `scratch`: room for three rows.
 */
export function entmax_vjp_temperature(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  if (BYTES === 4) Single.rows(p, dp, dst, rows, n, temperature, alpha, true, scratch);
  else {
    const d = alpha - 1,
      linear = alpha >= 1.5,
      steep = alpha > 2,
      u = scratch / 8 + n;
    for (let r = 0; r < rows; r++) {
      const x = p / 8 + r * n,
        s = weigh(x, scratch / 8, n, 2 - alpha, steep ? least(x, n) : 1);
      if (!linear) {
        for (let i = 0; i < n; i++) heap[u + i] = heap[s + i] === 0 ? 0 : heap[s + i]! * slope(heap[x + i]!, d);
      }
      Project.row(steep ? s : x, s, linear ? x : u, dp / 8 + r * n, u + n, n, temperature && Math.max(temperature, 1));
      heap[dst / 8 + r] = (0 - Row.sum(u + n, n)) / (Math.min(temperature, 1) || 1) / (linear ? d : 1);
    }
  }
}
