/** Functions of f64 for both dtypes: this module and what it imports are read with BYTES = 8 in either copy of the tree. */
import { every as exp, phi } from './exp.ts';
import { every as log } from './log.ts';
import { every as log1p } from './log1p.ts';

export { exp, log, log1p, phi };

/** exp(x) - 1 without cancellation: Kahan's (u - 1) x / log u of u = exp x. */
export function expm1(x: number): number {
  const u = exp(x),
    d = u - 1;
  if (!(Math.abs(x) < 1)) return d;
  return u === 1 ? x : (d * x) / log(u);
}

/** x^e for x > 0; 0 and NaN stay. */
export function pow(x: number, e: number): number {
  return x > 0 ? exp(e * log(x)) : x;
}
