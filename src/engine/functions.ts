/**
 * Public functions of ops, by their arguments, and how a call of one is opened: its arguments checked and its options read,
 * nothing computed.
 */
import type { AnyArray, Kind } from './kind.ts';
import type { Op } from './op.ts';
import { Call } from './call.ts';
import { readOptions, type Said } from './options.ts';
import { mapInputs, mapRows } from './rows.ts';

/** An array of a call. */
export interface Given {
  readonly values: AnyArray | undefined;
}

/** A result of a call. */
export interface Result extends Given {
  readonly name: string;
  readonly kind: Kind;
  readonly length: number;
  /** Whether rows of it, as they are written, lie where an input does that is read later. */
  clashes(input: Given): boolean;
}

/** What a pool takes of a call: by rows, into arrays in shared memory. */
export interface Opened {
  readonly rows: number;
  readonly layout: { readonly length: number };
  readonly op: Pick<Op, 'options' | 'outputs' | 'keys'>;
  readonly said: Said;
  readonly source?: unknown;
  readonly inputs: readonly Given[];
  readonly outputs: readonly Result[];
  /** The same call as things are now. */
  again(): Opened;
  /** The arrays for the results. */
  into(arrays: readonly AnyArray[]): this;
  /** What can fail has been done then. */
  reserve(): unknown;
  /** Computes some rows. */
  part(from: number, to: number): void;
}

type Run = (...args: never[]) => unknown;
type Open = (...args: unknown[]) => Opened;

const opens = new WeakMap<object, Open>();

/** A public function and what opens a call of it. */
export function openable<F extends Run>(run: Run, open: (...args: never[]) => Opened): F {
  opens.set(run, open as Open);
  return run as F;
}

/** What opens a call of a public function; undefined for what is no op. */
export function openOf(run: object): Open | undefined {
  return opens.get(run);
}

/** How arguments stand beside the inputs of an op. */
interface Form {
  /** Rows are of 1: there is no n. */
  readonly elements?: boolean;
  /** What checks the number k, where that is an argument behind n. */
  readonly checkK?: (k: unknown, n: unknown) => void;
}

/** A public function of (the source, where the op draws; its inputs; n; k; options). Which op it is may depend on the inputs. */
export function ofOp<F extends Run>(
  op: Op | ((...inputs: unknown[]) => Op),
  run: Run,
  { elements = false, checkK }: Form = {},
): F {
  return openable(run, (...args: unknown[]) => {
    const its = typeof op === 'function' ? op(...args) : op,
      given = its.keys?.read(args.shift()),
      values = args.splice(0, its.inputs.length),
      n = elements ? 1 : args.shift(),
      k = checkK === undefined ? 1 : (args.shift() as number);
    checkK?.(k, n);
    const said = readOptions(args[0] as Said | undefined, its.options),
      settled = its.settle?.(said);
    return new Call(settled?.op ?? its, values, n, said, settled?.k ?? k, given);
  });
}

/** (x, n, options) */
export function ofRows<F extends Run>(op: Op): F {
  return ofOp(op, (x: unknown, n: unknown, options?: object) => mapRows(op, x, n, options));
}

/** (source, logits, n, options) */
export function ofDraws<F extends Run>(op: Op): F {
  return ofOp(op, (source: unknown, x: unknown, n: unknown, options?: object) => mapRows(op, x, n, options, 1, source));
}

/** (source, logits, options): rows of 1. */
export function ofDrawnElements<F extends Run>(op: Op): F {
  const run = (source: unknown, x: unknown, options?: object) => mapRows(op, x, 1, options, 1, source);
  return ofOp(op, run, { elements: true });
}

/** (x, y, n, options) */
export function ofPair<F extends Run>(op: Op): F {
  return ofOp(op, (x: unknown, y: unknown, n: unknown, options?: object) => mapInputs(op, [x, y], n, options));
}

/** (x, y, options): rows of 1. */
export function ofElements<F extends Run>(op: Op): F {
  const run = (x: unknown, y: unknown, options?: object) => mapInputs(op, [x, y], 1, options);
  return ofOp(op, run, { elements: true });
}

/** Several results by their names. */
export function named({ outputs }: Op, results: AnyArray | AnyArray[]): Record<string, AnyArray> {
  const record: Record<string, AnyArray> = {};
  for (let i = 0; i < outputs.length; i++) record[outputs[i]!.as!] = (results as AnyArray[])[i]!;
  return record;
}
