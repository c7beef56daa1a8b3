import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round, words as bitsAt } from '../lane.ts';
import { drawOf } from '../random/exponential.ts';
import { bits } from '../random/uniform.ts';
import * as Row from '../row.ts';

/**
 * The first of a row, whose noise is that of `exponential` for the words at `s`; -1 where a weight is negative. E >= u of its word
 * bounds a time from below, and only a time that may beat the best so far is computed, with its logarithm.
 */
function soonest(x: number, s: number, n: number, max: number, element: number, k0: number, k1: number): number {
  const scale = max < Infinity ? max : 1;
  let best = Infinity,
    limit = Infinity,
    index = -1;
  for (let i = 0, word = s; i < n; i++, word += BYTES / 4) {
    const w = heap[x + i]!;
    if (w < 0) return -1;
    if (bitsAt[word]! > limit * w) continue;
    const time = round(drawOf(word, element + i, k0, k1) / round(Math.abs(w / scale)));
    if (!(time < best)) continue;
    best = time;
    index = i;
    // a little more than what roundings take, and never less where it underflows
    limit = (best * c.RACE_LIMIT) / scale + Number.MIN_VALUE;
  }
  return index;
}

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
    bits(scratch, ((end - from) * n * BYTES) / 4, ((first + from * n) * BYTES) / 4, k0, k1, words);
    for (let j = from, at = scratch / 4; j < end; j++, at += (n * BYTES) / 4) {
      const x = weights / BYTES + Math.floor(j / draws) * n,
        max = Row.max(x, n);
      integers[dst / 4 + j] = max > 0 ? soonest(x, at, n, max, first + j * n, k0, k1) : -1;
    }
  }
}
