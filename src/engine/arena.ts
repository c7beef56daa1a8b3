import { type AnyArray, BYTES, type Dtype, type Kind, kindOf, newArray } from './check.ts';
import type { Backend, Doubles, Kernels } from './kernels.ts';
import { aligned, Memory, SLACK } from './memory.ts';

/** Bytes that random words take while they become noise: a block, the draws of its complements, what vectors read beyond. */
const NOISE_BYTES = 3 * 4096;
/** Elements of an input in the arena at a time, unless one row has more: the L2 cache holds them with all that goes with them. */
const CHUNK = 16384;

/** In the place of a result that is made when it is there. */
const UNMADE: AnyArray = /* @__PURE__ */ new Float32Array(0);

/** Before the first call, and where the memory for one could not be had. */
const NONE = { address: 0, bytes: -1 };

/** Where a kernel finds its data, as byte addresses. */
export interface Places {
  words: number;
  readonly from: number[];
  readonly to: number[];
  scratch: number;
}

/** A result: `width` values a row, in `out` or in a new array. */
export interface Output {
  readonly kind: Kind;
  readonly width: number;
  readonly out?: AnyArray | undefined;
}

/** What an op on rows of n has been given. */
export interface Call {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly n: number;
  /** Each has the same number of values for every row. */
  readonly inputs: readonly AnyArray[];
  readonly outputs: readonly Output[];
}

/** Handles `rows` rows, of which the first has flat element index `first`. */
export type Kernel<K> = (kernels: K, at: Places, rows: number, first: number) => void;

/** An input or output of `width` values a row. */
class Operand {
  kind: Kind = 'f32';
  width = 0;
  /** Where it is, if it is in the memory itself; -1 for what is not. */
  own = -1;
  /** The region that a chunk is carried to or from; `own` where nothing is. */
  raw = -1;
  /** The f64 region of what is widened; -1 for what is not. */
  wide = -1;

  set(kind: Kind, width: number, array: AnyArray | undefined, memory: ArrayBuffer): void {
    this.kind = kind;
    this.width = width;
    this.own = array !== undefined && array.buffer === memory ? array.byteOffset : -1;
    this.raw = this.own;
    this.wide = -1;
  }

  /** Whether both are in the memory itself, at the same place. */
  overlaps({ own, kind, width }: Operand, rows: number): boolean {
    if (own < 0 || this.own < 0) return false;
    return own < this.own + rows * this.width * BYTES[this.kind] && this.own < own + rows * width * BYTES[kind];
  }

  /** Takes its regions for a chunk of rows behind `bytes` others; returns the bytes with them. */
  place(bytes: number, rows: number, widened: boolean): number {
    const size = this.width * rows;
    if (this.raw < 0) {
      this.raw = bytes;
      bytes = aligned(bytes + BYTES[this.kind] * size + SLACK);
    }
    if (widened && this.kind === 'f32') {
      this.wide = bytes;
      bytes = aligned(bytes + 8 * size + SLACK);
    }
    return bytes;
  }

  /** The regions are in the block at `base`. */
  move(base: number): void {
    if (this.raw !== this.own) this.raw += base;
    if (this.wide >= 0) this.wide += base;
  }

  /** Where the rows from `row` on are in their dtype. */
  at(row: number): number {
    return this.raw === this.own ? this.raw + row * this.width * BYTES[this.kind] : this.raw;
  }

  /** Where the kernel finds them. */
  address(row: number): number {
    return this.wide >= 0 ? this.wide : this.at(row);
  }
}

/** A backend and its memory, of which one block serves every call: it grows to the largest one and stays. */
export class Arena {
  readonly memory: Memory;
  /** The rows of a batch before those of a call: a part of a batch gets the noise that it has in the whole. */
  firstRow = 0;
  /** Told of what is asked for when its arguments have passed, before anything is computed; throws to keep it from that. */
  intercept: ((call: Call) => void) | undefined;
  private block = NONE;
  // made once: a call on a few values would spend its time on them
  private readonly operands: Operand[] = [];
  private readonly places: Places = { words: 0, from: [], to: [], scratch: 0 };

  constructor(readonly backend: Backend) {
    this.memory = new Memory(backend);
  }

  /**
   * Runs a call on the kernels of its dtype, in chunks of rows, so that memory does not grow with the batch. `scratch`
   * tells the bytes that so many rows take. No `out` is touched if this throws.
   */
  run(call: Call, kernel: Kernel<Kernels>, scratch?: (rows: number) => number): AnyArray[] {
    return this.execute(call, this.backend[call.dtype], kernel, scratch, false);
  }

