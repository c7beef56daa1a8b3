import { Call } from '../engine/call.ts';
import { readOptions } from '../engine/options.ts';
import { checkRows } from '../engine/check.ts';
import { openable } from '../engine/functions.ts';
import { isHalf } from '../engine/half.ts';
import { type Dtype, F32, F64 } from '../engine/kind.ts';
import { makeOp } from '../engine/op.ts';
import { kindOfValue, lengthOfValue } from '../engine/operand.ts';
import { TOKENS, type TokenKernels } from '../engine/tokens.ts';
import type { Floats, Input, Values, Widened } from '../ops.ts';
import { PARAMETERS } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';
import { NAMES, parametersOf, type TruncationOptions } from './options.ts';

/** The options of `truncate`. */
export interface TruncateOptions<A extends Floats> extends TruncationOptions {
  /** The array for the result. */
  readonly out?: Values<A> | undefined;
  /** Of logits that are a Uint16Array: what it holds. */
  readonly dtype?: 'float16' | undefined;
}

/** What `truncate` is. */
export interface Truncate {
  <A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    options?: TruncateOptions<A>,
  ): Widened<A, H>;
}

/** The inputs of what truncates. */
export const INPUTS = [
  { name: 'logits', width: 'n' },
  { name: 'parameters', width: 'k', kind: F64 },
] as const;

const KNOWN = /* @__PURE__ */ (() => [...NAMES, 'out', 'dtype'])();
const OP = /* @__PURE__ */ makeOp({
  options: KNOWN,
  inputs: INPUTS,
  outputs: [{ width: 'n' }],
  extension: TOKENS,
  scratch: Scratch.truncate,
  kernel: (kernels, [src, parameters, dst], rows, n, _temperature, scratch) =>
    (kernels as unknown as TokenKernels).truncate(src, parameters, dst, rows, n, scratch),
});

/** The dtype of the logits, and how many rows there are. */
export function shapeOf(logits: unknown, n: number, said: unknown): { dtype: Dtype; rows: number } {
  const dtype = isHalf(logits, said) ? F32 : (kindOfValue('logits', logits, [F32, F64]) as Dtype);
  return { dtype, rows: checkRows('logits', lengthOfValue(logits), n) };
}

const open = (logits: unknown, n: number, options?: object): Call => {
  const said = readOptions(options, KNOWN) as TruncateOptions<Floats>,
    { dtype, rows } = shapeOf(logits, n, said.dtype),
    { out } = said;
  return new Call(
    OP,
    [logits, parametersOf(said, dtype, rows)],
    n,
    { out, dtype: said.dtype, given: said },
    PARAMETERS,
  );
};

/**
 * Logits with -Infinity in the place of the tokens that the options remove; the others stay bit for bit as they are.
 *
 * The steps, each over what the ones before have left, p = softmax(logits / T) of that: nSigma, topK, typicalP, topP, minP,
 * epsilon, eta, xtcThreshold. The order of tokens is value descending, index ascending, -0 as 0: a total one, so a step
 * cuts also between equal values, and a row does not depend on its batch. At least one token stays in every row.
 *
 * Shapes: logits rows x n, the result likewise; each number may be an array with one value per row.
 *
 * Special values: a row with a NaN or a +Infinity, or with nothing but -Infinity, stays as it is; T = 0: all of the mass is
 * the first token's.
 *
 * Accuracy: masses in f64, those of float32 rows with more than 4096 tokens left from softmax's exponentials; shares of
 * mass are rounded once to f32 before they are compared, so that published boundary cases hold.
 *
 * Source: Holtzman et al. 2020 (topP), Meister et al. 2022 (typicalP), Nguyen et al. 2024 (minP), Hewitt et al. 2022
 * (epsilon, eta), llama.cpp (nSigma, XTC).
 *
 * @param logits Rows of n logits; -Infinity is masked.
 * @param n The size of the vocabulary.
 * @param options The steps, `minKeep` and `out`.
 * @returns The truncated logits.
 * @throws RangeError for an option out of its range or an array of another length; TypeError for another kind, or an unknown
 *   option. Nothing has been written then.
 * @example
 * truncate(Float32Array.of(1, 3, 2), 3, { topK: 2 }); // [-Infinity, 3, 2]
 */
export const truncate: Truncate = /* @__PURE__ */ openable(
  ((logits: unknown, n: number, options?: object) => open(logits, n, options).run()[0]!) as Truncate,
  open,
);
