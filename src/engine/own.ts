/** What the rows of a chunk have of their own, in the memory: temperatures, where each begins, keys. */
import { put } from './copy.ts';
import type { Engine } from './engine.ts';
import { type Floats, I32, type Kind } from './kind.ts';
import type { Layout } from './layout.ts';
import { regionOf } from './memory.ts';
import type { RowKeys } from './op.ts';

export class Own {
  /** Addresses; 0 for nothing. */
  temperaturesAt = 0;
  startsAt = 0;
  /** Low and high words in turns. */
  keysAt = 0;
  /** Whether rows differ. */
  readonly differ: boolean;

  constructor(
    readonly temperatures: Floats | undefined,
    private readonly keys: RowKeys | undefined,
    readonly layout: Layout,
    private readonly chunk: number,
  ) {
    this.differ = temperatures !== undefined || keys !== undefined || layout.offsets !== undefined;
  }

  /** Gives each its region from an address on; returns the address behind them. */
  layOut(start: number): number {
    if (!this.differ) return start;
    const { chunk } = this;
    this.temperaturesAt = this.temperatures === undefined ? 0 : start;
    if (this.temperatures !== undefined) start += regionOf(8 * chunk);
    this.startsAt = this.layout.offsets === undefined ? 0 : start;
    if (this.layout.offsets !== undefined) start += regionOf(4 * chunk + 4);
    this.keysAt = this.keys === undefined ? 0 : start;
    // behind the keys their numbers
    return this.keys === undefined ? start : start + regionOf(8 * chunk) + regionOf(4 * chunk);
  }

  /** Copies what rows have. `kind`: of the temperatures. */
  put({ memory, backend }: Engine, kind: Kind, from: number, to: number, scratch: number): void {
    const { temperatures, keys, layout, keysAt: at } = this,
      { offsets } = layout,
      count = to - from;
    if (temperatures !== undefined) put(memory, kind, this.temperaturesAt, temperatures, from, count);
    if (offsets !== undefined) put(memory, I32, this.startsAt, offsets, from, count + 1);
    if (keys === undefined) return;
    const { words, ids, low, high } = keys;
    if (words !== undefined) {
      memory.u32.set(words.subarray(2 * from, 2 * to), at / 4);
      return;
    }
    const numbers = at + regionOf(8 * this.chunk);
    if (ids !== undefined) put(memory, I32, numbers, ids, from, count);
    else for (let r = from; r < to; r++) memory.i32[numbers / 4 + r - from] = r;
    backend.f32.fold_in(numbers, at, (count + 3) & ~3, low, high, scratch);
  }
}
