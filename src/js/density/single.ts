import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { bulk, heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { bounded as exp } from '../math/exp.ts';
import { every as log } from '../math/log.ts';
import * as Row from '../row.ts';

/** l = log x; returns its sum. */
export function logs(x: number, l: number, n: number): number {
  for (let i = 0; i < n; i++) heap[l + i] = log(heap[x + i]!);
  return Row.sum(l, n);
}

/** The greatest w of a row, rounded; NaN where one is not finite. */
function top(l: number, logits: number, n: number, temperature: number): number {
  let max = -Infinity;
  for (let i = 0; i < n; i++) {
    const w = round(heap[logits + i]! - round(temperature * heap[l + i]!));
    if (w - w !== 0) return NaN;
    if (w > max) max = w;
  }
  return max;
}

/** d = w - top in f64, e = exp d; returns the sum of d, of which four vectors of f32 are added up first, as in Row.sum. */
function exps(l: number, logits: number, e: number, n: number, temperature: number, top: number): number {
  const d = (i: number): number => heap[logits + i]! - temperature * heap[l + i]! - top;
  const sums = [0, 0, 0, 0],
    end = bulk(n);
  for (let i = 0; i < n; i++) heap[e + i] = exp(Math.min(round(d(i)), c.DENSITY_REACH));
  for (let i = 0; i < end; i += 16) {
    for (let lane = i; lane < i + 4; lane++) sums[lane - i]! += d(lane) + d(lane + 4) + (d(lane + 8) + d(lane + 12));
  }
  for (let i = end; i < n; i++) sums[i & 3]! += d(i);
  return sums[0]! + sums[2]! + (sums[1]! + sums[3]!);
}

/**
 * The log-density of a row of f32 at log x = l, less `minus`, for
 *
 *     constant + sum d - n log sum exp d, d = w - max w, w = logits - T l
 *
 * d and the sums are f64, so that only what exp loses counts, n times: of a density that is not small that is nothing.
 * NaN where the row is to be done in f64: an element is not finite (a mask), there is one class, the terms cancel, or
 * rounding took the maximum far from where it is. `scratch`: room for a row.
 */
export function row(
  l: number,
  logits: number,
  n: number,
  temperature: number,
  constant: number,
  minus: number,
  scratch: number,
): number {
  const max = top(l, logits, n, temperature),
    e = scratch / BYTES;
  if (n < 2 || max - max !== 0) return NaN;
  const total = exps(l, logits, e, n, temperature, max),
    sum = Row.sum(e, n);
  if (!(sum > c.DENSITY_LEAST_SUM && sum < c.DENSITY_GREATEST_SUM)) return NaN;
  const density = constant + (total - n * Double.log(sum)) - minus;
  return n > c.SHORT_ROW && Math.abs(density) < c.DENSITY_CANCELS * n ? NaN : density;
}
