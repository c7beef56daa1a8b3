import type { Backend } from './kernels.ts';
import { Memory } from './memory.ts';

/** A backend and its memory, of which one block serves every call: it grows to the largest one and stays. */
export class Engine {
  readonly memory: Memory;
  /** The rows of a batch before those of a call: a part of a batch gets the noise that it has in the whole. */
  rowOffset = 0;
  /** The block: `bytes` is -1 before the first call, and where the memory for one could not be had. */
  start = 0;
  bytes = -1;

  constructor(readonly backend: Backend) {
    this.memory = new Memory(backend);
  }

  /** Makes the block so large. */
  reserve(bytes: number): void {
    const before = this.bytes;
    this.bytes = -1;
    // given back first, so that it grows in its place where nothing lies behind it
    if (before >= 0) this.memory.release(this.start, before);
    this.start = this.memory.allocate(bytes);
    this.bytes = bytes;
  }
}
