import type { Arena } from './arena.ts';
import {
  type AnyArray,
  bytesOf,
  checkArray,
  FLOATS,
  freedError,
  kindError,
  type Kind,
  kindOf,
  newArray,
  ONLY,
  overlapError,
} from './check.ts';
import { aligned, type Memory, SLACK } from './memory.ts';
import { type Block, blockOf } from './resident.ts';

/** An input or a result of a call: `width` values a row. */
export class Operand {
  kind: Kind = 'f32';
  width = 0;
  length = 0;
  /** The array, unless a block holds it; none for a result that is made when it is there. */
  private array: AnyArray | undefined;
  private block: Block | undefined;
  /** Where it lies, if it lies in the memory; -1 elsewhere. */
  private own = -1;
  /** Whether rows are carried to or from a region, and where that is. */
  private carried = true;
  private region = 0;
  /** The f64 region of what is widened; -1 for what is not. */
  private wide = -1;

  /** Takes what was given: an array of that kind, of either dtype if none is said. */
  take(name: string, value: unknown, kind: Kind | undefined, memory: Memory): void {
    const block = blockOf(value);
    if (block !== undefined && block.memory === memory) {
      if (block.address < 0) throw freedError();
      if (kind === undefined ? block.kind === 'i32' : block.kind !== kind) {
        throw kindError(name, kind === undefined ? FLOATS : ONLY[kind], block.view());
      }
      this.kind = block.kind;
      this.length = block.length;
      this.array = undefined;
      this.block = block;
      this.own = block.address;
    } else {
      const array = checkArray(name, value, kind === undefined ? FLOATS : ONLY[kind]);
      this.kind = kindOf(array);
      this.length = array.length;
      this.array = array;
      this.block = undefined;
      this.own = memory.holds(array) ? array.byteOffset : -1;
    }
    this.carried = this.own < 0;
  }

  /** A result that no array was given for. */
  make(kind: Kind): void {
    this.kind = kind;
    this.array = this.block = undefined;
    this.own = -1;
    this.carried = true;
  }

  /** The array as it is; none for a result that has not been made. */
  get values(): AnyArray | undefined {
    return this.block === undefined ? this.array : this.block.view();
  }

  /** The `out` of a call is one of its inputs, or shares no memory with them. */
  checkApart(input: Operand): void {
    if (this.own >= 0 || input.own >= 0) {
      if (this.own < 0 || input.own < 0 || this.own >= input.end || input.own >= this.end) return;
      // kernels may write before they have read all: it gets a region of its own
      this.carried = true;
    } else if (apart(this.array!, input.array!)) {
      return;
    }
    if (this.start !== input.start || this.length !== input.length || this.kind !== input.kind) throw overlapError();
  }

  /** The byte at which it begins, in the memory or in its buffer. */
  private get start(): number {
    return this.array?.byteOffset ?? this.own;
  }

  private get end(): number {
    return this.own + this.length * bytesOf(this.kind);
  }

  /** Takes its regions for so many rows from an address on; returns the address behind them. */
  place(address: number, rows: number, widened: boolean): number {
    const size = this.width * rows;
    this.wide = -1;
    if (this.carried) {
      this.region = address;
      address = aligned(address + bytesOf(this.kind) * size + SLACK);
    }
    if (widened && this.kind === 'f32') {
      this.wide = address;
      address = aligned(address + 8 * size + SLACK);
    }
    return address;
  }

  /** Where a kernel finds the rows from `row` on. */
  address(row: number): number {
    return this.wide >= 0 ? this.wide : this.narrow(row);
  }

  /** Where they are in their dtype. */
  private narrow(row: number): number {
    return this.carried ? this.region : this.own + row * this.width * bytesOf(this.kind);
  }

  /** Brings the rows of an input to where the kernel finds them; returns where. */
  carryIn({ memory, backend }: Arena, row: number, count: number, rows: number): number {
    if (this.carried) {
      const values = this.array!,
        { width } = this;
      memory.put(this.kind, count === rows ? values : values.subarray(row * width, (row + count) * width), this.region);
    }
    if (this.wide >= 0) backend.f32.widen(this.narrow(row), this.wide, count * this.width);
    return this.address(row);
  }

  /** Brings the rows of a result to where it belongs, or to a new array. */
  carryOut({ memory, backend }: Arena, row: number, count: number): void {
    const { kind, own, region } = this,
      size = count * this.width,
      start = row * this.width;
    if (this.wide >= 0) backend.f32.narrow(this.wide, this.narrow(row), size);
    if (!this.carried) return;
    if (own >= 0) memory.move(kind, region, own + start * bytesOf(kind), size);
    else if (this.array === undefined) this.array = memory.copy(kind, region, size);
    else memory.take(kind, region, this.array, size, start);
  }

  /** The array of a result before it is there. */
  prepare(rows: number): AnyArray {
    return this.values ?? (this.array = newArray(this.kind, rows * this.width));
  }

  /** The array of a result. */
  result({ memory }: Arena, rows: number): AnyArray {
    const result = this.prepare(rows),
      length = rows * this.width;
    // growth for this call has detached a view of the memory that was given
    return result.length === length ? result : memory.view(this.kind, this.own, length);
  }

  /** Lets go of the array. */
  forget(): void {
    this.array = this.block = undefined;
  }
}

/** Whether no byte of one is a byte of the other. */
function apart(a: AnyArray, b: AnyArray): boolean {
  const { byteOffset: from, byteLength } = a;
  // the buffers last: that of a small array is made when it is asked for
  return a !== b && (from >= b.byteOffset + b.byteLength || b.byteOffset >= from + byteLength || a.buffer !== b.buffer);
}
