import { bytesOf, type Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

/** The options of what draws indices. */
export interface IndexOptions {
  /** T >= 0, of the distribution softmax(logits / T); 1 if not given. */
  readonly temperature?: number;
  /** The Int32Array for the indices. */
  readonly out?: Values<Int32Array>;
}

/**
 * A class for each row, drawn from softmax(logits / T): argmax_i of (l_i - max l) / T + g_i, g Gumbel noise of the
 * source's key laid out by flat element index. The same bits as argmax of those scores with `random.gumbel`.
 *
 * Shapes: logits rows x n; one index a row. Special values: a class at -Infinity is never drawn; -1 for a row with a NaN
 * or with nothing but -Infinity; the first +Infinity where there is one; T = 0 is argmax, T = Infinity uniform over what
 * is not masked. Errors: as for softmax; TypeError for what is no source. Accuracy: exact but for the rounding of the
 * scores, tails right to 2^-64. Source: Gumbel 1954; Maddison, Tarlow and Minka 2014.
 */
export function gumbelMax(source: Source, logits: Values<Floats>, n: number, options?: IndexOptions): Int32Array {
  checkSource(source);
  const call = openRows('logits', logits, n, options).gives(1, 'i32');
  call.reserve(0, n * bytesOf(call.dtype));
  const { high, low } = takeKey(source);
  return call.run((kernels, { from, to, temperature, scratch, words }, rows, first) =>
    kernels.gumbel_max(from[0]!, to[0]!, rows, n, temperature, first, low, high, scratch, words),
  ) as Int32Array;
}
