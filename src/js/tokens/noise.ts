import * as c from '../../shared/constants.ts';
import { philox } from '../../shared/philox.ts';
import { BYTES } from '../dtype.ts';
import { words } from '../lane.ts';
import * as Log from '../math/log.ts';
import { drawOf } from '../random/exponential.ts';

/** Word i of a block of a key: that of `Philox.block`, without those before it. */
function word(block: number, i: number, k0: number, k1: number): number {
  let [s0, s1, s2, s3] = philox(block | 0, (block / c.TWO_TO_32) | 0, i & 7, c.DOMAIN_WORDS, k0, k1);
  for (let step = i >> 3; step > 0; step--) {
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
  }
  const sum = (s0 + s3) | 0;
  return ((sum << 7) | (sum >>> 25)) + s0;
}

/** The logarithm of the exponential noise of a flat element, the negative of its Gumbel noise. `room`: for 8 bytes. */
export function logOf(element: number, k0: number, k1: number, room: number): number {
  const perBlock = (c.BLOCK_WORDS * 4) / BYTES,
    block = Math.floor(element / perBlock),
    first = ((element % perBlock) * BYTES) / 4;
  for (let w = 0; w < BYTES / 4; w++) words[room / 4 + w] = word(block, first + w, k0, k1);
  return Log.normal(drawOf(room / 4, element, k0, k1));
}
