import type { AnyArray } from '../engine/kind.ts';

/** How the package leads to a function: names, and numbers to call what stands there with: entmax, 1.3, vjp. */
export type Path = readonly (string | number)[];

/** A call of the package on a batch, as workers are told of it: its arrays lie in shared memory. */
export interface Task {
  readonly id: number;
  readonly path: Path;
  /** What stands before the options: arrays of as many values a row, keys, numbers. */
  readonly args: readonly unknown[];
  /** Without `out`, and with the path of a max in its place. */
  readonly options: { readonly temperature?: unknown; readonly draws?: unknown; readonly max?: Path };
  readonly outputs: readonly AnyArray[];
  /** The options that give the outputs; none where an op gives several arrays by their names. */
  readonly given: readonly string[] | undefined;
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
