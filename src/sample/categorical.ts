import { arena } from '../engine/backend.ts';
import { checkInteger, type Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';
import { TABLE_FROM } from '../shared/constants.ts';
import type { IndexOptions } from './gumbel_max.ts';

export interface CategoricalOptions extends IndexOptions {
  /** Draws from each row, with replacement; 1 if not given. */
  readonly draws?: number;
}

/** Bytes of the table of a row. */
const tableOf = (n: number): number => (12 * n + 23) & ~15;

/**
 * Draws from softmax(logits / T), row by row, by the fastest exact method: thinning under an envelope for few draws,
 * which needs the exponential of a fraction of a row; for many a table of cumulative sums with a guide, two steps a draw.
 *
 * Shapes: logits rows x n; rows x draws indices. Special values: as for gumbelMax. Errors: as for gumbelMax; RangeError for
 * draws that is no positive integer. Accuracy: right to 2^-52 of the probabilities' sum. The draws depend on the key, the
 * row and their place in it, not on the noise of gumbelMax. Source: Chen and Asau 1974; Devroye 1986, II.3 and III.2.
 */
export function categorical(
  source: Source,
  logits: Values<Floats>,
  n: number,
  options?: CategoricalOptions,
): Int32Array {
  checkSource(source);
  const draws = options?.draws === undefined ? 1 : checkInteger('draws', options.draws, 1);
  const known = ['draws', 'temperature', 'out'];
  const call = openRows([['logits', logits]], n, options, { kind: 'i32', width: draws, known });
  const { high, low } = takeKey(source),
    t = call.temperature;
  if (draws > 1 && draws >= TABLE_FROM * n) {
    return arena().runDoubles({
      ...call,
      scratch: (rows) => 64 + rows * tableOf(n),
      kernel(kernels, { from, to, scratch }, rows, first) {
        kernels.categorical_table(from[0]!, scratch + 64, rows, n, t);
        kernels.categorical_lookup(scratch + 64, to[0]!, rows, n, draws, (first / n) * draws, low, high, scratch);
      },
    })[0] as Int32Array;
  }
  return arena().run({
    ...call,
    scratch: () => 12 * n + 640,
    kernel: (kernels, { from, to, scratch }, rows, first) =>
      kernels.categorical(from[0]!, to[0]!, rows, n, draws, t, (first / n) * draws, low, high, scratch),
  })[0] as Int32Array;
}
