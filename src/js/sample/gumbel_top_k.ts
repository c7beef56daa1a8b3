import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers } from '../lane.ts';
import * as Argmax from '../max/argmax.ts';
import { gumbel } from '../random/gumbel.ts';
import * as Row from '../row.ts';
import { perturb } from './gumbel_softmax.ts';

/** s = the scores of a row over the noise s, logits at T = 0; +Infinity stays. `finite`: room for a row. */
function score(x: number, s: number, n: number, temperature: number, finite: number): void {
  if (temperature === 0) {
    heap.copyWithin(s, x, x + n);
    return;
  }
  for (let i = 0; i < n; i++) heap[finite + i] = heap[x + i] === Infinity ? -Infinity : heap[x + i]!;
  perturb(finite, s, n, Row.max(finite, n), temperature);
  for (let i = 0; i < n; i++) if (heap[x + i] === Infinity) heap[s + i] = Infinity;
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
 * `gumbel_max` (Yellott 1977; Kool, van Hoof and Welling 2019). +Infinity comes first, in order; -1 where the classes run
 * out, and for all of a row with a NaN. The scores are kept in blocks of TOP_K_BLOCK with their maxima, so that a class
 * costs n / 64 + 64 comparisons. `s`: room for rows n values and, behind them, a row and a value for each of its blocks.
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
  s: number,
  words: number,
): void {
  const finite = s / BYTES + rows * n;
  if (temperature > 0) gumbel(s, rows * n, first, k0, k1, words);
  for (let r = 0, x = src / BYTES, y = s / BYTES, to = dst / 4; r < rows; r++, x += n, y += n, to += k) {
    score(x, y, n, temperature, finite);
    take(y, to, n, k, finite + n);
  }
}
