import { checkArrayOf, checkLength, checkTokens } from '../engine/check_tokens.ts';
import { openable } from '../engine/functions.ts';
import { I32 } from '../engine/kind.ts';
import type { Floats, Input, Values, Widened } from '../ops.ts';
import { Edit, type EditOptions } from './edit.ts';

/** What `addBias` is. */
export interface AddBias {
  <A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    tokens: Values<Int32Array>,
    values: Input<A>,
    options?: EditOptions<A>,
  ): Widened<A, H>;
}

const open = (logits: unknown, n: number, tokens: unknown, values: unknown, options?: object): Edit =>
  new Edit(logits, n, options, ['out', 'dtype'], (edit) => {
    const at = edit.apart<Int32Array>(checkArrayOf('tokens', tokens, [I32])),
      bias = edit.apart<Floats>(checkArrayOf('values', edit.beside('values', values), [edit.kind]));
    checkTokens('tokens', at, n);
    checkLength('values', bias, at.length);
    return (l, from, to) => {
      for (let r = from; r < to; r++) {
        for (let j = 0; j < at.length; j++) {
          const v = at[j]! < 0 ? NaN : l[r * n + at[j]!]!;
          if (v - v === 0) l[r * n + at[j]!] = v + bias[j]!;
        }
      }
    };
  });

/**
 * Logits plus a bias at some tokens, the same ones in every row. A bias of -Infinity bans a token.
 *
 * Shapes: logits rows x n, the result likewise.
 *
 * Special values: -Infinity, +Infinity and NaN stay; tokens that come more than once add up; -1 counts for none.
 *
 * Accuracy: each sum is rounded once.
 *
 * @param logits Rows of n logits.
 * @param n The size of the vocabulary.
 * @param tokens An Int32Array of token ids.
 * @param values As many values, of the dtype of the logits.
 * @param options `out`, which may be the logits.
 * @returns The biased logits.
 * @throws RangeError for a token outside [0, n) and for `values` of another length; TypeError for another kind. Nothing has
 *   been written then.
 * @example
 * addBias(Float32Array.of(1, 2, 3), 3, Int32Array.of(1), Float32Array.of(-Infinity)); // [1, -Infinity, 3]
 */
export const addBias: AddBias = /* @__PURE__ */ openable(
  ((logits: unknown, n: number, tokens: unknown, values: unknown, options?: object) =>
    open(logits, n, tokens, values, options).run()) as AddBias,
  open,
);
