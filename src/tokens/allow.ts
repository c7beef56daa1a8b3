import { checkArrayOf, checkMask } from '../engine/check_tokens.ts';
import { openable } from '../engine/functions.ts';
import { I32, U32 } from '../engine/kind.ts';
import type { Floats, Input, Values, Widened } from '../ops.ts';
import { Edit, type EditOptions } from './edit.ts';

/** What `allow` is. */
export interface Allow {
  <A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    mask: Values<Int32Array> | Uint32Array,
    options?: EditOptions<A>,
  ): Widened<A, H>;
}

const open = (logits: unknown, n: number, mask: unknown, options?: object): Edit =>
  new Edit(logits, n, options, ['out', 'dtype'], (edit) => {
    const words = Math.ceil(n / 32),
      bits = edit.apart<Int32Array | Uint32Array>(checkArrayOf('mask', mask, [I32, U32]));
    checkMask(bits, words, edit.rows);
    const step = bits.length === words ? 0 : words;
    return (l, from, to) => {
      for (let r = from; r < to; r++) {
        for (let w = 0; w < words; w++) {
          const start = r * n + 32 * w,
            end = Math.min(32, n - 32 * w);
          let masked = ~bits[r * step + w]!;
          if (masked === -1) l.fill(-Infinity, start, start + end);
          else
            for (; masked !== 0; masked &= masked - 1) {
              const i = 31 - Math.clz32(masked & -masked);
              if (i < end) l[start + i] = -Infinity;
            }
        }
      }
    };
  });

/**
 * Logits with -Infinity in the place of the tokens that a mask does not allow. The layout of the mask is that of grammar
 * engines (XGrammar, llguidance): bit i of word w is token 32 w + i, 1 allows it; ceil(n / 32) words per row, or those of
 * one row for all.
 *
 * Shapes: logits rows x n, the result likewise.
 *
 * Special values: what is allowed stays bit for bit as it is; bits behind the last token count for nothing.
 *
 * Accuracy: exact.
 *
 * @param logits Rows of n logits.
 * @param n The size of the vocabulary.
 * @param mask An Int32Array or a Uint32Array.
 * @param options `out`, which may be the logits.
 * @returns The masked logits.
 * @throws RangeError for another number of words; TypeError for another kind. Nothing has been written then.
 * @example
 * allow(Float32Array.of(1, 2, 3), 3, Uint32Array.of(0b101)); // [1, -Infinity, 3]
 */
export const allow: Allow = /* @__PURE__ */ openable(
  ((logits: unknown, n: number, mask: unknown, options?: object) => open(logits, n, mask, options).run()) as Allow,
  open,
);
