import { newArray } from './check.ts';
import { type AnyArray, F32, F64, I32, type Kind, kindOf, lengthOf, setInto, viewOf } from './kind.ts';
import type { Layout } from './layout.ts';
import type { Memory } from './memory.ts';

/** Up to these lengths a loop is faster than the methods of an array: `set` alone, and `subarray` with it. */
const FEW_IN = 16,
  FEW_OUT = 20;

/**
 * Copies `length` values of an array, from an index on, to an address, as values of a kind: f32 and f64 are converted. Few
 * values of f32 in a loop of their own, so small that it is inlined where an op on a short row spends its time.
 */
export function put(memory: Memory, kind: Kind, address: number, array: AnyArray, from: number, length: number): void {
  if (kind !== F32 || length > FEW_IN) return putMore(memory, kind, address, array, from, length);
  const heap = memory.f32;
  for (let i = 0, at = address / 4; i < length; i++) heap[at + i] = array[from + i]!;
}

function putMore(memory: Memory, kind: Kind, address: number, array: AnyArray, from: number, length: number): void {
  if (length > FEW_IN) {
    memory.heap(kind).set(length === lengthOf(array) ? array : viewOf(array, from, length), address / kind.bytes);
  } else if (kind === F64) {
    const heap = memory.f64;
    for (let i = 0, at = address / 8; i < length; i++) heap[at + i] = array[from + i]!;
  } else {
    const heap = memory.heap(kind);
    for (let i = 0, at = address / 4; i < length; i++) heap[at + i] = array[from + i]!;
  }
}

/** Copies `length` values of a kind at an address into an array, from an index on; f64 values are rounded once to f32. */
export function take(memory: Memory, kind: Kind, address: number, array: AnyArray, to: number, length: number): void {
  if (kind !== F32 || length > FEW_OUT) return takeMore(memory, kind, address, array, to, length);
  const heap = memory.f32;
  for (let i = 0, at = address / 4; i < length; i++) array[to + i] = heap[at + i]!;
}

function takeMore(memory: Memory, kind: Kind, address: number, array: AnyArray, to: number, length: number): void {
  // measured: where set converts f64 to f32 it takes four times as long as a loop
  if (length > FEW_OUT && (kind !== F64 || kindOf(array) === F64)) {
    const start = address / kind.bytes;
    setInto(array, memory.heap(kind).subarray(start, start + length), to);
  } else if (kind === F64) {
    const heap = memory.f64;
    for (let i = 0, at = address / 8; i < length; i++) array[to + i] = heap[at + i]!;
  } else {
    const heap = kind === I32 ? memory.i32 : memory.heap(kind);
    for (let i = 0, at = address / 4; i < length; i++) array[to + i] = heap[at + i]!;
  }
}

/** A new array of a kind, of the values at an address. */
export function taken(memory: Memory, stored: Kind, address: number, kind: Kind, length: number): AnyArray {
  if (length > FEW_OUT && stored === kind) {
    const start = address / kind.bytes;
    return memory.heap(kind).slice(start, start + length);
  }
  const array = newArray(kind, length);
  take(memory, stored, address, array, 0, length);
  return array;
}

/**
 * Copies rows whose neighbours lie `stride` apart, columns of matrices of n x stride one behind the other, between an array and an
 * address, at which they lie row by row: elements of four lines at a time. `inward`: from the array.
 */
export function transpose(
  memory: Memory,
  kind: Kind,
  address: number,
  array: AnyArray,
  { n, stride }: Layout,
  from: number,
  to: number,
  inward: boolean,
): void {
  const heap = memory.heap(kind);
  let at = address / kind.bytes;
  for (let r = from, width; r < to; r += width, at += width * n) {
    const column = r % stride,
      first = (r - column) * n + column;
    width = Math.min(to - r, stride - column);
    for (let i = 0, lines; i < n; i += lines) {
      let x = first + i * stride,
        y = at + i;
      const end = x + width,
        [b, c, d] = [stride, 2 * stride, 3 * stride];
      lines = i + 4 <= n ? 4 : 1;
      if (lines === 1) {
        if (inward) for (; x < end; x++, y += n) heap[y] = array[x]!;
        else for (; x < end; x++, y += n) array[x] = heap[y]!;
      } else if (inward) {
        for (; x < end; x++, y += n) {
          heap[y] = array[x]!;
          heap[y + 1] = array[x + b]!;
          heap[y + 2] = array[x + c]!;
          heap[y + 3] = array[x + d]!;
        }
      } else {
        for (; x < end; x++, y += n) {
          array[x] = heap[y]!;
          array[x + b] = heap[y + 1]!;
          array[x + c] = heap[y + 2]!;
          array[x + d] = heap[y + 3]!;
        }
      }
    }
  }
}
