import { type AnyArray, BYTES, type Dtype, type Kind, kindOf, newArray, overlaps } from './check.ts';
import type { Backend, Doubles, Kernels } from './kernels.ts';
import { aligned, Memory } from './memory.ts';

/** Bytes that random words take while they become noise: a block, the draws of its complements, what vectors read beyond. */
const NOISE_BYTES = 3 * 4096;
/** Elements of an input in the arena at a time, unless one row has more: the L2 cache holds them with all that goes with them. */
const CHUNK = 16384;
/** What a vector may read behind a region. */
const SLACK = 64;

/** Where a kernel finds its data, as byte addresses. */
export interface Places {
  readonly words: number;
  readonly from: number[];
  readonly to: number[];
  readonly scratch: number;
}

/** A result: `width` values a row, in `out` or in a new array. */
export interface Output {
  readonly kind: Kind;
  readonly width: number;
  readonly out?: AnyArray | undefined;
}

/** One call of an op on rows of n. */
export interface Call<K> {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly n: number;
  /** Each has the same number of values for every row. */
  readonly inputs: readonly AnyArray[];
  readonly outputs: readonly Output[];
  /** Bytes of scratch for `rows` rows. */
  readonly scratch?: (rows: number) => number;
  /** Handles `rows` rows, of which the first has flat element index `first`. */
  readonly kernel: (kernels: K, at: Places, rows: number, first: number) => void;
}

/** An input or output of `width` values a row. */
interface Operand {
  readonly kind: Kind;
  readonly width: number;
  /** Where it is, if it is in the memory itself. */
  readonly own: number | undefined;
  /** The region that a chunk is carried to or from; `own` where nothing is. */
  raw: number;
  /** The f64 region of what is widened; -1 for what is not. */
  wide: number;
}

/** A backend and its memory, of which one block serves every call: it grows to the largest one and stays. */
export class Arena {
  readonly memory: Memory;
  private block = { address: 0, bytes: -1 };

  constructor(readonly backend: Backend) {
    this.memory = new Memory(backend);
  }

  /** Runs a call on the kernels of its dtype, in chunks of rows, so that memory does not grow with the batch. No `out` is touched if this throws. */
  run(call: Call<Kernels>): AnyArray[] {
    return this.execute(call, this.backend[call.dtype], false);
  }

  /** The same on the kernels of f64: f32 inputs are widened for them, and results rounded to f32. */
  runDoubles(call: Call<Doubles>): AnyArray[] {
    return this.execute(call, this.backend.f64, call.dtype === 'f32');
  }

  private execute<K>(call: Call<K>, kernels: K, wide: boolean): AnyArray[] {
    const { rows, n, inputs, outputs, scratch } = call;
    if (rows === 0) return outputs.map(({ kind, out }) => out ?? newArray(kind, 0));
    const chunk = Math.min(rows, Math.max(1, Math.floor(CHUNK / n)));
    const from = inputs.map((values) => this.operand(kindOf(values), values.length / rows, values));
    const to = outputs.map(({ kind, width, out }) => this.operand(kind, width, out));
    // kernels may write before they have read all: a result goes to a region of its own where an input lies
    for (const [i, { out }] of outputs.entries()) {
      if (out !== undefined && inputs.some((input) => overlaps(out, input))) to[i]!.raw = -1;
    }
    const at = this.place(from, to, chunk, wide, scratch?.(chunk) ?? 0);
    const fresh = rows > chunk ? outputs.map(({ kind, width, out }) => out ?? newArray(kind, rows * width)) : undefined;
    for (let r = 0; r < rows; r += chunk) {
      const count = Math.min(chunk, rows - r);
      for (let i = 0; i < from.length; i++) {
        this.carryIn(from[i]!, inputs[i]!, r, count, rows);
        at.from[i] = addressOf(from[i]!, r);
      }
      for (let i = 0; i < to.length; i++) at.to[i] = addressOf(to[i]!, r);
      call.kernel(kernels, at, count, r * n);
      for (let i = 0; i < to.length; i++) this.carryOut(to[i]!, fresh?.[i] ?? outputs[i]!.out, r, count);
    }
    return outputs.map(({ kind, width, out }, i) => {
      const { own, raw } = to[i]!;
      if (out === undefined) return fresh?.[i] ?? this.memory.copy(kind, raw, rows * width);
      // growth for this call has detached a view of the memory that was given
      return own !== undefined && out.length === 0 ? this.memory.view(kind, own, rows * width) : out;
    });
  }

  private operand(kind: Kind, width: number, array: AnyArray | undefined): Operand {
    const own = array?.buffer === this.memory.buffer ? array.byteOffset : undefined;
    return { kind, width, own, raw: own ?? -1, wide: -1 };
  }

  /** Gives each operand its regions for a chunk of rows, with the memory behind them. */
  private place(from: Operand[], to: Operand[], chunk: number, wide: boolean, scratch: number): Places {
    let bytes = aligned(NOISE_BYTES + SLACK);
    const regions: [Operand, 'raw' | 'wide', number][] = [];
    const region = (operand: Operand, name: 'raw' | 'wide', size: number): void => {
      regions.push([operand, name, bytes]);
      bytes = aligned(bytes + size + SLACK);
    };
    for (const operand of [...from, ...to]) {
      const size = operand.width * chunk;
      if (operand.raw < 0) region(operand, 'raw', BYTES[operand.kind] * size);
      if (wide && operand.kind === 'f32') region(operand, 'wide', 8 * size);
    }
    const end = bytes;
    const base = this.reserve(bytes + scratch + SLACK);
    for (const [operand, name, at] of regions) operand[name] = base + at;
    return { words: base, from: [], to: [], scratch: base + end };
  }

  /** The address of so many bytes for the regions of a call. */
  private reserve(bytes: number): number {
    if (bytes > this.block.bytes) {
      const address = this.memory.allocate(bytes);
      if (this.block.bytes >= 0) this.memory.release(this.block.address, this.block.bytes);
      this.block = { address, bytes };
    }
    return this.block.address;
  }

  /** Brings the rows of an input to where the kernel finds them. */
  private carryIn(operand: Operand, values: AnyArray, row: number, count: number, rows: number): void {
    const { kind, width, own, raw, wide } = operand;
    if (own === undefined) {
      const part = count === rows ? values : values.subarray(row * width, (row + count) * width);
      this.memory.put(kind, part, raw);
    }
    if (wide >= 0) this.backend.f32.widen(rowOf(operand, row), wide, count * width);
  }

  /** Brings the rows of a result to `out`; without one they stay where they are, to be copied at the end. */
  private carryOut(operand: Operand, out: AnyArray | undefined, row: number, count: number): void {
    const { kind, width, own, raw, wide } = operand;
    if (wide >= 0) this.backend.f32.narrow(wide, rowOf(operand, row), count * width);
    if (raw === own) return;
    if (own !== undefined) this.memory.move(kind, raw, own + row * width * BYTES[kind], count * width);
    else if (out !== undefined) out.set(this.memory.view(kind, raw, count * width), row * width);
  }
}

/** Where the rows of an operand from `row` on are in its dtype. */
function rowOf({ kind, width, own, raw }: Operand, row: number): number {
  return raw === own ? raw + row * width * BYTES[kind] : raw;
}

/** Where the kernel finds them. */
function addressOf(operand: Operand, row: number): number {
  return operand.wide >= 0 ? operand.wide : rowOf(operand, row);
}
