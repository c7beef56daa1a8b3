import { ofOp } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { checkPlaces } from '../engine/layout.ts';
import { makeOp, makeRowOp, type Op } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import { mapRows } from '../engine/rows.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import type { IndexOptions } from './gumbel_max.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of `gumbelTopK`. */
export interface GumbelTopKOptions<A extends Floats> extends IndexOptions<A> {
  /** The array for the perturbed scores, rows x k of the dtype of the logits: log softmax(logits / T) + g. */
  readonly scores?: Values<A> | undefined;
}

/** What `gumbelTopK` is. */
export interface GumbelTopK {
  <A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    k: number,
    options?: GumbelTopKOptions<A>,
  ): Int32Array;
}

const TOP_K = /* @__PURE__ */ makeRowOp('logits', {
  width: 'k',
  kind: I32,
  options: ['temperature', 'scores', 'out', 'stride', 'dtype'],
  keys: ROW_KEYS,
  settle: ({ scores }) => (scores === undefined ? {} : { op: WITH_SCORES }),
  scratch: Scratch.gumbel_top_k,
  row: (kernels, src, dst, rows, n, t, scratch, k, first, k0, k1, words) =>
    kernels.gumbel_top_k(src, dst, rows, n, k, t, first, k0, k1, scratch, words),
});

/** The same, and the scores of what was drawn. */
const WITH_SCORES: Op = /* @__PURE__ */ (() => {
  // what the kernels take in turns
  const inTurns = (n: number, rows: number, k: number): number =>
    Math.max(Scratch.gumbel_top_k(n, rows, 8, k), Scratch.log_softmax(n, rows, 8, k));
  const { inputs, options, keys, settle } = TOP_K;
  return makeOp({
    inputs,
    options,
    keys,
    settle,
    outputs: [
      { width: 'k', kind: I32 },
      { width: 'k', name: 'scores', empty: -Infinity },
    ],
    // then log p and the noise
    scratch: (n, rows, _, k) => inTurns(n, rows, k) + 16 * n * rows,
    kernel(kernels, [src, dst, scores], rows, n, temperature, scratch, k, first, k0, k1, words) {
      const logP = scratch + inTurns(n, rows, k),
        g = logP + 8 * n * rows;
      kernels.gumbel_top_k(src, dst, rows, n, k, temperature, first, k0, k1, scratch, words);
      kernels.log_softmax(src, logP, rows, n, temperature, scratch);
      kernels.gumbel(g, rows * n, first, k0, k1, words);
      kernels.top_k_scores(logP, g, dst, scores, rows, n, k);
    },
  });
})();

/**
 * k classes for each row without replacement, as if drawn one after the other from softmax(logits / T) of what is left,
 * best first: the k greatest scores of gumbelMax, whose draw is the first of them for the same source.
 *
 * `scores` takes log softmax(logits / T) + g, g the Gumbel noise of the element, in this order and so never rising: what
 * stochastic beam search hands on, and importance weights without replacement need.
 *
 * Shapes: logits rows x n; the result rows x k.
 *
 * Special values: a class at -Infinity is never drawn, and the missing places are -1 when the classes run out, with scores
 * of -Infinity; -1 throughout for a row with a NaN; classes at +Infinity come first, in order, and nothing else beside
 * them, with scores of NaN; T = 0 sorts, ties by the lowest index.
 *
 * Source: Yellott 1977; Kool, van Hoof and Welling 2019.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param logits Rows of n unnormalised log-probabilities
 * @param n Classes
 * @param k How many of each row, from 1 to n
 * @param options `temperature`, `scores`, and `out` for the indices
 * @returns Rows x k indices
 * @throws As gumbelMax; RangeError for a k that is no positive integer or above n, and for scores of another length
 * @example
 * const scores = new Float32Array(2);
 * gumbelTopK(new Rng(42), Float32Array.of(2, 1, 0), 3, 2, { scores }); // Int32Array [0, 1]
 */
export const gumbelTopK: GumbelTopK = /* @__PURE__ */ ofOp<GumbelTopK>(
  TOP_K,
  (source: unknown, logits: unknown, n: RowLength, k: number, options?: object) => {
    // the source first, as for every op that draws
    ROW_KEYS.read(source);
    checkPlaces(k, n);
    return mapRows(TOP_K, logits, n, options, k, source);
  },
  { checkK: checkPlaces },
);
