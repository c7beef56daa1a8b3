import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import { atMass } from './bin_concrete.ts';
import * as Concrete from './concrete.ts';
import * as Either from './either.ts';

/**
 * log p - log q of a row of ExpConcrete at log x = l, q with the logits a and T = t, p with b and s: of
 *
 *     (n-1) log (s / t) + sum (w_p - w_q) - n (log sum exp w_p - log sum exp w_q), w = logits - T l less its maximum
 *
 * NaN where an element is not finite.
 */
function row(l: number, a: number, b: number, n: number, t: number, s: number): number {
  let topQ = -Infinity,
    topP = -Infinity;
  for (let i = 0; i < n; i++) {
    const v = doubles[l + i]!;
    const q = doubles[a + i]! - t * v,
      p = doubles[b + i]! - s * v;
    if (q - q !== 0 || p - p !== 0) return NaN;
    if (q > topQ) topQ = q;
    if (p > topP) topP = p;
  }
  let sum0 = 0,
    sum1 = 0,
    q0 = 0,
    q1 = 0,
    p0 = 0,
    p1 = 0;
  for (let i = 0; i < n; i++) {
    const v = doubles[l + i]!;
    const q = doubles[a + i]! - t * v - topQ,
      p = doubles[b + i]! - s * v - topP;
    if (i & 1) {
      sum1 += p - q;
      q1 += exp(q);
      p1 += exp(p);
    } else {
      sum0 += p - q;
      q0 += exp(q);
      p0 += exp(p);
    }
  }
  return (n - 1) * (log(s) - log(t)) + (sum0 + sum1 - n * (log(p0 + p1) - log(q0 + q1)));
}

/**
 * dst_r = log p - log q at row r of y, densities of ExpConcrete: q with `logits` and `temperature`, p with the others. A row
 * with masks is done with one density after the other. `scratch`: room for 4 n + 12 f64.
 */
export function exp_concrete_term(
  y: number,
  logits: number,
  prior: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  priorTemperature: number,
  scratch: number,
): void {
  const l = Concrete.place(scratch, n, 2),
    a = Concrete.place(scratch, n, 3),
    b = Concrete.place(scratch, n, 0);
  for (let r = 0; r < rows; r++) {
    Either.widen(y / BYTES + r * n, l, n);
    Either.widen(logits / BYTES + r * n, a, n);
    Either.widen(prior / BYTES + r * n, b, n);
    let term = row(l, a, b, n, temperature, priorTemperature);
    if (term !== term) {
      term = Concrete.row(l, b, n, priorTemperature, scratch, false);
      term -= Concrete.row(l, a, n, temperature, scratch, false);
    }
    heap[dst / BYTES + r] = term;
  }
}

/**
 * dst = the same of bits in logit space, element by element. With d = logit - T z of either it is
 *
 *     log (T_p / T_q) + |d_q| - |d_p| + 2 log ((1 + exp -|d_q|) / (1 + exp -|d_p|))
 *
 * For all mass at z |d| is log T and the exponential 0: a density of 0.
 */
export function logit_bin_concrete_term(
  z: number,
  logits: number,
  prior: number,
  dst: number,
  count: number,
  temperature: number,
  priorTemperature: number,
): void {
  const logQ = log(temperature),
    logP = log(priorTemperature);
  for (let i = 0; i < count; i++) {
    const v = heap[z / BYTES + i]!,
      a = heap[logits / BYTES + i]!,
      b = heap[prior / BYTES + i]!;
    const massQ = atMass(v, a),
      massP = atMass(v, b);
    const q = Math.abs(a - temperature * v),
      p = Math.abs(b - priorTemperature * v);
    const apart = (massQ ? logQ : q) - (massP ? logP : p);
    const tails = log((1 + (massQ ? 0 : exp(-q))) / (1 + (massP ? 0 : exp(-p))));
    heap[dst / BYTES + i] = logP - logQ + apart + (tails + tails);
  }
}
