import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { log1p } from '../math/double.ts';
import * as Exp from '../math/exp.ts';
import * as Exponents from '../math/exponents.ts';
import * as Row from '../row.ts';
import * as Scores from './scores.ts';

/** dst = exp((x - max) / T) */
function fill(x: number, dst: number, n: number, max: number, temperature: number): void {
  const scale = Scores.scaleOf(temperature),
    m = max * scale,
    t = temperature * scale;
  for (let i = 0; i < n; i++) {
    const v = round(heap[x + i]! * scale);
    // d + low = x - max without error (Knuth's two-sum, of which only d is rounded)
    const d = round(v - m),
      e = d - v,
      low = v - (d - e) - (m + e);
    heap[dst + i] = Exp.compensated(round(d / t), round(low / t));
  }
}

/**
 * dst = the exponentials of a row up to a factor, which is 1 for its maximum where the row is not within reach of
 * Exponents; returns their sum. The call has begun with Exponents.open.
 */
export function expSum(x: number, dst: number, n: number, max: number, temperature: number): number {
  if (Exponents.reach(max)) Exponents.fill(x, dst, n, max);
  else fill(x, dst, n, max, temperature);
  return Row.sum(dst, n);
}

/** That of the maximum. */
export function ofMax(max: number): number {
  return Exponents.reach(max) ? Exponents.ofMax(max) : 1;
}

/**
 * log sum exp((x - max) / T) as log1p of the sum without the first maximum, which is taken out of the row meanwhile:
 * nothing beside a dominant class is lost. `scratch`: room for the row.
 */
export function logSum(x: number, n: number, max: number, temperature: number, scratch: number): number {
  const at = Row.find(x, max),
    value = heap[at]!;
  heap[at] = -Infinity;
  const rest = expSum(x, scratch / BYTES, n, max, temperature);
  heap[at] = value;
  return log1p(rest * (1 / ofMax(max)));
}
