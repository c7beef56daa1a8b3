/** What a row of the tables of ops on rows is. */
import { entmax, type Floats, type Max } from 'anymax';
import type { Exact } from '../oracles/exact_rows.ts';

/** What an op may take beside the scores x; p and logP are the package's own, of x at T. */
export type Operand = 'p' | 'logP' | 'd' | 'dRow' | 'target' | 'other';

export interface Given {
  readonly x: Floats;
  readonly n: number;
  readonly temperature: number;
  readonly p: Floats;
  readonly logP: Floats;
  readonly d: Floats;
  readonly dRow: Floats;
  readonly target: number;
  /** Scores of another row: the same, near, far. */
  readonly other: Floats;
}

export interface Corner {
  readonly name: string;
  /** Whose output p is. */
  readonly max: Max;
  readonly takes: readonly Operand[];
  readonly run: (given: Given) => Floats;
  readonly exact: (given: Given) => Exact[];
  /** In ULP of the size of each value, or `relative` to it. */
  readonly within: { readonly float32: number; readonly float64: number };
  readonly relative?: boolean;
  /** Whether it takes T = 0. */
  readonly limits?: boolean;
  /** Inputs at which the op is something else, which test/promises/special_values.test.ts has. */
  readonly except?: (given: Given) => boolean;
}

export const list = (values: Floats): number[] => Array.from(values);
export const softmax: Max = entmax(1);
/** Of the entries of a sparse max, in ULP of max p: 1e-12 in float64. */
export const ENTRIES = { float32: 4, float64: 4504 };
