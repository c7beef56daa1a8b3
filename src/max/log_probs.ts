import type { Floats } from '../engine/check.ts';
import { doubles, exp, log1p } from './elementary.ts';
import { logSoftmax } from './log_softmax.ts';

/** log softmax of rows of n in f64; of bits (no n) the rows log sigmoid(l), log sigmoid(-l): what n = 2 at (l, 0) is. */
export function logProbs(logits: Floats, n: number | undefined): Float64Array {
  if (n !== undefined) return logSoftmax(new Float64Array(logits), n);
  const pairs = doubles(2 * logits.length, (i) => (i % 2 ? -1 : 1) * logits[i >> 1]!);
  const tail = log1p(exp(pairs.map((l) => -Math.abs(l))));
  return pairs.map((l, i) => Math.min(l, 0) - tail[i]!);
}

/** sum_k w_k h_k of each row of n, where a weight of 0 leaves its class out. */
export function dotRows(w: Float64Array, h: Float64Array, n: number): Float64Array {
  return doubles(w.length / n, (r) => {
    let sum = 0;
    for (let i = r * n; i < (r + 1) * n; i++) if (w[i] !== 0) sum += w[i]! * h[i]!;
    return sum;
  });
}
