import { type AnyArray, type ArrayOf, type Dtype, type Kind, kindOf, memoryError } from './check.ts';
import type { Backend, Kernels } from './kernels.ts';

/** Bytes that random words take while they become noise: a block, the draws of its complements, what vectors read beyond. */
const NOISE_BYTES = 3 * 4096;
/** Elements of an input in the arena at a time, unless one row has more: the L2 cache holds them with all that goes with them. */
const CHUNK = 16384;
/** What a vector may read behind a region. */
const SLACK = 64;

const BYTES: Record<Kind, number> = { f32: 4, f64: 8, i32: 4, u32: 4 };

/** Where a kernel finds its data, as byte addresses. */
export interface Places {
  readonly words: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly scratch: number;
}

/** A result: `width` values a row, in `out` or in a new array. */
export interface Output {
  readonly kind: Kind;
  readonly width: number;
  readonly out?: AnyArray | undefined;
}

/** One call of an op on rows of n. */
export interface Call {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly n: number;
  /** Each has the same number of values for every row. */
  readonly inputs: readonly AnyArray[];
  readonly outputs: readonly Output[];
  /** Bytes of scratch for `rows` rows. */
  readonly scratch?: (rows: number) => number;
  /** Handles `rows` rows, of which the first has flat element index `first`; `doubles` are the f64 kernels. */
  readonly kernel: (kernels: Kernels, at: Places, rows: number, first: number, doubles: Kernels) => void;
}

/** A backend and the layout of its memory, which is made anew for each call: it grows to the largest one and stays. */
export class Arena {
  private readonly views = {} as { [K in Kind]: ArrayOf<K> };
  private buffer: ArrayBuffer | undefined;

  constructor(readonly backend: Backend) {}

  /** Runs a call in chunks of rows, so that memory does not grow with the batch. No `out` is touched if this throws. */
  run(call: Call): AnyArray[] {
    const { rows, n, inputs, outputs } = call;
    if (rows === 0) return outputs.map(({ kind, out }) => out ?? newArray(kind, 0));
    const chunk = Math.min(rows, Math.max(1, Math.floor(CHUNK / n)));
    const at = this.layout(call, chunk);
    const kernels = this.backend[call.dtype];
    if (rows === chunk) {
      for (let i = 0; i < inputs.length; i++) this.put(inputs[i]!, at.from[i]!);
      call.kernel(kernels, at, rows, 0, this.backend.f64);
      return outputs.map((output, i) => this.take(output, at.to[i]!, rows * output.width));
    }
    const results = outputs.map(({ kind, width, out }) => out ?? newArray(kind, rows * width));
    for (let r = 0; r < rows; r += chunk) {
      const count = Math.min(chunk, rows - r);
      for (let i = 0; i < inputs.length; i++) {
        const width = inputs[i]!.length / rows;
        this.put(inputs[i]!.subarray(r * width, (r + count) * width), at.from[i]!);
      }
      call.kernel(kernels, at, count, r * n, this.backend.f64);
      for (let i = 0; i < outputs.length; i++) {
        const { kind, width } = outputs[i]!;
        results[i]!.set(this.view(kind, at.to[i]!, count * width), r * width);
      }
    }
    return results;
  }

  /** Addresses for a chunk of rows, with the memory behind them. */
  private layout({ inputs, outputs, rows, scratch }: Call, chunk: number): Places {
    const words = this.backend.base;
    let end = aligned(words + NOISE_BYTES);
    const place = (bytes: number): number => {
      const address = end;
      end = aligned(address + bytes);
      return address;
    };
    const from = inputs.map((values) => place((values.byteLength / rows) * chunk));
    const to = outputs.map(({ kind, width }) => place(BYTES[kind] * width * chunk));
    const at = { words, from, to, scratch: place(scratch?.(chunk) ?? 0) };
    this.reserve(end);
    return at;
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
    this.views.f32 = new Float32Array(buffer);
    this.views.f64 = new Float64Array(buffer);
    this.views.i32 = new Int32Array(buffer);
    this.views.u32 = new Uint32Array(buffer);
  }

  private put(values: AnyArray, address: number): void {
    const kind = kindOf(values);
    this.views[kind].set(values, address / BYTES[kind]);
  }

  private view(kind: Kind, address: number, length: number): AnyArray {
    const start = address / BYTES[kind];
    return this.views[kind].subarray(start, start + length);
  }

  private take({ kind, out }: Output, address: number, length: number): AnyArray {
    const start = address / BYTES[kind];
    if (out === undefined) return this.views[kind].slice(start, start + length);
    out.set(this.view(kind, address, length));
    return out;
  }
}

/** The next address that any value may have, with room for what a vector reads beyond. */
function aligned(address: number): number {
  return Math.ceil((address + SLACK) / 16) * 16;
}

function newArray(kind: Kind, length: number): AnyArray {
  const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array };
  try {
    return new arrays[kind](length);
  } catch (cause) {
    throw memoryError(length * BYTES[kind], cause);
  }
}
