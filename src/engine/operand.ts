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
  /** Whether they are widened to f64. */
  private widened = false;
  /** Whether anything is to be done before or after a kernel. */
  moves = true;
  /** Where a kernel finds row r: at + r step. */
  at = 0;
  step = 0;

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
  place(address: number, rows: number, doubles: boolean): number {
    const bytes = bytesOf(this.kind) * this.width;
    this.widened = doubles && this.kind === 'f32';
    this.moves = this.carried || this.widened;
    this.at = this.own;
    this.step = this.moves ? 0 : bytes;
    if (this.carried) {
      this.at = this.region = address;
      address = aligned(address + bytes * rows + SLACK);
    }
    if (this.widened) {
      this.at = address;
      address = aligned(address + 8 * this.width * rows + SLACK);
    }
    return address;
  }

  /** Where rows are in their dtype. */
  private narrow(row: number): number {
    return this.carried ? this.region : this.own + row * this.width * bytesOf(this.kind);
  }

  /** Brings rows of an input to where the kernel finds them. */
  carryIn({ memory, backend }: Arena, row: number, count: number, rows: number): void {
    const { width } = this;
    if (this.carried) {
      const values = this.array!;
      memory.put(this.kind, count === rows ? values : values.subarray(row * width, (row + count) * width), this.region);
    }
    if (this.widened) backend.f32.widen(this.narrow(row), this.at, count * width);
  }

  /** Brings rows of a result to where they belong, or to a new array. */
  carryOut({ memory, backend }: Arena, row: number, count: number): void {
    const { kind, own, region } = this,
      size = count * this.width,
      start = row * this.width;
    if (this.widened) backend.f32.narrow(this.at, this.narrow(row), size);
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
