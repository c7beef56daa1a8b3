import { checkInteger, checkOptions, closedError, queueError, sharedError } from '../engine/check.ts';
import * as anymax from './package.ts';
import { type Op, partsOf, plan, resultOf, taskOf } from './batch.ts';
import { Crew } from './crew.ts';
import { cores } from './thread.ts';
import type { Pool, PoolOps, PoolOptions } from './types.ts';

export type * from './types.ts';

/** Stands for the key of an Rng, which advances only when the arguments have passed. */
const ANY_KEY: anymax.Key = { high: 0, low: 0 };
/** Calls that are under way or wait for it; the next one is an error. */
const QUEUE = 1024;

/** What works on batches; entmax and random are made of the same. */
const NAMES = [
  'softmax',
  'sparsemax',
  'entmax15',
  'argmax',
  'hardmax',
  'supportSize',
  'logSoftmax',
  'logSumExp',
  'gumbelMax',
  'categorical',
  'gumbelTopK',
  'exponentialRace',
  'gumbelSoftmax',
  'expConcrete',
  'gumbelSigmoid',
  'logitBinConcrete',
  'expConcreteLogProb',
  'concreteLogProb',
  'binConcreteLogProb',
  'logitBinConcreteLogProb',
] as const;

type Run = Op['run'];

/** A function that calls another way, and so do those that hang on it. */
function wrap(
  run: Run,
  path: readonly string[],
  alpha: number | undefined,
  call: (op: Op, args: unknown[]) => unknown,
) {
  const op = { run, path, alpha };
  const below = Object.entries(run).filter(([name]) => name !== 'prepare');
  return Object.assign(
    (...args: unknown[]) => call(op, args),
    Object.fromEntries(
      below.map(([name, value]): [string, unknown] => [
        name,
        typeof value === 'function' ? wrap(value as Run, [...path, name], alpha, call) : value,
      ]),
    ),
  );
}

function opsOf(call: (op: Op, args: unknown[]) => Promise<unknown>): PoolOps {
  const wrapped = (run: unknown, path: string[], alpha?: number): unknown => wrap(run as Run, path, alpha, call);
  const fills = Object.entries(anymax.random).map(([name, fill]) => [name, wrapped(fill, ['random', name])]);
  return Object.fromEntries([
    ...NAMES.map((name) => [name, wrapped(anymax[name], [name])]),
    ['entmax', (alpha: number) => wrapped(anymax.entmax(alpha), ['entmax'], alpha)],
    ['random', Object.fromEntries(fills)],
  ]) as PoolOps;
}

/** Those workers, or why there cannot be any. */
async function crewOf(threads: number): Promise<Crew | Error> {
  if (typeof SharedArrayBuffer === 'undefined') return sharedError();
  return Crew.start(threads).catch((error: Error) => error);
}

/**
 * The package on several cores: functions of the same names that return promises. A batch is split into parts of whole
 * rows, which workers compute in shared memory; the bits are those of one thread, and so are the errors.
 *
 *     const { softmax, close } = await pool();
 *     const p = await softmax(x, n);
 *     await close();
 *
 * An array over a SharedArrayBuffer is read and written where it lies, any other is copied; a result without `out` lies
 * in a new SharedArrayBuffer. Leave the arrays of a call alone until its promise is settled. An Rng gives its key when
 * the call is made. An `out` is written to only if the call succeeds, but one in shared memory may hold a part of the
 * result if a worker has failed. Up to 1024 calls may be under way; a process does not stay for an idle pool.
 *
 * Where there is no SharedArrayBuffer (a page that is not cross-origin isolated), or workers cannot be started, calls are
 * computed in the caller: `threads` is 1 and `reason` says why.
 *
 * Errors: rejects with a TypeError or RangeError for `threads` that is no positive integer. Calls reject with the errors
 * of the package, with an Error after `close`, for a call too many, and where a worker has ended before its work (another
 * takes its place).
 */
export async function pool(options: PoolOptions = {}): Promise<Pool> {
  checkOptions(options, ['threads']);
  const crew = await crewOf(checkInteger('threads', options.threads ?? cores(), 1));
  const threads = crew instanceof Crew ? (options.threads ?? cores()) : 1;
  const pending = new Set<Promise<unknown>>();
  let closed = false;

  async function start(op: Op, args: unknown[]): Promise<unknown> {
    if (closed) throw closedError();
    if (!(crew instanceof Crew)) return op.run(...args);
    if (pending.size >= QUEUE) throw queueError(QUEUE);
    const [source, ...others] = args;
    const isRng = source instanceof anymax.Rng;
    const call = plan(op, isRng ? [ANY_KEY, ...others] : args);
    const given = isRng ? [source.next(), ...others] : args;
    if (call.rows === 0) return op.run(...given);
    const { task, names } = await crew.run(partsOf(call, threads).parts, () => taskOf(op, given, threads));
    return resultOf(op, given, task, names);
  }

  function call(op: Op, args: unknown[]): Promise<unknown> {
    const result = start(op, args);
    const settled = result.then(
      () => {},
      () => {},
    );
    pending.add(settled);
    void settled.then(() => pending.delete(settled));
    return result;
  }

  return {
    ...opsOf(call),
    threads,
    reason: crew instanceof Crew ? undefined : crew,
    async close() {
      closed = true;
      await Promise.all(pending);
      if (crew instanceof Crew) crew.end();
    },
  };
}
