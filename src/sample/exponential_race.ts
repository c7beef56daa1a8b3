import { ofDraws } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeRowOp, OUT_ONLY } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import { KEYS, type Source } from '../random/rng.ts';
import * as Scratch from '../shared/scratch.ts';

/** What `exponentialRace` is. */
export interface ExponentialRace {
  (source: Source, weights: Values<Floats>, n: number, options?: { readonly out?: Values<Int32Array> }): Int32Array;
}

/**
 * A class for each row in proportion to its weight, an unnormalised probability: argmin_i of E_i / (w_i / max w), E Exp(1)
 * noise of the source's key laid out by flat element index. No logarithm of the weights is taken.
 *
 * Shapes: weights rows x n; one index a row. Special values: a weight of 0 is never drawn; the first +Infinity wins; -1 for
 * a row with a negative or NaN weight, or without one above 0. Errors: as for gumbelMax. Accuracy: as there. Source: the
 * race of exponential clocks; Maddison 2016.
 */
export const exponentialRace: ExponentialRace = /* @__PURE__ */ ofDraws(
  /* @__PURE__ */ makeRowOp('weights', {
    width: 1,
    kind: I32,
    options: OUT_ONLY,
    keys: KEYS,
    scratch: Scratch.exponential_race,
    row: (kernels, src, dst, rows, n, _, scratch, first, k0, k1, words) =>
      kernels.exponential_race(src, dst, rows, n, first, k0, k1, scratch, words),
  }),
);
