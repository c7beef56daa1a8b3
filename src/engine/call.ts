import { checkKind, checkOptions, checkRows, kindError, lengthError, newArray } from './check.ts';
import { put, take, taken } from './copy.ts';
import { engineOf } from './backend.ts';
import type { Engine } from './engine.ts';
import { type AnyArray, bufferOf, copyOf, type Dtype, F32, F64, type Kind, lengthOf, offsetOf } from './kind.ts';
import { aligned, type Memory, SLACK } from './memory.ts';
import { type Addresses, type Op, valuesOf } from './op.ts';
import { type Block, blockOf, type Resident, residentView } from './resident.ts';

/** Bytes before the operands: a block of random words, the draws of its complements, what vectors read beyond. */
export const WORDS = 3 * 4096 + SLACK;
/** Elements of an input in the memory at a time, unless one row has more: the L2 cache holds them with all that goes with them. */
export const CHUNK = 16384;

const DTYPES: readonly Kind[] = [F32, F64];
const NO_KEY = /* @__PURE__ */ new Uint32Array(2);

/** The bytes of an operand's region. */
export function regionOf(bytes: number): number {
  return aligned(bytes + SLACK);
}

/** What the options of a call say; they are asked only once. */
export interface Said {
  readonly temperature?: unknown;
  readonly out?: unknown;
  /** Of noise. */
  readonly dtype?: string | undefined;
}

/** Options as they are now, of the names that an op knows. */
export function readOptions(options: Said | undefined, known: readonly string[]): Said {
  checkOptions(options, known);
  if (options === undefined) return {};
  return Object.fromEntries(known.map((name) => [name, options[name as keyof Said]]));
}

/** An input or a result of a call. */
class Operand {
  /** What it is computed in. */
  readonly computed: Kind;
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
    readonly width: number,
    private readonly value: unknown,
    { memory }: Engine,
    f64: boolean,
  ) {
    this.computed = f64 && kind === F32 ? F64 : kind;
    const block = blockOf(value);
    if (block?.memory === memory) {
      this.block = block;
      this.copied = this.computed !== kind;
    } else {
      this.array = block === undefined ? (value as AnyArray | undefined) : residentView(value as Resident);
    }
  }

  /** The array, as it is now. */
  get values(): AnyArray | undefined {
    return this.block === undefined ? this.array : residentView(this.value as Resident);
  }

  /** A kernel sees a copy: of all, where rows of a result would be written over it before they are read. */
  copy(all: boolean): void {
    this.copied = true;
    if (!all) return;
    this.array = copyOf(this.values!);
    this.block = undefined;
  }
}

/** The kind of a value that is one of `kinds`, resident or not. */
export function kindOfValue(name: string, value: unknown, kinds: readonly Kind[]): Kind {
  const block = blockOf(value);
  if (block === undefined) return checkKind(name, value, kinds);
  block.check();
  if (!kinds.includes(block.kind)) throw kindError(name, kinds, residentView(value as Resident));
  return block.kind;
}

/** The length of a value whose kind has been checked. */
export function lengthOfValue(value: unknown): number {
  return blockOf(value)?.length ?? lengthOf(value as AnyArray);
}

/** The arguments of an op without inputs. */
export interface Fill {
  readonly dtype: Dtype;
  readonly rows: number;
}

/** A call of an op, its arguments checked and nothing computed. Made anew for each; nothing of the caller's is asked later. */
export class Call {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly temperature: number;
  readonly inputs: Operand[];
  readonly outputs: Operand[];
  private readonly engine: Engine;
  private readonly chunk: number;

  constructor(
    readonly op: Op,
    readonly values: readonly unknown[],
    readonly n: number,
    readonly said: Said,
    readonly k = 0,
    readonly source?: unknown,
    private readonly fill?: Fill,
  ) {
    const { inputs, outputs } = op,
      [first] = inputs;
    this.engine = engineOf(op.extension);
    this.dtype = fill?.dtype ?? (kindOfValue(first!.name, values[0], DTYPES) as Dtype);
    const rows = fill?.rows ?? checkRows(first!.name, lengthOfValue(values[0]), n);
    this.rows = rows;
    this.temperature = op.check(said.temperature, this.dtype);
    this.chunk = rows * n <= CHUNK ? rows : Math.min(rows, Math.max(1, Math.floor(CHUNK / n)));
    this.inputs = inputs.map(({ name, width, kind = this.dtype, also }, i) =>
      this.operand(name, kind, valuesOf(width, n, k), values[i], also),
    );
    this.outputs = outputs.flatMap(({ width, kind = this.dtype, name }) => {
      const each = valuesOf(width, n, k),
        out = said[(name ?? 'out') as keyof Said];
      if (out !== undefined) return this.operand(name ?? 'out', kind, each, out);
      return name === undefined ? new Operand('out', kind, each, undefined, this.engine, op.f64) : [];
    });
  }

  /** The same call as things are now, after code of the caller's has run. */
  again(): Call {
    return new Call(this.op, this.values, this.n, this.said, this.k, this.source, this.fill);
  }

