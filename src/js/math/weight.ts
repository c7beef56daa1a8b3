import * as c from '../../shared/constants.ts';
import { power, round } from '../lane.ts';
import { monic } from './polynomial.ts';

/**
 * The integer weight of a score y <= 0, 2^WEIGHT_BITS K 2^y rounded, and 1 more. This file is of float32, whatever the dtype: a
 * weight is a bound, so its logit's last bits do not matter.
 */
export function weight(y: number): number {
  const v = y > c.EXP_LEAST_F32 ? y : c.EXP_LEAST_F32,
    n = v + c.MAGIC_F64 - c.MAGIC_F64,
    f = round(v - n);
  return monic(c.WEIGHT_F32, f) * power((n | 0) + c.WEIGHT_BITS) + c.MAGIC_F64 - c.MAGIC_F64 + 1;
}
