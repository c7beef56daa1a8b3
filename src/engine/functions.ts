/**
 * Public functions of ops, by their arguments, and how a call of one is opened: its arguments checked and its options read,
 * nothing computed.
 */
import type { AnyArray, Kind } from './kind.ts';
import type { Op } from './op.ts';
import type { Said } from './options.ts';
import { mapInputs } from './inputs.ts';
import { mapRows, openRows } from './rows.ts';

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

type Open = (...args: never[]) => Opened;

const opens = new WeakMap<object, Open>();

/** A public function and what opens a call of it. */
export function openable<F extends object>(run: F, open: Open): F {
  opens.set(run, open);
  return run;
}

/** What opens a call of a public function; undefined for what is no op. */
export function openOf(run: object): ((...args: unknown[]) => Opened) | undefined {
  return opens.get(run) as ((...args: unknown[]) => Opened) | undefined;
}

/** Several results by their names. */
export function named({ outputs }: Op, results: readonly AnyArray[]): Record<string, AnyArray> {
  const record: Record<string, AnyArray> = {};
  for (let i = 0; i < outputs.length; i++) record[outputs[i]!.as!] = results[i]!;
  return record;
}

type Run = (...args: never[]) => unknown;

/** (x, n, options) */
export function ofRows<F extends Run>(op: Op): F {
  const run = (x: unknown, n: unknown, options?: object): AnyArray => mapRows(op, x, n, options);
  return openable(run as Run as F, (x: unknown, n: unknown, options?: object) => openRows(op, [x], n, options));
}

/** (source, logits, n, options) */
export function ofDraws<F extends Run>(op: Op): F {
  const run = (source: unknown, x: unknown, n: unknown, options?: object): AnyArray =>
    mapRows(op, x, n, options, 1, source);
  return openable(run as Run as F, (source: unknown, x: unknown, n: unknown, options?: object) =>
    openRows(op, [x], n, options, 1, source),
  );
}

/** (source, logits, options): rows of 1. */
export function ofDrawnElements<F extends Run>(op: Op): F {
  const run = (source: unknown, x: unknown, options?: object): AnyArray => mapRows(op, x, 1, options, 1, source);
  return openable(run as Run as F, (source: unknown, x: unknown, options?: object) =>
    openRows(op, [x], 1, options, 1, source),
  );
}

/** (x, y, n, options) */
export function ofPair<F extends Run>(op: Op): F {
  const run = (x: unknown, y: unknown, n: unknown, options?: object): AnyArray => mapInputs(op, [x, y], n, options)[0]!;
  return openable(run as Run as F, (x: unknown, y: unknown, n: unknown, options?: object) =>
    openRows(op, [x, y], n, options),
  );
}

/** (x, y, options): rows of 1. */
export function ofElements<F extends Run>(op: Op): F {
  const run = (x: unknown, y: unknown, options?: object): AnyArray => mapInputs(op, [x, y], 1, options)[0]!;
  return openable(run as Run as F, (x: unknown, y: unknown, options?: object) => openRows(op, [x, y], 1, options));
}
