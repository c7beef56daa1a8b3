import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';

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
  const values = heap,
    whole = scale === 1,
    known = mean !== 0 || rest !== 0;
  for (let i = 0; i < n; i++) {
    const w = values[s + i]!,
      v = values[dp + i]!,
      d = round((whole ? v : round(v * scale)) - centre),
      e = known ? round(round(d - mean) - rest) : d;
    values[dst + i] = w === 0 ? 0 : round(w * e) * factor;
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
  const whole = pass(s, dp, dst, n, scale, centre, 0, 0, 1) / sum,
    mean = round(whole);
  const rest = BYTES === 4 ? round(whole - mean) : pass(s, dp, dst, n, scale, centre, mean, 0, 1) / sum;
  return pass(u, dp, dst, n, scale, centre, mean, rest, factor);
}

/** The element of dp where that of p is greatest. */
function centreOf(p: number, dp: number, n: number): number {
  return heap[dp + Argmax.index(p, Row.max(p, n))]!;
}

/**
 * dst = (s dp - s (s.dp) / sum s) / T for a row: the vector-Jacobian product of a max with weights s, p^(2 - alpha) on
 * the support of its output p. 0 where s is, and at T = 0; false, and a NaN row, for a NaN in s. dst is apart from s and dp.
 *
 * The mean is that of dp - centre, centre its value where p is greatest: there dp - mean would cancel. Where a
 * difference or a sum overflows, once more with dp / 2^40; there, and for a T of which 1 / T loses digits, by division.
 */
export function row(p: number, s: number, dp: number, dst: number, n: number, temperature: number): boolean {
  const sum = Row.sum(s, n);
  if (sum !== sum || temperature === 0) {
    heap.fill(sum === sum ? 0 : NaN, dst, dst + n);
    return sum === sum;
  }
  const centre = centreOf(p, dp, n),
    ordinary = temperature > c.LEAST_SCALE && temperature < c.GREATEST_SCALE;
  let scale = 1;
  const total = centred(s, s, dp, dst, n, sum, centre, 1, ordinary ? round(1 / temperature) : 1);
  if (total - total === 0) {
    if (ordinary) return true;
  } else {
    scale = c.SMALLER;
    centred(s, s, dp, dst, n, sum, round(centre * scale), scale, 1);
  }
  for (let i = 0; i < n; i++) heap[dst + i] = round(heap[dst + i]! / temperature) * (1 / scale);
  return true;
}

/**
 * -sum u (dp - mean) / T, the mean that under s, dp counted from where `top` is greatest: 0 at T = 0, NaN for a NaN in s.
 * `scratch`: room for a row.
 */
export function slope(
  top: number,
  s: number,
  u: number,
  dp: number,
  scratch: number,
  n: number,
  temperature: number,
): number {
  const sum = Row.sum(s, n);
  if (sum !== sum || temperature === 0) return sum === sum ? 0 : NaN;
  const centre = centreOf(top, dp, n),
    total = centred(s, u, dp, scratch, n, sum, centre, 1, 1);
  if (total - total === 0) return 0 - total / temperature;
  const scale = c.SMALLER;
  return 0 - centred(s, u, dp, scratch, n, sum, round(centre * scale), scale, 1) / temperature / scale;
}

/** The vector-Jacobian product at the output p, row by row, from the weights, p itself if not given. `scratch`: room for a row. */
export function vjp(
  weight: ((p: number) => number) | undefined,
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  for (let r = 0, x = p / BYTES, d = dp / BYTES, y = dst / BYTES; r < rows; r++, x += n, d += n, y += n) {
    let s = x;
    if (weight !== undefined) {
      s = scratch / BYTES;
      for (let i = 0; i < n; i++) heap[s + i] = weight(heap[x + i]!);
    }
    row(x, s, d, y, n, temperature);
  }
}
