import { Call, type Fill as Filled } from '../engine/call.ts';
import { checkChoice, checkInteger, checkOptions, dtypeError } from '../engine/check.ts';
import { openable } from '../engine/functions.ts';
import { mapInputs } from '../engine/rows.ts';
import { type Dtype, F32, F64, type Floats, U32 } from '../engine/kind.ts';
import { makeOp, type Op } from '../engine/op.ts';
import { kindOfValue, lengthOfValue } from '../engine/operand.ts';
import type { Values } from '../engine/resident.ts';
import { KEYS, type Source } from './rng.ts';

/** The options of noise. */
export interface FillOptions<D extends 'float32' | 'float64' = 'float32' | 'float64'> {
  /** The dtype of the result where a length is given; float32 if not set. */
  readonly dtype?: D | undefined;
}

type Noise = 'uniform' | 'exponential' | 'gumbel' | 'logistic' | 'normal';

/** Noise of a kind: `length` draws in a new array, or as many as the array given takes. */
interface Fill {
  /**
   * Noise in a new Float32Array.
   *
   * @param source A key, or an Rng, which gives its next key.
   * @param length How many values.
   * @param options `dtype`: 'float32' (if absent) or 'float64'.
   * @returns The values.
   * @throws TypeError for what is not a source, and for another kind of array; RangeError for a length that is not an integer >= 0.
   */
  (source: Source, length: number, options?: FillOptions<'float32'>): Float32Array;
  /**
   * Noise in a new Float64Array.
   *
   * @param source A key, or an Rng, which gives its next key.
   * @param length How many values.
   * @param options `dtype`: 'float64'.
   * @returns The values.
   * @throws TypeError for what is not a source, and for another kind of array; RangeError for a length that is not an integer >= 0.
   */
  (source: Source, length: number, options: FillOptions<'float64'>): Float64Array;
  /**
   * Noise in an array.
   *
   * @param source A key, or an Rng, which gives its next key.
   * @param out The array to fill.
   * @param options `dtype`, if given that of the array.
   * @returns The array.
   * @throws TypeError for what is not a source, and for another kind of array; RangeError for a length that is not an integer >= 0.
   */
  <A extends Floats>(source: Source, out: Values<A>, options?: FillOptions): A;
}

/** Rows of 1 without an input. */
function opOf(name: Noise | 'bits'): Op {
  return makeOp({
    inputs: [],
    outputs: [name === 'bits' ? { width: 1, kind: U32 } : { width: 1 }],
    check: () => 1,
    keys: KEYS,
    kernel: (kernels, [dst], rows, _n, _temperature, _scratch, _k, first, k0, k1, words) =>
      kernels[name](dst, rows, first, k0, k1, words),
  });
}

/** (source, length or array, options) */
function filler<F extends (...args: never[]) => unknown>(
  name: Noise | 'bits',
  fillOf: (lengthOrOut: unknown, options: FillOptions | undefined) => Filled,
): F {
  const op = opOf(name);
  const open = (source: unknown, lengthOrOut: unknown, options?: FillOptions): Call => {
    const given = KEYS.read(source),
      fill = fillOf(lengthOrOut, options);
    const out = typeof lengthOrOut === 'number' ? undefined : lengthOrOut;
    return new Call(op, [], 1, { dtype: fill.dtype === F64 ? 'float64' : 'float32', out }, 0, given, fill);
  };
  const run = (source: unknown, lengthOrOut: unknown, options?: FillOptions): unknown => {
    // the source first, as for every op that draws
    if (KEYS.one(source) === undefined) KEYS.read(source);
    const fill = fillOf(lengthOrOut, options);
    return mapInputs(op, [], 1, typeof lengthOrOut === 'number' ? undefined : { out: lengthOrOut }, 0, source, fill);
  };
  return openable(run, open);
}

/** The dtype and length of noise. */
function ofDtype(lengthOrOut: unknown, options: FillOptions | undefined): Filled {
  checkOptions(options, ['dtype']);
  const said = options?.dtype;
  const name = said === undefined ? undefined : checkChoice('dtype', said, ['float32', 'float64']),
    dtype = name === 'float64' ? F64 : F32;
  if (typeof lengthOrOut === 'number') return { dtype, rows: checkInteger('length', lengthOrOut, 0) };
  const kind = kindOfValue('out', lengthOrOut, [F32, F64]) as Dtype;
  if (name !== undefined && dtype !== kind) throw dtypeError(name, kind);
  return { dtype: kind, rows: lengthOfValue(lengthOrOut) };
}

