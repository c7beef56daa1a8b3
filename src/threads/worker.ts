// What runs in a worker: the package as it is, on some rows of each batch.
import * as tokens from '../tokens/tokens.ts';
import * as anymax from './package.ts';
import type { Path, Reply, Task } from './task.ts';

/** What a pool has. */
const all = { ...anymax, ...tokens };

/** What stands at the end of a path. */
function find(path: Path): object {
  return path.reduce<unknown>(
    (of, step) =>
      typeof step === 'number' ? (of as (step: number) => unknown)(step) : (of as Record<string, unknown>)[step],
    all,
  ) as object;
}

/** Takes parts of a task until there are none. */
function work({ path, source, args, options, outputs, rows, step, next }: Task): void {
  const drawn =
      source === undefined
        ? []
        : ['words' in source ? new anymax.RowKeys(source.words, source.ids, source.low, source.high) : source],
    { max, ...others } = options;
  const call = anymax.openOf(find(path))!(
    ...drawn,
    ...args,
    max === undefined ? others : { ...others, max: find(max) },
  );
  call.into(outputs).reserve();
  for (let from; (from = Atomics.add(next, 0, 1) * step) < rows;) call.part(from, Math.min(rows, from + step));
}

function answer(task: Task): Reply {
  try {
    work(task);
    return { id: task.id };
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
