import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import * as Argmax from '../max/argmax.ts';
import { exponential } from '../random/exponential.ts';
import * as Row from '../row.ts';

/**
 * dst = `draws` times argmin of E / weight over each row, E Exp(1) noise: a class in proportion to the weights, without a logarithm of
 * them. They are divided by their maximum first; 0, also -0, is masked. -1 for a row with a negative or NaN weight, or without one
 * above 0; the first +Infinity if there is one. Draw j = row draws + d has the noise of elements j n to j n + n, `first` that
 * of draw 0 here. `scratch`: room for rows n values, and for RACE_ELEMENTS.
 */
export function exponential_race(
  weights: number,
  dst: number,
  rows: number,
  n: number,
  draws: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  const atOnce = Math.max(rows, Math.floor(c.RACE_ELEMENTS / n));
  for (let from = 0; from < rows * draws; from += atOnce) {
    const end = Math.min(from + atOnce, rows * draws);
    exponential(scratch, (end - from) * n, first + from * n, k0, k1, words);
    for (let j = from, y = scratch / BYTES; j < end; j++, y += n) {
      const x = weights / BYTES + Math.floor(j / draws) * n,
        max = Row.max(x, n),
        scale = max - max === 0 ? max : 1;
      for (let i = 0; i < n; i++) {
        const w = heap[x + i]!;
        heap[y + i] = w < 0 ? NaN : -(heap[y + i]! / round(Math.abs(w / scale)));
      }
      const soonest = Row.max(y, n);
      let index = -1;
      if (max > 0 && soonest === soonest) index = max < Infinity ? Argmax.index(y, soonest) : Argmax.index(x, max);
      integers[dst / 4 + j] = index;
    }
  }
}
