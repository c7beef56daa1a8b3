/** The errors of distributions and objectives, apart from those of the ops, which are often all that is bundled. */
import { arrayOfValue } from './operand.ts';
import { checkInteger, checkRows, describe, newArray } from './check.ts';
import {
  doubled,
  type AnyArray,
  copyOf,
  type Dtype,
  F32,
  F64,
  type Floats,
  type Kind,
  kindOf,
  lengthOf,
} from './kind.ts';
import { type Input, widened } from './half.ts';
import { blockOf } from './resident.ts';

/** A live typed array of one of the kinds, or one that lives in the engine: the array. A Float16Array as float32, if that is one. */
export function checkArray<A extends AnyArray>(name: string, value: unknown, kinds: readonly Kind[]): A {
  return arrayOfValue(name, kinds.includes(F32) ? widened(name, value, undefined) : value, kinds);
}

/** An array of values. */
export function checkFloats<A extends Floats>(name: string, value: Input<A>): A {
  return checkArray(name, value, [F32, F64]);
}

/** An array of the kind and length given. */
export function checkSame<A extends AnyArray = Floats>(
  name: string,
  value: unknown,
  kind: Kind,
  like: string,
  length: number,
): A {
  const array = checkArray<A>(name, value, [kind]),
    own = lengthOf(array);
  if (own !== length) throw new RangeError(`${name} has length ${own}, but ${like} has ${length}`);
  return array;
}

/** Arrays of one dtype and length in rows of n, and others of a value per row. */
export function checkRowsOf(
  inputs: Record<string, unknown>,
  n: number,
  perRow: Record<string, unknown> = {},
): { dtype: Dtype; arrays: Floats[] } {
  const names = Object.keys(inputs),
    like = names[0]!,
    x = checkFloats(like, inputs[like] as Floats),
    arrays = [x];
  const dtype = kindOf(x),
    length = lengthOf(x),
    rows = checkRows(like, length, n);
  for (const name of names.slice(1)) arrays.push(checkSame(name, inputs[name], dtype, like, length));
  for (const name in perRow) arrays.push(checkSame(name, perRow[name], dtype, 'the result', rows));
  return { dtype, arrays };
}

/** Such arrays as copies in f64: nothing detaches those. */
export function checkDoubles(
  inputs: Record<string, unknown>,
  n: number,
  perRow?: Record<string, unknown>,
): { dtype: Dtype; doubles: Float64Array[] } {
  const { dtype, arrays } = checkRowsOf(inputs, n, perRow);
  return { dtype, doubles: arrays.map((array) => doubled(array)) };
}

/** Such arrays as copies in their own dtype. */
export function checkCopies(
  inputs: Record<string, unknown>,
  n: number,
  perRow?: Record<string, unknown>,
): { dtype: Dtype; copies: Floats[] } {
  const { dtype, arrays } = checkRowsOf(inputs, n, perRow);
  return { dtype, copies: arrays.map(copyOf) };
}

/** The values of a parameter as a new array. */
export function checkCopy<A extends Floats>(name: string, value: Input<A>): A {
  return copyOf(checkFloats(name, value));
}

/** Parameters as new arrays of one dtype and length, those of the first array: a number counts for all; numbers alone are float32. */
export function checkParameters(parameters: Record<string, unknown>): Floats[] {
  const names = Object.keys(parameters),
    like = names.find((name) => typeof parameters[name] !== 'number');
  const x = like === undefined ? undefined : checkFloats(like, parameters[like] as Floats),
    dtype = x === undefined ? F32 : kindOf(x),
    length = x === undefined ? 1 : lengthOf(x);
  return names.map((name) => {
    const value = parameters[name];
    return typeof value === 'number'
      ? filled(dtype, length, value)
      : copyOf(checkSame(name, value, dtype, like!, length));
  });
}

