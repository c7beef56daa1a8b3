import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import { log } from '../math/log.ts';
import * as Exponential from './exponential.ts';
import * as Noise from './noise.ts';

/** Gumbel(0, 1) noise: -log E with E ~ Exp(1), so that the fine end of E's grid at 0 is the upper tail. */
function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  Exponential.slice(p, dst, count, element, k0, k1);
  log(dst, dst, count);
  const values = heap,
    y = dst / BYTES;
  for (let i = 0; i < count; i++) values[y + i] = -values[y + i]!;
}

/** dst_i = the Gumbel draw of flat element first + i, i < count. */
export function gumbel(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
