import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import * as Lgamma from '../math/lgamma.ts';
import * as Either from './either.ts';
import * as Single from './single.ts';

/** The index at which log x (0) and w (1) of a row begin in scratch, behind the two results of `row`. */
export function place(scratch: number, n: number, i: number): number {
  return scratch / 8 + 2 + i * (n + 2);
}

/** The index of log x: that of the values, or in scratch. */
function logs(value: number, n: number, scratch: number, simplex: boolean): number {
  if (!simplex) return value;
  const l = place(scratch, n, 0);
  for (let i = 0; i < n; i++) doubles[l + i] = log(doubles[value + i]!);
  return l;
}

/**
 * The log-density at log x = l; then m, m / sum exp w and exp(w - max) are in `scratch`. With
 * w = logits - T log x over the m classes that count (Maddison et al. 2017, section 3.2 and appendix C.3):
 *
 *     log (m-1)! + (m-1) log T + sum w - m log sum exp w, and on the simplex minus sum log x
 *
 * A class masked in logits is left out where x is 0; elsewhere the density is 0. ExpConcrete's is 0 where x is 0 for a
 * class that is not masked. With j such classes Concrete's goes like their x to the power (m-j) T - j; where that is 0,
 * the limit along equal ones has log sum exp over them alone, and log x = 0 for them. What is finite may be
 * differentiated: m / sum exp w is NaN for all else, and on the boundary.
 */
export function row(
  l: number,
  logits: number,
  n: number,
  temperature: number,
  scratch: number,
  simplex: boolean,
): number {
  const w = place(scratch, n, 1);
  let wrong = false,
    outside = false,
    m = 0,
    j = 0,
    max = -Infinity,
    maxAtEdge = -Infinity;
  // w = logits - T log x, logits where x is 0; which classes count, and how
  for (let i = 0; i < n; i++) {
    const a = doubles[logits + i]!,
      v = doubles[l + i]!;
    const atZero = v === -Infinity,
      masked = a === -Infinity;
    const u = a - temperature * (atZero ? 0 : v);
    if (!(a < Infinity && v < Infinity)) wrong = true;
    if (u === -Infinity && !(atZero && masked)) outside = true;
    if (u > max) max = u;
    if (!masked) m++;
    if (atZero && !masked) {
      j++;
      if (u > maxAtEdge) maxAtEdge = u;
    }
    doubles[w + i] = u;
  }
  doubles[scratch / 8] = m;
  doubles[scratch / 8 + 1] = NaN;
  if (wrong) return NaN;
  if (outside || (j > 0 && !simplex)) return -Infinity;
  if (m < 2) return m === 1 ? 0 : NaN;
  if (j > 0) {
    const exponent = (m - j) * temperature - j;
    if (exponent !== 0) return exponent < 0 ? Infinity : -Infinity;
    max = maxAtEdge;
  }
  if (max === Infinity) return -Infinity;
  // w = exp(w - max); its sum, at the boundary over the zeros alone, and that of w - max, on the simplex minus log x
  let sum0 = 0,
    sum1 = 0,
    total0 = 0,
    total1 = 0;
  for (let i = 0; i < n; i++) {
    const u = doubles[w + i]!,
      v = doubles[l + i]!;
    const atZero = v === -Infinity;
    const d = u - max,
      e = exp(d);
    const term = u === -Infinity ? 0 : d - (atZero || !simplex ? 0 : v);
    const part = atZero || j === 0 ? e : 0;
    if (i & 1) {
      sum1 += term;
      total1 += part;
    } else {
      sum0 += term;
      total0 += part;
    }
    doubles[w + i] = e;
  }
  const expSum = total0 + total1;
  const constant = Lgamma.ofInteger(m) + (m - 1) * log(temperature);
  const density = constant + (sum0 + sum1 - m * log(expSum));
  if (j === 0 && density - density === 0) doubles[scratch / 8 + 1] = m / expSum;
  return density;
}

