/** Gradients of entmax over the support of a row, in f64 for either dtype (src/js/double.ts). */
import * as c from '../../shared/constants.ts';
import { heap } from '../lane.ts';
import { expm1, log } from '../math/double.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';
import * as Project from './project.ts';
import { weigh } from './tsallis.ts';

/** The least positive element of a row, at most 1. */
export function least(p: number, n: number): number {
  let v = 1;
  for (let i = p; i < p + n; i++) if (heap[i]! > 0 && heap[i]! < v) v = heap[i]!;
  return v;
}

/** dst = (s d - q sum(s d)) / T for a row, d = (dp - centre) scale; whether the sum is finite. q is s over its sum. */
function steep(
  s: number,
  q: number,
  dp: number,
  dst: number,
  n: number,
  sum: number,
  centre: number,
  scale: number,
  temperature: number,
): boolean {
  const values = heap;
  for (let i = 0; i < n; i++) values[dst + i] = values[s + i]! * (values[dp + i]! * scale - centre);
  const mean = Row.sum(dst, n) / sum;
  for (let i = 0; i < n; i++) {
    values[dst + i] = ((values[dst + i]! - values[q + i]! * mean) / temperature) * (1 / scale);
  }
  return mean - mean === 0;
}

/**
 * dst = the vector-Jacobian product, (s dp - s (s.dp) / sum s) / T with s = p^(2 - alpha). False, and nothing done, for a NaN in p.
 * For alpha > 2 s is greatest where p is least, and of any size: there s / sum s is had from
 * (p / least)^(2 - alpha), and dp is counted from its value at the least p, so that the greatest s is multiplied by 0.
 * `scratch`: room for two rows.
 */
export function vjp(
  p: number,
  dp: number,
  dst: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): boolean {
  const exponent = 2 - alpha,
    q = scratch + n + 1,
    s = weigh(p, scratch, n, exponent, 1);
  if (alpha <= 2) {
    const sum = Row.sum(s, n);
    Project.row(p, s, s, dp, dst, n, temperature);
    return sum - sum === 0;
  }
  weigh(p, q, n, exponent, least(p, n));
  const sum = Row.sum(q, n);
  if (sum !== sum) return false;
  if (temperature === 0) {
    heap.fill(0, dst, dst + n);
    return true;
  }
  const centre = heap[dp + Argmax.index(q, Row.max(q, n))]!;
  if (!steep(scratch, q, dp, dst, n, sum, centre, 1, temperature)) {
    steep(scratch, q, dp, dst, n, sum, centre * c.SMALLER, c.SMALLER, temperature);
  }
  return true;
}

/** (expm1 t - t) / t^2 */
function phi(t: number): number {
  if (!(Math.abs(t) < c.PHI_BELOW)) return (expm1(t) - t) / (t * t);
  return ((((c.PHI_5 * t + c.PHI_4) * t + c.PHI_3) * t + c.PHI_2) * t + c.PHI_1) * t + c.PHI_0;
}

/**
 * The derivative by alpha at p, times dp; p is divided by its sum on the way. With d = alpha - 1, L = log p,
 * f = expm1(-d L) / d, g = (expm1(-d L) + d L) / d^2 and F, M, G the means of f, L, g under p it is
 *
 *     dp/dalpha = p / (1 + d F) (G - g - F L + M f)
 *
 * which is (p - q) / d^2 - (p L - q M) / d, q = s / sum s (Correia, Niculae and Martins 2019), without its cancellation
 * as d -> 0, where it goes over to p (E[L^2] - L^2) / 2. `scratch`: room for three rows.
 */
export function byAlpha(p: number, dp: number, n: number, alpha: number, scratch: number): number {
  const values = heap,
    d = alpha - 1,
    logs = scratch,
    f = logs + n + 1,
    g = f + n + 1,
    sum = Row.sum(p, n);
  for (let i = 0; i < n; i++) {
    const v = values[p + i]! / sum,
      l = log(v);
    values[p + i] = v;
    values[logs + i] = l;
    values[f + i] = d === 0 ? -l : expm1(-(d * l)) / d;
    values[g + i] = l * l * phi(-(d * l));
  }
  const terms = g + n + 1;
  const F = Project.dot(p, f, terms, n),
    M = Project.dot(p, logs, terms, n),
    G = Project.dot(p, g, terms, n);
  Project.dot(p, dp, p, n);
  const byMean = F * Project.dot(p, logs, terms, n),
    byLog = M * Project.dot(p, f, terms, n);
  for (let i = 0; i < n; i++) values[terms + i] = values[p + i]! * (G - values[g + i]!);
  return (Row.sum(terms, n) - byMean + byLog) / (1 + d * F);
}
