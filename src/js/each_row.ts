import * as c from '../shared/constants.ts';
import { BYTES } from './dtype.ts';
import { heap, integers, words as bitsAt } from './lane.ts';
import { entmax15 } from './max/entmax15.ts';
import { log_softmax, log_sum_exp } from './max/log_softmax.ts';
import { softmax } from './max/softmax.ts';
import { sparsemax } from './max/sparsemax.ts';
import { categorical } from './sample/categorical.ts';
import { gumbel_max } from './sample/gumbel_max.ts';
import { gumbel_perturb, gumbel_softmax } from './sample/gumbel_softmax.ts';

/**
 * A kernel on rows that differ, in one call: for each run of rows that have all in common what it is alone. `op`: its number
 * (src/shared/each.ts). `starts`, if not 0: where each row begins, in elements, and behind that where the last one ends; rows of
 * none are passed over. `temperatures` and `keys`, low and high words in turns, if not 0: one per row; `first` is 0 in a row with a
 * key of its own. Scratch: that of the kernel for the longest row and for n 1 and as many rows as there are elements.
 */
export function each_row(
  src: number,
  dst: number,
  starts: number,
  temperatures: number,
  keys: number,
  op: number,
  rows: number,
  n: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  const begin = starts / 4,
    tempered = temperatures / BYTES,
    key = keys / 4,
    origin = starts === 0 ? 0 : integers[begin]!,
    bytes = op >= c.EACH_GUMBEL_MAX ? 4 : BYTES;
  let t = temperature,
    size = n;
  for (let r = 0, next = 0; r < rows; r = next) {
    next = r + 1;
    let start = r * n;
    if (starts !== 0) {
      start = integers[begin + r]! - origin;
      size = integers[begin + next]! - origin - start;
    }
    if (temperatures !== 0) t = heap[tempered + r]!;
    let at = first + (op === c.EACH_CATEGORICAL ? r : start);
    if (keys !== 0) {
      at = 0;
      k0 = bitsAt[key + 2 * r]!;
      k1 = bitsAt[key + 2 * r + 1]!;
    } else {
      while (
        next < rows &&
        (starts === 0 || integers[begin + next + 1]! - integers[begin + next]! === size) &&
        (temperatures === 0 || heap[tempered + next] === t)
      ) {
        next++;
      }
    }
    if (size === 0) continue;
    const x = src + start * BYTES,
      y = dst + (op < c.EACH_LOG_SUM_EXP ? start * BYTES : r * bytes),
      some = next - r;
    if (op === c.EACH_SOFTMAX) softmax(x, y, some, size, t, scratch);
    else if (op === c.EACH_SPARSEMAX) sparsemax(x, y, some, size, t, scratch);
    else if (op === c.EACH_ENTMAX15) entmax15(x, y, some, size, t, scratch);
    else if (op === c.EACH_LOG_SOFTMAX) log_softmax(x, y, some, size, t, scratch);
    else if (op === c.EACH_LOG_SUM_EXP) log_sum_exp(x, y, some, size, t, scratch);
    else if (op === c.EACH_GUMBEL_MAX) gumbel_max(x, y, some, size, t, at, k0, k1, scratch, words);
    else if (op === c.EACH_CATEGORICAL) categorical(x, y, some, size, 1, t, at, k0, k1, scratch);
    else if (t === 1) gumbel_softmax(x, y, some, size, at, k0, k1, scratch, words);
    else {
      gumbel_perturb(x, y, some, size, t, at, k0, k1, words);
      softmax(y, y, some, size, t > 1 ? t / 2 : t, scratch);
    }
  }
}
