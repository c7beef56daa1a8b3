import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import * as Lgamma from '../math/lgamma.ts';

/** The index at which values (0), their logarithms (1) and w (2) of a row begin, behind the two results of `row`. */
function place(scratch: number, n: number, i: number): number {
  return scratch / 8 + 2 + i * (n + 2);
}

/** A row in f64: values, their logarithms and logits. */
function load(value: number, logits: number, n: number, scratch: number, simplex: boolean): void {
  const x = place(scratch, n, 0),
    l = place(scratch, n, 1),
    w = place(scratch, n, 2);
  for (let i = 0; i < n; i++) {
    const v = heap[value + i]!;
    if (simplex) doubles[x + i] = v;
    doubles[l + i] = simplex ? log(v) : v;
    doubles[w + i] = heap[logits + i]!;
  }
}

/**
 * The log-density of the row that `load` has left; then m, m / sum exp w and exp(w - max) are in `scratch`. With
 * w = logits - T log x over the m classes that count (Maddison et al. 2017, section 3.2 and appendix C.3):
 *
 *     log (m-1)! + (m-1) log T + sum w - m log sum exp w, and on the simplex minus sum log x
 *
 * A class masked in logits is left out where x is 0; elsewhere the density is 0. ExpConcrete's is 0 where x is 0 for a
 * class that is not masked. With j such classes Concrete's goes like their x to the power (m-j) T - j; where that is 0,
 * the limit along equal ones has log sum exp over them alone, and log x = 0 for them. What is finite may be
 * differentiated: m / sum exp w is NaN for all else, and on the boundary.
 */
function row(scratch: number, n: number, temperature: number, simplex: boolean): number {
  const l = place(scratch, n, 1),
    w = place(scratch, n, 2);
  let wrong = false,
    outside = false,
    m = 0,
    j = 0,
    max = -Infinity,
    maxAtEdge = -Infinity;
  // w = logits - T log x, logits where x is 0; which classes count, and how
  for (let i = 0; i < n; i++) {
    const a = doubles[w + i]!,
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
  // w = exp(w - max); its sum, at the boundary over the zeros alone, and that of w - max - log x
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
    const term = u === -Infinity ? 0 : d - (atZero ? 0 : v);
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
 * The gradients of g times that log-density: of the values at place 1, of the logits at 2; returns that of T. With
 * h = 1 - m softmax(w) they are h for the logits, -T h for log x, so (-T h - 1) / x for x, and (m-1)/T - sum h log x.
 */
function gradient(scratch: number, n: number, temperature: number, g: number, simplex: boolean): number {
  const x = place(scratch, n, 0),
    l = place(scratch, n, 1),
    w = place(scratch, n, 2);
  const density = row(scratch, n, temperature, simplex);
  const m = doubles[scratch / 8]!,
    scale = doubles[scratch / 8 + 1]!;
  if (scale !== scale) {
    // one class: a constant, and a NaN of g stays
    const fill = m === 1 && density === 0 ? g - g : NaN;
    doubles.fill(fill, l, l + n);
    doubles.fill(fill, w, w + n);
    return fill;
  }
  let sum0 = 0,
    sum1 = 0;
  for (let i = 0; i < n; i++) {
    const v = doubles[l + i]!,
      e = doubles[w + i]!;
    const counts = v !== -Infinity;
    const h = 1 - e * scale;
    const term = counts ? v * h : 0;
    if (i & 1) sum1 += term;
    else sum0 += term;
    let slope = -temperature * h;
    if (simplex) slope = (slope - 1) / doubles[x + i]!;
    doubles[l + i] = counts ? g * slope : 0;
    doubles[w + i] = counts ? g * h : 0;
  }
  return g * ((m - 1) / temperature - (sum0 + sum1));
}

/** `gradient` of every row, rounded once. */
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
  for (let r = 0; r < rows; r++) {
    const at = r * n;
    load(value / BYTES + at, logits / BYTES + at, n, scratch, simplex);
    const g = heap[dLogProb / BYTES + r]!;
    heap[dTemperature / BYTES + r] = gradient(scratch, n, temperature, g, simplex);
    const l = place(scratch, n, 1),
      w = place(scratch, n, 2);
    for (let i = 0; i < n; i++) {
      heap[dValue / BYTES + at + i] = doubles[l + i]!;
      heap[dLogits / BYTES + at + i] = doubles[w + i]!;
    }
  }
}

/** dst_r = the Concrete log-density of row r of x. `scratch`: room for 3 n + 8 f64. */
export function concrete_log_prob(
  x: number,
  logits: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  for (let r = 0; r < rows; r++) {
    load(x / BYTES + r * n, logits / BYTES + r * n, n, scratch, true);
    heap[dst / BYTES + r] = row(scratch, n, temperature, true);
  }
}

/** The gradients of dLogProb_r times that, at x, logits and T. `scratch`: room for 3 n + 8 f64. */
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
