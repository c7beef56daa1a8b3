import { lengthError, newArray } from './check.ts';
import { keysError } from './check_rows.ts';
import { engineOf } from './backend.ts';
import { checkHalves, widened } from './half.ts';
import { type Engine, kernelsOf } from './engine.ts';
import {
  type AnyArray,
  bufferOf,
  copyOf,
  type Dtype,
  F32,
  F64,
  type Floats,
  type Kind,
  lengthOf,
  offsetOf,
} from './kind.ts';
import { arrayOf, isArray, type Layout, layoutOf, startOf } from './layout.ts';
import { type Memory, regionOf, SLACK } from './memory.ts';
import type { Op, OutputShape, RowKeys } from './op.ts';
import { kindOfValue, lengthOfValue, Operand } from './operand.ts';
import type { Said } from './options.ts';
import { isEach, runEach, runRows } from './runs.ts';
import { Own } from './own.ts';
import * as Scratch from '../shared/scratch.ts';

/** Bytes before the operands: a block of random words, the draws of its complements, what vectors read beyond. */
export const WORDS = 3 * 4096 + SLACK;
/** Elements of an input in the memory at a time, unless one row has more: the L2 cache holds them with all that goes with them. */
export const CHUNK = 16384;
/** Rows that lie apart in the memory at a time, at least: a line of the cache holds so many neighbours. */
const LINE = 16;

const DTYPES: readonly Kind[] = [F32, F64];
const NO_KEY = /* @__PURE__ */ new Int32Array(2);

/** The arguments of an op without inputs. */
export interface Fill {
  readonly dtype: Dtype;
  readonly rows: number;
}

/** A call of an op, its arguments checked and nothing computed. Made anew for each; nothing of the caller's is asked later. */
export class Call {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly layout: Layout;
  readonly inputs: Operand[];
  readonly outputs: Operand[];
  /** Both, in the order of their regions. */
  private readonly operands: readonly Operand[];
  /** The temperature; one per row where there are `temperatures`. */
  private readonly temperature: number;
  private readonly temperatures: Floats | undefined;
  private readonly rowKeys: RowKeys | undefined;
  private readonly engine: Engine;
  /** Rows in the memory at a time, and their elements. */
  private readonly chunk: number;
  private readonly elements: number;
  private readonly own: Own;

  constructor(
    readonly op: Op,
    readonly values: readonly unknown[],
    readonly n: unknown,
    readonly said: Said,
    readonly k = 0,
    readonly source?: unknown,
    private readonly fill?: Fill,
  ) {
    const { inputs, outputs } = op,
      [first] = inputs,
      { stride, dtype } = said;
    this.engine = engineOf(op.extension);
    if (fill === undefined) checkHalves(dtype, first!.name, values);
    const x = fill ? undefined : widened(first!.name, values[0], dtype);
    this.dtype = fill?.dtype ?? (kindOfValue(first!.name, x, DTYPES) as Dtype);
    const layout = fill
      ? { rows: fill.rows, n: 1, length: fill.rows, offsets: undefined, stride: 1 }
      : layoutOf(first!.name, lengthOfValue(x), n, stride);
    this.layout = layout;
    const { rows } = layout;
    this.rows = rows;
    const temperature = this.beside('temperature', said.temperature);
    this.temperatures = isArray(temperature) ? this.temperaturesOf(temperature) : undefined;
    this.temperature = this.temperatures === undefined ? op.check(temperature, this.dtype) : 1;
    this.rowKeys = op.keys?.rows(source);
    const counted = this.rowKeys?.count;
    if (counted !== undefined && counted !== rows) throw keysError(this.rowKeys!.name, counted, rows);
    if (layout.offsets !== undefined) {
      const most = Math.max(...outputs.map(({ width }) => (width === 'k' ? k : 1)));
      this.chunk = Math.min(rows, Math.ceil(CHUNK / most));
      this.elements = Math.max(layout.n, Math.min(layout.length, CHUNK));
    } else {
      const some = Math.max(stride === undefined ? 1 : LINE, Math.floor(CHUNK / layout.n));
      this.chunk = layout.length <= CHUNK ? rows : Math.min(rows, some);
      this.elements = this.chunk * layout.n;
    }
    this.own = new Own(this.temperatures, this.rowKeys, layout, this.chunk);
    this.inputs = inputs.map((input, i) => {
      const value = i === 0 ? x : input.kind === undefined ? this.beside(input.name, values[i]) : values[i];
      return this.operand(input.name, input, value, input.also);
    });
    this.outputs = [];
    for (const shape of outputs) {
      const { name = 'out' } = shape,
        given = said[name as keyof Said];
      if (given !== undefined) this.outputs.push(this.operand(name, shape, given));
      else if (shape.name === undefined) this.outputs.push(this.operandOf(name, shape, undefined));
    }
    this.operands = [...this.inputs, ...this.outputs];
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
    const key = this.key();
    const call = keys?.foreign(source) ? this.again().reserve() : this;
    call.execute(key, 0, call.rows);
    return call.outputs.map(({ values, kind, length }) => values ?? newArray(kind, length));
  }

  /** The arrays for the results. */
  into(arrays: readonly AnyArray[]): this {
    this.outputs.forEach((output, i) => (output.array = arrays[i]));
    return this;
  }

  /** Computes some rows of a call whose results have their arrays, and the memory what it takes. */
  part(from: number, to: number): void {
    this.execute(this.key(), from, to);
  }

  /** What stands beside the first input: halves are float32 beside float32; beside float64 they are an error that names them. */
  private beside(name: string, value: unknown): unknown {
    return this.dtype === F32 ? widened(name, value, this.said.dtype) : value;
  }

