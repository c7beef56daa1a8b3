import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, power, round } from '../lane.ts';
import { halves, polynomial } from './polynomial.ts';

/** exp(x) for x up to EXP_GREATEST; +0 below EXP_LEAST and for NaN. */
export function bounded(x: number): number {
  const v = clamped(x),
    n = nearest(v);
  return rebuild(x, n, residual(v, n));
}

/** exp(x + low), where low is what rounding took from x. */
export function compensated(x: number, low: number): number {
  const v = clamped(x),
    n = nearest(v);
  return v === x ? rebuild(x, n, round(residual(v, n) + low)) : 0;
}

const LEAST = BYTES === 4 ? c.EXP_LEAST_F32 : c.EXP_LEAST_F64,
  GREATEST = BYTES === 4 ? c.EXP_GREATEST_F32 : c.EXP_GREATEST_F64;

/** x, but EXP_LEAST below that and for NaN */
function clamped(x: number): number {
  return x >= LEAST ? x : LEAST;
}

/** reduce: n = round(x / ln2), by adding a number so large that its last place is 1 */
function nearest(x: number): number {
  return round(x * round(c.LOG2E)) + c.MAGIC_F64 - c.MAGIC_F64;
}

/** r = x - n ln2, in two steps of which the first is exact */
function residual(x: number, n: number): number {
  const rest = x - n * (BYTES === 4 ? c.LN2_HIGH_F32 : c.LN2_HIGH_F64);
  return round(rest - round(n * (BYTES === 4 ? c.LN2_LOW_F32 : c.LN2_LOW_F64)));
}

/** approximate: exp r = 1 + (r + r^2 q) */
export function approximate(r: number): number {
  const square = round(r * r),
    q = BYTES === 4 ? polynomial(c.EXP_F32, r) : halves(c.EXP_F64, r, square);
  return round(round(round(q * square) + r) + 1);
}

/** (exp t - 1 - t) / t^2 for |t| <= 1. */
export function phi(t: number): number {
  return BYTES === 4 ? polynomial(c.PHI_F32, t) : polynomial(c.PHI_F64, t);
}

/** reconstruct: exp(n ln2 + r) = 2^n p, as 2^(n-1) 2p since 2^1024 is no f64; +0 where x is below EXP_LEAST or NaN */
function rebuild(x: number, n: number, r: number): number {
  return approximate(r) * 2 * (x >= LEAST ? power((n | 0) - 1) : 0);
}

/** exp(x) for every x. */
export function every(x: number): number {
  return x <= GREATEST ? bounded(x) : special(x);
}

/** exp(x) for x above EXP_GREATEST and for NaN. */
function special(x: number): number {
  return x + Infinity;
}

/** dst_i = exp(src_i), i < count. */
export function exp(src: number, dst: number, count: number): void {
  const values = heap,
    x = src / BYTES,
    y = dst / BYTES;
  for (let i = 0; i < count; i++) {
    const v = values[x + i]!;
    values[y + i] = bounded(v < GREATEST ? v : GREATEST);
    if (!(v <= GREATEST)) values[y + i] = special(v);
  }
}
