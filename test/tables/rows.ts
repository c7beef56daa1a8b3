/** Ops on rows, for the laws of rows that differ: an op joins them by its line here. */
import type { Floats, RowSource } from 'anymax';
import type { Dtype } from '../support/backends.ts';
import { generator } from './kernels.ts';

/** The package, or a pool of it, with its maxes as `max`; types are tested elsewhere. */
// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;

/** What rows of a batch are given: by element, or one per row. */
export interface Inputs {
  /** Scores, some of them masked; scores without masks; positive weights, some 0. */
  readonly x: Floats;
  readonly logits: Floats;
  readonly w: Floats;
  /** Points of the simplex with zeros, and inside of it; their logarithms; what gradients are multiplied with. */
  readonly p: Floats;
  readonly y: Floats;
  readonly logY: Floats;
  readonly d: Floats;
  /** One per row. */
  readonly each: Floats;
  readonly target: Int32Array;
  /** Two per row: places of two classes, or -1. */
  readonly ranking: Int32Array;
}
/** Values per row of an input that has not one per element. */
const WIDTHS: Record<string, number | undefined> = { each: 1, target: 1, ranking: 2 };

export interface Options {
  temperature?: number | Floats;
  stride?: number;
  out?: never;
}
export type Result = Floats | Int32Array;

/** An op on rows, by what it gives: `n` values per row, one, or k. */
export interface RowsOp {
  readonly name: string;
  readonly gives: readonly ('n' | 1 | 2)[];
  /** The temperatures that it has. */
  readonly temperature: 'none' | 'finite' | 'all';
  readonly draws: boolean;
  /** What a row without an element gives of each result that has one value per row or two. */
  readonly empty: readonly number[];
  /** Whether its draws are numbered by rows and not by elements. */
  readonly byRow: boolean;
  /** Whether it takes offsets. */
  readonly ragged: boolean;
  readonly run: (
    a: Any,
    inputs: Inputs,
    n: number | Int32Array,
    options: Options,
    source: RowSource,
  ) => Result | object;
}

type Line = [name: string, gives: RowsOp['gives'], temperature: RowsOp['temperature'], run: RowsOp['run']];
type Rest = Partial<Pick<RowsOp, 'draws' | 'empty' | 'byRow' | 'ragged'>>;

const line = ([name, gives, temperature, run]: Line, rest: Rest = {}): RowsOp => ({
  name,
  gives,
  temperature,
  draws: false,
  empty: [0],
  byRow: false,
  ragged: true,
  run,
  ...rest,
});

const maxLines = (name: string, max: (a: Any) => Any): RowsOp[] => [
  line([name, ['n'], 'all', (a, { x }, n, o) => max(a)(x, n, o)]),
  line([`${name}.vjp`, ['n'], 'all', (a, { p, d }, n, o) => max(a).vjp(p, d, n, o)]),
  line([`${name}.vjpTemperature`, [1], 'all', (a, { p, d }, n, o) => max(a).vjpTemperature(p, d, n, o)]),
  line([`${name}.vjpAlpha`, [1], 'none', (a, { p, d }, n, o) => max(a).vjpAlpha(p, d, n, o)]),
  line([`${name}.entropy`, [1], 'none', (a, { p }, n, o) => max(a).entropy(p, n, o)]),
  line([`${name}.entropy.vjp`, ['n'], 'none', (a, { p, each }, n, o) => max(a).entropy.vjp(p, each, n, o)]),
  line([`${name}.loss`, [1], 'finite', (a, { x, target }, n, o) => max(a).loss(x, target, n, o)]),
  line([`${name}.loss of p`, [1], 'finite', (a, { x, p }, n, o) => max(a).loss(x, p, n, o)]),
  line([
    `${name}.loss with an index ignored`,
    [1],
    'finite',
    (a, { x, target }, n, o) => max(a).loss(x, target, n, { ...o, ignoreIndex: 1 }),
  ]),
  line([`${name}.loss.vjp`, ['n'], 'finite', (a, { x, target, each }, n, o) => max(a).loss.vjp(x, target, each, n, o)]),
  line([`${name}.loss.vjp of p`, ['n'], 'finite', (a, { x, p, each }, n, o) => max(a).loss.vjp(x, p, each, n, o)]),
  line([`${name}.lossGradient`, ['n'], 'finite', (a, { x, target }, n, o) => max(a).lossGradient(x, target, n, o)]),
  line([`${name}.lossGradient of p`, ['n'], 'finite', (a, { x, p }, n, o) => max(a).lossGradient(x, p, n, o)]),
];

