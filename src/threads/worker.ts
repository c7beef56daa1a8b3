// What runs in a worker: the package as it is, on some rows of each batch.
import { type AnyArray, kindOf, lengthOf, viewOf } from '../engine/kind.ts';
import * as anymax from './package.ts';
import type { Path, Reply, Task } from './task.ts';

type Op = (...args: unknown[]) => AnyArray | Record<string, AnyArray>;

/** What stands at the end of a path. */
function find(path: Path): unknown {
  return path.reduce<unknown>(
    (of, step) => (typeof step === 'number' ? (of as Op)(step) : (of as Record<string, unknown>)[step]),
    anymax,
  );
}

/** Takes parts of a task until there are none. */
function work(task: Task): string[] | undefined {
  const { path, args, rows, step, next, outputs, given } = task;
  const op = find(path) as Op,
    engine = anymax.engine();
  const { max, ...others } = task.options;
  const options = max === undefined ? others : { ...others, max: find(max) };
  let names: string[] | undefined;
  for (let from; (from = Atomics.add(next, 0, 1) * step) < rows;) {
    const to = Math.min(rows, from + step);
    const part = <T>(value: T): T => {
      if (kindOf(value) === undefined) return value;
      const array = value as AnyArray,
        width = lengthOf(array) / rows;
      return viewOf(array, from * width, (to - from) * width) as T;
    };
    engine.rowOffset = from;
    if (path[0] === 'random') op(args[0], part(outputs[0]));
    else if (given !== undefined) {
      op(...args.map(part), { ...options, ...Object.fromEntries(given.map((name, i) => [name, part(outputs[i])])) });
    } else {
      const results = op(...args.map(part), options) as Record<string, AnyArray>;
      names = Object.keys(results);
      names.forEach((name, i) => part(outputs[i]!).set(results[name]!));
    }
  }
  return names;
}

function answer(task: Task): Reply {
  try {
    return { id: task.id, names: work(task) };
  } catch (error) {
    return { id: task.id, error };
  }
}

/** Where tasks come from: in browsers the worker itself. */
const port = (globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? globalThis) as unknown as {
  onmessage: (message: { readonly data: Task }) => void;
  postMessage(reply: Reply | 'ready'): void;
};
port.onmessage = ({ data }) => port.postMessage(answer(data));
port.postMessage('ready');
