import { doubled, type Floats } from '../engine/kind.ts';
import { logSoftmax } from '../max/log_softmax.ts';
import { softmax } from '../max/softmax.ts';
import { doubles, excess, exp, logSigmoid } from './float64.ts';

/** Rows of n classes in f64: logits up to a constant of the row, p = softmax(logits) and log p. */
export interface Classes {
  readonly n: number;
  readonly logits: Float64Array;
  readonly p: Float64Array;
  /** log p, made when it is asked for. */
  logP(): Float64Array;
}

/** The classes of rows of n logits or, without n, of bits: rows of two classes at (logit, 0), 1 first and 0 second. */
export function classes(logits: Floats, n: number | undefined): Classes {
  if (n !== undefined) {
    const x = doubled(logits);
    let logP: Float64Array | undefined;
    return { n, logits: x, p: softmax(x, n), logP: () => (logP ??= logSoftmax(x, n)) };
  }
  const logP = logSigmoid(doubles(2 * logits.length, (i) => (i & 1 ? -1 : 1) * logits[i >> 1]!));
  return {
    n: 2,
    logits: doubles(logP.length, (i) => (i & 1 ? 0 : logits[i >> 1]!)),
    p: exp(logP),
    logP: () => logP,
  };
}

/** For each row of p the class that has more than half of it, -1 if none does, and what all others have together. */
export function leaders(p: Floats, n: number): { index: Int32Array; rest: Float64Array } {
  const rows = p.length / n;
  const index = new Int32Array(rows).fill(-1),
    rest = new Float64Array(rows);
  for (let r = 0, start = 0; r < rows; r++, start += n) {
    let sum = 0;
    for (let i = start; i < start + n; i++) {
      if (p[i]! > 0.5) index[r] = i - start;
      else sum += p[i]!;
    }
    rest[r] = sum;
  }
  return { index, rest };
}

/** sum_k w_k h_k of each row of n, where a weight of 0 leaves its class out. */
export function dotRows(w: Floats, h: Floats, n: number): Float64Array {
  const sums = new Float64Array(w.length / n);
  for (let r = 0, i = 0; r < sums.length; r++) {
    let sum = 0;
    for (const end = i + n; i < end; i++) if (w[i] !== 0) sum += w[i]! * h[i]!;
    sums[r] = sum;
  }
  return sums;
}

/** Two batches of classes beside each other, class by class and row by row. */
export interface Contrast {
  /** log p - log q; 0 for a class that neither has. */
  readonly ratio: Float64Array;
  /** q - p, with full relative accuracy also where they are nearly equal. */
  readonly difference: Float64Array;
  /** KL(p || q) of each row, likewise. */
  readonly kl: Float64Array;
}

/** Where logits differ by less, up to a constant of the row, their own mean difference is closer than their logarithms. */
const NEAR = 1e-4;

/**
 * The log-ratios of two batches of classes, and their divergence as a sum of terms that are not negative:
 *
 *     KL(p || q) = sum_k p_k (expm1(-d_k) + d_k),  d = log p - log q
 *
 * d is taken from the difference of the logits without error, (a_k - b_k) - (a_m - b_m) for m the greatest class of p, and
 * one number that all classes share: logarithms of nearly equal p and q would lose it. What that number has lost is an error
 * e of all d; since sum p expm1(-d) is 0, it is seen there, and costs the divergence e^2 / 2.
 */
export function contrast(p: Classes, q: Classes): Contrast {
  const { n } = p;
  const ratio = new Float64Array(p.p.length),
    difference = new Float64Array(p.p.length),
    kl = new Float64Array(p.p.length / n);
  for (let r = 0; r < kl.length; r++) kl[r] = contrastRow(p, q, r * n, ratio, difference);
  return { ratio, difference, kl };
}

/** One row, from a place on. */
function contrastRow(p: Classes, q: Classes, start: number, ratio: Float64Array, difference: Float64Array): number {
  const [a, b, own, other] = [p.logits, q.logits, p.p, q.p],
    end = start + p.n;
  let m = start;
  for (let i = start + 1; i < end; i++) if (own[i]! > own[m]!) m = i;
  // the differences of the logits from that of the greatest class, with what rounding takes (Knuth's two-sum)
  const top = a[m]! - b[m]!,
    topLost = lost(a[m]!, b[m]!, top);
  let mean = 0,
    most = 0;
  for (let i = start; i < end; i++) {
    const apart = a[i]! - b[i]!,
      d = apart - top + (lost(a[i]!, b[i]!, apart) - topLost),
      size = Math.abs(d);
    ratio[i] = d;
    if (own[i] !== 0) {
      mean += own[i]! * d;
      if (!(size <= most)) most = size;
    } else if (other[i] !== 0) {
      most = Infinity;
    }
  }
  const shared = most < NEAR ? -mean : p.logP()[m]! - q.logP()[m]!;
  let sum = 0,
    error = 0;
  for (let i = start; i < end; i++) {
    const [v, w] = [own[i]!, other[i]!];
    let d = ratio[i]! + shared,
      term = w,
      step = w - v;
    if (d - d !== 0) d = p.logP()[i] === q.logP()[i] ? 0 : p.logP()[i]! - q.logP()[i]!;
    if (Math.abs(d) < 1) {
      term = v * excess(d);
      step = term - v * d;
    } else if (v !== 0) {
      term = w - v * (1 - d);
    }
    ratio[i] = d;
    difference[i] = step;
    sum += term;
    error += step;
  }
  if (Math.abs(error) < 1e-3) {
    for (let i = start; i < end; i++) {
      ratio[i]! += error;
      difference[i]! -= error * (own[i]! + difference[i]!);
    }
  }
  return sum === Infinity ? sum : Math.max(0, sum - (error * error) / 2);
}

/** What rounding took from difference = x - y. */
function lost(x: number, y: number, difference: number): number {
  const t = difference - x;
  return x - (difference - t) - (y + t);
}
