import { type AnyArray, type ArrayOf, bytesOf, type Kind, memoryError, newArray } from './check.ts';
import type { Backend } from './kernels.ts';

/** What a vector may read behind a block. */
export const SLACK = 64;

/** Values that are copied sooner one by one than by a method of their array. */
const FEW = 32;

interface Block {
  address: number;
  bytes: number;
}

/** The memory of a backend in blocks: the first one that is large enough is taken, neighbours join when they are free. */
export class Memory {
  /** The buffer behind all blocks; growth replaces it, and detaches every view of the one before. */
  buffer: ArrayBuffer = new ArrayBuffer(0);
  private f32!: Float32Array;
  private f64!: Float64Array;
  private i32!: Int32Array;
  private u32!: Uint32Array;
  /** Sorted by address, no two of them neighbours, none at the end. */
  private free: Block[] = [];
  private end: number;

  constructor(private readonly backend: Backend) {
    this.end = aligned(backend.base);
  }

  /** The address of a new block, a multiple of 16. Nothing changes if the memory cannot be had. */
  allocate(bytes: number): number {
    const size = aligned(bytes + SLACK);
    const found = this.free.findIndex((block) => block.bytes >= size);
    if (found >= 0) {
      const block = this.free[found]!;
      const { address } = block;
      if (block.bytes === size) this.free.splice(found, 1);
      else this.free[found] = { address: address + size, bytes: block.bytes - size };
      return address;
    }
    const address = this.end;
    this.reserve(address + size);
    this.end += size;
    return address;
  }

  /** Gives a block of so many bytes back. */
  release(address: number, bytes: number): void {
    const blocks = [...this.free, { address, bytes: aligned(bytes + SLACK) }].sort((a, b) => a.address - b.address);
    this.free = [];
    for (const block of blocks) {
      const before = this.free.at(-1);
      if (before !== undefined && before.address + before.bytes === block.address) before.bytes += block.bytes;
      else this.free.push(block);
    }
    const last = this.free.at(-1)!;
    if (last.address + last.bytes === this.end) this.end = this.free.pop()!.address;
  }

  /** Whether an array lies in this memory. The first bytes are never given out: most arrays are told by where they begin. */
  holds(array: AnyArray): boolean {
    return array.byteOffset > 0 && array.buffer === this.buffer;
  }

  /** A view of values at an address. */
  view<K extends Kind>(kind: K, address: number, length: number): ArrayOf<K> {
    const start = address / bytesOf(kind);
    return this.whole(kind).subarray(start, start + length) as ArrayOf<K>;
  }

  /** Copies values to an address. */
  put(kind: Kind, values: AnyArray, address: number): void {
    const view = this.whole(kind),
      start = address / bytesOf(kind);
    if (values.length > FEW) view.set(values, start);
    else for (let i = 0; i < values.length; i++) view[start + i] = values[i]!;
  }

  /** Copies values at an address to `out` from its index `to` on. */
  take(kind: Kind, address: number, out: AnyArray, length: number, to: number): void {
    if (length > FEW) {
      out.set(this.view(kind, address, length), to);
      return;
    }
    const view = this.whole(kind),
      start = address / bytesOf(kind);
    for (let i = 0; i < length; i++) out[to + i] = view[start + i]!;
  }

  /** Copies values within the memory. */
  move(kind: Kind, from: number, to: number, length: number): void {
    const start = from / bytesOf(kind);
    this.whole(kind).copyWithin(to / bytesOf(kind), start, start + length);
  }

  /** A copy of values at an address. */
  copy(kind: Kind, address: number, length: number): AnyArray {
    const start = address / bytesOf(kind);
    if (length > FEW) return this.whole(kind).slice(start, start + length);
    const out = newArray(kind, length);
    this.take(kind, address, out, length, 0);
    return out;
  }

  /** The memory as an array. */
  private whole(kind: Kind): AnyArray {
    if (kind === 'f32') return this.f32;
    if (kind === 'f64') return this.f64;
    return kind === 'i32' ? this.i32 : this.u32;
  }

  /** Makes `bytes` of memory usable, and the views anew if it had to grow for them. */
  private reserve(bytes: number): void {
    let buffer: ArrayBuffer;
    try {
      buffer = this.backend.memory(bytes);
    } catch (cause) {
      throw memoryError(bytes, cause);
    }
    if (buffer === this.buffer) return;
    this.buffer = buffer;
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }
}

/** The next multiple of 16. */
export function aligned(bytes: number): number {
  return bytes + (-bytes & 15);
}
