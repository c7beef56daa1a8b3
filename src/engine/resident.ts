import { type ArrayOf, bytesOf, type Floats, freedError, type Kind } from './check.ts';
import type { Memory } from './memory.ts';

export type Resides = Extract<Kind, 'f32' | 'f64' | 'i32'>;

/** Where an array lies: so many values of a memory, zeros at first. */
export class Block<K extends Resides = Resides> {
  /** Its first byte; -1 when it has been freed. */
  address: number;
  private buffer: ArrayBuffer;
  private array: ArrayOf<K>;

  constructor(
    readonly memory: Memory,
    readonly kind: K,
    readonly length: number,
  ) {
    this.address = memory.allocate(length * bytesOf(kind));
    this.buffer = memory.buffer;
    this.array = memory.view(kind, this.address, length);
    this.array.fill(0);
  }

  /** The array as a view of the memory as it is now; throws when it has been freed. */
  view(): ArrayOf<K> {
    const { memory, address } = this;
    if (address < 0) throw freedError();
    if (this.buffer !== memory.buffer) {
      this.buffer = memory.buffer;
      this.array = memory.view(this.kind, address, this.length);
    }
    return this.array;
  }

  free(): void {
    if (this.address < 0) return;
    this.memory.release(this.address, this.length * bytesOf(this.kind));
    this.address = -1;
  }
}

/** The array of a block. */
export let residentOf: (block: Block) => Resident;
/** The block of an array that lives in an engine; undefined for everything else. */
export let blockOf: (value: unknown) => Block | undefined;

/** Frees what was forgotten; made with the first array. */
let forgotten: FinalizationRegistry<() => void> | undefined;

/**
 * A typed array that lives in the memory of the engine: taken wherever a typed array is, as an input or as `out`, without
 * a copy. Made by `alloc`.
 */
export class Resident<A extends Floats | Int32Array = Floats | Int32Array> {
  readonly #block: Block;

  static {
    residentOf = (block) => new Resident(block);
    blockOf = (value) => (value instanceof Resident ? value.#block : undefined);
  }

  private constructor(block: Block) {
    this.#block = block;
    forgotten ??= new FinalizationRegistry((free) => free());
    forgotten.register(this, () => block.free(), block);
  }

  /** How many values there are. */
  get length(): number {
    return this.#block.length;
  }

  /**
   * The array. Growth of the memory detaches a view: ask for it anew after other calls, and keep the Resident as long as
   * a view of it is in use. Throws an Error after `free`.
   */
  get view(): A {
    return this.#block.view() as A;
  }

  /** Gives the memory back; the array cannot be used afterwards. A second call does nothing. */
  free(): void {
    this.#block.free();
    forgotten?.unregister(this.#block);
  }
}

/** A typed array, or one that lives in the engine. */
export type Values<A extends Floats | Int32Array> = A | Resident<A>;
