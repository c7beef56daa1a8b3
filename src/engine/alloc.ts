import { arena } from './backend.ts';
import { type ArrayOf, BYTES, checkArrayType, checkInteger, freedError, type Kind } from './check.ts';
import type { Memory } from './memory.ts';
import { type Block, Resident } from './resident.ts';

type Resides = Extract<Kind, 'f32' | 'f64' | 'i32'>;

/** Frees what was forgotten; made with the first array. */
let forgotten: FinalizationRegistry<() => void> | undefined;

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
  checkInteger('length', length, 0);
  const block = blockOf(arena().memory, kind, length);
  const resident = new Resident(block);
  forgotten ??= new FinalizationRegistry((free) => free());
  forgotten.register(resident, block.free, block);
  return resident;
}

function blockOf<K extends Resides>(memory: Memory, kind: K, length: number): Block<ArrayOf<K>> {
  const bytes = length * BYTES[kind],
    address = memory.allocate(bytes);
  let view: ArrayOf<K> | undefined = memory.view(kind, address, length);
  view.fill(0);
  const block: Block<ArrayOf<K>> = {
    length,
    view() {
      if (view === undefined) throw freedError();
      if (view.buffer !== memory.buffer) view = memory.view(kind, address, length);
      return view;
    },
    free() {
      if (view === undefined) return;
      view = undefined;
      memory.release(address, bytes);
      forgotten?.unregister(block);
    },
  };
  return block;
}
