import type { AnyArray } from '../engine/check.ts';

/** A call of the package on a batch, as workers are told of it: its arrays lie in shared memory. */
export interface Task {
  readonly id: number;
  /** The names that lead to the function: random, gumbel. */
  readonly path: readonly string[];
  /** Of the max that is made first, where the path begins with entmax. */
  readonly alpha: number | undefined;
  /** What stands before the options: arrays of as many values a row, keys, numbers. */
  readonly args: readonly unknown[];
  /** Without `out`, and with the alpha of a max in its place. */
  readonly options: { readonly max?: number };
  readonly outputs: readonly AnyArray[];
  readonly rows: number;
  /** Rows that a worker takes at a time: the parts of the batch are numbered. */
  readonly step: number;
  /** The number of the next part that nobody has taken. */
  readonly next: Int32Array;
}

/** What a worker answers: the names of several outputs, if they have names, or what was thrown. */
export interface Reply {
  readonly id: number;
  readonly names?: readonly string[] | undefined;
  readonly error?: unknown;
}
