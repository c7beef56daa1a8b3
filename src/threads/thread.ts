/** A worker, of Node or of a browser. */
export interface Thread {
  post(message: unknown): void;
  /** Whether the process should stay for it; browsers do not ask. */
  keep(busy: boolean): void;
  end(): void;
}

/** Starts a worker. `ended` is told when it is there no longer, and why if that is known. */
export function startThread<M>(heard: (message: M) => void, ended: (cause: unknown) => void): Thread {
  // not an import, which bundlers for browsers would want to resolve
  const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (node !== undefined) {
    // beside this file, but not in the words for which bundlers would copy it
    const worker = new node.Worker(new URL(import.meta.url.replace(/[^/]*$/, 'threads_worker.js')));
    let cause: unknown;
    worker.on('message', heard);
    worker.on('error', (error) => (cause = error));
    worker.on('exit', (code) => ended(cause ?? new Error(`exit code ${code}`)));
    return {
      post: (message) => worker.postMessage(message),
      keep: (busy) => (busy ? worker.ref() : worker.unref()),
      end: () => void worker.terminate(),
    };
  }
  // Vite's dev server, up to version 7, moves this file and not the worker
  const [moved, folder] = /^(.*)\/\.vite\/deps\//.exec(import.meta.url) ?? [];
  // bundlers know the last form as it stands
  const worker = moved
    ? new Worker(`${folder}/anymax/dist/threads_worker.js`, { type: 'module' })
    : new Worker(new URL('./threads_worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => heard(data as M);
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    ended(new Error(event.message || 'its script cannot be loaded'));
  };
  return { post: (message) => worker.postMessage(message), keep: () => {}, end: () => worker.terminate() };
}

/** How many threads the machine has cores for. */
export function cores(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}
