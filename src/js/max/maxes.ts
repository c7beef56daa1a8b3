import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';

/** A max: its values at T = 0, and the max of a row with finite maximum at 0 < T < Infinity. */
export interface Max {
  readonly hot: number;
  readonly cold: number;
  row(x: number, dst: number, n: number, max: number, temperature: number, scratch: number, alpha: number): void;
}

/** dst = 0 for what is finite in the row, itself otherwise: (x - max x) / T at T = Infinity. */
function flatten(x: number, dst: number, n: number): void {
  for (let i = 0; i < n; i++) heap[dst + i] = heap[x + i] === -Infinity ? -Infinity : 0;
}

/**
 * What every max shares, row by row.
 *
 * - A NaN, a +Infinity or nothing but -Infinity in a row: a NaN row.
 * - T = 0: all mass on the first of the greatest elements.
 * - T = Infinity: the max of (x - max x) / T = 0 for every element that is not masked.
 */
export function forward(
  m: Max,
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
  alpha: number,
): void {
  for (let r = 0, x = src / BYTES, y = dst / BYTES; r < rows; r++, x += n, y += n) {
    const max = Row.max(x, n);
    if (max - max !== 0) {
      heap.fill(NaN, y, y + n);
    } else if (temperature === 0) {
      Argmax.place(y, n, Argmax.index(x, max), m.hot, m.cold);
    } else if (temperature === Infinity) {
      flatten(x, y, n);
      m.row(y, y, n, 0, 1, scratch, alpha);
    } else {
      m.row(x, y, n, max, temperature, scratch, alpha);
    }
  }
}

/**
 * dst = (s dp - s (s.dp) / sum s) / T for a row: the vector-Jacobian product of a max with weights s, p^(2 - alpha) on
 * the support. 0 where s is, and at T = 0; a NaN row for a NaN in s. dst is apart from s and dp.
 */
export function project(s: number, dp: number, dst: number, n: number, temperature: number): void {
  const sum = Row.sum(s, n);
  if (sum !== sum || temperature === 0) {
    heap.fill(sum === sum ? 0 : NaN, dst, dst + n);
    return;
  }
  for (let i = 0; i < n; i++) heap[dst + i] = heap[s + i] === 0 ? 0 : heap[s + i]! * heap[dp + i]!;
  const mean = round(Row.sum(dst, n) / sum);
  for (let i = 0; i < n; i++) {
    const w = heap[s + i]!;
    heap[dst + i] = w === 0 ? 0 : round(w * round(heap[dp + i]! - mean)) / temperature;
  }
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
    project(s, d, y, n, temperature);
  }
}
