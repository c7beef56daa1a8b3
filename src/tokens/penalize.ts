import {
  checkArrayOf,
  checkHistoryOffsets,
  checkNumbers,
  checkTokens,
  missingOffsetsError,
  type Range,
} from '../engine/check_tokens.ts';
import { openable } from '../engine/functions.ts';
import { I32 } from '../engine/kind.ts';
import type { Floats, Input, Values, Widened } from '../ops.ts';
import { Edit, type EditOptions } from './edit.ts';
import type { PerRowNumber } from './options.ts';

/** The options of `penalize`. */
export interface PenalizeOptions<A extends Floats> extends EditOptions<A> {
  /** Where the history of each row begins, and behind that where the last one ends: rows + 1 values, as in CSR. */
  readonly offsets?: Values<Int32Array> | undefined;
  /** r > 0: logits below 0 are multiplied by it, others divided; 1 if not given. */
  readonly repetition?: PerRowNumber | undefined;
  /** What is subtracted for each time that a token is in the history; 0 if not given. */
  readonly frequency?: PerRowNumber | undefined;
  /** What is subtracted for a token that is in the history; 0 if not given. */
  readonly presence?: PerRowNumber | undefined;
}

/** What `penalize` is. */
export interface Penalize {
  <A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    history: Values<Int32Array>,
    options?: PenalizeOptions<A>,
  ): Widened<A, H>;
}

const POSITIVE: Range = { what: 'above 0', is: (v) => v > 0 },
  FINITE: Range = { what: 'finite', is: (v) => v - v === 0 };
const KNOWN = ['offsets', 'repetition', 'frequency', 'presence', 'out', 'dtype'];

/** How often each token is in the history of a row; 0 between calls. */
let counts = /* @__PURE__ */ new Int32Array(0);

const open = (logits: unknown, n: number, history: unknown, options?: object): Edit =>
  new Edit(logits, n, options, KNOWN, (edit) => {
    const { rows, kind: dtype } = edit,
      said = edit.said as PenalizeOptions<Floats>;
    const tokens = edit.apart<Int32Array>(checkArrayOf('history', history, [I32]));
    checkTokens('history', tokens, n);
    let offsets: Int32Array = Int32Array.of(0, tokens.length);
    if (said.offsets !== undefined) {
      offsets = edit.apart<Int32Array>(checkArrayOf('offsets', said.offsets, [I32]));
      checkHistoryOffsets(offsets, rows, tokens.length);
    } else if (rows > 1) {
      throw missingOffsetsError(rows);
    }
    const penalty = (name: keyof PenalizeOptions<Floats>, none: number, range: Range): ((r: number) => number) => {
      const given = said[name],
        values = given === undefined ? none : checkNumbers(name, given, dtype, rows, range);
      return (r) => (typeof values === 'number' ? values : values[r]!);
    };
    const repetition = penalty('repetition', 1, POSITIVE),
      frequency = penalty('frequency', 0, FINITE),
      presence = penalty('presence', 0, FINITE);
    if (counts.length < n) counts = new Int32Array(n);
    return (l, first, last) => {
      for (let r = first; r < last; r++) {
        const [from, to, factor, each, once] = [offsets[r]!, offsets[r + 1]!, repetition(r), frequency(r), presence(r)];
        for (let j = from; j < to; j++) if (tokens[j]! >= 0) counts[tokens[j]!]!++;
        for (let j = from; j < to; j++) {
          const token = tokens[j]!,
            count = token < 0 ? 0 : counts[token]!;
          if (count === 0) continue;
          counts[token] = 0;
          const v = l[r * n + token]!;
          if (v - v === 0) l[r * n + token] = (v < 0 ? v * factor : v / factor) - (each * count + once);
        }
      }
    };
  });

/**
 * Logits with penalties, once for each distinct token of a row's history: l = l < 0 ? l r : l / r, then l minus frequency
 * times its count plus presence. Which tokens count, those of the prompt too or not, is the caller's choice.
 *
 * Shapes: logits rows x n, the result likewise; the penalties may be arrays with one value per row.
 *
 * Special values: -Infinity, +Infinity and NaN stay; -1 in the history counts for nothing.
 *
 * Accuracy: computed in f64, rounded once.
 *
 * Source: Keskar et al. 2019 (repetition); OpenAI's API (frequency, presence).
 *
 * @param logits Rows of n logits.
 * @param n The size of the vocabulary.
 * @param history An Int32Array of token ids, one row's behind the other's.
 * @param options `offsets` where there are several rows; `repetition`, `frequency`, `presence`; `out`.
 * @returns The penalised logits.
 * @throws RangeError for an id outside [0, n), for wrong offsets, for a penalty out of its range; TypeError for another kind.
 *   Nothing has been written then.
 * @example
 * const logits = Float32Array.of(1, 2, -3);
 * penalize(logits, 3, Int32Array.of(1, 2, 1), { repetition: 1.25, frequency: 0.2, out: logits }); // [1, 1.2, -3.95]
 */
export const penalize: Penalize = /* @__PURE__ */ openable(
  ((logits: unknown, n: number, history: unknown, options?: object) =>
    open(logits, n, history, options).run()) as Penalize,
  open,
);
