import { memoryError, type ArrayOf, type Dtype, type Floats, type Kind } from './check.ts';
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
  readonly x: number;
  readonly y: number;
  readonly dst: number;
  readonly scratch: number;
}

/** One call of an op: `kernel` makes rows x width results from rows of n of each input. */
export interface Call<K extends Kind> {
  readonly dtype: Dtype;
  readonly inputs: readonly Floats[];
  readonly rows: number;
  readonly n: number;
  readonly kind: K;
  readonly width: number;
  readonly out: ArrayOf<K> | undefined;
  /** Bytes of scratch for `rows` rows. */
  readonly scratch?: (rows: number) => number;
  /** Handles `rows` rows, of which the first has flat element index `first`. */
  readonly kernel: (kernels: Kernels, at: Places, rows: number, first: number) => void;
}

/** A backend and the layout of its memory, which is made anew for each call: it grows to the largest one and stays. */
export class Arena {
  private readonly views = {} as { [K in Kind]: ArrayOf<K> };
  private buffer: ArrayBuffer | undefined;

  constructor(readonly backend: Backend) {}

  /** Runs a call in chunks of rows, so that memory does not grow with the batch. `out` stays as it was if this throws. */
  run<K extends Kind>(call: Call<K>): ArrayOf<K> {
    const { rows, n, inputs, kind, width } = call;
    const chunk = Math.min(rows, Math.max(1, Math.floor(CHUNK / n)));
    const at = this.layout(call, chunk);
    const kernels = this.backend[call.dtype];
    const results = rows * width;
    if (rows === chunk) {
      if (rows > 0) {
        for (let i = 0; i < inputs.length; i++) this.put(inputs[i]!, i === 0 ? at.x : at.y);
        call.kernel(kernels, at, rows, 0);
      }
      return this.take(kind, at.dst, results, call.out);
    }
    const out = call.out ?? newArray(kind, results);
    for (let r = 0; r < rows; r += chunk) {
      const count = Math.min(chunk, rows - r);
      for (let i = 0; i < inputs.length; i++) {
        this.put(inputs[i]!.subarray(r * n, (r + count) * n), i === 0 ? at.x : at.y);
      }
      call.kernel(kernels, at, count, r * n);
      out.set(this.view(kind, at.dst, count * width), r * width);
    }
    return out;
  }

  /** Addresses for a chunk of rows, with the memory behind them. */
  private layout(call: Call<Kind>, rows: number): Places {
    const input = rows * call.n * BYTES[call.dtype];
    const words = this.backend.base;
    const x = aligned(words + NOISE_BYTES);
    const y = aligned(x + (call.inputs.length > 0 ? input : 0));
    const dst = aligned(y + (call.inputs.length > 1 ? input : 0));
    const scratch = aligned(dst + rows * call.width * BYTES[call.kind]);
    this.reserve(aligned(scratch + (call.scratch?.(rows) ?? 0)));
    return { words, x, y, dst, scratch };
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

  private put(values: Floats, address: number): void {
    if (values instanceof Float32Array) this.views.f32.set(values, address / 4);
    else this.views.f64.set(values, address / 8);
  }

  private view<K extends Kind>(kind: K, address: number, length: number): ArrayOf<K> {
    const start = address / BYTES[kind];
    return this.views[kind].subarray(start, start + length) as ArrayOf<K>;
  }

  private take<K extends Kind>(kind: K, address: number, length: number, out: ArrayOf<K> | undefined): ArrayOf<K> {
    const start = address / BYTES[kind];
    if (out === undefined) return this.views[kind].slice(start, start + length) as ArrayOf<K>;
    out.set(this.view(kind, address, length));
    return out;
  }
}

/** The next address that any value may have, with room for what a vector reads beyond. */
function aligned(address: number): number {
  return Math.ceil((address + SLACK) / 16) * 16;
}

export function newArray<K extends Kind>(kind: K, length: number): ArrayOf<K> {
  const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array };
  return new arrays[kind](length) as ArrayOf<K>;
}
