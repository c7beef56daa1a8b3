/** The table of maxes: one row turns on the tests that every max has to pass. Below it, the table of all ops on rows. */
import {
  argmax,
  categorical,
  entmax,
  entmax15,
  expConcrete,
  expConcreteLogProb,
  type Floats,
  gumbelMax,
  gumbelSigmoid,
  gumbelSoftmax,
  gumbelTopK,
  hardmax,
  key,
  logSoftmax,
  logSumExp,
  type Max,
  softmax,
  sparsemax,
  supportSize,
  topK,
} from 'anymax';

export interface MaxRow {
  readonly name: string;
  readonly max: Max;
  /** Of the Tsallis entropy. */
  readonly alpha: number;
  /** The name of its kernels, where it has its own. */
  readonly own?: string;
  /** The max of one row at 0 < T < Infinity, in f64 and by another algorithm; -Infinity entries are masked. */
  readonly row: (x: readonly number[], temperature: number) => number[];
}

function scores(x: readonly number[], temperature: number): number[] {
  const max = x.reduce((a, b) => Math.max(a, b));
  return x.map((v) => (v - max) / temperature);
}

function softmaxRow(x: readonly number[], temperature: number): number[] {
  const e = scores(x, temperature).map(Math.exp);
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

/** p = [(alpha - 1) z - t]+^(1 / (alpha - 1)), alpha > 1, with t from -1 to 0 by bisection until it stands still. */
export function tsallisRow(alpha: number): MaxRow['row'] {
  return (x, temperature) => {
    const z = scores(x, temperature).map((v) => (alpha - 1) * v);
    const at = (t: number): number[] => z.map((v) => Math.max(v - t, 0) ** (1 / (alpha - 1)));
    let [low, high] = [-1, 0];
    for (let i = 0; i < 200; i++) {
      const middle = (low + high) / 2;
      if (at(middle).reduce((a, b) => a + b) >= 1) low = middle;
      else high = middle;
    }
    return at(low);
  };
}

export const MAXES: readonly MaxRow[] = [
  { name: 'softmax', own: 'softmax', max: softmax, alpha: 1, row: softmaxRow },
  { name: 'entmax15', own: 'entmax15', max: entmax15, alpha: 1.5, row: tsallisRow(1.5) },
  { name: 'sparsemax', own: 'sparsemax', max: sparsemax, alpha: 2, row: tsallisRow(2) },
  ...[1.1, 1.25, 1.75, 2.5, 4].map((alpha) => ({
    name: `entmax(${alpha})`,
    max: entmax(alpha),
    alpha,
    row: tsallisRow(alpha),
  })),
];

/** One for each kernel: for what is slow. */
export const WAYS = MAXES.filter(({ alpha }) => [1, 1.25, 1.5, 2].includes(alpha));

export interface OpOptions {
  temperature?: number;
  out?: Floats | Int32Array;
}

/** An op on rows x n values; samplers draw with KEY. */
export interface Op {
  readonly name: string;
  readonly argument: 'x' | 'logits' | 'logY';
  /** What a row gives: as many values, one value, or one index. */
  readonly gives: 'row' | 'value' | 'index';
  readonly draws: boolean;
  /** The temperatures it has: none, those above 0, or the limits too. */
  readonly temperature: 'none' | 'finite' | 'all';
  readonly run: (x: Floats, n: number, options?: OpOptions) => Floats | Int32Array;
}

export const KEY = key(20260101);

type Run = Op['run'];

function op(name: string, argument: Op['argument'], gives: Op['gives'], temperature: Op['temperature'], run: Run): Op {
  return { name, argument, gives, draws: argument === 'logits', temperature, run };
}

/** Options of the ops are checked by what they are at run time; the table does not know their dtype. */
type Options = { temperature?: number; out?: never };

export const OPS: readonly Op[] = [
  op('argmax', 'x', 'index', 'none', (x, n, o) => argmax(x, n, o as { out?: Int32Array })),
  op('topK', 'x', 'index', 'none', (x, n, o) => topK(x, n, 1, o as { out?: Int32Array })),
  op('hardmax', 'x', 'row', 'none', (x, n, o) => hardmax(x, n, o as Options)),
  op('logSoftmax', 'x', 'row', 'all', (x, n, o) => logSoftmax(x, n, o as Options)),
  op('logSumExp', 'x', 'value', 'finite', (x, n, o) => logSumExp(x, n, o as Options)),
  op('supportSize', 'x', 'index', 'none', (x, n, o) => supportSize(x, n, o as { out?: Int32Array })),
  op('categorical', 'logits', 'index', 'all', (x, n, o) => categorical(KEY, x, n, o as Options)),
  op('gumbelTopK', 'logits', 'index', 'all', (x, n, o) => gumbelTopK(KEY, x, n, 1, o as Options)),
  op('gumbelMax', 'logits', 'index', 'all', (x, n, o) => gumbelMax(KEY, x, n, o as Options)),
  op('expConcrete', 'logits', 'row', 'all', (x, n, o) => expConcrete(KEY, x, n, o as Options)),
  op('gumbelSigmoid', 'logits', 'row', 'all', (x, _, o) => gumbelSigmoid(KEY, x, o as Options)),
  op('expConcreteLogProb', 'logY', 'value', 'finite', (x, n, o) =>
    expConcreteLogProb(
      x,
      x.map((v) => -v),
      n,
      o as Options,
    ),
  ),
  ...WAYS.map(({ name, max }) => op(name, 'x', 'row', 'all', (x, n, o) => max(x, n, o as Options))),
  ...WAYS.map(({ name, max }) =>
    op(`gumbelSoftmax of ${name}`, 'logits', 'row', 'all', (x, n, o) =>
      gumbelSoftmax(KEY, x, n, { ...(o as Options), max }),
    ),
  ),
];

/** How many values an op gives for rows of n. */
export function resultLength({ gives }: Op, rows: number, n: number): number {
  return gives === 'row' ? rows * n : rows;
}
