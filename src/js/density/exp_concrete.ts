import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { log } from '../math/double.ts';
import * as Exp from '../math/exp.ts';
import * as Lgamma from '../math/lgamma.ts';
import * as Row from '../row.ts';

/** dst = exp((high - max) + low); returns its sum. */
function expSum(high: number, low: number, n: number, max: number): number {
  let total = 0;
  for (let i = 0; i < n;) {
    const end = Row.blockEnd(i, n),
      mask = Row.laneMask(i, n);
    for (; i < end; i++) {
      const v = heap[high + i]!;
      const d = round(v - max);
      const t = round(d - v);
      const error = round(round(v - round(d - t)) - round(max + t));
      Row.partials[i & mask]! += Exp.compensated(d, round(error + heap[low + i]!));
    }
    total += Row.fold(mask);
  }
  return total;
}

/**
 * The log-density of one row (Maddison et al. 2017, section 3.2 and appendix C.3), w = logits - T y:
 *
 *     log (n-1)! + (n-1) log T + sum w - n log sum exp w
 *
 * The terms cancel to a fraction of their size, so w and its sum are f64, and w goes to the exponentials as high + low.
 * A class masked in logits is left out where y is -Infinity too, and n counts the rest; elsewhere the density is 0. It is
 * 0 as well where y is -Infinity for a class that is not masked. NaN for a NaN, a logit of +Infinity or no class at all.
 */
function row(y: number, logits: number, n: number, temperature: number, logT: number, scratch: number): number {
  const high = scratch / BYTES,
    low = high + n;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0,
    kept = 0,
    leftOut = 0;
  for (let i = 0; i < n; i++) {
    const a = heap[logits + i]!,
      b = heap[y + i]!;
    let w = a === Infinity ? NaN : a - temperature * b;
    if (a === -Infinity && b === -Infinity) {
      w = -Infinity;
      leftOut++;
    }
    if (w > -Infinity) {
      kept++;
      if (i & 2) i & 1 ? (s3 += w) : (s2 += w);
      else i & 1 ? (s1 += w) : (s0 += w);
    }
    heap[high + i] = w;
    heap[low + i] = w - heap[high + i]!;
  }
  const max = Row.max(high, n);
  if (max === Infinity) return -Infinity;
  if (max - max !== 0) return NaN;
  if (kept + leftOut < n) return -Infinity;
  if (kept === 1) return 0;
  const logSum = log(expSum(high, low, n, max));
  return Lgamma.ofInteger(kept) + (kept - 1) * logT + (s0 + s2 + (s1 + s3) - kept * max) - kept * logSum;
}

/** dst_r = the ExpConcrete log-density of row r of y. `scratch`: room for 2 n + 8 values. */
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
    heap[dst / BYTES + r] = row(y / BYTES + at, logits / BYTES + at, n, temperature, logT, scratch);
  }
}
