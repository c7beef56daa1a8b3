import {
  type ArrayOf,
  checkArray,
  checkChoice,
  checkFloats,
  checkInteger,
  checkOptions,
  type Dtype,
  dtypeError,
  type Floats,
  type Kind,
  kindOf,
} from '../engine/check.ts';
import type { Kernels } from '../engine/kernels.ts';
import { openFill } from '../engine/rows.ts';
import type { Values } from '../engine/resident.ts';
import { checkSource, type Source, takeKey } from './rng.ts';

/** The options of noise. */
export interface FillOptions<D extends 'float32' | 'float64' = 'float32' | 'float64'> {
  /** The dtype of the result where a length is given; float32 if not set. */
  readonly dtype?: D;
}

type Noise = 'uniform' | 'exponential' | 'gumbel' | 'logistic' | 'normal';

/** Noise of a kind: `length` draws in a new array, or as many as the array given takes. */
interface Fill {
  (source: Source, length: number, options?: FillOptions<'float32'>): Float32Array;
  (source: Source, length: number, options: FillOptions<'float64'>): Float64Array;
  <A extends Floats>(source: Source, out: Values<A>, options?: FillOptions): A;
}

function filler(name: Noise): Fill {
  function fill(source: Source, lengthOrOut: number | Values<Floats>, options?: FillOptions): Floats {
    checkSource(source);
    checkOptions(options, ['dtype']);
    const dtype =
      options?.dtype === undefined ? undefined : checkChoice('dtype', options.dtype, ['float32', 'float64']);
    if (typeof lengthOrOut === 'number') {
      return draw(source, name, dtype === 'float64' ? 'f64' : 'f32', checkInteger('length', lengthOrOut, 0));
    }
    const out = checkFloats('out', lengthOrOut),
      kind = kindOf(out) as Dtype;
    if (dtype !== undefined && dtype.slice(5) !== kind.slice(1)) throw dtypeError(dtype, out);
    return draw(source, name, kind, out.length, out);
  }
  return fill as Fill;
}

function draw<K extends Kind>(
  source: Source,
  name: keyof Kernels & (Noise | 'bits'),
  kind: K,
  length: number,
  out?: ArrayOf<K>,
): ArrayOf<K> {
  const call = openFill(kind === 'f64' ? 'f64' : 'f32', length, out)
    .gives(1, kind)
    .reserve();
  const { high, low } = takeKey(source);
  return call.run((kernels, { to, words }, count, first) =>
    kernels[name](to[0]!, count, first, low, high, words),
  ) as ArrayOf<K>;
}

/**
 * The key's random words: 32 uniform bits each. `lengthOrOut`: how many, or a Uint32Array to fill.
 *
 * The words are those of Philox-seeded xoshiro128++ blocks (ARCHITECTURE.md); the same key gives the same words, and a
 * longer array begins with a shorter one. Errors: TypeError for what is no source, length or Uint32Array; RangeError for
 * a length that is no integer >= 0. Source: Salmon et al. 2011; Blackman and Vigna 2019.
 */
export function bits(source: Source, lengthOrOut: number | Uint32Array): Uint32Array {
  checkSource(source);
  if (typeof lengthOrOut === 'number') return draw(source, 'bits', 'u32', checkInteger('length', lengthOrOut, 0));
  const out = checkArray('out', lengthOrOut, ['u32']);
  return draw(source, 'bits', 'u32', out.length, out);
}

/**
 * Uniform noise in the open interval (0, 1): u = (x + 1/2) / 2^32 of a word x (float64: of 64 bits, / 2^64), rounded to
 * the dtype, at most the greatest number below 1. Never 0, never 1.
 *
 * `lengthOrOut`: how many, or the array to fill; an array's dtype decides. Errors: TypeError, RangeError as for `bits`.
 */
export const uniform: Fill = /* @__PURE__ */ filler('uniform');

/**
 * Exponential noise, Exp(1): -log(1 - u). Finite and positive for every word, from 2^-65 to 45.1; float32 within 1.1 ULP
 * of the word's exact quantile, both tails right to 2^-64.
 */
export const exponential: Fill = /* @__PURE__ */ filler('exponential');

/**
 * Gumbel noise, Gumbel(0, 1): -log(-log(1 - u)), mean 0.5772, variance pi^2 / 6. Finite for every word, from -3.81 to
 * 45.1; float32 within 2 ULP of max(1, |g|); the upper tail, which decides an argmax, is right to 2^-64.
 */
export const gumbel: Fill = /* @__PURE__ */ filler('gumbel');

/**
 * Logistic noise, Logistic(0, 1): log u - log(1 - u), mean 0, variance pi^2 / 3, symmetric. Finite for every word, within
 * +-45.1; float32 within 2 ULP of max(1, |l|), both tails right to 2^-64. The difference of two Gumbels.
 */
export const logistic: Fill = /* @__PURE__ */ filler('logistic');

/**
 * Normal noise, N(0, 1): Phi^-1(u), the inverse of Phi(y) = P(N < y), at the u of the word. Mean 0, variance 1, symmetric:
 * the complement of a word gives the negative. Finite and not 0 for every word, within +-9.16, both tails right to 2^-64.
 *
 * Within 4 ULP of max(1, |y|) of the word's exact quantile in either dtype; neighbouring words may change places by less
 * than that. Source: the variable of Giles 2012, "Approximating the erfinv function", with polynomials of our own.
 */
export const normal: Fill = /* @__PURE__ */ filler('normal');
