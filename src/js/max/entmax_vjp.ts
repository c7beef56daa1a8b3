import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { expm1, pow } from '../math/double.ts';
import { every as log } from '../math/log.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';
import * as Project from './project.ts';
import * as Rescale from './rescale.ts';

/**
 * p^e for p > 0; 0 and NaN stay. Of f32 for e = 0, 1/2 and 1 alone: those of softmax, entmax15 and sparsemax; what f32 has of
 * other alphas is computed in f64.
 */
function power(p: number, e: number): number {
  if (!(p > 0) || e === 1) return p;
  return e === 0 ? 1 : e === 0.5 ? round(Math.sqrt(p)) : pow(p, e);
}

/** (p^d - 1) / d, log p where d is 0: w, which goes over to log p as d -> 0. NaN for p < 0. Of f32 for d = 0, 1/2 and 1 alone. */
export function slope(p: number, d: number): number {
  if (d === 0) return log(p);
  if (d === 1) return p < 0 ? NaN : round(p - 1);
  if (d === 0.5) return round((2 * round(p - 1)) / round(round(Math.sqrt(p)) + 1));
  return expm1(d * log(p)) / d;
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
  const term = (i: number): number => (heap[s + i] === 0 ? 0 : heap[s + i]! * (heap[dp + i]! * scale - centre));
  for (let i = 0; i < n; i++) heap[dst + i] = term(i);
  const mean = Row.sum(dst, n) / sum;
  for (let i = 0; i < n; i++) {
    heap[dst + i] = heap[s + i] === 0 ? 0 : ((term(i) - heap[q + i]! * mean) / temperature) * (1 / scale);
  }
  return mean - mean === 0;
}

/**
 * The vector-Jacobian product of a row at its output p, (s dp - s (s.dp) / sum s) / T with s = p^(2 - alpha) on the
 * support. For alpha > 2 s is greatest where p is least, and of any size: there s / sum s is had from
 * (p / least)^(2 - alpha), and dp is counted from its value at the least p, so that the greatest s is multiplied by 0.
 * `scratch`: room for two rows.
 */
function row(p: number, dp: number, dst: number, n: number, temperature: number, scratch: number, alpha: number): void {
  const exponent = 2 - alpha;
  let s = p,
    least = 1;
  if (alpha !== 1) {
    s = scratch;
    for (let i = 0; i < n; i++)
      heap[s + i] = Math.min(power(heap[p + i]!, exponent), BYTES === 4 ? c.GREATEST_F32 : c.GREATEST_F64);
  }
  if (BYTES === 4 || alpha <= 2) {
    Project.row(p, s, dp, dst, n, temperature);
    return;
  }
  const q = scratch + n;
  for (let i = 0; i < n; i++) if (heap[p + i]! > 0 && heap[p + i]! < least) least = heap[p + i]!;
  for (let i = 0; i < n; i++) heap[q + i] = power(heap[p + i]! / least, exponent);
  const sum = Row.sum(q, n);
  if (sum !== sum || temperature === 0) {
    heap.fill(sum === sum ? 0 : NaN, dst, dst + n);
    return;
  }
  const centre = heap[dp + Argmax.index(q, Row.max(q, n))]!;
  if (steep(s, q, dp, dst, n, sum, centre, 1, temperature)) return;
  steep(s, q, dp, dst, n, sum, centre * c.SMALLER, c.SMALLER, temperature);
}

/** dst = the vector-Jacobian product of entmax at its output p, for any alpha >= 1. `scratch`: room for two rows. */
export function entmax_vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  for (let at = 0; at < rows * n; at += n) {
    row(p / 8 + at, dp / 8 + at, dst / 8 + at, n, temperature, scratch / 8, alpha);
  }
}

/**
 * w of the derivative by T, but for a constant, which is of no account where dx sums to 0. From alpha = 1.5 on dx is great where p
 * is small, and w is p^d / d: the constant times what rounding leaves of the sum would be seen.
 */
function score(p: number, d: number): number {
  return d >= 0.5 ? round(power(p, d) / d) : slope(p, d);
}

/**
 * dst_r = the derivative by T of row r at its output p, times dp: -sum w dx, dx the vector-Jacobian product and
 * w = p^(alpha-1) / (alpha - 1), log p at alpha = 1.
 * `scratch`: room for three rows.
 */
export function entmax_vjp_temperature(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  const s = scratch / BYTES,
    dx = s + 2 * n,
    scale = Rescale.scaleOf(temperature);
  for (let r = 0; r < rows; r++) {
    const x = p / BYTES + r * n;
    row(x, dp / BYTES + r * n, dx, n, temperature * scale, s, alpha);
    for (let i = 0; i < n; i++) {
      const d = heap[dx + i]!;
      heap[dx + i] = d === 0 ? 0 : score(heap[x + i]!, alpha - 1) * d;
    }
    heap[dst / BYTES + r] = (0 - Row.sum(dx, n)) * scale;
  }
}

/** (expm1 t - t) / t^2 */
function phi(t: number): number {
  if (!(Math.abs(t) < c.PHI_BELOW)) return (expm1(t) - t) / (t * t);
  return ((((c.PHI_5 * t + c.PHI_4) * t + c.PHI_3) * t + c.PHI_2) * t + c.PHI_1) * t + c.PHI_0;
}

/** The sum of a x_i, 0 where x_i is, through the row `terms`. */
function weighted(x: number, a: number, n: number, terms: number): number {
  for (let i = 0; i < n; i++) heap[terms + i] = heap[x + i] === 0 ? 0 : heap[x + i]! * heap[a + i]!;
  return Row.sum(terms, n);
}

/**
 * dst_r = the derivative by alpha of row r at its output p, times dp. With d = alpha - 1, L = log p,
 * f = expm1(-d L) / d, g = (expm1(-d L) + d L) / d^2 and F, M, G the means of f, L, g under p it is
 *
 *     dp/dalpha = p / (1 + d F) (G - g - F L + M f)
 *
 * which is (p - q) / d^2 - (p L - q M) / d, q = s / sum s (Correia, Niculae and Martins 2019), without its cancellation
 * as d -> 0, where it goes over to p (E[L^2] - L^2) / 2. `scratch`: room for five rows.
 */
export function entmax_vjp_alpha(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  alpha: number,
  scratch: number,
): void {
  const d = alpha - 1;
  const q = scratch / 8,
    logs = q + n,
    f = logs + n,
    g = f + n,
    terms = g + n;
  for (let r = 0; r < rows; r++) {
    const x = p / 8 + r * n,
      total = Row.sum(x, n),
      // a row of zeros is that of a max of nothing but -Infinity
      sum = total === 0 ? 1 : total;
    for (let i = 0; i < n; i++) {
      const v = heap[x + i]! / sum,
        l = v === 0 ? 0 : log(v);
      heap[q + i] = v;
      heap[logs + i] = l;
      heap[f + i] = d === 0 ? -l : expm1(-(d * l)) / d;
      heap[g + i] = l * l * phi(-(d * l));
    }
    const F = weighted(q, f, n, terms),
      M = weighted(q, logs, n, terms),
      G = weighted(q, g, n, terms);
    for (let i = 0; i < n; i++) heap[q + i] = heap[q + i] === 0 ? 0 : heap[q + i]! * heap[dp / 8 + r * n + i]!;
    const byMean = F * weighted(q, logs, n, terms),
      byLog = M * weighted(q, f, n, terms);
    for (let i = 0; i < n; i++) heap[terms + i] = heap[q + i]! * (G - heap[g + i]!);
    heap[dst / 8 + r] = (Row.sum(terms, n) - byMean + byLog) / (1 + d * F);
  }
}
