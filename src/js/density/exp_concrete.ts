import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import * as Double from '../math/double.ts';
import * as Lgamma from '../math/lgamma.ts';
import { gradients } from './concrete.ts';

/**
 * The log-density of one row (Maddison et al. 2017, section 3.2 and appendix C.3), w = logits - T y:
 *
 *     log (n-1)! + (n-1) log T + sum w - n log sum exp w
 *
 * The terms cancel to a fraction of their size, so all of it is f64 (with f32 exponentials the error is 5e-6 of the mean
 * term at n = 1e5). A class masked in logits is left out where y is -Infinity too, and n counts the rest; elsewhere the
 * density is 0. It is 0 as well where y is -Infinity for a class that is not masked. NaN for a NaN, a logit of +Infinity
 * or no class at all.
 */
function row(y: number, logits: number, n: number, temperature: number, logT: number, w: number): number {
  const sums = [0, 0, 0, 0];
  let kept = 0,
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
      sums[i % 4]! += v;
    }
    doubles[w + i] = v;
  }
  const max = Double.max(w, n);
  if (max === Infinity) return -Infinity;
  if (max - max !== 0) return NaN;
  if (kept + leftOut < n) return -Infinity;
  if (kept === 1) return 0;
  for (let i = 0; i < n; i++) doubles[w + i] = Double.bounded(doubles[w + i]! - max);
  const sum = sums[0]! + sums[2]! + (sums[1]! + sums[3]!),
    logSum = Double.log(Double.sum(w, n));
  return Lgamma.ofInteger(kept) + (kept - 1) * logT + (sum - kept * max) - kept * logSum;
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
  const logT = Double.log(temperature);
  for (let r = 0; r < rows; r++) {
    const at = r * n;
    heap[dst / BYTES + r] = row(y / BYTES + at, logits / BYTES + at, n, temperature, logT, scratch / 8);
  }
}

/** The gradients of dLogProb_r times that, at y, logits and T. `scratch`: room for 3 n + 8 f64. */
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
