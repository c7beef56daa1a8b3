import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers } from '../lane.ts';
import * as Exponential from './exponential.ts';
import * as Noise from './noise.ts';

/**
 * Logistic(0, 1) noise: log u - log(1 - u) = E(x) - E(~x), since ~x stands for 1 - u. Odd about the median, and exact
 * in both tails.
 */
function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const other = p + 4 * c.BLOCK_WORDS;
  Exponential.slice(p, dst, count, element, k0, k1);
  const values = heap,
    bits = integers;
  for (let i = p / 4, end = i + (count * BYTES) / 4; i < end; i++) bits[i] = ~bits[i]!;
  Exponential.slice(p, other, count, element, k0, k1);
  for (let i = 0, y = dst / BYTES, z = other / BYTES; i < count; i++) values[y + i]! -= values[z + i]!;
}

/** dst_i = the logistic draw of flat element first + i, i < count. */
export function logistic(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
