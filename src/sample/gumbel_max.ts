import { arena } from '../engine/backend.ts';
import { checkFloats, checkOptions, checkOut, checkRows, checkTemperature, type Floats } from '../engine/check.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

/** The options of what draws indices. */
export interface IndexOptions {
  /** T >= 0, of the distribution softmax(logits / T); 1 if not given. */
  readonly temperature?: number;
  /** The Int32Array for the indices. */
  readonly out?: Int32Array;
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
export function gumbelMax(source: Source, logits: Floats, n: number, options?: IndexOptions): Int32Array {
  checkSource(source);
  const dtype = checkFloats('logits', logits);
  const rows = checkRows('logits', logits, n);
  checkOptions(options, ['temperature', 'out']);
  const temperature = checkTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, 'i32', rows, [logits]);
  const { high, low } = takeKey(source);
  return arena().run({
    dtype,
    inputs: [logits],
    rows,
    n,
    outputs: [{ kind: 'i32', width: 1, out }],
    scratch: (count) => count * n * logits.BYTES_PER_ELEMENT,
    kernel: (kernels, at, count, first) =>
      kernels.gumbel_max(at.from[0]!, at.to[0]!, count, n, temperature, first, low, high, at.scratch, at.words),
  })[0] as Int32Array;
}
