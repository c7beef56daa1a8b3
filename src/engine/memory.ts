import { memoryError } from './check.ts';
import type { Backend } from './kernels.ts';
import { type AnyArray, F32, F64, I32, type Kind } from './kind.ts';

/** What a vector may read behind a block. */
export const SLACK = 64;

/** Free blocks of a size class that are looked at before a larger class is. */
const LOOKS = 16;

/** The memory of a backend in blocks. A freed block joins its free neighbours; allocating and freeing take constant time. */
export class Memory {
  /** The buffer behind all blocks; growth replaces it, and detaches every view of the one before. */
  buffer!: ArrayBuffer;
  /** The memory as arrays: the heaps. */
  f32!: Float32Array;
  f64!: Float64Array;
  i32!: Int32Array;
  u32!: Uint32Array;
  /** The free blocks, none at the end and no two of them neighbours: bytes by address, address by end, addresses by size class. */
  private readonly bytesAt = new Map<number, number>();
  private readonly addressOf = new Map<number, number>();
  private readonly classes: Set<number>[] = [];
  private end: number;

  constructor(private readonly backend: Backend) {
    this.end = aligned(backend.base);
    this.attach(backend.memory(this.end));
  }

  /** Whether the buffer has been transferred away. */
  get lost(): boolean {
    return this.f32.length === 0;
  }

  /** The heap of a kind. */
  heap(kind: Kind): AnyArray {
    if (kind === F32) return this.f32;
    if (kind === F64) return this.f64;
    return kind === I32 ? this.i32 : this.u32;
  }

  /** The address of a new block, a multiple of 16. Nothing changes if the memory cannot be had. */
  allocate(bytes: number): number {
    const size = regionOf(bytes),
      found = this.find(size);
    if (found !== undefined) {
      const rest = this.forget(found) - size;
      if (rest > 0) this.keep(found + size, rest);
      return found;
    }
    const address = this.end;
    try {
      this.attach(this.backend.memory(address + size));
    } catch (cause) {
      throw memoryError(bytes, cause);
    }
    this.end = address + size;
    return address;
  }

  /** Gives a block of so many bytes back. */
  release(address: number, bytes: number): void {
    let size = regionOf(bytes);
    const behind = address + size,
      before = this.addressOf.get(address);
    if (this.bytesAt.has(behind)) size += this.forget(behind);
    if (before !== undefined) {
      size += this.forget(before);
      address = before;
    }
    if (address + size === this.end) this.end = address;
    else this.keep(address, size);
  }

  /** The heaps, made anew if the memory has grown. */
  private attach(buffer: ArrayBuffer): void {
    if (buffer === this.buffer) return;
    this.buffer = buffer;
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }

  /** A free block of at least so many bytes. */
  private find(size: number): number | undefined {
    for (let i = classOf(size); i < this.classes.length; i++) {
      let looks = 0;
      for (const address of this.classes[i] ?? []) {
        if (this.bytesAt.get(address)! >= size) return address;
        if (++looks === LOOKS) break;
      }
    }
    return undefined;
  }

  private keep(address: number, size: number): void {
    this.bytesAt.set(address, size);
    this.addressOf.set(address + size, address);
    (this.classes[classOf(size)] ??= new Set()).add(address);
  }

  /** Takes a block off the free ones; returns its bytes. */
  private forget(address: number): number {
    const size = this.bytesAt.get(address)!;
    this.bytesAt.delete(address);
    this.addressOf.delete(address + size);
    this.classes[classOf(size)]!.delete(address);
    return size;
  }
}

function classOf(size: number): number {
  return Math.floor(Math.log2(size));
}

/** The next multiple of 16, also of what 32 bits do not hold. */
export function aligned(bytes: number): number {
  return bytes + 15 - ((bytes + 15) & 15);
}

/** The bytes of a region, with what a vector may read behind it. */
export function regionOf(bytes: number): number {
  return aligned(bytes + SLACK);
}
