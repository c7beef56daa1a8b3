import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers } from '../lane.ts';
import * as Argmax from '../max/argmax.ts';
import { gumbel } from '../random/gumbel.ts';
import * as Row from '../row.ts';
import { perturb } from './gumbel_softmax.ts';

/** s = the scores of a row over the noise s: logits at T = 0, +Infinity alone where there is one, NaN for a NaN. */
function score(x: number, s: number, n: number, temperature: number): void {
  const max = Row.max(x, n);
  if (temperature === 0) heap.copyWithin(s, x, x + n);
  else if (max === Infinity) for (let i = 0; i < n; i++) heap[s + i] = heap[x + i] === Infinity ? Infinity : -Infinity;
  else perturb(x, s, n, max, temperature);
}

/** The greatest score of block b of a row. */
function best(s: number, n: number, b: number): number {
  const start = b * c.TOP_K_BLOCK;
  return Row.max(s + start, Math.min(n - start, c.TOP_K_BLOCK));
}

/** The indices of the k greatest scores, each taken out of the row when found; -1 where only -Infinity is left. */
function take(s: number, to: number, n: number, k: number, bests: number): void {
  const blocks = Math.ceil(n / c.TOP_K_BLOCK);
  for (let b = 0; b < blocks; b++) heap[bests + b] = best(s, n, b);
  for (let j = 0; j < k; j++) {
    const max = Row.max(bests, blocks);
    let index = -1;
    if (max > -Infinity) {
      const b = Argmax.index(bests, max),
        start = b * c.TOP_K_BLOCK;
      index = start + Argmax.index(s + start, max);
      heap[s + index] = -Infinity;
      heap[bests + b] = best(s, n, b);
    }
    integers[to + j] = index;
  }
}

/**
 * dst = k classes of each row without replacement, best first: the greatest of (src - max) / T + g, the scores of
 * `gumbel_max` (Yellott 1977; Kool, van Hoof and Welling 2019). +Infinity comes first, in order, and nothing else is drawn
 * beside it; -1 where the classes run out, and for all of a row with a NaN. The scores are kept in blocks of TOP_K_BLOCK with their maxima, so that a class
 * costs n / 64 + 64 comparisons. `scratch`: room for rows n values and, behind them, one for each block of a row.
 */
export function gumbel_top_k(
  src: number,
  dst: number,
  rows: number,
  n: number,
  k: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  const bests = scratch / BYTES + rows * n;
  if (temperature > 0) gumbel(scratch, rows * n, first, k0, k1, words);
  for (let r = 0, x = src / BYTES, y = scratch / BYTES, to = dst / 4; r < rows; r++, x += n, y += n, to += k) {
    score(x, y, n, temperature);
    take(y, to, n, k, bests);
  }
}
