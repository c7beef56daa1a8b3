import type { Opened } from '../engine/functions.ts';
import type { Said } from '../engine/options.ts';
import { memoryError } from '../engine/check.ts';
import { type AnyArray, bufferOf, I32, type Kind, kindOf, lengthOf, setInto } from '../engine/kind.ts';
import { arrayOf, opsOfMax, widened } from './package.ts';
import type { Path, Task, TaskSource } from './task.ts';

/** A function of the package that works on batches. */
export interface Op {
  readonly path: Path;
  readonly run: (...args: unknown[]) => unknown;
  readonly open: (...args: unknown[]) => Opened;
}

/** Elements that are not worth a message: parts of a batch have as many at least. */
const LEAST = 16384;
/** Parts for each worker: one that is late takes fewer of them. */
const PARTS = 8;

let tasks = 0;

/** How many rows of a batch are a part, and how many parts there are. */
export function partsOf({ rows, layout }: Opened, threads: number): { step: number; parts: number } {
  const step = Math.ceil(Math.max((LEAST * rows) / Math.max(1, layout.length), rows / (PARTS * threads)));
  return { step, parts: Math.ceil(rows / step) };
}

/**
 * The task that a call is, its arrays in shared memory: those that lie there already as they are, unless the result would be
 * written over them. `args`: what stands before the options; `source`: in the place of that of a call that draws.
 */
export function taskOf(
  { path }: Op,
  call: Opened,
  args: readonly unknown[],
  source: TaskSource | undefined,
  threads: number,
): Task {
  const { rows, inputs, outputs, op } = call,
    said = (call.said.given ?? call.said) as Record<string, unknown>;
  const clashing = inputs
    .filter((input) => outputs.some((output) => output.values !== undefined && output.clashes(input)))
    .map(({ values }) => values);
  const given = args.map((arg) => sharedOf(arg, clashing, said.dtype)),
    results = outputs.map(({ values, kind, length }) =>
      values !== undefined && isShared(values) ? values : sharedArray(kind, length),
    );
  const optionOf = (name: string): unknown => {
    // halves are widened before they are sent
    if (name === 'dtype') return undefined;
    if (name === 'max') return said.max && opsOfMax(said.max).definition.name;
    return results[outputs.findIndex((output) => output.name === name)] ?? sharedOf(said[name], [], said.dtype);
  };
  // noise has its place in the output, and no other option
  const isNoise = path[0] === 'random';
  return {
    id: tasks++,
    path,
    source,
    args: isNoise ? results : source === undefined ? given : given.slice(1),
    options: isNoise ? {} : Object.fromEntries(op.options.map((name) => [name, optionOf(name)])),
    outputs: results,
    rows,
    step: partsOf(call, threads).step,
    next: sharedArray(I32, 1) as Int32Array,
  };
}

/** The options of a call, as they were when it was made; noise takes its array in the place of a length. */
export function optionsOf({ path }: Op, { said }: Opened): Said {
  if (path[0] !== 'random') return said.given ?? said;
  return path[1] === 'bits' ? {} : { dtype: said.dtype };
}

/** The result of a task: its outputs, by their names if they have any, or the `out` of the call with what belongs there. */
export function resultOf(call: Opened, { outputs }: Task) {
  const { outputs: shapes } = call.op;
  if (shapes[0]!.as !== undefined) return Object.fromEntries(shapes.map(({ as }, i) => [as!, outputs[i]!]));
  const results = call.outputs.map(({ values }, i) => {
    const result = outputs[i]!;
    if (values === undefined || values === result) return result;
    setInto(values, result, 0);
    return values;
  });
  return results[0]!;
}

/** An array in shared memory, copied there if it is not, or one of `others`; anything else as it is. */
export function sharedOf<T>(value: T, others: readonly unknown[] = [], dtype?: unknown): T {
  return shared(arrayOf(widened('', value, dtype)), others) as T;
}

function shared(array: unknown, others: readonly unknown[]): unknown {
  const kind = kindOf(array);
  if (kind === undefined || (isShared(array as AnyArray) && !others.includes(array))) return array;
  const copy = sharedArray(kind, lengthOf(array as AnyArray));
  setInto(copy, array as AnyArray, 0);
  return copy;
}

/** By the tag of its buffer, which may be of another realm. */
function isShared(array: AnyArray): boolean {
  return Object.prototype.toString.call(bufferOf(array)) === '[object SharedArrayBuffer]';
}

function sharedArray({ Type, bytes }: Kind, length: number): AnyArray {
  try {
    return new Type(new SharedArrayBuffer(length * bytes), 0, length);
  } catch (cause) {
    throw memoryError(length * bytes, cause);
  }
}
