import * as c from '../../shared/constants.ts';
import { words } from '../lane.ts';

/** The high half of the 64-bit product of two words, from 16-bit halves. */
function high(a: number, b: number): number {
  const a1 = a >>> 16,
    a0 = a & 0xffff,
    b1 = b >>> 16,
    b0 = b & 0xffff;
  const middle = a1 * b0 + (Math.imul(a0, b0) >>> 16);
  const carry = a0 * b1 + (middle % 65536);
  return (Math.imul(a1, b1) + Math.floor(middle / 65536) + Math.floor(carry / 65536)) | 0;
}

/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four words that are a random-like
 * function of a counter of four words and a key of two.
 */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): [number, number, number, number] {
  for (let round = 0; round < 10; round++) {
    const high0 = high(c0, c.PHILOX_M0),
      low0 = Math.imul(c0, c.PHILOX_M0);
    const high1 = high(c2, c.PHILOX_M1),
      low1 = Math.imul(c2, c.PHILOX_M1);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + c.PHILOX_W0) | 0;
    k1 = (k1 + c.PHILOX_W1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/**
 * The first `count` words (rounded up to eight) of a block of a key's words, at dst. Word i of a block is output i >> 3
 * of generator i & 7, an xoshiro128++ (Blackman and Vigna 2019) whose state is Philox at counter (block low, block high,
 * i & 7, DOMAIN_WORDS).
 */
export function block(dst: number, count: number, block: number, k0: number, k1: number): void {
  const start = dst / 4,
    end = start + count;
  for (let generator = 0; generator < 8; generator++) {
    let [s0, s1, s2, s3] = philox(block | 0, (block / c.TWO_TO_32) | 0, generator, c.DOMAIN_WORDS, k0, k1);
    for (let i = start + generator; i < end + generator; i += 8) {
      const sum = (s0 + s3) | 0;
      words[i] = ((sum << 7) | (sum >>> 25)) + s0;
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
  }
}

/** The extension word of flat element i: the first output at counter (i low, i high, 0, DOMAIN_EXTENSION). */
export function extension(i: number, k0: number, k1: number): number {
  return philox(i | 0, (i / c.TWO_TO_32) | 0, 0, c.DOMAIN_EXTENSION, k0, k1)[0];
}
