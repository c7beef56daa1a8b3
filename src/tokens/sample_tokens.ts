import { Call } from '../engine/call.ts';
import { readOptions, type Said } from '../engine/options.ts';
import { checkBoolean } from '../engine/check_tokens.ts';
import { openable } from '../engine/functions.ts';
import { I32 } from '../engine/kind.ts';
import { makeOp } from '../engine/op.ts';
import { TOKENS, type TokenKernels } from '../engine/tokens.ts';
import type { Floats, Input, RowSource, Values } from '../ops.ts';
import { ROW_KEYS } from '../random/rng.ts';
import { PARAMETERS } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';
import { NAMES, parametersOf, type TruncationOptions } from './options.ts';
import { INPUTS, shapeOf } from './truncate.ts';

/** The options of `sampleTokens`: those of `truncate`, and what belongs to a draw. */
export interface SampleTokensOptions<A extends Floats> extends TruncationOptions {
  /** Whether tokens are removed at T = 1, and the temperature is that of the draw alone, as in llama.cpp. */
  readonly temperatureLast?: boolean | undefined;
  /** An array for the log-probability of each token drawn, in the truncated distribution at the temperature of the draw. */
  readonly logProb?: Values<A> | undefined;
  /** The Int32Array for the tokens. */
  readonly out?: Values<Int32Array> | undefined;
  /** Of logits that are a Uint16Array: what it holds. */
  readonly dtype?: 'float16' | undefined;
}

/** What `sampleTokens` is. */
export interface SampleTokens {
  <A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: number,
    options?: SampleTokensOptions<A>,
  ): Int32Array;
}

const KNOWN = /* @__PURE__ */ (() => [...NAMES, 'temperatureLast', 'logProb', 'out', 'dtype'])();
const OP = /* @__PURE__ */ makeOp({
  options: KNOWN,
  inputs: INPUTS,
  outputs: [
    { width: 1, kind: I32 },
    { width: 1, name: 'logProb' },
  ],
  keys: ROW_KEYS,
  extension: TOKENS,
  scratch: Scratch.sample_tokens,
  kernel: (kernels, [src, parameters, dst, logProb], rows, n, _temperature, scratch, _k, first, k0, k1, words) =>
    (kernels as unknown as TokenKernels).sample_tokens(
      src,
      parameters,
      dst,
      logProb ?? 0,
      rows,
      n,
      first,
      k0,
      k1,
      scratch,
      words,
    ),
});

const open = (source: unknown, logits: unknown, n: number, options?: object): Call => {
  const given = ROW_KEYS.read(source),
    said = readOptions(options, KNOWN) as SampleTokensOptions<Floats>,
    { dtype, rows } = shapeOf(logits, n, said.dtype),
    parameters = parametersOf(said, dtype, rows, checkBoolean('temperatureLast', said.temperatureLast));
  const { out, logProb } = said;
  return new Call(
    OP,
    [logits, parameters],
    n,
    { out, logProb, dtype: said.dtype, given: said } as Said,
    PARAMETERS,
    given,
  );
};

/**
 * A token for each row, drawn from softmax(logits / T) of what the options leave: bit for bit `gumbelMax(source,
 * truncate(logits, n, options), n, { temperature })`, with `temperatureLast` of a truncation at T = 1.
 *
 * The noise belongs to the key and to the token, so a draw changes under another truncation only if its token falls out; a
 * draft model that draws with the same keys agrees as often as it can (Daliri, Musco and Suresh 2024). Noise is made for
 * the tokens that are left, and no row is sorted.
 *
 * Shapes: logits rows x n; one index per row; `logProb` one value per row.
 *
 * Special values: -1 for a row with a NaN or with nothing but -Infinity, the first +Infinity where there is one, in all of
 * these a log-probability of NaN; T = 0 draws the first token that is left, with log-probability 0.
 *
 * Accuracy: as gumbelMax; the log-probability is computed in f64.
 *
 * @param source A key, an Rng, or a key per row: `Key[]` or `perRow`.
 * @param logits Rows of n logits; -Infinity is masked.
 * @param n The size of the vocabulary.
 * @param options The steps of `truncate`, `temperatureLast`, `logProb` and `out`.
 * @returns The tokens.
 * @throws As truncate; TypeError for what is no source. An Rng has not advanced then.
 * @example
 * const logits = random.normal(key(1), 128_256);
 * sampleTokens(key(42), logits, 128_256, { temperature: 0.7, topK: 50, topP: 0.95, minP: 0.05 }).length; // 1
 */
export const sampleTokens: SampleTokens = /* @__PURE__ */ openable(
  ((source: unknown, logits: unknown, n: number, options?: object) =>
    open(source, logits, n, options).run()[0]!) as SampleTokens,
  open,
);
