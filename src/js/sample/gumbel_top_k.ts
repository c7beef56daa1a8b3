import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round, words as wordAt } from '../lane.ts';
import * as Log from '../math/log.ts';
import * as Argmax from '../max/argmax.ts';
import * as Scores from '../max/scores.ts';
import { slice } from '../random/exponential.ts';
import { bits } from '../random/uniform.ts';
import * as Row from '../row.ts';
import { BOUNDS } from './gumbel_max.ts';

/** The greatest score of block b of a row. */
function best(s: number, n: number, b: number): number {
  const start = b * c.TOP_K_BLOCK;
  return Row.max(s + start, Math.min(n - start, c.TOP_K_BLOCK));
}

/** The greatest score of each block, of scores that are all there. */
function all(s: number, n: number, bests: number, blocks: number): void {
  for (let b = 0; b < blocks; b++) heap[bests + b] = best(s, n, b);
  heap.fill(1, bests + blocks, bests + 2 * blocks);
}

/** Bounds of the greatest score of each block, for words at s. */
function bound(
  x: number,
  s: number,
  n: number,
  max: number,
  t: number,
  scale: number,
  bests: number,
  blocks: number,
): void {
  for (let b = 0, i = 0; b < blocks; b++) {
    let most = -Infinity;
    for (const end = Math.min(i + c.TOP_K_BLOCK, n); i < end; i++) {
      const v = heap[x + i]!;
      if (!(v > -Infinity)) continue;
      const score = Scores.z(v, max, t, scale) + BOUNDS[Math.clz32(wordAt[((s + i) * BYTES) / 4]!)]!;
      if (score > most) most = score;
    }
    heap[bests + b] = most;
  }
  heap.fill(0, bests + blocks, bests + 2 * blocks);
}

/**
 * dst = k classes of each row without replacement, best first: the greatest of (src - max) / T + g, the scores of
 * `gumbel_max` (Yellott 1977; Kool, van Hoof and Welling 2019). +Infinity comes first, in order, and nothing else is drawn
 * beside it; -1 where the classes run out, and for all of a row with a NaN. What is finite comes before what is not: where the
 * scores leave the range, by logit, then by index.
 *
 * Scores are kept in blocks of TOP_K_BLOCK with their greatest, or a bound of it from the leading zeros of the words: a block
 * gets its scores, with two logarithms each, when that bound is the greatest of all, so about k blocks do, and a class costs
 * n / 64 + 64 comparisons. `scratch`: room for rows n values and, behind them, two for each block of a row.
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
  const values = heap,
    bests = scratch / BYTES + rows * n,
    blocks = Math.ceil(n / c.TOP_K_BLOCK),
    scale = Scores.scaleOf(temperature),
    t = temperature * scale,
    draws = words / BYTES;
  if (temperature > 0) bits(scratch, (rows * n * BYTES) / 4, (first * BYTES) / 4, k0, k1, words);
  for (let r = 0, x = src / BYTES, s = scratch / BYTES, to = dst / 4; r < rows; r++, x += n, s += n) {
    const greatest = Row.max(x, n),
      max = greatest * scale;
    let ordinary = temperature > 0 && greatest - greatest === 0;
    if (ordinary) {
      bound(x, s, n, max, t, scale, bests, blocks);
    } else {
      values.copyWithin(s, x, x + n);
      if (temperature > 0 && greatest === Infinity)
        for (let i = s; i < s + n; i++) if (values[i] !== Infinity) values[i] = -Infinity;
      all(s, n, bests, blocks);
    }
    for (let j = 0; j < k; j++, to++) {
      let index = -1;
      while (index < 0) {
        const most = Row.max(bests, blocks);
        if (!(most > -Infinity)) {
          if (!ordinary) break;
          // what is left has no score within the range
          ordinary = false;
          for (let i = 0; i < n; i++) {
            const v = values[x + i]!;
            values[s + i] = Scores.z(v, max, t, scale) === -Infinity ? v : -Infinity;
          }
          all(s, n, bests, blocks);
          continue;
        }
        const b = Argmax.index(bests, most),
          start = b * c.TOP_K_BLOCK;
        if (values[bests + blocks + b] === 1) {
          index = start + Argmax.index(s + start, most);
          values[s + index] = -Infinity;
        } else {
          const count = Math.min(n - start, c.TOP_K_BLOCK);
          slice((s + start) * BYTES, words, count, first + r * n + start, k0, k1);
          for (let i = 0; i < count; i++) {
            const v = values[x + start + i]!;
            const score = Scores.z(v, max, t, scale) - Log.normal(values[draws + i]!);
            values[s + start + i] = v > -Infinity ? round(score) : -Infinity;
          }
          values[bests + blocks + b] = 1;
        }
        values[bests + b] = best(s, n, b);
      }
      integers[to] = index;
    }
  }
}
