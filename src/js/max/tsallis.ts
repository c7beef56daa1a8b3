import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { expm1, pow } from '../math/double.ts';
import { every, log } from '../math/log.ts';

/** (p^d - 1) / d, log p where d is 0: w, which goes over to log p as d -> 0. NaN for p < 0. Of f32 for d = 1/2 and 1 alone. */
export function slope(p: number, d: number): number {
  if (d === 1) return p < 0 ? NaN : round(p - 1);
  if (d === 0.5) return round((2 * round(p - 1)) / round(round(Math.sqrt(p)) + 1));
  const log = every(p);
  return d === 0 ? log : expm1(d * log) / d;
}

/** The weights (p / by)^e of a row, at s if they are not p itself: returns where. Of f32 for e = 0, 1/2 and 1 alone. 0 and NaN stay. */
export function weigh(p: number, s: number, n: number, e: number, by: number): number {
  if (e === 1) return p;
  const values = heap;
  for (let i = 0; i < n; i++) {
    const v = values[p + i]!;
    values[s + i] = e === 0 ? (v > 0 ? 1 : v) : e === 0.5 ? Math.sqrt(v) : power(v / by, e);
  }
  return s;
}

/** p^e for p > 0, as far as f64 goes. */
function power(p: number, e: number): number {
  if (!(p > 0)) return p;
  const root = Math.sqrt(p);
  // the relative error is that of the exponent times log p
  const y = e === 0.75 ? root * Math.sqrt(root) : e > 0.5 ? p * pow(p, e - 1) : pow(p, e);
  return Math.min(y, c.GREATEST_F64);
}

/** p log p of row r, 0 where p is. The logarithms are made for as many rows as `at` takes: LOGS bytes, or one row. */
export function innerLogs(p: number, at: number, r: number, rows: number, n: number): number {
  const v = heap,
    block = Math.floor(c.LOGS / (n * BYTES)) || 1,
    to = at + (r % block) * n;
  if (to === at) log(BYTES * p, BYTES * at, Math.min(block, rows - r) * n);
  for (let i = 0; i < n; i++) v[to + i] = v[p + i] === 0 ? 0 : v[p + i]! * v[to + i]!;
  return to;
}