const sampler = (
  name: string,
  gives: RowsOp['gives'],
  run: RowsOp['run'],
  temperature: RowsOp['temperature'] = 'all',
) => line([name, gives, temperature, run], { draws: true, empty: [-1], byRow: name.startsWith('categorical') });

/** The scores lie in an array of the caller's. */
const withScores: RowsOp['run'] = (a, { x }, n, o, source) => {
  const rows = typeof n === 'number' ? x.length / n : n.length - 1,
    values = (x as Any).view ?? x,
    scores = new (values instanceof Float64Array ? Float64Array : Float32Array)(2 * rows);
  const indices = a.gumbelTopK(source, x, n, 2, { ...o, scores });
  // of a pool it is a promise
  return ArrayBuffer.isView(indices) ? { indices, scores } : indices.then((indices: Any) => ({ indices, scores }));
};

export const ROWS: readonly RowsOp[] = [
  ...maxLines('softmax', (a) => a.softmax),
  ...maxLines('sparsemax', (a) => a.sparsemax),
  ...maxLines('entmax15', (a) => a.entmax15),
  ...maxLines('entmax(1.25)', (a) => a.entmax(1.25)),
  ...maxLines('entmax(3)', (a) => a.entmax(3)),
  line(['argmax', [1], 'none', (a, { x }, n, o) => a.argmax(x, n, o)], { empty: [-1] }),
  line(['topK', [2], 'none', (a, { x }, n, o) => a.topK(x, n, 2, o)], { ragged: false }),
  line(['hardmax', ['n'], 'none', (a, { x }, n, o) => a.hardmax(x, n, o)]),
  line(['supportSize', [1], 'none', (a, { p }, n, o) => a.supportSize(p, n, o)]),
  line(['logSoftmax', ['n'], 'all', (a, { x }, n, o) => a.logSoftmax(x, n, o)]),
  line(['logSoftmax.vjp', ['n'], 'all', (a, { logY, d }, n, o) => a.logSoftmax.vjp(logY, d, n, o)]),
  line(['logSoftmax.at', [1], 'all', (a, { x, target }, n, o) => a.logSoftmax.at(x, target, n, o)], { empty: [NaN] }),
  line(['logSoftmax.vjpTemperature', [1], 'all', (a, { logY, d }, n, o) => a.logSoftmax.vjpTemperature(logY, d, n, o)]),
  line(['logSumExp', [1], 'finite', (a, { x }, n, o) => a.logSumExp(x, n, o)], { empty: [-Infinity] }),
  line(['logSumExp.vjp', ['n'], 'finite', (a, { x, each }, n, o) => a.logSumExp.vjp(x, each, n, o)]),
  line([
    'logSumExp.vjpTemperature',
    [1],
    'finite',
    (a, { logits, each }, n, o) => a.logSumExp.vjpTemperature(logits, each, n, o),
  ]),
  sampler('gumbelMax', [1], (a, { x }, n, o, source) => a.gumbelMax(source, x, n, o)),
  sampler('categorical', [1], (a, { x }, n, o, source) => a.categorical(source, x, n, o)),
  sampler('categorical of two draws', [2], (a, { x }, n, o, source) => a.categorical(source, x, n, { ...o, draws: 2 })),
  sampler('gumbelTopK', [2], (a, { x }, n, o, source) => a.gumbelTopK(source, x, n, 2, o)),
  line(['gumbelTopK with scores', [2, 2], 'all', withScores], { draws: true, empty: [-1, -Infinity] }),
  line(['gumbelGiven', ['n'], 'none', (a, { x, each }, n, o, source) => a.gumbelGiven(source, x, each, n, o)], {
    draws: true,
  }),
  sampler('exponentialRace', [1], (a, { w }, n, o, source) => a.exponentialRace(source, w, n, o), 'none'),
  sampler('gumbelSoftmax', ['n'], (a, { x }, n, o, source) => a.gumbelSoftmax(source, x, n, o)),
  sampler('gumbelSoftmax of sparsemax', ['n'], (a, { x }, n, o, source) =>
    a.gumbelSoftmax(source, x, n, { ...o, max: a.max.sparsemax }),
  ),
  sampler('expConcrete', ['n'], (a, { x }, n, o, source) => a.expConcrete(source, x, n, o)),
  line([
    'gumbelSoftmax.vjp',
    ['n'],
    'all',
    (a, { y, d }, n, o) => a.gumbelSoftmax.vjp(y, d, n, { ...o, max: a.max.entmax15 }),
  ]),
  line(['gumbelSoftmax.vjpTemperature', [1], 'all', (a, { y, d }, n, o) => a.gumbelSoftmax.vjpTemperature(y, d, n, o)]),
  line(['expConcrete.vjp', ['n'], 'all', (a, { logY, d }, n, o) => a.expConcrete.vjp(logY, d, n, o)]),
  line([
    'expConcrete.vjpTemperature',
    [1],
    'all',
    (a, { logY, d }, n, o) => a.expConcrete.vjpTemperature(logY, d, n, o),
  ]),
  line(['plackettLuceLogProb', [1], 'finite', (a, { x, ranking }, n, o) => a.plackettLuceLogProb(x, ranking, n, 2, o)]),
  line([
    'plackettLuceLogProb.vjp',
    ['n', 1],
    'finite',
    (a, { logits, ranking, each }, n, o) => a.plackettLuceLogProb.vjp(logits, ranking, each, n, 2, o),
  ]),
  line(['expConcreteLogProb', [1], 'finite', (a, { logY, logits }, n, o) => a.expConcreteLogProb(logY, logits, n, o)]),
  line([
    'expConcreteLogProb.vjp',
    ['n', 'n', 1],
    'finite',
    (a, { logY, logits, each }, n, o) => a.expConcreteLogProb.vjp(logY, logits, each, n, o),
  ]),
  line(['concreteLogProb', [1], 'finite', (a, { y, logits }, n, o) => a.concreteLogProb(y, logits, n, o)]),
  line([
    'concreteLogProb.vjp',
    ['n', 'n', 1],
    'finite',
    (a, { y, logits, each }, n, o) => a.concreteLogProb.vjp(y, logits, each, n, o),
  ]),
];