function ofWords(lengthOrOut: unknown): Filled {
  if (typeof lengthOrOut === 'number') return { dtype: F32, rows: checkInteger('length', lengthOrOut, 0) };
  kindOfValue('out', lengthOrOut, [U32]);
  return { dtype: F32, rows: lengthOfValue(lengthOrOut) };
}

/**
 * The key's random words: 32 uniform bits each. `lengthOrOut`: how many, or a Uint32Array to fill.
 *
 * The words are those of Philox-seeded xoshiro128++ blocks; the same key gives the same words, and a longer array begins
 * with a shorter one.
 *
 * Source: Salmon et al. 2011; Blackman and Vigna 2019.
 *
 * @param source A key, or an Rng, which gives its next key.
 * @param lengthOrOut How many words, or the Uint32Array to fill.
 * @returns The words (Uint32Array).
 * @throws TypeError for what is no source, length or Uint32Array; RangeError for a length that is no integer >= 0.
 * @example
 * random.bits(key(1), 2).length; // 2
 */
export const bits: (source: Source, lengthOrOut: number | Uint32Array) => Uint32Array = /* @__PURE__ */ filler(
  'bits',
  ofWords,
);

/**
 * Uniform noise in the open interval (0, 1): u = (x + 1/2) / 2^32 of a word x (float64: of 64 bits, / 2^64), rounded to the
 * dtype, at most the greatest number below 1. Never 0, never 1.
 *
 * `lengthOrOut`: how many, or the array to fill; an array's dtype decides.
 *
 * @throws TypeError, RangeError as for `bits`.
 * @example
 * random.uniform(key(1), 2); // [0.9, 0.4]
 */
export const uniform: Fill = /* @__PURE__ */ filler('uniform', ofDtype);

/**
 * Exponential noise, Exp(1): -log(1 - u). Finite and positive for every word, from 2^-65 to 45.1; float32 within 1.1 ULP
 * of the word's exact quantile, both tails right to 2^-64.
 *
 * @example
 * random.exponential(key(1), 2); // [2.2, 0.4]
 */
export const exponential: Fill = /* @__PURE__ */ filler('exponential', ofDtype);

/**
 * Gumbel noise, Gumbel(0, 1): -log(-log(1 - u)), mean 0.5772, variance pi^2 / 6. Finite for every word, from -3.81 to
 * 45.1; float32 within 2 ULP of max(1, |g|); the upper tail, which decides an argmax, is right to 2^-64.
 *
 * @example
 * random.gumbel(key(1), 2); // [-0.8, 0.8]
 */
export const gumbel: Fill = /* @__PURE__ */ filler('gumbel', ofDtype);

/**
 * Logistic noise, Logistic(0, 1): log u - log(1 - u), mean 0, variance pi^2 / 3, symmetric. Finite for every word, within
 * +-45.1; float32 within 2 ULP of max(1, |l|), both tails right to 2^-64. The difference of two Gumbels.
 *
 * @example
 * random.logistic(key(1), 2); // [2.0, -0.6]
 */
export const logistic: Fill = /* @__PURE__ */ filler('logistic', ofDtype);

/**
 * Normal noise, N(0, 1): Phi^-1(u), the inverse of Phi(y) = P(N < y), at the u of the word. Mean 0, variance 1, symmetric:
 * the complement of a word gives the negative. Finite and not 0 for every word, within +-9.16, both tails right to 2^-64.
 *
 * Within 4 ULP of max(1, |y|) of the word's exact quantile in either dtype; neighbouring words may change places by less
 * than that.
 *
 * Source: the variable of Giles 2012, "Approximating the erfinv function", with polynomials of our own.
 *
 * @example
 * random.normal(key(1), 2); // [1.2, -0.4]
 */
export const normal: Fill = /* @__PURE__ */ filler('normal', ofDtype);
