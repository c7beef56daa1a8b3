import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import * as Philox from './philox.ts';

/** Makes `count` draws at dst, from flat element `element` on, of the words at p. */
export type Slice = (p: number, dst: number, count: number, element: number, k0: number, k1: number) => void;

/**
 * dst_i = the draw of flat element first + i, i < count, block by block of the key's words. An f32 takes word i of the
 * key; an f64 word 2 i as its high and 2 i + 1 as its low half. `words`: room for NOISE_BYTES.
 */
export function fill(
  slice: Slice,
  dst: number,
  count: number,
  first: number,
  k0: number,
  k1: number,
  words: number,
  bytes: number = BYTES,
): void {
  const perBlock = (c.BLOCK_WORDS * 4) / bytes;
  let element = first;
  while (count > 0) {
    const skip = element % perBlock;
    const take = Math.min(perBlock - skip, count);
    Philox.block(words, ((skip + take) * bytes) / 4, Math.floor(element / perBlock), k0, k1);
    slice(words + skip * bytes, dst, take, element, k0, k1);
    dst += take * bytes;
    element += take;
    count -= take;
  }
}
