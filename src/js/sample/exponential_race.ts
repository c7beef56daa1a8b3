import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import * as Argmax from '../max/argmax.ts';
import { exponential } from '../random/exponential.ts';
import * as Row from '../row.ts';

/**
 * dst_r = argmin of E / weight over row r, E Exp(1) noise: a class in proportion to the weights, without a logarithm of
 * them. They are divided by their maximum first; 0, also -0, is masked. -1 for a row with a negative or NaN weight, or without one
 * above 0; the first +Infinity if there is one. `scratch`: room for rows n values.
 */
export function exponential_race(
  weights: number,
  dst: number,
  rows: number,
  n: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  exponential(scratch, rows * n, first, k0, k1, words);
  for (let r = 0, x = weights / BYTES, y = scratch / BYTES; r < rows; r++, x += n, y += n) {
    const max = Row.max(x, n),
      scale = max - max === 0 ? max : 1;
    for (let i = 0; i < n; i++) {
      const w = heap[x + i]!;
      heap[y + i] = w < 0 ? NaN : -(heap[y + i]! / round(Math.abs(w / scale)));
    }
    const soonest = Row.max(y, n);
    let index = -1;
    if (max > 0 && soonest === soonest) index = max < Infinity ? Argmax.index(y, soonest) : Argmax.index(x, max);
    integers[dst / 4 + r] = index;
  }
}
