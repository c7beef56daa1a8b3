import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, power, round } from '../lane.ts';
import * as Log from '../math/log.ts';
import * as Noise from './noise.ts';
import * as Philox from './philox.ts';

/**
 * -log(y / 2^32) in f64, for y > 0.
 *
 * An f32 draw is -log(1 - u), u = (x + 1/2) / 2^32 of its word x, rounded once: 1 - u has 33 bits, which an f64 holds.
 */
function minusLog(y: number): number {
  const k = (Log.high(y) - c.SQRT_HALF_HIGH_BITS_F64) >> 20;
  return Log.ratio(1, y * power(0 - k), 32 - k);
}

/** v = (m + 1/2) / 2^64 of the words m and `rest` of an integer, rounded once: its leading 53 bits and the others are exact. */
export function half(m: number, rest: number): number {
  return high(m, rest) + low(rest);
}

function high(m: number, rest: number): number {
  return (m * c.TWO_TO_32 + ((rest & ~0x3ff) >>> 0)) / c.TWO_TO_64;
}

function low(rest: number): number {
  return ((rest & 0x3ff) + 0.5) / c.TWO_TO_64;
}

/**
 * The draw of the words x and y of f64: -log(1 - u) for u = (x 2^32 + y + 1/2) / 2^64. The bits of a draw lie at distance m
 * from their nearer end, below the median for x 2^32 + y = m and above it for its complement, where 1 - u = (m + 1/2) / 2^64 = v.
 * So neither tail loses a bit: near 0 the noise is v itself, and its upper tail, which decides argmax, is -log v. Without
 * branches, which noise would take at random. Only v and f are rounded: the rest is exact.
 */
function double(x: number, y: number): number {
  const upper = x >>> 31,
    lower = 1 - upper,
    sign = upper - lower,
    v0 = high(x ^ -upper, y ^ -upper),
    v1 = low(y ^ -upper);
  // reduce: 2^k (1 + f + rest) = v or 1 - v, k from its rounded value
  const k = Log.exponent(lower + sign * (v0 + v1)),
    scale = power(0 - k),
    signed = sign * scale;
  const h = signed * v0 + (lower * scale - 1),
    l = signed * v1,
    f = h + l,
    rest = l - (f - h);
  // by 1 / (1 + f), roughly: 1 below 0, else 1/2
  return -Log.rebuild(k, f, Log.ln2Low(k) + rest * (0.5 - 0.5 * Math.floor(f)));
}

/** The draw of a word x of f32, and of words x and y of f64. */
function draw(x: number, y: number): number {
  return BYTES === 4 ? minusLog(c.TWO_TO_32 - 0.5 - (x >>> 0)) : double(x, y);
}

/**
 * The draws of `count` elements from `element` on, whose words are at p. An f32 whose m is below EXTEND_BELOW, once in
 * 2^23, is refined by an extension word y: v = (m 2^32 + y + 1/2) / 2^64.
 */
export function slice(p: number, dst: number, count: number, element: number, k0: number, k1: number): void {
  const values = heap,
    bits = integers;
  for (let i = 0, w = p / 4, to = dst / BYTES; i < count; i++, w += BYTES / 4, to++) {
    const x = bits[w]!;
    values[to] = draw(x, BYTES === 4 ? 0 : bits[w + 1]!);
  }
  if (BYTES === 4) refine(p / 4, dst / BYTES, count, element, k0, k1, false);
}

/**
 * The draw of the word x of an element where m is below EXTEND_BELOW. `odd`: of logistic noise, which is log v there, and its
 * negative in the upper half.
 */
function extended(x: number, element: number, k0: number, k1: number, odd: boolean): number {
  // v 2^32; -log(1 - v) is v + v^2 / 2
  const y = (x ^ (x >> 31)) + (Philox.extension(element, k0, k1) + 0.5) / c.TWO_TO_32,
    v = y / c.TWO_TO_32;
  if (x < 0) return minusLog(y);
  return odd ? -minusLog(y) : v + (v * v) / 2;
}

/** The draw of an element whose words are at index w. */
export function drawOf(w: number, element: number, k0: number, k1: number): number {
  const x = integers[w]!;
  if (BYTES === 4 && (x ^ (x >> 31)) < c.EXTEND_BELOW) return round(extended(x, element, k0, k1, false));
  return round(draw(x, BYTES === 4 ? 0 : integers[w + 1]!));
}

/** Draws anew where m is below EXTEND_BELOW. */
export function refine(
  w: number,
  to: number,
  count: number,
  element: number,
  k0: number,
  k1: number,
  odd: boolean,
): void {
  let least = 0;
  for (let i = 0; i < count; i++) least |= (integers[w + i]! ^ (integers[w + i]! >> 31)) - c.EXTEND_BELOW;
  if (least >= 0) return;
  for (let i = 0; i < count; i++) {
    const x = integers[w + i]!;
    if ((x ^ (x >> 31)) < c.EXTEND_BELOW) heap[to + i] = extended(x, element + i, k0, k1, odd);
  }
}

/** dst_i = the exponential draw of flat element first + i, i < count. */
export function exponential(dst: number, count: number, first: number, k0: number, k1: number, words: number): void {
  Noise.fill(slice, dst, count, first, k0, k1, words);
}
