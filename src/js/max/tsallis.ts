import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { expm1, pow } from '../math/double.ts';
import { every as log } from '../math/log.ts';

/**
 * p^e for p > 0; 0 and NaN stay. Of f32 for e = 0, 1/2 and 1 alone: those of softmax, entmax15 and sparsemax; what f32 has of
 * other alphas is computed in f64.
 */
function power(p: number, e: number): number {
  if (!(p > 0) || e === 1) return p;
  if (e === 0) return 1;
  const root = round(Math.sqrt(p));
  if (e === 0.5) return root;
  if (e === 0.75) return root * Math.sqrt(root);
  // the relative error is that of the exponent times log p
  return e > 0.5 ? p * pow(p, e - 1) : pow(p, e);
}

/** (p^d - 1) / d, log p where d is 0: w, which goes over to log p as d -> 0. NaN for p < 0. Of f32 for d = 0, 1/2 and 1 alone. */
export function slope(p: number, d: number): number {
  if (d === 0) return log(p);
  if (d === 1) return p < 0 ? NaN : round(p - 1);
  if (d === 0.5) return round((2 * round(p - 1)) / round(round(Math.sqrt(p)) + 1));
  return expm1(d * log(p)) / d;
}

/** s = (p / by)^e of a row, as far as the dtype goes. */
export function weigh(p: number, s: number, n: number, e: number, by: number): void {
  for (let i = 0; i < n; i++) {
    heap[s + i] = Math.min(power(round(heap[p + i]! / by), e), BYTES === 4 ? c.GREATEST_F32 : c.GREATEST_F64);
  }
}
