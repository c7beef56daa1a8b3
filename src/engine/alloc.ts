import { arena } from './backend.ts';
import { checkArrayType, checkInteger } from './check.ts';
import { Block, type Resident, residentOf, type Resides } from './resident.ts';

/**
 * An array of zeros in the memory of the backend in use: `alloc(Float32Array, 1000)`. An op that is given it, as an
 * input or as `out`, copies nothing.
 *
 *     const logits = alloc(Float32Array, rows * n);
 *     logits.view.set(scores);
 *     softmax(logits, n, { out: logits });
 *     logits.free();
 *
 * Errors: TypeError for another type of array; RangeError for a length that is no integer >= 0, or for memory that
 * cannot be had; an Error where it is used after `free()`. With another backend than the one it was made on it is
 * copied as any array.
 */
export function alloc(type: Float32ArrayConstructor, length: number): Resident<Float32Array>;
export function alloc(type: Float64ArrayConstructor, length: number): Resident<Float64Array>;
export function alloc(type: Int32ArrayConstructor, length: number): Resident<Int32Array>;
export function alloc(type: unknown, length: number): unknown {
  const kind = checkArrayType('type', type) as Resides;
  return residentOf(new Block(arena().memory, kind, checkInteger('length', length, 0)));
}