  /** Computes the results. */
  run(): AnyArray[] {
    const { source } = this,
      { keys } = this.op;
    this.reserve();
    if (keys === undefined) return this.execute(NO_KEY);
    const key = keys.take(source);
    return (keys.foreign(source) ? this.again().reserve() : this).execute(key);
  }

  private operand(name: string, kind: Kind, width: number, value: unknown, also?: Kind): Operand {
    kindOfValue(name, value, also === undefined ? [kind] : [also, kind]);
    const length = this.rows * width;
    if (lengthOfValue(value) !== length) throw lengthError(name, lengthOfValue(value), length);
    return new Operand(name, kind, width, value, this.engine, this.op.f64);
  }

  /** Takes the memory for a chunk and for new results. What can fail has been done then, and nothing has changed if it throws. */
  private reserve(): this {
    const { op, rows, n, k, chunk, engine, outputs } = this;
    if (rows === 0) return this;
    this.separate();
    const bytes = this.layOut(0) + op.scratch(n, chunk, op.f64 ? 8 : this.dtype.bytes, k);
    if (bytes > engine.bytes) this.grow(bytes);
    for (const output of outputs) {
      if (output.values === undefined && (rows > chunk || rows * output.width > CHUNK)) {
        output.array = newArray(output.kind, rows * output.width);
      }
    }
    return this;
  }

  /** A result may lie where an input does, wholly or in part: the input is read before anything is written over it. */
  private separate(): void {
    const { rows, chunk, inputs, outputs } = this;
    for (const out of outputs) {
      if (out.values === undefined) continue;
      for (const input of inputs) {
        if (input.block !== undefined && input.block === out.block) out.copy(false);
        // a chunk is copied whole before its results are written
        if (rows > chunk && this.clash(input, out)) input.copy(true);
      }
    }
  }

  /** Whether a chunk of the result lies where later rows of the input do. */
  private clash(input: Operand, out: Operand): boolean {
    const [a, b] = [input.values!, out.values!],
      [from, to] = [offsetOf(a), offsetOf(b)],
      [bytes, written] = [input.width * input.kind.bytes, out.width * out.kind.bytes];
    if (bufferOf(a) !== bufferOf(b) || from >= to + this.rows * written || to >= from + this.rows * bytes) return false;
    return from !== to || bytes !== written;
  }

  /** Gives the operands their regions from an address on; returns the address of the scratch behind them. */
  private layOut(start: number): number {
    let address = start + WORDS;
    for (const operand of [...this.inputs, ...this.outputs]) {
      operand.region = address;
      if (operand.copied) address += regionOf(operand.computed.bytes * operand.width * this.chunk);
    }
    return address;
  }

  /** Makes the block of the calls larger. Arrays that were given as views of the memory are found again where they lie then. */
  private grow(bytes: number): void {
    const { memory } = this.engine;
    const arrays = [...this.inputs, ...this.outputs].filter(({ array }) => array !== undefined);
    const starts = arrays.map(({ array }) => within(memory, array!)),
      lengths = arrays.map(({ array }) => lengthOf(array!));
    this.engine.reserve(bytes);
    arrays.forEach((operand, i) => {
      if (starts[i]! > 0) operand.array = new operand.kind.Type(memory.buffer, starts[i]!, lengths[i]!);
    });
  }

  /** Runs the kernel, chunk by chunk, so that memory does not grow with the batch. */
  private execute(key: Uint32Array): AnyArray[] {
    const [k0, k1] = key as unknown as readonly [number, number];
    const { op, engine, inputs, outputs, rows, n, k, chunk, temperature } = this;
    const { memory, backend, start: words } = engine,
      scratch = this.layOut(words);
    const { f32, f64 } = op.extension === undefined ? backend : engine.tables(op.extension),
      kernels = op.f64 || this.dtype === F64 ? f64 : (f32 as unknown as typeof f64);
    for (let r = 0; r < rows; r += chunk) {
      const count = Math.min(chunk, rows - r);
      const address = ({ copied, region, block, width, kind }: Operand): number =>
        copied ? region : block!.address + r * width * kind.bytes;
      for (const { copied, computed, region, values, width } of inputs) {
        if (copied) put(memory, computed, region, values!, r * width, count * width);
      }
      const [src, dst] = [inputs.map(address), outputs.map(address)] as unknown as [Addresses, Addresses];
      const first = (engine.rowOffset + r) * n;
      op.kernel(kernels, src, dst, { rows: count, n, k, temperature, first, k0, k1, scratch, words });
      for (const output of outputs) {
        const { copied, computed, region, values, kind, width } = output;
        if (!copied) continue;
        if (values === undefined) output.array = taken(memory, computed, region, kind, count * width);
        else take(memory, computed, region, values, r * width, count * width);
      }
    }
    return outputs.map(({ values, kind, width }) => values ?? newArray(kind, rows * width));
  }
}

/** The address of an array that lies in the memory, as a view of it; 0 elsewhere: the first bytes are never given out. */
function within(memory: Memory, array: AnyArray): number {
  const address = offsetOf(array);
  return address > 0 && bufferOf(array) === memory.buffer ? address : 0;
}