/** A loop: the method takes ten times as long on a single value. */
function filled(dtype: Dtype, length: number, value: number): Floats {
  const array = newArray(dtype, length);
  for (let i = 0; i < length; i++) array[i] = value;
  return array;
}

/** Parameters that each are what they must be. */
export function checkEach(name: string, values: Floats, is: (v: number) => boolean, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!is(values[i]!)) throw new RangeError(`${name} must be ${what}, got ${values[i]} at ${i}`);
  }
}

/**
 * Probabilities, rows of n, as a new array. Their sums may be off by what a loop in float32 loses, n 2^-24, or by 1e-6 where
 * that is more.
 */
export function checkProbs<A extends Floats>(probs: Input<A>, n: number): A {
  const p = checkCopy('probs', probs);
  checkRows('probs', p.length, n);
  checkEach('probs', p, (v) => v >= 0, 'at least 0');
  const tolerance = Math.max(1e-6, n * 2 ** -24);
  for (let r = 0; r < p.length; r += n) {
    let sum = 0;
    for (let i = r; i < r + n; i++) sum += p[i]!;
    if (Math.abs(sum - 1) <= tolerance) continue;
    throw new RangeError(`probs must sum to 1 within ${tolerance} in each row, got ${sum} in row ${r / n}`);
  }
  return p;
}

/** Probabilities of single bits, as a new array; a number is one float32 element. */
export function checkBits<A extends Floats>(probs: number | Input<A>): A {
  const [p] = checkParameters({ probs }) as [A];
  checkEach('probs', p, (v) => v >= 0 && v <= 1, 'in [0, 1]');
  return p;
}

/**
 * Values of a distribution, as many as its parameters or a multiple, as a copy in f64. A number, rounded to the first of the
 * kinds, counts for each parameter.
 */
export function checkDraws(value: unknown, kinds: readonly Kind[], length: number): Float64Array {
  return doubled(checkedDraws(value, kinds, length));
}

/** The same: an array of the caller's own as it is. */
export function checkedDraws(value: unknown, kinds: readonly Kind[], length: number): Floats {
  if (typeof value === 'number') {
    return filled(kinds[0] === F32 ? F32 : F64, length, value);
  }
  const array = checkArray<Floats>('value', value, kinds);
  const got = lengthOf(array);
  if (got === 0 || got % length === 0) return blockOf(value) === undefined ? array : copyOf(array);
  throw new RangeError(`value has length ${got}, which is not a multiple of ${length}`);
}

/** Room for so many draws of `length` values. */
export function newDraws<A extends AnyArray>(kind: Kind<A>, draws: unknown, length: number): A;
export function newDraws(kind: Dtype, draws: unknown, length: number): Floats;
export function newDraws(kind: Kind, draws: unknown, length: number): AnyArray {
  const count = checkInteger('draws', draws, 1) * length;
  try {
    return newArray(kind, count);
  } catch (cause) {
    throw new RangeError(`draws: there is no room for ${String(draws)} draws of length ${length}`, { cause });
  }
}

/** Two distributions of one class with a closed divergence, of one n or temperature, the second as long as the first or single. */
export function checkPair(p: unknown, q: unknown): void {
  type Fields = { readonly [name: string]: unknown } | null | undefined;
  const [a, b] = [p as Fields, q as Fields];
  if (typeof a?.kl !== 'function') throw new TypeError(`p must have a closed divergence, got ${describe(p)}`);
  if (b?.constructor !== a.constructor) throw new TypeError(`q must be of the class of p, got ${describe(q)}`);
  for (const name of ['n', 'temperature']) {
    if (a[name] !== b[name]) throw new RangeError(`q must have the ${name} of p, ${String(a[name])}`);
  }
  const [own, other] = [a, b].map(({ loc, logits }) => (loc ?? logits) as Floats) as [Floats, Floats];
  checkSame('q', other, kindOf(own), 'p', other.length === (a.n ?? 1) ? other.length : own.length);
}
