import { ofDraws } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { IndexOutOptions } from '../max/argmax.ts';
import type { Input } from '../engine/half.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import { EACH_GUMBEL_MAX } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of what draws indices. */
export interface IndexOptions<A extends Floats = Floats> extends IndexOutOptions {
  /** T >= 0, of the distribution softmax(logits / T), one for all rows or an array of one per row; 1 if not given. */
  readonly temperature?: number | Input<A> | undefined;
}

/** What `gumbelMax` is. */
export interface GumbelMax {
  <A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    options?: IndexOptions<A>,
  ): Int32Array;
}

/**
 * A class for each row, drawn from softmax(logits / T): argmax_i of (l_i - max l) / T + g_i, g Gumbel noise of the source's
 * key laid out by flat element index. The same bits as argmax of those scores with `random.gumbel`.
 *
 * Shapes: logits rows x n; one index per row.
 *
 * Special values: a class at -Infinity is never drawn; -1 for a row with a NaN or with nothing but -Infinity; the first
 * +Infinity where there is one; T = 0 is argmax, T = Infinity uniform over what is not masked.
 *
 * Accuracy: exact but for the rounding of the scores, tails right to 2^-64.
 *
 * Source: Gumbel 1954; Maddison, Tarlow and Minka 2014.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param logits Unnormalised log-probabilities, rows x n; -Infinity masks a class.
 * @param n The number of classes: the length of a row.
 * @param options `temperature` (1 if absent), and `out` for the indices.
 * @returns One class per row (Int32Array).
 * @throws As for softmax; TypeError for what is no source.
 * @example
 * const rng = new Rng(42);
 * gumbelMax(rng, Float32Array.of(2, 1, 0, 0, 3, -Infinity), 3); // [0, 1]
 */
export const gumbelMax: GumbelMax = /* @__PURE__ */ ofDraws(
  /* @__PURE__ */ makeRowOp('logits', {
    width: 1,
    kind: I32,
    keys: ROW_KEYS,
    each: EACH_GUMBEL_MAX,
    scratch: Scratch.gumbel_max,
    row: (kernels, src, dst, rows, n, t, scratch, _k, first, k0, k1, words) =>
      kernels.gumbel_max(src, dst, rows, n, t, first, k0, k1, scratch, words),
  }),
);
