/** Rows and helpers of the tables of one-dimensional laws. */
import type { Floats } from 'anymax';
import { lawOf } from '../tables/laws.ts';
import { type Big, size, zero } from '../oracles/big.ts';
import type { Exact } from '../oracles/exact_rows.ts';

/** The values of a call go in by columns, one of each argument. */
export interface LawCorner {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
  /** Of rows rounded to the dtype: those to leave out. */
  readonly except?: (...values: number[]) => boolean;
  readonly run: (...columns: Floats[]) => Floats;
  readonly exact: (...values: number[]) => Exact;
  readonly within: { readonly float32: number; readonly float64: number };
}

export const signed = (values: readonly number[]): number[] => [...values, ...values.map((v) => -v)];
/** Both ends and the middle of what a cdf takes. */
export const Z = [...signed([0, 1e-310, 1e-300, 1e-40, 1e-9, 0.3, 0.75, 1, 3, 6, 6.57, 8, 17, 20, 36, 37, 37.5, 40, 88, 103, 300, 700, 708, 710, 744, 760, 1e5]), -Infinity, Infinity]; // prettier-ignore
/** Of a quantile: down to the least number, beside 1/2, up to the greatest below 1. */
export const U = [0, 5e-324, 1e-310, 1e-300, 1e-45, 1e-38, 1e-16, 1e-7, 0.01, 0.25, 0.36787944117144233, 0.49, 0.4999999, 0.5 - 2 ** -20, 0.5, 0.5000026, 0.5 + 2 ** -30, 0.5 + 2 ** -53, 0.6, 0.75, 0.99, 1 - 1e-6, 1 - 2 ** -24, 1 - 2 ** -40, 1 - 2 ** -53, 1]; // prettier-ignore

export const single = (values: readonly number[]): number[][] => values.map((v) => [v]);
export const of = (value: Big, by = size(value)): Exact => ({ value, size: by });
export const at = (value: number): Exact => ({ value, size: zero });
export const fill = (like: Floats, value: number): Floats => like.map(() => value);
/** A law at 0 and 1 for each of the values. */
export const standard = (name: 'Gumbel' | 'Logistic' | 'Normal', like: Floats) =>
  lawOf(name, fill(like, 0), fill(like, 1));

/** loc and scale of two laws: the same, 1 to 2^20 roundings apart, and far. */
export const PAIRS = ((): number[][] => {
  const rows: number[][] = [];
  for (const [loc, scale] of [
    [0, 1],
    [0.3, 1.7],
    [-3, 0.25],
    [100, 7],
  ] as const) {
    rows.push([loc, scale, loc, scale]);
    for (const step of [2 ** -22, 2 ** -15, 2 ** -8, 0.1, 1, 5]) {
      rows.push([loc + step, scale, loc, scale], [loc, scale * (1 + step), loc, scale], [loc, scale, loc + step, scale * (1 + step)]); // prettier-ignore
    }
  }
  return rows;
})();

/** Pairs of logits: the same, near, far. */
export const LOGITS = ((): number[][] => {
  const rows: number[][] = [];
  for (const l of [0, 0.3, -3, 18, -40, 88]) {
    for (const step of [0, 2 ** -20, -(2 ** -10), 0.1, 3, -30]) rows.push([l + step, l]);
  }
  return rows;
})();

/** (logits, value) of relaxed bits: each logit at both ends and in the middle, masses at the ends too. */
export const cross = (logits: readonly number[], values: readonly number[]): number[][] =>
  logits.flatMap((l) => values.map((v) => [l, v]));
export const ENDS = [0, 1e-310, 1e-300, 1e-40, 1e-9, 0.1, 0.5, 0.9, 1 - 2 ** -20, 1 - 2 ** -24, 1 - 2 ** -53, 1];
export const RELAXED_LOGITS = [...signed([0, 0.5, 4, 40]), Infinity, -Infinity];