  /** The same on the kernels of f64: f32 inputs are widened for them, and results rounded to f32. */
  runDoubles(call: Call, kernel: Kernel<Doubles>, scratch?: (rows: number) => number): AnyArray[] {
    return this.execute(call, this.backend.f64, kernel, scratch, call.dtype === 'f32');
  }

  private execute<K>(
    call: Call,
    kernels: K,
    kernel: Kernel<K>,
    scratch: ((rows: number) => number) | undefined,
    widened: boolean,
  ): AnyArray[] {
    this.intercept?.(call);
    const { rows, n, inputs, outputs } = call;
    if (rows === 0) return outputs.map(({ kind, out }) => out ?? newArray(kind, 0));
    const chunk = rows * n <= CHUNK ? rows : Math.min(rows, Math.max(1, Math.floor(CHUNK / n)));
    const at = this.place(inputs, outputs, rows, chunk, widened, scratch === undefined ? 0 : scratch(chunk));
    const results: AnyArray[] = [];
    for (const { kind, width, out } of outputs) {
      // one chunk is copied into its new array by making it
      results.push(out ?? (rows > chunk ? newArray(kind, rows * width) : UNMADE));
    }
    for (let r = 0; r < rows; r += chunk) {
      const count = Math.min(chunk, rows - r);
      for (let i = 0; i < inputs.length; i++) {
        const operand = this.operands[i]!;
        this.carryIn(operand, inputs[i]!, r, count, rows);
        at.from[i] = operand.address(r);
      }
      for (let i = 0; i < outputs.length; i++) at.to[i] = this.operands[inputs.length + i]!.address(r);
      kernel(kernels, at, count, (this.firstRow + r) * n);
      for (let i = 0; i < outputs.length; i++) {
        results[i] = this.carryOut(this.operands[inputs.length + i]!, results[i]!, r, count, rows);
      }
    }
    return results;
  }

  /** Gives each operand its regions for a chunk of rows, with the memory behind them. */
  private place(
    inputs: readonly AnyArray[],
    outputs: readonly Output[],
    rows: number,
    chunk: number,
    widened: boolean,
    scratch: number,
  ): Places {
    const { memory, operands, places } = this;
    const count = inputs.length + outputs.length;
    while (operands.length < count) operands.push(new Operand());
    let bytes = NOISE_BYTES + SLACK;
    for (let i = 0; i < count; i++) {
      const operand = operands[i]!;
      if (i < inputs.length) {
        const values = inputs[i]!;
        operand.set(kindOf(values), values.length / rows, values, memory.buffer);
      } else {
        const { kind, width, out } = outputs[i - inputs.length]!;
        operand.set(kind, width, out, memory.buffer);
        // kernels may write before they have read all: a result goes to a region of its own where an input lies
        for (let j = 0; j < inputs.length; j++) if (operand.overlaps(operands[j]!, rows)) operand.raw = -1;
      }
      bytes = operand.place(bytes, chunk, widened);
    }
    const base = this.reserve(bytes + scratch);
    for (let i = 0; i < count; i++) operands[i]!.move(base);
    places.words = base;
    places.scratch = base + bytes;
    return places;
  }

  /** The address of so many bytes for the regions of a call. */
  private reserve(bytes: number): number {
    if (bytes > this.block.bytes) {
      // given back first, so that it grows in its place where nothing lies behind it
      const { address, bytes: before } = this.block;
      this.block = NONE;
      if (before >= 0) this.memory.release(address, before);
      this.block = { address: this.memory.allocate(bytes), bytes };
    }
    return this.block.address;
  }

  /** Brings the rows of an input to where the kernel finds them. */
  private carryIn(operand: Operand, values: AnyArray, row: number, count: number, rows: number): void {
    const { kind, width, own, raw, wide } = operand;
    if (own < 0) {
      const part = count === rows ? values : values.subarray(row * width, (row + count) * width);
      this.memory.put(kind, part, raw);
    }
    if (wide >= 0) this.backend.f32.widen(operand.at(row), wide, count * width);
  }

  /** Brings the rows of a result to `out`, or to a new array; returns it. */
  private carryOut(operand: Operand, out: AnyArray, row: number, count: number, rows: number): AnyArray {
    const { kind, width, own, raw, wide } = operand;
    if (wide >= 0) this.backend.f32.narrow(wide, operand.at(row), count * width);
    if (out === UNMADE) return this.memory.copy(kind, raw, count * width);
    if (own < 0) {
      this.memory.take(kind, raw, out, count * width, row * width);
      return out;
    }
    if (raw !== own) this.memory.move(kind, raw, own + row * width * BYTES[kind], count * width);
    // growth for this call has detached a view of the memory that was given
    return out.length === 0 ? this.memory.view(kind, own, rows * width) : out;
  }
}
