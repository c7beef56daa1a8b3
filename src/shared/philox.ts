/** The function behind derived keys and behind the mirror's random words; assembly/random/philox.ts is its other form. */
import * as c from './constants.ts';

/** The high half of the 64-bit product of two words, of which the second is given as 16-bit halves. */
export function productHigh(a: number, b1: number, b0: number): number {
  const a1 = a >>> 16,
    a0 = a & 0xffff;
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const carry = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (middle >>> 16) + (carry >>> 16)) | 0;
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
  // as 32-bit integers, so that none of this is done in doubles
  const m0 = c.PHILOX_M0 | 0,
    m1 = c.PHILOX_M1 | 0,
    w0 = c.PHILOX_W0 | 0,
    w1 = c.PHILOX_W1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = productHigh(c0, m0 >>> 16, m0 & 0xffff),
      low0 = Math.imul(c0, m0);
    const high1 = productHigh(c2, m1 >>> 16, m1 & 0xffff),
      low1 = Math.imul(c2, m1);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + w0) | 0;
    k1 = (k1 + w1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** The high word of an integer, |x| < 2^53; its low word is x >>> 0. */
export function highWord(x: number): number {
  return Math.floor(x / c.TWO_TO_32) >>> 0;
}

/** The keys of an Rng from number `first` on, under the key (k0, k1): low and high words in turns, from words[at] on. */
export function rngKeys(words: Int32Array, at: number, count: number, first: number, k0: number, k1: number): void {
  for (let i = 0; i < count; i++) {
    const key = philox((first + i) >>> 0, highWord(first + i), 0, c.DOMAIN_RNG, k0, k1);
    words[at + 2 * i] = key[0];
    words[at + 2 * i + 1] = key[1];
  }
}
