import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';
import * as Single from './project_single.ts';
import { weigh } from './tsallis.ts';

/** The sum of x y, 0 where x is. `terms`: room for a row. */
export function dot(x: number, y: number, terms: number, n: number): number {
  const values = heap;
  for (let i = 0; i < n; i++) values[terms + i] = values[x + i] === 0 ? 0 : values[x + i]! * values[y + i]!;
  return Row.sum(terms, n);
}

/** dst = s (dp scale - centre - mean - rest) factor, 0 where s is; returns its sum. Scales are powers of two. */
function pass(
  s: number,
  dp: number,
  dst: number,
  n: number,
  scale: number,
  centre: number,
  mean: number,
  rest: number,
  factor: number,
): number {
  const values = heap;
  for (let i = 0; i < n; i++) {
    const w = values[s + i]!;
    values[dst + i] = w === 0 ? 0 : w * (values[dp + i]! * scale - centre - mean - rest) * factor;
  }
  return Row.sum(dst, n);
}

/**
 * dst = u (dp - centre - mean) factor with the mean of dp - centre under s, whose sum is given, and dp times `scale`, as centre
 * is; returns its sum. What rounding takes from the mean is taken off as well, so that at u = s a row sums to 0.
 */
function centred(
  s: number,
  u: number,
  dp: number,
  dst: number,
  n: number,
  sum: number,
  centre: number,
  scale: number,
  factor: number,
): number {
  const mean = pass(s, dp, dst, n, scale, centre, 0, 0, 1) / sum,
    rest = pass(s, dp, dst, n, scale, centre, mean, 0, 1) / sum;
  return pass(u, dp, dst, n, scale, centre, mean, rest, factor);
}

/**
 * dst = u (dp - s.dp / sum s) / T for a row, in f64: at u = s the vector-Jacobian product of a max with weights s, p^(2 - alpha) on
 * the support of its output p. 0 where u is, and at T = 0; NaN for a NaN in s. dst is apart from the others.
 *
 * The mean is that of dp - centre, centre its value where `top` is greatest: there dp - mean would cancel. Where a
 * difference or a sum overflows, once more with dp / 2^40; there, and for a T of which 1 / T loses digits, by division.
 */
export function row(top: number, s: number, u: number, dp: number, dst: number, n: number, temperature: number): void {
  const sum = Row.sum(s, n);
  if (sum !== sum || temperature === 0) {
    heap.fill(sum === sum ? 0 : NaN, dst, dst + n);
    return;
  }
  const centre = heap[dp + Argmax.index(top, Row.max(top, n))]!,
    ordinary = temperature > c.LEAST_SCALE && temperature < c.GREATEST_SCALE;
  let scale = 1;
  const total = centred(s, u, dp, dst, n, sum, centre, 1, ordinary ? 1 / temperature : 1);
  if (total - total === 0) {
    if (ordinary) return;
  } else {
    scale = c.SMALLER;
    centred(s, u, dp, dst, n, sum, centre * scale, scale, 1);
  }
  for (let i = 0; i < n; i++) heap[dst + i] = (heap[dst + i]! / temperature) * (1 / scale);
}

/**
 * The vector-Jacobian product at the output p of the max of an alpha of 1, 1.5 or 2, row by row. `scratch`: room for a row, which
 * alpha = 1 does not take.
 */
export function vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  if (BYTES === 4) Single.rows(p, dp, dst, rows, n, temperature, alpha, false, scratch);
  else {
    for (let x = p / 8, end = x + rows * n, d = dp / 8, y = dst / 8; x < end; x += n, d += n, y += n) {
      const s = weigh(x, scratch / 8, n, 2 - alpha, 1);
      row(x, s, s, d, y, n, temperature);
    }
  }
}
