/** Half precision: arrays of float16 become float32 when a call is made. */
import { checkAttached, checkChoice, halfError, newArray } from './check.ts';
import { type AnyArray, bufferOf, F32, type Floats, lengthOf, offsetOf, tagOf } from './kind.ts';
import type { Values } from './resident.ts';

/**
 * Values of float16: a Float16Array, or a Uint16Array of their bits with the option `{ dtype: 'float16' }`. By what tells them from
 * other arrays: the types of the language may not have the first yet. H is there to be inferred where an array is such.
 */
export interface Halves<H extends string = 'Array'> {
  readonly [Symbol.toStringTag]: `Float16${H}` | `Uint16${H}`;
  readonly length: number;
  readonly buffer: ArrayBufferLike;
}

/** Values of an input. Those of float16 are computed in float32. */
export type Input<A extends Floats, H extends string = 'Array'> = Values<A> | Halves<H>;

/** A result of an input: its dtype, float32 of float16. */
export type Widened<A extends Floats, H extends string> = [H] extends [never]
  ? A
  : Floats extends A
    ? Float32Array
    : A | Float32Array;

/** Whether a value holds float16, at the option `dtype` of a call. */
export function isHalf(value: unknown, dtype: unknown): value is AnyArray {
  const tag = tagOf(value);
  return tag === 'Float16Array' || (tag === 'Uint16Array' && dtype !== undefined);
}

/** The option `dtype` of a call: 'float16', of a Uint16Array among these values; nothing for a Float16Array. */
export function checkHalves(dtype: unknown, name: string, values: readonly unknown[]): void {
  if (dtype === undefined) return;
  checkChoice('dtype', dtype, ['float16']);
  if (!values.some((value) => isHalf(value, dtype))) throw halfError(name, values[0]);
}

/** float32 of float16, exact; what is no half as it is. */
export function widened(name: string, value: unknown, dtype: unknown): unknown {
  if (!isHalf(value, dtype)) return value;
  const length = lengthOf(value);
  if (length === 0) checkAttached(name, value);
  const halves = new Uint16Array(bufferOf(value), offsetOf(value), length),
    floats = newArray(F32, length) as Float32Array,
    words = new Uint32Array(floats.buffer);
  for (let i = 0; i < length; i++) {
    const half = halves[i]!,
      word = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    if ((half & 0x7c00) === 0x7c00) {
      words[i] = word | 0x7f800000;
    } else {
      // the exponent as it is, with the bias of float32; subnormal numbers too
      words[i] = word;
      floats[i]! *= 2 ** 112;
    }
  }
  return floats;
}
