import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, words } from '../lane.ts';
import * as Noise from './noise.ts';

const GREATEST = BYTES === 4 ? 1 - 1 / c.TWO_TO_24 : 1 - 1 / (2 * c.TWO_TO_52);

/** u = (x + 1/2) / 2^32 (f64: 2^64), rounded once, at most the greatest number below 1: in (0, 1). */
function slice(p: number, dst: number, count: number): void {
  const perDraw = BYTES / 4;
  for (let i = 0, w = p / 4, to = dst / BYTES; i < count; i++, w += perDraw) {
    const x = words[w]!,
      u = BYTES === 4 ? (x + 0.5) / c.TWO_TO_32 : x / c.TWO_TO_32 + (words[w + 1]! + 0.5) / c.TWO_TO_64;
    heap[to + i] = GREATEST < u ? GREATEST : u;
  }
}

/** dst_i = the uniform draw of flat element first + i, i < count. */
export function uniform(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}

/** The words themselves. */
function copy(p: number, dst: number, count: number): void {
  words.copyWithin(dst / 4, p / 4, p / 4 + count);
}

/** dst_i = word first + i of the key, i < count. */
export function bits(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(copy, dst, count, first, k0, k1, words, 4);
}
