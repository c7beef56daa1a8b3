import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';

/** dp - centre, both times `scale`, a power of two. */
function shifted(dp: number, centre: number, scale: number): number {
  return round(round(dp * scale) - centre);
}

/**
 * dst = s (dp - centre - mean) / T with the mean of dp - centre under s; whether no sum overflowed. The mean is rounded,
 * and what it left over is taken off as well, so that a row sums to 0.
 */
function centred(
  s: number,
  dp: number,
  dst: number,
  n: number,
  sum: number,
  centre: number,
  scale: number,
  factor: number,
): boolean {
  for (let i = 0; i < n; i++) {
    const w = heap[s + i]!;
    heap[dst + i] = w === 0 ? 0 : w * shifted(heap[dp + i]!, centre, scale);
  }
  const mean = round(Row.sum(dst, n) / sum);
  for (let i = 0; i < n; i++) {
    const w = heap[s + i]!;
    heap[dst + i] = w === 0 ? 0 : w * round(shifted(heap[dp + i]!, centre, scale) - mean);
  }
  const rest = round(Row.sum(dst, n) / sum);
  for (let i = 0; i < n; i++) {
    const w = heap[s + i]!,
      d = round(round(shifted(heap[dp + i]!, centre, scale) - mean) - rest);
    heap[dst + i] = w === 0 ? 0 : round(w * d) * factor;
  }
  return rest - rest === 0;
}

/**
 * dst = (s dp - s (s.dp) / sum s) / T for a row: the vector-Jacobian product of a max with weights s, p^(2 - alpha) on
 * the support. 0 where s is, and at T = 0; a NaN row for a NaN in s. dst is apart from s and dp.
 *
 * The mean is that of dp - centre, centre its value where the weight is greatest: there dp - mean would cancel. Where a
 * difference or a sum overflows, once more with dp / 2^40; there, and for a T of which 1 / T loses digits, by division.
 */
export function row(s: number, dp: number, dst: number, n: number, temperature: number): void {
  const sum = Row.sum(s, n);
  if (sum !== sum || temperature === 0) {
    heap.fill(sum === sum ? 0 : NaN, dst, dst + n);
    return;
  }
  const centre = heap[dp + Argmax.index(s, Row.max(s, n))]!;
  const ordinary = temperature > c.LEAST_SCALE && temperature < c.GREATEST_SCALE;
  let scale = 1;
  if (centred(s, dp, dst, n, sum, centre, 1, ordinary ? round(1 / temperature) : 1)) {
    if (ordinary) return;
  } else {
    scale = c.SMALLER;
    centred(s, dp, dst, n, sum, round(centre * scale), scale, 1);
  }
  for (let i = 0; i < n; i++) heap[dst + i] = round(heap[dst + i]! / temperature) * (1 / scale);
}

/** The vector-Jacobian product at the output p, row by row, from the weights. `scratch`: room for a row. */
export function vjp(
  weight: (p: number) => number,
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const s = scratch / BYTES;
  for (let r = 0, x = p / BYTES, d = dp / BYTES, y = dst / BYTES; r < rows; r++, x += n, d += n, y += n) {
    for (let i = 0; i < n; i++) heap[s + i] = weight(heap[x + i]!);
    row(s, d, y, n, temperature);
  }
}
