import type { Call } from '../engine/call.ts';
import { checkInteger, checkK } from '../engine/check.ts';
import { openable } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import { mapRows, openRows } from '../engine/rows.ts';
import { KEYS, type Source } from '../random/rng.ts';
import type { IndexOptions } from './gumbel_max.ts';
import * as Scratch from '../shared/scratch.ts';

const TOP_K = /* @__PURE__ */ makeRowOp('logits', {
  width: 'k',
  kind: I32,
  keys: KEYS,
  scratch: Scratch.gumbel_top_k,
  row: (kernels, src, dst, rows, n, t, scratch, first, k0, k1, words, k) =>
    kernels.gumbel_top_k(src, dst, rows, n, k, t, first, k0, k1, scratch, words),
});

/** What `gumbelTopK` is. */
export interface GumbelTopK {
  (source: Source, logits: Values<Floats>, n: number, k: number, options?: IndexOptions): Int32Array;
}

/** The source first, as for every op that draws. */
function checkBefore(source: unknown, n: unknown, k: unknown): void {
  KEYS.read(source);
  checkK(k, checkInteger('n', n, 1));
}

/**
 * k classes for each row without replacement, as if drawn one after the other from softmax(logits / T) of what is left,
 * best first: the k greatest scores of gumbelMax, whose draw is the first of them for the same source.
 *
 * Shapes: logits rows x n; the result rows x k. Special values: a class at -Infinity is never drawn, and the missing
 * places are -1 when the classes run out; -1 throughout for a row with a NaN; classes at +Infinity come first, in
 * order, and nothing else beside them;
 * T = 0 sorts, ties by the lowest index. Errors: as for gumbelMax; RangeError for a k that is no positive integer or
 * above n. Source: Yellott 1977; Kool, van Hoof and Welling 2019.
 */
export const gumbelTopK: GumbelTopK = /* @__PURE__ */ openable(
  (source, logits, n, k, options): Int32Array => {
    checkBefore(source, n, k);
    return mapRows(TOP_K, logits, n, options, k, source) as Int32Array;
  },
  (source: Source, logits: Values<Floats>, n: number, k: number, options?: IndexOptions): Call => {
    checkBefore(source, n, k);
    return openRows(TOP_K, logits, n, options, k, source);
  },
);
