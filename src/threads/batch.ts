import type { Call } from '../engine/call.ts';
import { type AnyArray, bytesOf, type Kind, kindOf, memoryError } from '../engine/check.ts';
import type { Key, Max } from '../ops.ts';
import { arena } from './package.ts';
import type { Task } from './task.ts';

/** A function of the package, with the names that lead to it and the alpha of the max that it belongs to. */
export interface Op {
  readonly path: readonly string[];
  readonly alpha: number | undefined;
  readonly run: (...args: unknown[]) => unknown;
}

interface Options {
  readonly max?: Max;
  readonly out?: unknown;
}

/** Elements that are not worth a message: parts of a batch have as many at least. */
const LEAST = 16384;
/** Parts for each worker: one that is late takes fewer of them. */
const PARTS = 8;

/** Thrown where the engine would compute: one for all, since a stack is captured with each. */
const PLANNED = new Error('planned');

let tasks = 0;

/** What a call asks of the engine: its arguments are checked as ever, and nothing is computed. */
export function plan({ run }: Op, args: readonly unknown[]): Call<unknown> {
  const engine = arena();
  let planned: Call<unknown> | undefined;
  engine.intercept = (call) => {
    planned = call;
    throw PLANNED;
  };
  try {
    run(...args);
  } catch (error) {
    if (planned === undefined) throw error;
  } finally {
    engine.intercept = undefined;
  }
  return planned!;
}

/** How many rows of a batch are a part, and how many parts there are. */
export function partsOf({ rows, n }: Call<unknown>, threads: number): { step: number; parts: number } {
  const step = Math.ceil(Math.max(LEAST / n, rows / (PARTS * threads)));
  return { step, parts: Math.ceil(rows / step) };
}

/** The task that a call is, its arrays in shared memory: those that lie there already as they are. */
export function taskOf(op: Op, args: readonly unknown[], threads: number): Task {
  const call = plan(op, args);
  const { rows, results } = call;
  const noise = op.path[0] === 'random',
    out = outOf(op, args);
  const { max, out: _, ...options } = (noise ? undefined : optionsOf(op, args)) ?? {};
  return {
    id: tasks++,
    path: op.path,
    alpha: op.alpha,
    args: (noise ? [args[0]] : args.slice(0, op.run.length - 1)).map((arg) => {
      const array = arrayOf(arg);
      if (array !== undefined) return shared(array);
      if (typeof arg !== 'object') return arg;
      const { high, low } = arg as Key;
      return { high, low };
    }),
    options: max === undefined ? options : { ...options, max: max.alpha },
    outputs: results.map(({ kind, width }) =>
      out !== undefined && isShared(out) ? out : sharedArray(kind, rows * width),
    ),
    rows,
    step: partsOf(call, threads).step,
    next: sharedArray('i32', 1) as Int32Array,
  };
}

/** The result of a task: its outputs, by their names if they have any, or the `out` of the call with what belongs there. */
export function resultOf(op: Op, args: readonly unknown[], { outputs }: Task, names: readonly string[] | undefined) {
  if (names !== undefined) return Object.fromEntries(names.map((name, i) => [name, outputs[i]!]));
  const [result] = outputs as [AnyArray],
    out = outOf(op, args);
  if (out === undefined) return result;
  if (!isShared(out)) out.set(result);
  return out;
}

/** The options of a call: what a function of the package takes last. */
function optionsOf({ run }: Op, args: readonly unknown[]): Options | undefined {
  return args[run.length - 1] as Options | undefined;
}

/** The array that a call is to write to; noise takes it in the place of a length. */
function outOf(op: Op, args: readonly unknown[]): AnyArray | undefined {
  return arrayOf(op.path[0] === 'random' ? args[1] : optionsOf(op, args)?.out);
}

/** A typed array as it is, a resident one as it lies in the memory now. */
function arrayOf(value: unknown): AnyArray | undefined {
  if (ArrayBuffer.isView(value)) return value as AnyArray;
  const view = (value as { readonly view?: unknown } | undefined)?.view;
  return ArrayBuffer.isView(view) ? (view as AnyArray) : undefined;
}

/** By its tag: it may be of another realm. */
function isShared({ buffer }: AnyArray): boolean {
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
}

/** An array in shared memory, copied there if it is not. */
function shared(array: AnyArray): AnyArray {
  if (isShared(array)) return array;
  const copy = sharedArray(kindOf(array), array.length);
  copy.set(array);
  return copy;
}

function sharedArray(kind: Kind, length: number): AnyArray {
  const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array };
  const bytes = length * bytesOf(kind);
  try {
    // tsc's types of an array say where it lies; those of the package do not
    return new arrays[kind](new SharedArrayBuffer(bytes) as ArrayBufferLike as ArrayBuffer);
  } catch (cause) {
    throw memoryError(bytes, cause);
  }
}
