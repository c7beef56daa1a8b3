import { checkKind, kindError } from './check.ts';
import { put, take, taken, transpose } from './copy.ts';
import type { Engine } from './engine.ts';
import { type AnyArray, bufferOf, copyOf, F32, F64, type Kind, lengthOf, offsetOf } from './kind.ts';
import { arrayOf, type Layout } from './layout.ts';
import type { Memory } from './memory.ts';
import { type OutputShape, valuesOf } from './op.ts';
import { type Block, blockOf } from './resident.ts';

/** The kind of a value that is one of `kinds`, resident or not. */
export function kindOfValue(name: string, value: unknown, kinds: readonly Kind[]): Kind {
  const block = blockOf(value);
  if (block === undefined) return checkKind(name, value, kinds);
  block.check();
  if (!kinds.includes(block.kind)) throw kindError(name, kinds, arrayOf(value));
  return block.kind;
}

/** The array of a value that is one of `kinds`. */
export function arrayOfValue<A extends AnyArray>(name: string, value: unknown, kinds: readonly Kind[]): A {
  kindOfValue(name, value, kinds);
  return arrayOf(value) as A;
}

/** The length of a value whose kind has been checked. */
export function lengthOfValue(value: unknown): number {
  return blockOf(value)?.length ?? lengthOf(value as AnyArray);
}

/** An input or a result of a call. */
export class Operand {
  /** What it is computed in. */
  readonly computed: Kind;
  /** Values per row; 0 where it has one for each element of ragged rows. */
  readonly each: number;
  /** Whether its rows lie apart: as columns. */
  readonly apart: boolean;
  /** What a row without an element gives. */
  readonly empty: number | undefined;
  /** The array, unless it lives in the memory of the engine; none for a result that is still to be made. */
  array: AnyArray | undefined;
  block: Block | undefined;
  /** Whether a kernel sees a copy, and where that is. */
  copied = true;
  region = 0;

  constructor(
    /** Of a result: the option that gives the array. */
    readonly name: string,
    readonly kind: Kind,
    { width, empty }: OutputShape,
    k: number,
    private readonly layout: Layout,
    private readonly value: unknown,
    { memory }: Engine,
    f64: boolean,
  ) {
    this.computed = f64 && kind === F32 ? F64 : kind;
    this.each = width === 'n' && layout.offsets !== undefined ? 0 : valuesOf(width, layout.n, k);
    this.empty = empty;
    this.apart = width === 'n' && layout.stride > 1;
    const block = blockOf(value);
    if (block?.memory === memory) {
      this.block = block;
      this.copied = this.apart || this.computed !== kind;
    } else {
      this.array = arrayOf(value) as AnyArray | undefined;
    }
  }

  /** The array, as it is now. */
  get values(): AnyArray | undefined {
    return this.block === undefined ? this.array : (arrayOf(this.value) as AnyArray);
  }

  /** Where the values of a row begin, among those of all rows one behind the other. */
  at(row: number): number {
    return this.each > 0 ? this.each * row : this.layout.offsets![row]!;
  }

  get length(): number {
    return this.at(this.layout.rows);
  }

  /** A kernel sees a copy: of all, where rows of a result would be written over it before they are read. */
  copy(all: boolean): void {
    this.copied = true;
    if (!all) return;
    this.array = copyOf(this.values!);
    this.block = undefined;
  }

  /** Whether rows of this result, as they are written, lie where later rows of an input do. */
  clashes(input: Operand): boolean {
    const [a, b] = [input.values!, this.values!],
      [from, to] = [offsetOf(a), offsetOf(b)],
      [bytes, written] = [input.kind.bytes, this.kind.bytes];
    if (bufferOf(a) !== bufferOf(b) || from >= to + this.length * written || to >= from + input.length * bytes) {
      return false;
    }
    return from !== to || bytes !== written || input.each !== this.each || input.apart !== this.apart;
  }

  /** The address that row 0 would have while a chunk of rows from `row` on is in the memory. */
  base(row: number): number {
    return this.copied ? this.region - this.at(row) * this.computed.bytes : this.block!.address;
  }

  /** Copies rows into the region. */
  put(memory: Memory, from: number, to: number): void {
    if (!this.copied) return;
    const { computed, region, layout } = this;
    if (this.apart) transpose(memory, computed, region, this.values!, layout, from, to, true);
    else put(memory, computed, region, this.values!, this.at(from), this.at(to) - this.at(from));
  }

  /** Copies rows from the region; into a new array where there is none. */
  take(memory: Memory, from: number, to: number): void {
    if (!this.copied) return;
    const { computed, region, values, layout } = this,
      at = this.at(from),
      length = this.at(to) - at;
    if (values === undefined) this.array = taken(memory, computed, region, this.kind, length);
    else if (this.apart) transpose(memory, computed, region, values, layout, from, to, false);
    else take(memory, computed, region, values, at, length);
  }
}
