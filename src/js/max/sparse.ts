import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap, round } from '../lane.ts';

const MARGIN = BYTES === 4 ? c.MARGIN_F32 : c.MARGIN_F64;

/**
 * The bound `least` of a row's candidates, the elements x >= least: a superset of the support, which lies in
 * (x - max) / T > -reach. It is widened by more than all roundings of z; short rows take every element.
 */
export function least(n: number, max: number, reach: number, temperature: number): number {
  if (n <= c.SHORT_ROW) return -Infinity;
  return round(max - round(round(reach * temperature) * MARGIN));
}

/** The candidates' z = (x - max) / T in f64 at `to`, padded with -Infinity to a multiple of four; returns its end. */
export function gather(x: number, to: number, n: number, max: number, temperature: number, least: number): number {
  const start = to;
  for (const end = x + n; x < end; x++) {
    const v = heap[x]!;
    if (v >= least) doubles[to++] = round(round(v - max) / temperature);
  }
  while ((to - start) % 4 !== 0) doubles[to++] = -Infinity;
  return to;
}

/** dst = of(z - threshold) where z > threshold, rounded once; 0 elsewhere. */
export function write(
  x: number,
  dst: number,
  n: number,
  max: number,
  temperature: number,
  least: number,
  threshold: number,
  of: (d: number) => number,
): void {
  for (let i = 0; i < n; i++) {
    const v = heap[x + i]!;
    const d = v >= least ? round(round(v - max) / temperature) - threshold : 0;
    heap[dst + i] = d > 0 ? of(d) : 0;
  }
}
