import type { AnyArray } from '../engine/kind.ts';
import type { RowKeys } from '../engine/op.ts';
import type { Key } from '../ops.ts';

/** How the package leads to a function: names, and numbers to call what stands there with: entmax, 1.3, vjp. */
export type Path = readonly (string | number)[];

/** A key, or the keys of rows. */
export type TaskSource = Key | Pick<RowKeys, 'words' | 'ids' | 'low' | 'high'>;

/** A call of the package on a batch, as workers are told of it: its arrays lie in shared memory. */
export interface Task {
  readonly id: number;
  readonly path: Path;
  /** Where a call draws that does. */
  readonly source: TaskSource | undefined;
  /** What stands before the options, but for the source: arrays, numbers. */
  readonly args: readonly unknown[];
  /** With the path of a max in its place. */
  readonly options: { readonly max?: Path };
  readonly outputs: readonly AnyArray[];
  readonly rows: number;
  /** Rows that a worker takes at a time: the parts of the batch are numbered. */
  readonly step: number;
  /** The number of the next part that nobody has taken. */
  readonly next: Int32Array;
}

/** What a worker answers: that it is done, or what was thrown. */
export interface Reply {
  readonly id: number;
  readonly error?: unknown;
}
