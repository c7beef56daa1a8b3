import { alloc } from '../engine/alloc.ts';
import { checkInteger, type Floats } from '../engine/check.ts';
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
    const call = openRows('logits', logits, n, options, KNOWN);
    if (draws > 1 && draws >= TABLE_FROM * n) {
      const ready = call
        .inDoubles()
        .gives(draws, 'i32')
        .reserve(64, 8 * tableOf(n));
      const { high, low } = takeKey(source);
      return ready.run((kernels, { from, to, temperature, scratch }, rows, first) => {
        kernels.categorical_table(from[0]!, scratch + 64, rows, n, temperature);
        kernels.categorical_lookup(scratch + 64, to[0]!, rows, n, draws, (first / n) * draws, low, high, scratch);
      }) as Int32Array;
    }
    call.gives(draws, 'i32').reserve(12 * n + 640);
    const { high, low } = takeKey(source);
    return call.run((kernels, { from, to, temperature, scratch }, rows, first) =>
      kernels.categorical(from[0]!, to[0]!, rows, n, draws, temperature, (first / n) * draws, low, high, scratch),
    ) as Int32Array;
  },
  {
    /**
     * Makes tables of the rows of softmax(logits / T), from which a draw takes two steps in the mean, whatever n.
     *
     * Shapes and special values: as for categorical. Errors: as there, and RangeError for memory that cannot be had: a
     * row takes 12 n bytes. Source: Chen and Asau 1974.
     */
    prepare(logits: Values<Floats>, n: number, options?: { readonly temperature?: number }): Prepared {
      const call = openRows('logits', logits, n, options, ['temperature']),
        width = tableOf(n);
      const tables = alloc(Float64Array, call.rows * width);
      call
        .inDoubles()
        .gives(width, 'f64', tables)
        .reserve()
        .run((kernels, { from, to, temperature }, rows) =>
          kernels.categorical_table(from[0]!, to[0]!, rows, n, temperature),
        );
      return {
        draw(source, draws, o) {
          checkSource(source);
          checkInteger('draws', draws, 1);
          const ready = openRows('tables', tables, width, o, ['out']).inDoubles().gives(draws, 'i32').reserve(64);
          const { high, low } = takeKey(source);
          return ready.run((kernels, { from, to, scratch }, rows, first) =>
            kernels.categorical_lookup(from[0]!, to[0]!, rows, n, draws, (first / width) * draws, low, high, scratch),
          ) as Int32Array;
        },
        free: () => tables.free(),
      };
    },
  },
);
