import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { bounded, phi } from '../math/exp.ts';
import * as Exponents from '../math/exponents.ts';
import * as Argmax from '../max/argmax.ts';
import { expSum, logSum, ofMax } from '../max/exponentials.ts';
import * as Row from '../row.ts';

/** Below it exp(-u) - 1 + u is taken as u^2 phi(-u): what the difference loses of it f32 does not see. */
const NEAR = BYTES === 4 ? c.CONTRAST_NEAR_F32 : c.CONTRAST_NEAR_F64;

/** At or below it f32 has no exponential of full accuracy: p is taken in f64. */
const DEEP = BYTES === 4 ? c.CONTRAST_DEEP : 0;

/** a - b, 0 where they are equal. */
function apart(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** What rounding took from d = a - b of f64 (Knuth's two-sum), 0 where that is not finite: of f32 nothing. */
function lostOf(a: number, b: number, d: number): number {
  if (BYTES === 4) return 0;
  const t = d - a,
    low = a - (d - t) - (b + t);
  return low === low ? low : 0;
}

/** a - b - base; lost: what rounding took from base. */
function from(a: number, b: number, base: number, lost: number): number {
  const d = apart(a, b),
    u = d - base;
  return BYTES === 4 ? u : u + (lostOf(a, b, d) - lost);
}

/** The sum over a long row of f32, in f32 but for log-ratios; NaN if the row wants f64. */
function quick(a: number, b: number, e: number, n: number, base: number, mean: number, sum: number): number {
  const values = heap,
    deep = round(DEEP * sum),
    per = 1 / sum;
  let most = 0,
    total0 = 0,
    total1 = 0;
  for (let i = 0; i < n; i++) {
    const u = round(from(values[a + i]!, values[b + i]!, base, 0) - mean),
      p = values[e + i]!,
      term = round(p * (Math.abs(u) < 1 ? round(round(u * u) * phi(-u)) : round(bounded(-u) + round(u - 1))));
    if (p <= deep || -u > c.CONTRAST_REACH) return NaN;
    if (term > most) most = term;
    if (i & 1) total1 += term;
    else total0 += term;
  }
  return most < c.CONTRAST_MOST * (total0 + total1) ? total0 * per + total1 * per : NaN;
}

/**
 * KL(p || q) of a row, p = softmax(a), q = softmax(b), as a sum of terms that are not negative. With d = a - b, m its mean
 * under p and u = d - m it is
 *
 *     log sum_k p_k exp(-u_k) = log(1 + sum_k p_k (exp(-u_k) - 1 + u_k))
 *
 * since the mean of u is 0 (what is left of it counts in log p - log q): p u^2 phi(-u) near 0, p exp(-u) + p (u - 1) elsewhere,
 * p exp(-u) = exp(b - c) where p is 0. d is counted from its value at the greatest a, and in f64 with what rounding takes, so that
 * nothing is lost of nearly equal rows. Long rows of f32 take u, exp and phi in f32, unless a class has most of the sum, or one is
 * so rare that f32 does not hold it. Where q rules out a class of p, or the sum is beyond the range,
 * log p - log q = a - b - (logSumExp a - logSumExp b) has all its digits.
 *
 * f32 with weights takes that way too where the rows are far from each other: no term is smaller than what log p loses in f32.
 *
 * With weights y the sum of y (log q - log p), without the classes that p does not have. `scratch`: room for two rows.
 */
function row(a: number, b: number, y: number, ratio: number, n: number, scratch: number): number {
  const values = heap,
    max = Row.max(a, n),
    other = Row.max(b, n);
  if (max - max !== 0 || other - other !== 0) {
    if (BYTES === 8 && ratio > 0) values.fill(NaN, ratio, ratio + n);
    return NaN;
  }
  const sum = expSum(a, scratch, n, max, 1),
    logOfSum = Double.log(sum / ofMax(max));
  const at = Argmax.index(a, max),
    top = values[a + at]!,
    low = values[b + at]!;
  let base = apart(top, low),
    lost = lostOf(top, low, base),
    total0 = 0,
    total1 = 0,
    spread = 0;
  for (let i = 0; i < n; i++) {
    const e = values[scratch + i]!;
    let term = 0;
    if (e !== 0) {
      const d = from(values[a + i]!, values[b + i]!, base, lost);
      term = e * d;
      if (Math.abs(d) > spread) spread = Math.abs(d);
    }
    if (i & 1) total1 += term;
    else total0 += term;
  }
  const mean = (total0 + total1) / sum,
    per = 1 / sum,
    centre = logOfSum - mean;
  let m = mean,
    drift0 = 0,
    drift1 = 0,
    kl = NaN;
  if (mean - mean === 0 && !(BYTES === 4 && y !== 0 && spread > c.CONTRAST_FAR)) {
    total0 = total1 = 0;
    let total = BYTES === 4 && n > c.SHORT_ROW ? quick(a, b, scratch, n, base, mean, sum) : NaN;
    const slow = total !== total;
    for (let i = slow ? 0 : n; i < n; i++) {
      const v = values[b + i]!,
        own = values[a + i]!,
        share = values[scratch + i]! * per,
        none = share <= DEEP,
        p = BYTES === 4 && none ? Double.exp(own - top - logOfSum) : share,
        u = from(own, v, base, lost) - mean;
      let term = 0;
      if (Math.abs(u) < NEAR) term = p * (u * u) * Double.phi(-u);
      else term = (none ? Double.exp(v - low - centre) : p * Double.exp(-u)) + (p === 0 ? 0 : p * (u - 1));
      const moved = BYTES === 4 || p === 0 ? 0 : p * u;
      if (i & 1) {
        total1 += term;
        drift1 += moved;
      } else {
        total0 += term;
        drift0 += moved;
      }
    }
    if (slow) total = total0 + total1;
    kl = Double.log1p(total);
  }
  const whole = kl - kl === 0;
  if (whole && y === 0 && ratio === 0) return kl;
  let less = drift0 + drift1 - kl;
  if (!whole) {
    m = base = lost = 0;
    less = max - other + (logOfSum - logSum(b, n, other, 1, (scratch + n) * BYTES + 16));
  }
  const weights = y === 0 ? scratch : y;
  total0 = total1 = 0;
  for (let i = 0; i < n; i++) {
    const v = values[a + i]!,
      o = values[b + i]!,
      w = values[weights + i]!;
    const d = v === -Infinity && o === v ? 0 : from(v, o, base, lost) - m - less;
    if (BYTES === 8 && ratio > 0) values[ratio + i] = d;
    const term = w === 0 || v === -Infinity ? 0 : w * d;
    if (i & 1) total1 += term;
    else total0 += term;
  }
  const total = total0 + total1;
  return y !== 0 ? 0 - total : whole ? kl : total / sum;
}

/**
 * dst_r = KL(p || q) of p = softmax(a_r), q = softmax(b_r) or, with weights y (0: none), the sum of y log(q / p). ratio (of f64
 * alone; 0: none) = log p - log q. `scratch`: room for two rows.
 */
export function contrast(
  a: number,
  b: number,
  y: number,
  dst: number,
  ratio: number,
  rows: number,
  n: number,
  scratch: number,
): void {
  Exponents.open(1);
  for (let r = 0; r < rows; r++) {
    const at = r * n,
      own = y === 0 ? 0 : y / BYTES + at,
      to = ratio === 0 ? 0 : ratio / BYTES + at;
    heap[dst / BYTES + r] = row(a / BYTES + at, b / BYTES + at, own, to, n, scratch / BYTES);
  }
}

/** log(1 + exp x), where tail = log(1 + exp -|x|). */
function softplus(x: number, tail: number): number {
  return (x > 0 ? x : 0) + tail;
}

/** The same of bits with the logits a and b: of two classes, which take the logarithms of sigmoids where they are not near. */
function bit(a: number, b: number, y: number, weighted: boolean): number {
  const e = Double.exp(-Math.abs(a)),
    ta = Double.log1p(e),
    tb = Double.log1p(Double.exp(-Math.abs(b)));
  const p = (a >= 0 ? 1 : e) / (1 + e),
    rest = (a >= 0 ? e : 1) / (1 + e),
    d = apart(a, b);
  let d1 = softplus(-b, tb) - softplus(-a, ta),
    d0 = softplus(b, tb) - softplus(a, ta),
    kl = 0;
  if (Math.abs(d) < NEAR) {
    const u = d * rest,
      v = d * p;
    kl = Double.log1p(p * (u * u) * Double.phi(-u) + rest * (v * v) * Double.phi(v));
    d1 = kl + u;
    d0 = kl - v;
  } else {
    kl = (p === 0 ? 0 : p * d1) + (rest === 0 ? 0 : rest * d0);
  }
  if (!weighted) return kl;
  const other = 1 - y;
  return 0 - ((y === 0 || a === -Infinity ? 0 : y * d1) + (other === 0 || a === Infinity ? 0 : other * d0));
}

/** dst = the same of bits with the logits a and b, element by element: rows of two classes at (logit, 0). */
export function contrast_bits(a: number, b: number, y: number, dst: number, count: number): void {
  const [x, z, w, to] = [a / BYTES, b / BYTES, y / BYTES, dst / BYTES];
  for (let i = 0; i < count; i++) heap[to + i] = bit(heap[x + i]!, heap[z + i]!, y === 0 ? 0 : heap[w + i]!, y !== 0);
}
