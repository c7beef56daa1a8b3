import { Call, readOptions } from '../engine/call.ts';
import { checkInteger } from '../engine/check.ts';
import { openable } from '../engine/functions.ts';
import { F64, type Floats, I32 } from '../engine/kind.ts';
import { makeOp, makeRowOp, OUT_ONLY, type RowOp } from '../engine/op.ts';
import { alloc, type Values } from '../engine/resident.ts';
import { mapRows, openRows } from '../engine/rows.ts';
import { KEYS, type Source } from '../random/rng.ts';
import { TABLE_FROM } from '../shared/constants.ts';
import type { IndexOptions } from './gumbel_max.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of `categorical`. */
export interface CategoricalOptions extends IndexOptions {
  /** Draws from each row, with replacement; 1 if not given. */
  readonly draws?: number;
}

/** Rows of logits made ready for many draws, by `categorical.prepare`. */
export interface Prepared {
  /**
   * `draws` classes of each row: rows x draws indices, what `categorical` with so many draws gives for the same source
   * where it makes a table itself. Errors: as for categorical.
   */
  draw(source: Source, draws: number, options?: { readonly out?: Values<Int32Array> }): Int32Array;
  /** Gives the memory of the tables back; draws throw afterwards. */
  free(): void;
}

/** What `categorical` is. */
export interface CategoricalSampler {
  (source: Source, logits: Values<Floats>, n: number, options?: CategoricalOptions): Int32Array;
  /**
   * Makes tables of the rows of softmax(logits / T), from which a draw takes two steps in the mean, whatever n.
   *
   * Shapes and special values: as for categorical. Errors: as there, and RangeError for memory that cannot be had: a
   * row takes 12 n bytes. Source: Chen and Asau 1974.
   */
  prepare(logits: Values<Floats>, n: number, options?: { readonly temperature?: number }): Prepared;
}

const OPTIONS = ['draws', 'temperature', 'out'];
const LOOKUP_BYTES = /* @__PURE__ */ Scratch.categorical_lookup(0, 0, 0, 0);

/** The f64 values that the table of a row takes (src/js/sample/categorical_table.ts). */
function tableLength(n: number): number {
  return 2 * Math.ceil((12 * n + 8) / 16);
}

/** Few draws: thinning under an envelope. */
const BY_THINNING = /* @__PURE__ */ makeRowOp('logits', {
  width: 'k',
  kind: I32,
  options: OPTIONS,
  keys: KEYS,
  scratch: Scratch.categorical,
  row: (kernels, src, dst, rows, n, t, scratch, first, k0, k1, _, draws) =>
    kernels.categorical(src, dst, rows, n, draws, t, (first / n) * draws, k0, k1, scratch),
});

/** Many: a table of each row, made and looked up. */
const BY_TABLE = /* @__PURE__ */ makeRowOp('logits', {
  width: 'k',
  kind: I32,
  options: OPTIONS,
  keys: KEYS,
  scratch: (n, rows) => LOOKUP_BYTES + 8 * tableLength(n) * rows,
  row(kernels, src, dst, rows, n, t, scratch, first, k0, k1, _, draws) {
    kernels.categorical_table(src, scratch + LOOKUP_BYTES, rows, n, t);
    kernels.categorical_lookup(scratch + LOOKUP_BYTES, dst, rows, n, draws, (first / n) * draws, k0, k1, scratch);
  },
});

/** The op for so many draws, of a call that has said how many. */
function opOf(given: unknown, n: number): { op: RowOp; draws: number } {
  const draws = given === undefined ? 1 : checkInteger('draws', given, 1);
  return { op: draws > 1 && draws >= TABLE_FROM * n ? BY_TABLE : BY_THINNING, draws };
}

function prepare(logits: Values<Floats>, n: number, options?: { readonly temperature?: number }): Prepared {
  const width = tableLength(checkInteger('n', n, 1));
  const table = makeOp({
    inputs: [{ name: 'logits', width: 'n' }],
    outputs: [{ width: 'k', kind: F64 }],
    kernel: (kernels, [src], [dst], { rows, temperature }) => kernels.categorical_table(src, dst, rows, n, temperature),
  });
  const said = readOptions(options, ['temperature']);
  const tables = alloc(Float64Array, new Call(table, [logits], n, said, width).rows * width);
  new Call(table, [logits], n, { ...said, out: tables }, width).run();
  const lookup = makeRowOp('tables', {
    width: 'k',
    kind: I32,
    options: OUT_ONLY,
    f64: true,
    keys: KEYS,
    scratch: () => LOOKUP_BYTES,
    row: (kernels, src, dst, rows, _, _t, scratch, first, k0, k1, _words, draws) =>
      kernels.categorical_lookup(src, dst, rows, n, draws, (first / width) * draws, k0, k1, scratch),
  });
  return {
    draw(source, draws, o) {
      KEYS.read(source);
      checkInteger('draws', draws, 1);
      return mapRows(lookup, tables, width, o, draws, source) as Int32Array;
    },
    free: () => tables.free(),
  };
}

/**
 * Draws from softmax(logits / T), row by row, by the fastest exact method: thinning under an envelope for few draws,
 * which needs the exponential of a fraction of a row; for many a table of cumulative sums with a guide, two steps a draw.
 *
 * Shapes: logits rows x n; rows x draws indices. Special values: as for gumbelMax. Errors: as for gumbelMax; RangeError for
 * draws that is no positive integer. Accuracy: right to 2^-52 of the probabilities' sum; the table of
 * float32 logits has each probability within 2^-21 of it. The draws depend on the key, the
 * row and their place in it, not on the noise of gumbelMax. Source: Chen and Asau 1974; Devroye 1986, II.3 and III.2.
 */
export const categorical: CategoricalSampler = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ openable(
    (source: Source, logits: Values<Floats>, n: number, options?: CategoricalOptions): Int32Array => {
      const { op, draws } = opOf(options?.draws, n);
      return mapRows(op, logits, n, options, draws, source) as Int32Array;
    },
    (source: Source, logits: Values<Floats>, n: number, options?: CategoricalOptions): Call => {
      const said = readOptions(options, OPTIONS) as CategoricalOptions,
        { op, draws } = opOf(said.draws, n);
      return openRows(op, logits, n, said, draws, source);
    },
  ),
  { prepare },
);