/**
 * The gradients of g times the log-density of a row, in the place of value and logits; returns that of T. With h = 1 - m softmax(w)
 * they are h for the logits, -T h for log x, so (-T h - 1) / x for x, and (m-1)/T - sum h log x.
 */
function gradient(
  value: number,
  logits: number,
  n: number,
  temperature: number,
  g: number,
  scratch: number,
  simplex: boolean,
): number {
  const l = logs(value, n, scratch, simplex),
    w = place(scratch, n, 1);
  const density = row(l, logits, n, temperature, scratch, simplex);
  const m = doubles[scratch / 8]!,
    scale = doubles[scratch / 8 + 1]!;
  if (scale !== scale) {
    // one class: a constant, and a NaN of g stays
    const fill = m === 1 && density === 0 ? g - g : NaN;
    doubles.fill(fill, value, value + n);
    doubles.fill(fill, logits, logits + n);
    return fill;
  }
  let sum0 = 0,
    sum1 = 0;
  for (let i = 0; i < n; i++) {
    const v = doubles[l + i]!;
    const counts = v !== -Infinity;
    const h = 1 - doubles[w + i]! * scale;
    const term = counts ? v * h : 0;
    if (i & 1) sum1 += term;
    else sum0 += term;
    let slope = -temperature * h;
    if (simplex) slope = (slope - 1) / doubles[value + i]!;
    doubles[value + i] = counts ? g * slope : 0;
    doubles[logits + i] = counts ? g * h : 0;
  }
  return g * ((m - 1) / temperature - (sum0 + sum1));
}

/**
 * dst_r = the log-density of row r. Of f32 the rows that Single leaves are done with in f64: they and what becomes of them
 * lie behind the scratch of a row. `scratch`: room for 4 n + 12 f64.
 */
export function logProbs(
  value: number,
  logits: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
  simplex: boolean,
): void {
  const [x, a] = [place(scratch, n, 2), place(scratch, n, 3)];
  const constant = Lgamma.ofInteger(n) + (n - 1) * log(temperature);
  for (let r = 0; r < rows; r++) {
    const [v, own] = [value, logits].map((p) => p / BYTES + r * n) as [number, number];
    let density = NaN;
    if (BYTES === 4) {
      const l = simplex ? 2 * place(scratch, n, 1) : v,
        minus = simplex ? Single.logs(v, l, n) : 0;
      density = Single.row(l, own, n, temperature, constant, minus, scratch);
    }
    if (density !== density) {
      Either.widen(v, x, n);
      Either.widen(own, a, n);
      density = row(logs(x, n, scratch, simplex), a, n, temperature, scratch, simplex);
    }
    heap[dst / BYTES + r] = density;
  }
}

/** The gradients of dLogProb_r times the log-density of row r, which lies in scratch: they take its place. */
export function gradients(
  value: number,
  logits: number,
  dLogProb: number,
  dValue: number,
  dLogits: number,
  dTemperature: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
  simplex: boolean,
): void {
  const [x, a] = [place(scratch, n, 2), place(scratch, n, 3)];
  for (let r = 0; r < rows; r++) {
    Either.widen(value / BYTES + r * n, x, n);
    Either.widen(logits / BYTES + r * n, a, n);
    const g = heap[dLogProb / BYTES + r]!;
    heap[dTemperature / BYTES + r] = gradient(x, a, n, temperature, g, scratch, simplex);
    Either.narrow(x, dValue / BYTES + r * n, n);
    Either.narrow(a, dLogits / BYTES + r * n, n);
  }
}

/** dst_r = the Concrete log-density of row r of x. `scratch`: room for 4 n + 12 f64. */
export function concrete_log_prob(
  x: number,
  logits: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  logProbs(x, logits, dst, rows, n, temperature, scratch, true);
}

/** The gradients of dLogProb_r times that, at x, logits and T. `scratch`: room for 4 n + 12 f64. */
export function concrete_log_prob_vjp(
  x: number,
  logits: number,
  dLogProb: number,
  dX: number,
  dLogits: number,
  dTemperature: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  gradients(x, logits, dLogProb, dX, dLogits, dTemperature, rows, n, temperature, scratch, true);
}
