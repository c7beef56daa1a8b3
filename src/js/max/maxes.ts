import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
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
 * - n = 1: all mass on that element.
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
    if (n === 1) {
      heap[y] = max - max + m.hot;
    } else if (max - max !== 0) {
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
