import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap, round } from '../lane.ts';
import type * as Maxes from './maxes.ts';

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

/** The sum of the partial sums of a row, of which element i goes to i mod 4. */
export function total(sums: number[]): number {
  return sums[0]! + sums[2]! + (sums[1]! + sums[3]!);
}

/** A max with finite support: the threshold at which the candidates' p sum to 1, and p in f64. */
export interface SparseMax {
  threshold(z: number, end: number, alpha: number): number;
  of(z: number, threshold: number, alpha: number): number;
}

/**
 * The max of a row, by its candidates: solves the threshold over them in f64, then writes p, rounded once. The support
 * lies in z > -1 / (alpha - 1).
 */
export function sparse({ threshold, of }: SparseMax): Maxes.Max {
  return {
    hot: 1,
    cold: 0,
    row(x, dst, n, max, temperature, scratch, alpha) {
      const z = scratch / 8,
        bound = least(n, max, round(1 / (alpha - 1)), temperature);
      const tau = threshold(z, gather(x, z, n, max, temperature, bound), alpha);
      for (let i = 0; i < n; i++) {
        const v = heap[x + i]!;
        heap[dst + i] = v >= bound ? of(round(round(v - max) / temperature), tau, alpha) : 0;
      }
    },
  };
}