  /** The key that all rows have in common. */
  private key(): Int32Array {
    const { keys } = this.op;
    return keys === undefined || this.rowKeys !== undefined ? NO_KEY : keys.take(this.source);
  }

  private operand(name: string, shape: OutputShape, value: unknown, also?: Kind): Operand {
    const { kind = this.dtype } = shape;
    kindOfValue(name, value, also === undefined ? [kind] : [also, kind]);
    const operand = this.operandOf(name, shape, value),
      length = lengthOfValue(value);
    if (length !== operand.length) throw lengthError(name, length, operand.length);
    return operand;
  }

  private operandOf(name: string, shape: OutputShape, value: unknown): Operand {
    return new Operand(name, shape.kind ?? this.dtype, shape, this.k, this.layout, value, this.engine, this.op.f64);
  }

  /** A temperature per row, as they are now. */
  private temperaturesOf(value: unknown): Floats {
    const { dtype, rows, op } = this;
    kindOfValue('temperature', value, [dtype]);
    const temperatures = copyOf(arrayOf(value) as Floats);
    if (temperatures.length !== rows) throw lengthError('temperature', temperatures.length, rows);
    for (let r = 0; r < rows; r++) {
      if (!(temperatures[r]! > 0 && temperatures[r]! < Infinity))
        temperatures[r] = op.check(temperatures[r], dtype, `temperature[${r}]`);
    }
    return temperatures;
  }

  /** Takes the memory for a chunk and for new results. What can fail has been done then, and nothing has changed if it throws. */
  reserve(): this {
    const { op, rows, k, chunk, elements, engine, outputs, layout } = this;
    if (rows === 0) return this;
    this.separate();
    const bytes = op.f64 ? 8 : this.dtype.bytes;
    // ragged: at most what the longest row takes, and what as many elements as rows of one do
    const scratch =
      layout.offsets === undefined
        ? op.scratch(layout.n, chunk, bytes, k)
        : op.scratch(Math.max(1, layout.n), 1, bytes, k) + op.scratch(1, elements, bytes, k);
    const all = this.layOut(0) + Math.max(scratch, Scratch.fold_in(0, 0, 0, 0));
    if (all > engine.bytes) this.grow(all);
    for (const output of outputs) {
      const whole = chunk === rows && elements >= layout.length && output.length <= CHUNK && !output.apart;
      if (output.values === undefined && !whole) output.array = newArray(output.kind, output.length);
    }
    return this;
  }

  /** A result may lie where an input does, wholly or in part: the input is read before anything is written over it. */
  private separate(): void {
    const { inputs, outputs } = this,
      inChunks = this.rows > this.chunk || this.layout.length > this.elements;
    for (const out of outputs) {
      if (out.values === undefined) continue;
      for (const input of inputs) {
        if (input.block !== undefined && input.block === out.block) out.copy(false);
        // a chunk is copied whole before its results are written
        if (inChunks && out.clashes(input)) input.copy(true);
      }
    }
  }

  /** Gives the operands their regions from an address on; returns the address of the scratch behind them. */
  private layOut(start: number): number {
    let address = this.own.layOut(start + WORDS);
    for (const operand of this.operands) {
      operand.region = address;
      const values = operand.each > 0 ? operand.each * this.chunk : this.elements;
      if (operand.copied) address += regionOf(operand.computed.bytes * values);
    }
    return address;
  }

  /** Makes the block of the calls larger. Arrays that were given as views of the memory are found again where they lie then. */
  private grow(bytes: number): void {
    const { memory } = this.engine;
    const arrays = this.operands.filter(({ array }) => array !== undefined);
    const starts = arrays.map(({ array }) => within(memory, array!)),
      lengths = arrays.map(({ array }) => lengthOf(array!));
    this.engine.reserve(bytes);
    arrays.forEach((operand, i) => {
      if (starts[i]! > 0) operand.array = new operand.kind.Type(memory.buffer, starts[i]!, lengths[i]!);
    });
  }

  /** Runs the kernel on some rows, chunk by chunk, so that memory does not grow with the batch. */
  private execute(key: Int32Array, from: number, to: number): void {
    const { op, engine, inputs, outputs, operands, k, temperature, own } = this;
    const { memory, start: words } = engine,
      scratch = this.layOut(words);
    const kernels = kernelsOf(
      op.extension === undefined ? engine.backend : engine.tables(op.extension),
      op.f64 ? F64 : this.dtype,
    );
    const common = { k, temperature, k0: key[0]!, k1: key[1]!, scratch, words };
    for (let r = from, end; r < to; r = end) {
      end = this.chunkEnd(r, to);
      for (const input of inputs) input.put(memory, r, end);
      if (own.differ) own.put(engine, this.dtype, r, end, scratch);
      if (own.differ && isEach(op, k)) runEach(op, kernels, common, operands, own, memory, r, end);
      else runRows(op, kernels, common, operands, own, memory, r, end);
      for (const output of outputs) output.take(memory, r, end);
    }
  }

  /** The row behind the last one of a chunk that begins with a row. */
  private chunkEnd(row: number, to: number): number {
    const { chunk, elements, layout } = this,
      last = Math.min(to, row + chunk);
    if (layout.offsets === undefined) return last;
    const most = startOf(layout, row) + elements;
    let end = row + 1;
    while (end < last && startOf(layout, end + 1) <= most) end++;
    return end;
  }
}

/** The address of an array that lies in the memory, as a view of it; 0 elsewhere: the first bytes are never given out. */
function within(memory: Memory, array: AnyArray): number {
  const address = offsetOf(array);
  return address > 0 && bufferOf(array) === memory.buffer ? address : 0;
}
