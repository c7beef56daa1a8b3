import { ofDraws } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { IndexOutOptions } from '../max/argmax.ts';
import type { Input } from '../engine/half.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import { settleDraws } from './draws.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of `exponentialRace`. */
export interface RaceOptions extends IndexOutOptions {
  /** Independent draws from each row; 1 if not given. */
  readonly draws?: number | undefined;
}

/** What `exponentialRace` is. */
export interface ExponentialRace {
  (source: RowSource, weights: Input<Floats>, n: RowLength, options?: RaceOptions): Int32Array;
}

const OP = /* @__PURE__ */ makeRowOp('weights', {
  width: 'k',
  kind: I32,
  options: ['draws', 'out', 'stride', 'dtype'],
  keys: ROW_KEYS,
  settle: settleDraws,
  scratch: Scratch.exponential_race,
  row: (kernels, src, dst, rows, n, _, scratch, draws, first, k0, k1, words) =>
    kernels.exponential_race(src, dst, rows, n, draws, first * draws, k0, k1, scratch, words),
});

/**
 * Classes of each row in proportion to their weights, unnormalised probabilities: argmin_i of E_i / (w_i / max w), E Exp(1)
 * noise of the source's key. No logarithm of the weights is taken. Draw d of row r has the noise of the elements from (r
 * draws + d) n on, so one draw that of the elements of the row.
 *
 * Shapes: weights rows x n; the result rows x draws, independent of each other.
 *
 * Special values: a weight of 0 is never drawn; the first +Infinity wins; -1 for a row with a negative or NaN weight, or
 * without one above 0.
 *
 * Accuracy: as gumbelMax.
 *
 * Source: the race of exponential clocks; Maddison 2016.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param weights Rows of n weights
 * @param n Classes
 * @param options `draws` and `out`
 * @returns Rows x draws indices
 * @throws As gumbelMax; RangeError for draws that is no positive integer
 * @example
 * exponentialRace(new Rng(42), Float32Array.of(60, 30, 10), 3, { draws: 6 }); // six classes, independent of each other
 */
export const exponentialRace: ExponentialRace = /* @__PURE__ */ ofDraws(OP);
