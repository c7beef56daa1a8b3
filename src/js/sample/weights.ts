import * as c from '../../shared/constants.ts';
import { productHigh } from '../../shared/philox.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import { exp } from '../math/double.ts';
import { weight } from '../math/weight.ts';
import * as Draws from '../random/draws.ts';

/** Whether rows of n at a temperature have weights. */
export function takes(n: number, t: number): boolean {
  const from = BYTES === 4 ? c.EXPONENTS_FROM_F32 : c.EXPONENTS_FROM_F64,
    to = BYTES === 4 ? c.EXPONENTS_TO_F32 : c.EXPONENTS_TO_F64;
  return n <= c.SHORT_ROW && t > from && t < to;
}

/**
 * The class that a draw gives from a short row, whose maximum is finite: by integer weights at index p, whose sums are right to
 * the last bit in any order. 64 bits choose one; it is kept with probability exp(z) over the weight, and nearly always unseen.
 */
export function one(
  x: number,
  p: number,
  n: number,
  max: number,
  temperature: number,
  draw: number,
  k0: number,
  k1: number,
): number {
  const factor = round(c.LOG2E / temperature);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const y = Math.fround(round(round(heap[x + i]! - max) * factor));
    total += integers[p + i] = weight(y);
  }
  for (let attempt = 0; ; attempt++) {
    const words = Draws.words(draw, attempt, k0, k1);
    let left = target(words, total),
      i = 0;
    for (; left >= integers[p + i]!; i++) left -= integers[p + i]!;
    const w = integers[p + i]!;
    if (w >= c.WEIGHT_SURE && words[2] < c.WEIGHT_SQUEEZE) return i;
    const a = (words[2] * c.TWO_TO_32 + words[3] + 0.5) / c.TWO_TO_64;
    if (a * (w * c.WEIGHT_BOUND) < exp((heap[x + i]! - max) / temperature)) return i;
  }
}

/** floor(total x 64 bits / 2^64) */
function target([high, low]: Draws.Words, total: number): number {
  const a = total >>> 16,
    b = total & 0xffff;
  const carried = (Math.imul(high, total) >>> 0) + (productHigh(low, a, b) >>> 0) > 0xffffffff;
  return productHigh(high, a, b) + (carried ? 1 : 0);
}