/** The results of an op, one behind the other. */
export function resultsOf(op: RowsOp, ...args: Parameters<RowsOp['run']>): Result[] {
  const result = op.run(...args);
  return ArrayBuffer.isView(result) ? [result as Result] : (Object.values(result) as Result[]);
}

/** Inputs of rows of these lengths. */
export function inputsOf(dtype: Dtype, lengths: readonly number[], seed: number): Inputs {
  const random = generator(seed),
    length = lengths.reduce((sum, n) => sum + n, 0);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const logits = dtype.make(length, () => 2 * normal());
  const inRows = (of: (i: number) => number): Floats => {
    const values = dtype.make(length, of);
    let start = 0;
    for (const n of lengths) {
      let sum = 0;
      for (let i = start; i < start + n; i++) sum += values[i]!;
      for (let i = start; i < start + n; i++) values[i] = sum > 0 ? values[i]! / sum : 1 / n;
      start += n;
    }
    return values;
  };
  const y = inRows((i) => Math.exp(logits[i]! / 2));
  return {
    logits,
    x: logits.map((v) => (random() < 0.1 ? -Infinity : v)) as Floats,
    w: logits.map((v) => (random() < 0.1 ? 0 : Math.exp(v))) as Floats,
    p: inRows(() => Math.max(0, normal())),
    y,
    logY: y.map((v) => Math.log(v)) as Floats,
    d: dtype.make(length, normal),
    each: dtype.make(lengths.length, normal),
    target: Int32Array.from(lengths, (n) => Math.floor(random() * n)),
    ranking: Int32Array.from({ length: 2 * lengths.length }, (_, i) => {
      const n = lengths[i >> 1]!;
      return (i & 1) === 0 ? n - 1 : n > 2 ? 0 : -1;
    }),
  };
}

/** Every array of the inputs through a function of it and of its values per row, undefined where it has one per element. */
export function mapInputs(inputs: Inputs, map: <T extends Result>(array: T, width: number | undefined) => T): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, array]) => [name, map(array as Floats, WIDTHS[name])]),
  ) as unknown as Inputs;
}

/** Some rows of the inputs, of which row r begins at starts[r]. */
export function rowsOf(inputs: Inputs, starts: ArrayLike<number>, from: number, to: number): Inputs {
  return mapInputs(inputs, (array, width) => {
    const [a, b] = width === undefined ? [starts[from]!, starts[to]!] : [width * from, width * to];
    return array.slice(a, b) as typeof array;
  });
}
