// What runs in a worker: the package as it is, on some rows of each batch.
import type { AnyArray } from '../engine/check.ts';
import * as anymax from './package.ts';
import type { Reply, Task } from './task.ts';

type Op = (...args: unknown[]) => AnyArray | Record<string, AnyArray>;

/** The function of a task. */
function find({ path, alpha }: Task): Op {
  const [first, ...rest] = path;
  const start: unknown = alpha === undefined ? anymax[first as keyof typeof anymax] : anymax.entmax(alpha);
  return rest.reduce((of, name) => (of as Record<string, unknown>)[name], start) as Op;
}

/** Takes parts of a task until there are none. */
function work(task: Task): string[] | undefined {
  const { path, args, rows, step, next, outputs } = task;
  const op = find(task),
    engine = anymax.arena();
  const { max, ...others } = task.options;
  const options = max === undefined ? others : { ...others, max: anymax.entmax(max) };
  let names: string[] | undefined;
  for (let from; (from = Atomics.add(next, 0, 1) * step) < rows;) {
    const to = Math.min(rows, from + step);
    const part = <T>(value: T): T => {
      if (!ArrayBuffer.isView(value)) return value;
      const array = value as unknown as AnyArray,
        width = array.length / rows;
      return array.subarray(from * width, to * width) as T;
    };
    engine.firstRow = from;
    if (path[0] === 'random') op(args[0], part(outputs[0]));
    else if (outputs.length === 1) op(...args.map(part), { ...options, out: part(outputs[0]) });
    else {
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
