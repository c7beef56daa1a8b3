import type { Floats } from './check.ts';

/** What holds a resident array: a block of an arena's memory. */
export interface Block<A> {
  readonly length: number;
  /** The array as a view of the memory as it is now; throws when the block is free. */
  view(): A;
  free(): void;
}

/**
 * A typed array that lives in the memory of the engine: taken wherever a typed array is, as an input or as `out`, without
 * a copy. Made by `alloc`.
 */
export class Resident<A extends Floats | Int32Array = Floats | Int32Array> {
  readonly #block: Block<A>;

  constructor(block: Block<A>) {
    this.#block = block;
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
    return this.#block.view();
  }

  /** Gives the memory back; the array cannot be used afterwards. A second call does nothing. */
  free(): void {
    this.#block.free();
  }
}

/** A typed array, or one that lives in the engine. */
export type Values<A extends Floats | Int32Array> = A | Resident<A>;
