import { arena } from '../engine/backend.ts';
import { alloc } from '../engine/alloc.ts';
import { checkInteger, checkOptions, checkOut, type Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';
import { TABLE_FROM } from '../shared/constants.ts';
import type { IndexOptions } from './gumbel_max.ts';

/** The options of `categorical`. */
export interface CategoricalOptions extends IndexOptions {
  /** Draws from each row, with replacement; 1 if not given. */
  readonly draws?: number;
}

const KNOWN = ['draws', 'temperature', 'out'];

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

/** The f64 values that the table of a row takes (src/js/sample/categorical_table.ts). */
const tableOf = (n: number): number => ((12 * n + 23) & ~15) / 8;

/**
 * Draws from softmax(logits / T), row by row, by the fastest exact method: thinning under an envelope for few draws,
 * which needs the exponential of a fraction of a row; for many a table of cumulative sums with a guide, two steps a draw.
 *
 * Shapes: logits rows x n; rows x draws indices. Special values: as for gumbelMax. Errors: as for gumbelMax; RangeError for
 * draws that is no positive integer. Accuracy: right to 2^-52 of the probabilities' sum. The draws depend on the key, the
 * row and their place in it, not on the noise of gumbelMax. Source: Chen and Asau 1974; Devroye 1986, II.3 and III.2.
 */
export const categorical = /* @__PURE__ */ Object.assign(
  function categorical(source: Source, logits: Values<Floats>, n: number, options?: CategoricalOptions): Int32Array {
    checkSource(source);
    const draws = options?.draws === undefined ? 1 : checkInteger('draws', options.draws, 1);
    const call = openRows([['logits', logits]], n, options, { kind: 'i32', width: draws, known: KNOWN });
    const { high, low } = takeKey(source),
      t = call.temperature;
    if (draws > 1 && draws >= TABLE_FROM * n) {
      return arena().runDoubles(
        call,
        (kernels, { from, to, scratch }, rows, first) => {
          kernels.categorical_table(from[0]!, scratch + 64, rows, n, t);
          kernels.categorical_lookup(scratch + 64, to[0]!, rows, n, draws, (first / n) * draws, low, high, scratch);
        },
        (rows) => 64 + 8 * rows * tableOf(n),
      )[0] as Int32Array;
    }
    return arena().run(
      call,
      (kernels, { from, to, scratch }, rows, first) =>
        kernels.categorical(from[0]!, to[0]!, rows, n, draws, t, (first / n) * draws, low, high, scratch),
      () => 12 * n + 640,
    )[0] as Int32Array;
  },
  {
    /**
     * Makes tables of the rows of softmax(logits / T), from which a draw takes two steps in the mean, whatever n.
     *
     * Shapes and special values: as for categorical. Errors: as there, and RangeError for memory that cannot be had: a
     * row takes 12 n bytes. Source: Chen and Asau 1974.
     */
    prepare(logits: Values<Floats>, n: number, options?: { readonly temperature?: number }): Prepared {
      const call = openRows([['logits', logits]], n, options, { known: ['temperature'] });
      const { rows, temperature } = call,
        width = tableOf(n);
      const tables = alloc(Float64Array, rows * width);
      const filled = { ...call, outputs: [{ kind: 'f64', width, out: tables.view }] } as const;
      arena().runDoubles(filled, (kernels, { from, to }, count) =>
        kernels.categorical_table(from[0]!, to[0]!, count, n, temperature),
      );
      return {
        draw(source, draws, o) {
          checkSource(source);
          checkInteger('draws', draws, 1);
          checkOptions(o, ['out']);
          const { view } = tables;
          const out = checkOut(o?.out, 'i32', rows * draws, [view]);
          const { high, low } = takeKey(source);
          return arena().runDoubles(
            { dtype: 'f64', rows, n: width, inputs: [view], outputs: [{ kind: 'i32', width: draws, out }] },
            (kernels, { from, to, scratch }, count, first) =>
              kernels.categorical_lookup(
                from[0]!,
                to[0]!,
                count,
                n,
                draws,
                (first / width) * draws,
                low,
                high,
                scratch,
              ),
            () => 64,
          )[0] as Int32Array;
        },
        free: () => tables.free(),
      };
    },
  },
);
