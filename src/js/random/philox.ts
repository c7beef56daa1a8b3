import * as c from '../../shared/constants.ts';
import { philox } from '../../shared/philox.ts';
import { words } from '../lane.ts';

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
