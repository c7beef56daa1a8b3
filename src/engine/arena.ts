import { Call } from './call.ts';
import type { Backend } from './kernels.ts';
import { Memory } from './memory.ts';

/** A backend and its memory, of which one block serves every call: it grows to the largest one and stays. */
export class Arena {
  readonly memory: Memory;
  /** The rows of a batch before those of a call: a part of a batch gets the noise that it has in the whole. */
  firstRow = 0;
  /** Told of a call when its arguments have passed, before anything is computed; throws to keep it from that. */
  intercept: ((call: Call<unknown>) => void) | undefined;
  /** The block: `bytes` is -1 before the first call, and where the memory for one could not be had. */
  start = 0;
  bytes = -1;
  private spare: Call<unknown> | undefined;

  constructor(readonly backend: Backend) {
    this.memory = new Memory(backend);
  }

  /** A call to be filled: the one that was kept, since an op on a few values would spend its time on making one. */
  call<K>(): Call<K> {
    const call = this.spare ?? new Call(this);
    // an op that begins before this one has ended, in a getter of its options, makes its own
    this.spare = undefined;
    return call as Call<K>;
  }

  /** Takes a call back. */
  keep(call: Call<unknown>): void {
    this.spare = call;
  }

  /** Makes the block so large; returns its address. */
  reserve(bytes: number): number {
    const before = this.bytes;
    this.bytes = -1;
    // given back first, so that it grows in its place where nothing lies behind it
    if (before >= 0) this.memory.release(this.start, before);
    this.start = this.memory.allocate(bytes);
    this.bytes = bytes;
    return this.start;
  }
}
