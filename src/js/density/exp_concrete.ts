import { heap } from '../lane.ts';
import { bounded as exp } from '../math/exp.ts';
import * as Lgamma from '../math/lgamma.ts';
import { every as log } from '../math/log.ts';
import * as Row from '../row.ts';
import { gradients } from './concrete.ts';

/**
 * The log-density of one row (Maddison et al. 2017, section 3.2 and appendix C.3), w = logits - T y:
 *
 *     log (n-1)! + (n-1) log T + sum w - n log sum exp w
 *
 * The terms cancel to a fraction of their size, so all of it is f64, whatever the dtype (with f32 exponentials the error is 5e-6 of the mean
 * term at n = 1e5). A class masked in logits is left out where y is -Infinity too, and n counts the rest; elsewhere the
 * density is 0. It is 0 as well where y is -Infinity for a class that is not masked. NaN for a NaN, a logit of +Infinity
 * or no class at all.
 */
function row(y: number, logits: number, n: number, temperature: number, logT: number, w: number): number {
  let sum0 = 0,
    sum1 = 0,
    kept = 0,
    leftOut = 0;
  for (let i = 0; i < n; i++) {
    const a = heap[logits + i]!,
      b = heap[y + i]!;
    let v = a === Infinity ? NaN : a - temperature * b;
    if (a === -Infinity && b === -Infinity) {
      v = -Infinity;
      leftOut++;
    }
    if (v > -Infinity) {
      kept++;
      if (i & 1) sum1 += v;
      else sum0 += v;
    }
    heap[w + i] = v;
  }
  const max = Row.max(w, n);
  if (max === Infinity) return -Infinity;
  if (max - max !== 0) return NaN;
  if (kept + leftOut < n) return -Infinity;
  if (kept === 1) return 0;
  for (let i = 0; i < n; i++) heap[w + i] = exp(heap[w + i]! - max);
  const logSum = log(Row.sum(w, n));
  return Lgamma.ofInteger(kept) + (kept - 1) * logT + (sum0 + sum1 - kept * max) - kept * logSum;
}

/** dst_r = the ExpConcrete log-density of row r of y. `scratch`: room for n + 2 f64. */
export function exp_concrete_log_prob(
  y: number,
  logits: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const logT = log(temperature);
  for (let r = 0; r < rows; r++) {
    const at = r * n;
    heap[dst / 8 + r] = row(y / 8 + at, logits / 8 + at, n, temperature, logT, scratch / 8);
  }
}

/** The gradients of dLogProb_r times that, at y, logits and T. `scratch`: room for 2 n + 6 f64. */
export function exp_concrete_log_prob_vjp(
  y: number,
  logits: number,
  dLogProb: number,
  dY: number,
  dLogits: number,
  dTemperature: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  gradients(y, logits, dLogProb, dY, dLogits, dTemperature, rows, n, temperature, scratch, false);
}
