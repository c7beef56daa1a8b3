import { checkArrayType, checkInteger, freedError, lostError } from './check.ts';
import { engine } from './backend.ts';
import { type AnyArray, type Floats, type Kind, tagOf } from './kind.ts';
import type { Memory } from './memory.ts';

/** Where a resident array lies: so many values of a memory. Holds no view, which would keep the array from being collected. */
export class Block {
  /** Its first byte; -1 when it has been freed. */
  address: number;

  constructor(
    readonly memory: Memory,
    readonly kind: Kind,
    readonly length: number,
  ) {
    this.address = memory.allocate(length * kind.bytes);
  }

  /** Throws where it has been freed or its memory is gone. */
  check(): void {
    if (this.address < 0) throw freedError();
    if (this.memory.lost) throw lostError();
  }

  free(): void {
    if (this.address >= 0) this.memory.release(this.address, this.length * this.kind.bytes);
    this.address = -1;
  }
}

/** The block of an array that lives in an engine; undefined for everything else, a Proxy of one included. */
export let blockOf: (value: unknown) => Block | undefined;
/** The block of an array that lives in this memory and has not been freed. */
export let liveBlock: (value: unknown, memory: Memory) => Block | undefined;
/** The view of such an array, whatever it says of itself. */
export let residentView: (resident: Resident) => AnyArray;
let residentOf: (block: Block) => Resident;

/** A view keeps its Resident, and so its memory. */
const owners = new WeakMap<object, Resident>();
/** Frees what was forgotten; made with the first array. */
let forgotten: FinalizationRegistry<() => void> | undefined;

/**
 * A typed array that lives in the memory of the engine: taken wherever a typed array is, as an input or as `out`, without
 * a copy. Made by `alloc`. It is freed when neither it nor a view of it is in use; it cannot be cloned or sent to a worker.
 */
export class Resident<A extends Floats | Int32Array = Floats | Int32Array> {
  readonly #block: Block;
  #view: A | undefined;
  #buffer: ArrayBuffer | undefined;
  /** Gives the memory back; the array cannot be used afterwards. A second call does nothing. */
  readonly free: () => void;

  static {
    residentOf = (block) => new Resident(block);
    residentView = (resident) => resident.#current();
    // a typed array is told by its tag: #block asked of objects of every class takes three times as long
    blockOf = (value) =>
      typeof value === 'object' && value !== null && tagOf(value) === undefined && #block in value
        ? (value as Resident).#block
        : undefined;
    // not by `blockOf`, which is asked of values of every type
    liveBlock = (value, memory) => {
      if (typeof value !== 'object' || value === null || !(#block in value)) return undefined;
      const block = (value as Resident).#block;
      return block.memory === memory && block.address >= 0 ? block : undefined;
    };
  }

  private constructor(block: Block) {
    this.#block = block;
    this.#current().fill(0);
    forgotten ??= new FinalizationRegistry((free) => free());
    forgotten.register(this, () => block.free(), block);
    // a property of its own: with a function among them, structuredClone throws
    this.free = () => {
      block.free();
      forgotten?.unregister(block);
    };
  }

  /** How many values there are. */
  get length(): number {
    return this.#block.length;
  }

  /**
   * The array. Growth of the memory detaches a view: ask for it anew after other calls. Throws an Error after `free`.
   */
  get view(): A {
    return this.#current();
  }

  /** 'Resident', whatever a bundler makes of the name of the class. */
  get [Symbol.toStringTag](): string {
    return 'Resident';
  }

  #current(): A {
    const block = this.#block;
    block.check();
    const { buffer } = block.memory;
    if (this.#buffer !== buffer) {
      this.#buffer = buffer;
      this.#view = new block.kind.Type(buffer, block.address, block.length) as A;
      owners.set(this.#view, this);
    }
    return this.#view!;
  }
}

/** A typed array, or one that lives in the engine. */
export type Values<A extends Floats | Int32Array> = A | Resident<A>;

/**
 * An array of zeros in the memory of the backend in use. A function that takes it, as an input or as `out`, copies nothing.
 *
 * Used after `free()` it is an Error. With another backend than the one that it was made on it is copied, as any array is.
 *
 * @param type `Float32Array`, `Float64Array` or `Int32Array`.
 * @param length How many values.
 * @returns The array; its `view` is the typed array, its `free()` gives the memory back.
 * @throws TypeError for another type of array; RangeError for a length that is not an integer >= 0, and where the memory cannot
 *   be had.
 * @example
 * const x = alloc(Float32Array, 3);
 * x.view.set([2, 1, 0]);
 * softmax(x, 3, { out: x });
 * x.view; // [0.665, 0.245, 0.090]
 * x.free();
 */
export function alloc(type: Float32ArrayConstructor, length: number): Resident<Float32Array>;
/**
 * An array of zeros in the memory of the backend in use.
 *
 * @param type `Float32Array`, `Float64Array` or `Int32Array`.
 * @param length How many values.
 * @returns The array; its `view` is the typed array, its `free()` gives the memory back.
 * @throws TypeError for another type of array; RangeError for a length that is not an integer >= 0, and where the memory cannot
 *   be had.
 */
export function alloc(type: Float64ArrayConstructor, length: number): Resident<Float64Array>;
/**
 * An array of zeros in the memory of the backend in use.
 *
 * @param type `Float32Array`, `Float64Array` or `Int32Array`.
 * @param length How many values.
 * @returns The array; its `view` is the typed array, its `free()` gives the memory back.
 * @throws TypeError for another type of array; RangeError for a length that is not an integer >= 0, and where the memory cannot
 *   be had.
 */
export function alloc(type: Int32ArrayConstructor, length: number): Resident<Int32Array>;
export function alloc(type: unknown, length: number): unknown {
  const kind = checkArrayType('type', type);
  return residentOf(new Block(engine().memory, kind, checkInteger('length', length, 0)));
}
