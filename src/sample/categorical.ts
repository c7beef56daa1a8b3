import type { Input } from '../engine/half.ts';
import type { RowLength } from '../engine/layout.ts';
import { Call } from '../engine/call.ts';
import { readOptions } from '../engine/options.ts';
import { checkInteger } from '../engine/check.ts';
import { ofDraws } from '../engine/functions.ts';
import { F64, type Floats, I32 } from '../engine/kind.ts';
import { makeOp, makeRowOp } from '../engine/op.ts';
import { alloc, type Values } from '../engine/resident.ts';
import { mapRows } from '../engine/rows.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import { EACH_CATEGORICAL, TABLE_FROM } from '../shared/constants.ts';
import type { IndexOptions } from './gumbel_max.ts';
import { settleDraws } from './draws.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of `categorical`. */
export interface CategoricalOptions<A extends Floats = Floats> extends IndexOptions<A> {
  /** Draws from each row, with replacement; 1 if not given. */
  readonly draws?: number | undefined;
}

/** Rows of logits made ready for many draws, by `categorical.prepare`. */
export interface Prepared {
  /**
   * `draws` classes of each row: rows x draws indices, what `categorical` with so many draws gives for the same source
   * where it makes a table itself.
   *
   * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
   * @param draws How many classes per row.
   * @param options `out` for the indices.
   * @returns Rows x draws class indices (Int32Array).
   * @throws As for categorical.
   */
  draw(source: RowSource, draws: number, options?: { readonly out?: Values<Int32Array> | undefined }): Int32Array;
  /** Gives the memory of the tables back; draws throw afterwards. */
  free(): void;
}

/** What `categorical` is. */
export interface CategoricalSampler {
  <A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    options?: CategoricalOptions<A>,
  ): Int32Array;
  /**
   * Makes tables of the rows of softmax(logits / T), cumulative sums from which a draw takes log2 n steps.
   *
   * Shapes and special values: as for categorical.
   *
   * Source: Devroye 1986, III.2.
   *
   * @param logits Unnormalised log-probabilities, rows x n; -Infinity masks a class.
   * @param n The number of classes: the length of a row.
   * @param options `temperature`, 1 if absent.
   * @returns The tables: `draw(source, draws)` draws from them, `free()` gives their memory back.
   * @throws As there, and RangeError for memory that cannot be had: a row takes 8 n + 8 bytes.
   */
  prepare<A extends Floats = Float32Array>(
    logits: Input<A>,
    n: number,
    options?: Pick<IndexOptions<A>, 'temperature'>,
  ): Prepared;
}

const OPTIONS = ['draws', 'temperature', 'out', 'stride', 'dtype'];
const LOOKUP_BYTES = /* @__PURE__ */ Scratch.categorical_lookup(0, 0, 0, 0);

/** Whether so many draws of a row are looked up in a table. */
const byTable = (draws: number, n: number): boolean => draws > 1 && draws >= TABLE_FROM * n;

/** Few draws of a row by thinning under an envelope, many by a table of it, made and looked up. */
const CATEGORICAL = /* @__PURE__ */ makeRowOp('logits', {
  width: 'k',
  kind: I32,
  options: OPTIONS,
  keys: ROW_KEYS,
  byRow: true,
  each: EACH_CATEGORICAL,
  settle: settleDraws,
  scratch: (n, rows, bytes, draws) =>
    byTable(draws, n) ? LOOKUP_BYTES + 8 * (n + 1) * rows : Scratch.categorical(n, rows, bytes, draws),
  row(kernels, src, dst, rows, n, t, scratch, draws, row, k0, k1) {
    if (!byTable(draws, n)) return kernels.categorical(src, dst, rows, n, draws, t, row * draws, k0, k1, scratch);
    kernels.categorical_table(src, scratch + LOOKUP_BYTES, rows, n, t);
    kernels.categorical_lookup(scratch + LOOKUP_BYTES, dst, rows, n, draws, row * draws, k0, k1, scratch);
  },
});

/** Tables of n + 1 values from rows of n, and draws from them. */
const TABLE = /* @__PURE__ */ makeOp({
  inputs: [{ name: 'logits', width: 'n' }],
  outputs: [{ width: 'k', kind: F64 }],
  kernel: (kernels, [src, dst], rows, n, temperature) => kernels.categorical_table(src, dst, rows, n, temperature),
});
const LOOKUP = /* @__PURE__ */ makeRowOp('tables', {
  width: 'k',
  kind: I32,
  options: ['out'],
  f64: true,
  keys: ROW_KEYS,
  byRow: true,
  scratch: () => LOOKUP_BYTES,
  row: (kernels, src, dst, rows, width, _t, scratch, draws, row, k0, k1) =>
    kernels.categorical_lookup(src, dst, rows, width - 1, draws, row * draws, k0, k1, scratch),
});

function prepare(logits: Input<Floats>, n: number, options?: Pick<IndexOptions, 'temperature'>): Prepared {
  const width = checkInteger('n', n, 1) + 1;
  const said = readOptions(options, ['temperature', 'dtype']);
  const tables = alloc(Float64Array, new Call(TABLE, [logits], n, said, width).rows * width);
  new Call(TABLE, [logits], n, { ...said, out: tables }, width).run();
  return {
    draw(source, draws, o) {
      ROW_KEYS.read(source);
      checkInteger('draws', draws, 1);
      return mapRows(LOOKUP, tables, width, o, draws, source) as Int32Array;
    },
    free: () => tables.free(),
  };
}

/**
 * Draws from softmax(logits / T), row by row, by the fastest exact method: thinning under an envelope for few draws, which
 * needs the exponential of a fraction of a row; for many a table of cumulative sums and a binary search. One draw from a row of at
 * most 32 classes is by integer weights, float32 exponentials rounded up, and kept in proportion to the exact exponential.
 *
 * Shapes: logits rows x n; rows x draws indices.
 *
 * Special values: as for gumbelMax.
 *
 * Accuracy: right to 2^-52 of the probabilities' sum; the table of float32 logits has each probability within 2^-21 of it.
 * The draws depend on the key, the row and their place in it, not on the noise of gumbelMax.
 *
 * Source: Devroye 1986, II.3 and III.2.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param logits Unnormalised log-probabilities, rows x n; -Infinity masks a class.
 * @param n The number of classes: the length of a row.
 * @param options `draws` per row (1 if absent), `temperature` (1 if absent), and `out` for the indices.
 * @returns Rows x draws class indices (Int32Array).
 * @throws As for gumbelMax; RangeError for draws that is no positive integer.
 * @example
 * const rng = new Rng(42);
 * categorical(rng, Float32Array.of(2, 1, 0), 3, { draws: 5 }); // [0, 1, 0, 0, 0]
 */
export const categorical: CategoricalSampler = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofDraws<CategoricalSampler>(CATEGORICAL),
  { prepare },
);
