import type { Arena } from './arena.ts';
import { type AnyArray, checkRows, type Dtype, type Kind, lengthError } from './check.ts';
import type { Doubles } from './kernels.ts';
import { SLACK } from './memory.ts';
import { Operand } from './operand.ts';

/** Bytes that random words take while they become noise: a block, the draws of its complements, what vectors read beyond. */
const NOISE_BYTES = 3 * 4096;
/** Elements of an input in the memory at a time, unless one row has more: the L2 cache holds them with all that goes with them. */
const CHUNK = 16384;

/** Handles `rows` rows, of which the first has flat element index `first`. */
export type Kernel<K> = (kernels: K, at: Call<K>, rows: number, first: number) => void;

/**
 * An op on rows of n: what it has been given, checked, and where its kernel finds it. Made by the arena, which keeps one
 * for the next op.
 */
export class Call<K> {
  dtype: Dtype = 'f32';
  rows = 0;
  n = 0;
  temperature = 1;
  /** Byte addresses for the rows in hand: the inputs, the results, room for random words, what the op asked for itself. */
  readonly from: number[] = [];
  readonly to: number[] = [];
  words = 0;
  scratch = 0;
  private readonly sources: Operand[] = [];
  private readonly targets: Operand[] = [];
  private inputs = 0;
  private outputs = 0;
  private chunk = 0;
  private out: unknown;
  private doubles = false;

  constructor(private readonly arena: Arena) {}

  /** Begins anew, without inputs so far. */
  begin(dtype: Dtype, rows: number, n: number, out: unknown): this {
    this.dtype = dtype;
    this.rows = rows;
    this.n = n;
    this.out = out;
    this.inputs = this.outputs = 0;
    this.doubles = false;
    return this;
  }

  /** The first input: rows of n in either dtype. */
  open(name: string, values: unknown, n: number, out: unknown): this {
    const operand = (this.sources[0] ??= new Operand());
    operand.take(name, values, undefined, this.arena.memory);
    operand.width = n;
    this.begin(operand.kind as Dtype, checkRows(name, operand.length, n), n, out);
    this.inputs = 1;
    return this;
  }

  /** For the kernels of f64: f32 inputs are widened for them, and results rounded to f32. */
  inDoubles(): Call<Doubles> {
    this.doubles = true;
    return this as Call<unknown> as Call<Doubles>;
  }

  /** Another input, of `width` values a row. */
  with(name: string, values: unknown, width = this.n, kind: Kind = this.dtype): this {
    const operand = (this.sources[this.inputs++] ??= new Operand());
    operand.take(name, values, kind, this.arena.memory);
    operand.width = width;
    const length = this.rows * width;
    if (operand.length !== length) throw lengthError(name, operand.length, length);
    return this;
  }

  /** A result of `width` values a row: in the `out` of the call, or in a new array. */
  gives(width: number, kind: Kind = this.dtype, out: unknown = this.out): this {
    const operand = (this.targets[this.outputs++] ??= new Operand());
    operand.width = width;
    if (out === undefined) {
      operand.make(kind);
      return this;
    }
    operand.take('out', out, kind, this.arena.memory);
    const length = this.rows * width;
    if (operand.length !== length) throw lengthError('out', operand.length, length);
    for (let i = 0; i < this.inputs; i++) operand.checkApart(this.sources[i]!);
    return this;
  }

  /**
   * Takes the memory for the regions of a chunk of rows, for `fixed` bytes of scratch and so many more a row. Whatever can
   * fail has been done after it, and nothing has changed if it throws.
   */
  reserve(fixed = 0, perRow = 0): this {
    const { arena, rows, n } = this;
    arena.intercept?.(this);
    if (rows === 0) return this;
    const chunk = rows * n <= CHUNK ? rows : Math.min(rows, Math.max(1, Math.floor(CHUNK / n))),
      scratch = fixed + perRow * chunk;
    this.chunk = chunk;
    const bytes = this.place(arena.start) + scratch - arena.start;
    if (bytes > arena.bytes) this.place(arena.reserve(bytes));
    // one chunk is copied into its new array by making it
    if (rows > chunk) for (let i = 0; i < this.outputs; i++) this.targets[i]!.prepare(rows);
    return this;
  }

  /** Gives each operand its regions for a chunk from an address on; returns the address behind them. */
  private place(start: number): number {
    const { sources, targets, inputs, outputs, chunk, doubles } = this;
    let address = start + NOISE_BYTES + SLACK;
    for (let i = 0; i < inputs; i++) address = sources[i]!.place(address, chunk, doubles);
    for (let i = 0; i < outputs; i++) address = targets[i]!.place(address, chunk, doubles);
    this.words = start;
    return (this.scratch = address);
  }

  /** Runs the kernel, chunk by chunk, so that memory does not grow with the batch; returns the result. */
  run(kernel: Kernel<K>): AnyArray {
    this.execute(kernel);
    const result = this.targets[0]!.result(this.arena, this.rows);
    this.close();
    return result;
  }

  /** The same for several results. */
  runAll(kernel: Kernel<K>): AnyArray[] {
    this.execute(kernel);
    const results = this.results.map((operand) => operand.result(this.arena, this.rows));
    this.close();
    return results;
  }

  /** In the place of a kernel: f of each element of two inputs, which adds, multiplies and divides, rounded once. */
  zip(f: (x: number, y: number, temperature: number) => number): AnyArray {
    this.arena.intercept?.(this);
    const [x, y] = this.sources.map(({ values }) => values!) as [AnyArray, AnyArray],
      result = this.targets[0]!.prepare(this.rows);
    for (let i = 0; i < x.length; i++) result[i] = f(x[i]!, y[i]!, this.temperature);
    this.close();
    return result;
  }

  /** The results by kind and width. */
  get results(): readonly Operand[] {
    return this.targets.slice(0, this.outputs);
  }

  private execute(kernel: Kernel<K>): void {
    const { arena, sources, targets, inputs, outputs, from, to, rows, n, chunk } = this;
    // an Rng of one's own may have called another op since, for which the block has moved
    if (this.words !== arena.start) this.place(arena.start);
    const { f32, f64 } = arena.backend;
    const kernels = (this.doubles || this.dtype === 'f64' ? f64 : f32) as K;
    for (let r = 0; r < rows; r += chunk) {
      const count = Math.min(chunk, rows - r);
      for (let i = 0; i < inputs; i++) {
        const operand = sources[i]!;
        if (operand.moves) operand.carryIn(arena, r, count, rows);
        from[i] = operand.at + r * operand.step;
      }
      for (let i = 0; i < outputs; i++) to[i] = targets[i]!.at + r * targets[i]!.step;
      kernel(kernels, this, count, (arena.firstRow + r) * n);
      for (let i = 0; i < outputs; i++) if (targets[i]!.moves) targets[i]!.carryOut(arena, r, count);
    }
  }

  /** Forgets the arrays, and is there for the next op. */
  private close(): void {
    for (let i = 0; i < this.inputs; i++) this.sources[i]!.forget();
    for (let i = 0; i < this.outputs; i++) this.targets[i]!.forget();
    this.out = undefined;
    this.arena.keep(this as Call<unknown>);
  }
}
