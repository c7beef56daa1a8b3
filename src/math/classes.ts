import { ratios } from '../density/contrast.ts';
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
  return { n: 2, logits: doubles(logP.length, (i) => logitOf(logits[i >> 1]!, i & 1)), p: exp(logP), logP: () => logP };
}

/** Of a bit as two classes, 1 and 0: the logit below 0, so that infinite ones are masks. */
function logitOf(l: number, zero: number): number {
  return l > 0 ? (zero === 0 ? 0 : -l) : zero === 0 ? l : 0;
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

export function contrast(p: Classes, q: Classes): Contrast {
  const [kl, ratio] = ratios(p.logits, q.logits, p.n);
  const difference = ratio.map((d, i) => (Math.abs(d) < 1 ? p.p[i]! * (excess(d) - d) : q.p[i]! - p.p[i]!));
  return { ratio, difference, kl };
}
