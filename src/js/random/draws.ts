import * as c from '../../shared/constants.ts';
import { philox } from '../../shared/philox.ts';

/** The four words of a draw: Philox at counter (draw low, draw high, attempt, DOMAIN_CATEGORICAL). */
export type Words = readonly [number, number, number, number];

export function words(draw: number, attempt: number, k0: number, k1: number): Words {
  return philox(draw | 0, (draw / c.TWO_TO_32) | 0, attempt, c.DOMAIN_CATEGORICAL, k0, k1);
}

/** u = k / 2^53 of the 53 leading bits of two words. */
export function uniform(high: number, low: number): number {
  return (high * 2097152 + (low >>> 11)) / (2 * c.TWO_TO_52);
}
