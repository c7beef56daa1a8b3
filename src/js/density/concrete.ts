import { doubles, heap } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import * as Lgamma from '../math/lgamma.ts';

/** log (m-1)! + (m-1) log T */
export function constantOf(m: number, temperature: number): number {
  return Lgamma.ofInteger(m) + (m - 1) * log(temperature);
}

/** Indices in scratch: where log x of a row lies, behind the two results of `row`, and w. */
function room(scratch: number, n: number): [l: number, w: number] {
  return [scratch / 8 + 2, scratch / 8 + n + 4];
}

/**
 * The log-density of a row in f64. With w = logits - T log x over the m classes that count (Maddison et al. 2017, section 3.2
 * and appendix C.3):
 *
 *     log (m-1)! + (m-1) log T + sum w - m log sum exp w, and on the simplex minus sum log x
 *
 * `constant`: that of n classes.
 */
export function logProb(
  value: number,
  logits: number,
  n: number,
  temperature: number,
  constant: number,
  scratch: number,
  simplex: boolean,
): number {
  const sum = row(value, logits, n, temperature, scratch, simplex),
    m = doubles[scratch / 8]!,
    expSum = doubles[scratch / 8 + 1]!;
  return expSum === expSum ? (m === n ? constant : constantOf(m, temperature)) + (sum - m * log(expSum)) : sum;
}

/**
 * sum (w - max), on the simplex minus sum log x; then m, sum exp(w - max), log x and the exponentials are in `scratch`. What is
 * not finite, or on the boundary, is not differentiated: the sum of exponentials is NaN, and the density is returned.
 */
function row(value: number, logits: number, n: number, temperature: number, scratch: number, simplex: boolean): number {
  const [l, w] = room(scratch, n);
  let max = -Infinity,
    ordinary = n > 1;
  for (let i = 0; i < n; i++) {
    const x = heap[value + i]!,
      v = simplex ? log(x) : x,
      u = heap[logits + i]! - temperature * v;
    if (u - u !== 0) ordinary = false;
    if (u > max) max = u;
    doubles[l + i] = v;
    doubles[w + i] = u;
  }
  doubles[scratch / 8] = n;
  if (!ordinary) {
    const decided = special(logits, n, temperature, scratch, simplex);
    max = doubles[scratch / 8 + 1]!;
    doubles[scratch / 8 + 1] = NaN;
    if (decided) return max;
  }
  let sum0 = 0,
    sum1 = 0,
    total0 = 0,
    total1 = 0;
  for (let i = 0; i < n; i++) {
    const u = doubles[w + i]!,
      d = u - max,
      e = exp(d);
    const term = u === -Infinity ? 0 : simplex ? d - doubles[l + i]! : d;
    if (i & 1) {
      sum1 += term;
      total1 += e;
    } else {
      sum0 += term;
      total0 += e;
    }
    doubles[w + i] = e;
  }
  const sum = sum0 + sum1;
  doubles[scratch / 8 + 1] = sum - sum === 0 ? total0 + total1 : NaN;
  return sum;
}

/**
 * The same of a row with an element that is not finite, or with one class: whether that decides it. If so the density is in
 * the place of the sum of exponentials, if not the greatest w, and log x is 0 where x is.
 *
 * A class masked in logits is left out where x is 0; elsewhere the density is 0. ExpConcrete's is 0 where x is 0 for a
 * class that is not masked. With j such classes Concrete's goes like their x to the power (m-j) T - j; where that is 0,
 * the limit along equal ones has log sum exp over them alone, and log x = 0 for them.
 */
function special(logits: number, n: number, temperature: number, scratch: number, simplex: boolean): boolean {
  const [l, w] = room(scratch, n);
  let wrong = false,
    outside = false,
    m = 0,
    j = 0,
    top = -Infinity,
    edge = -Infinity;
  for (let i = 0; i < n; i++) {
    const a = heap[logits + i]!,
      v = doubles[l + i]!;
    const atZero = v === -Infinity,
      masked = a === -Infinity,
      u = a - temperature * (atZero ? 0 : v);
    if (!(a < Infinity && v < Infinity)) wrong = true;
    if (u === -Infinity && !(atZero && masked)) outside = true;
    if (u > top) top = u;
    if (!masked) m++;
    if (!masked && atZero) {
      j++;
      if (u > edge) edge = u;
    }
    doubles[w + i] = u;
  }
  const exponent = (m - j) * temperature - j;
  let sum = 0,
    total = 0;
  for (let i = 0; i < n; i++) {
    const v = doubles[l + i]!,
      d = doubles[w + i]! - edge;
    if (v === -Infinity) {
      doubles[l + i] = 0;
      total += exp(d);
    }
    if (d > -Infinity) sum += v === -Infinity ? d : d - v;
  }
  let result = top;
  if (wrong) result = NaN;
  else if (outside || (j > 0 && !simplex)) result = -Infinity;
  else if (m < 2) result = m === 1 ? 0 : NaN;
  else if (j > 0 && exponent !== 0) result = exponent < 0 ? Infinity : -Infinity;
  else if (j > 0) result = constantOf(m, temperature) + (sum - m * log(total));
  else if (top === Infinity) result = -Infinity;
  doubles[scratch / 8] = m;
  doubles[scratch / 8 + 1] = result;
  return wrong || outside || m < 2 || j > 0 || top === Infinity;
}

/**
 * The gradients of g times the log-density of a row; returns that of T. With h = 1 - m softmax(w) they are h for the logits,
 * -T h for log x, so (-T h - 1) / x for x, and (m-1)/T - sum h log x.
 */
export function gradient(
  value: number,
  logits: number,
  dValue: number,
  dLogits: number,
  n: number,
  temperature: number,
  g: number,
  scratch: number,
  simplex: boolean,
): number {
  const values = heap;
  const [l, w] = room(scratch, n);
  const density = row(value, logits, n, temperature, scratch, simplex);
  const m = doubles[scratch / 8]!,
    scale = m / doubles[scratch / 8 + 1]!;
  if (scale !== scale) {
    // one class: a constant, and a NaN of g stays
    const fill = m === 1 && density === 0 ? g - g : NaN;
    values.fill(fill, dValue, dValue + n);
    values.fill(fill, dLogits, dLogits + n);
    return fill;
  }
  let sum0 = 0,
    sum1 = 0;
  for (let i = 0; i < n; i++) {
    const counts = values[logits + i] !== -Infinity;
    const h = 1 - doubles[w + i]! * scale;
    const term = counts ? doubles[l + i]! * h : 0;
    if (i & 1) sum1 += term;
    else sum0 += term;
    let slope = -temperature * h;
    if (simplex) slope = (slope - 1) / values[value + i]!;
    values[dValue + i] = counts ? g * slope : 0;
    values[dLogits + i] = counts ? g * h : 0;
  }
  return g * ((m - 1) / temperature - (sum0 + sum1));
}
