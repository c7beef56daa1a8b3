import type { Call, Said } from '../engine/call.ts';
import { memoryError } from '../engine/check.ts';
import { type AnyArray, bufferOf, I32, type Kind, kindOf, lengthOf, setInto } from '../engine/kind.ts';
import type { Resident } from '../engine/resident.ts';
import type { Key } from '../ops.ts';
import { blockOf, opsOfMax, residentView } from './package.ts';
import type { Path, Task } from './task.ts';

/** A function of the package that works on batches. */
export interface Op {
  readonly path: Path;
  readonly run: (...args: unknown[]) => unknown;
  readonly open: (...args: unknown[]) => Call;
}

/** Elements that are not worth a message: parts of a batch have as many at least. */
const LEAST = 16384;
/** Parts for each worker: one that is late takes fewer of them. */
const PARTS = 8;

let tasks = 0;

/** How many rows of a batch are a part, and how many parts there are. */
export function partsOf({ rows, n }: Call, threads: number): { step: number; parts: number } {
  const step = Math.ceil(Math.max(LEAST / n, rows / (PARTS * threads)));
  return { step, parts: Math.ceil(rows / step) };
}

/**
 * The task that a call is, its arrays in shared memory: those that lie there already as they are. `args`: what stands
 * before the options; `key`: in the place of the source.
 */
export function taskOf(
  { path }: Op,
  call: Call,
  args: readonly unknown[],
  key: Key | undefined,
  threads: number,
): Task {
  const { rows, outputs, said } = call,
    { dtype: _, max, ...options } = said as Said & { readonly max?: unknown };
  const names = new Set(outputs.map(({ name }) => name));
  const given = args.map((arg, i) => (i === 0 && key !== undefined ? key : sharedOf(arg)));
  return {
    id: tasks++,
    path,
    // noise has its place in the output
    args: path[0] === 'random' ? given.slice(0, 1) : given,
    options: {
      ...Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name))),
      ...(max !== undefined && { max: opsOfMax(max).definition.name }),
    },
    given: names.size === outputs.length ? [...names] : undefined,
    outputs: outputs.map(({ values, kind, width }) =>
      values !== undefined && isShared(values) ? values : sharedArray(kind, rows * width),
    ),
    rows,
    step: partsOf(call, threads).step,
    next: sharedArray(I32, 1) as Int32Array,
  };
}

/** The options of a call, as they were when it was made; noise takes its array in the place of a length. */
export function optionsOf({ path }: Op, { said }: Call): Said {
  if (path[0] !== 'random') return said;
  return path[1] === 'bits' ? {} : { dtype: said.dtype };
}

/** The result of a task: its outputs, by their names if they have any, or the `out` of the call with what belongs there. */
export function resultOf(call: Call, { outputs }: Task, names: readonly string[] | undefined) {
  if (names !== undefined) return Object.fromEntries(names.map((name, i) => [name, outputs[i]!]));
  const results = call.outputs.map(({ values }, i) => {
    const result = outputs[i]!;
    if (values === undefined || values === result) return result;
    setInto(values, result, 0);
    return values;
  });
  return results[0]!;
}

/** An array in shared memory, copied there if it is not; anything else as it is. */
function sharedOf(value: unknown): unknown {
  const array = blockOf(value) === undefined ? value : residentView(value as Resident);
  const kind = kindOf(array);
  if (kind === undefined || isShared(array as AnyArray)) return array;
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
