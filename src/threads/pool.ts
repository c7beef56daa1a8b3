import { checkInteger, checkOptions, closedError, queueError, sharedError } from '../engine/check.ts';
import type { Keys } from '../engine/op.ts';
import * as tokens from '../tokens/tokens.ts';
import { type Op, optionsOf, partsOf, resultOf, sharedOf, taskOf } from './batch.ts';
import * as anymax from './package.ts';
import type { Path, TaskSource } from './task.ts';
import { cores } from './thread.ts';
import type { Pool, PoolOps, PoolOptions } from './types.ts';
import { Workers } from './workers.ts';

export type * from './types.ts';

/** Calls that are under way or wait for it; the next one is an error. */
const QUEUE = 1024;

type Run = (op: Op, args: unknown[]) => Promise<unknown>;

/** Every op among the members of a value, as a function that calls another way; undefined if there are none. */
function wrap(value: unknown, path: Path, call: Run): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, wrap(member, [...path, name], call)] as const)
    .filter(([, member]) => member !== undefined);
  const open = anymax.openOf(value);
  if (open === undefined) return members.length === 0 ? undefined : Object.fromEntries(members);
  const op = { path, run: value as Op['run'], open };
  return Object.assign((...args: unknown[]) => call(op, args), Object.fromEntries(members));
}

function opsOf(call: Run): PoolOps {
  return {
    ...(wrap({ ...anymax, ...tokens }, [], call) as PoolOps),
    entmax: (alpha) => wrap(anymax.entmax(alpha), ['entmax', alpha], call) as ReturnType<PoolOps['entmax']>,
  };
}

/** Those workers, or why there cannot be any. */
async function workersOf(threads: number): Promise<Workers | Error> {
  if (typeof SharedArrayBuffer === 'undefined') return sharedError();
  return Workers.start(threads).catch((error: Error) => error);
}

/**
 * The package on several cores, and the functions of anymax/tokens: functions of the same names that return promises. A batch is split into parts of whole rows, which workers compute in shared memory; the bits are those of one
 * thread, and so are the errors.
 *
 * An array over a SharedArrayBuffer is read and written where it lies, any other is copied; a result without `out` lies in
 * a new SharedArrayBuffer. Leave the arrays of a call alone until its promise is settled. An Rng gives its key when the
 * call is made. An `out` is written to only if the call succeeds, but one in shared memory may hold a part of the result if
 * a worker has failed. Up to 1024 calls may be under way; a process does not stay for an idle pool.
 *
 * Where there is no SharedArrayBuffer (a page that is not cross-origin isolated), or workers cannot be started, calls are
 * computed in the caller: `threads` is 1 and `reason` says why.
 *
 * @param options `threads`: how many workers; one per core if absent.
 * @returns The functions of the package by name, `threads`, `reason` and `close()`.
 * @throws Rejects with a TypeError or RangeError for `threads` that is no positive integer. Calls reject with the errors of
 *   the package, with an Error after `close`, for a call too many, and where a worker has ended before its work (another
 *   takes its place).
 * @example
 * const workers = await pool({ threads: 2 });
 * const p = await workers.softmax(Float32Array.of(2, 1, 0), 3); // [0.665, 0.245, 0.090]
 * await workers.close();
 */
export async function pool(options: PoolOptions = {}): Promise<Pool> {
  checkOptions(options, ['threads']);
  const { threads: wanted = cores() } = options;
  const workers = await workersOf(checkInteger('threads', wanted, 1));
  const threads = workers instanceof Workers ? wanted : 1;
  const pending = new Set<Promise<void>>();
  let closed = false;

  async function start(op: Op, args: unknown[]): Promise<unknown> {
    if (closed) throw closedError();
    if (!(workers instanceof Workers)) return op.run(...args);
    if (pending.size >= QUEUE) throw queueError(QUEUE);
    const call = op.open(...args),
      given = args.slice(0, op.run.length - 1);
    if (call.rows === 0) return op.run(...given, optionsOf(op, call));
    const source = call.op.keys && sourceOf(call.op.keys, call.source);
    const task = await workers.run(partsOf(call, threads).parts, () =>
      taskOf(op, call.again(), given, source, threads),
    );
    return resultOf(call, task);
  }

  function call(op: Op, args: unknown[]): Promise<unknown> {
    const result = start(op, args);
    // what is returned has no handler of ours: a rejection that nobody awaits is reported
    const settled = result.then(
      () => {},
      () => {},
    );
    pending.add(settled);
    return result.finally(() => pending.delete(settled));
  }

  return {
    ...opsOf(call),
    threads,
    reason: workers instanceof Workers ? undefined : workers,
    async close() {
      closed = true;
      await Promise.all(pending);
      if (workers instanceof Workers) workers.end();
    },
  };
}

/** The key of a source, or those of rows, as data. */
function sourceOf(keys: Keys, source: unknown): TaskSource {
  const rows = keys.rows(source);
  if (rows !== undefined) {
    const { words, ids, low, high } = rows;
    return { words: sharedOf(words), ids: sharedOf(ids), low, high };
  }
  const [low, high] = keys.take(source) as unknown as readonly [number, number];
  return { high: high >>> 0, low: low >>> 0 };
}
