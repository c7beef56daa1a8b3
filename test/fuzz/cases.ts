/** One call, all of it made from a seed. */
import { generator } from '../runtimes/conformance.ts';
import { type Data, type OpRow, OPS, type Slot } from './ops.ts';
import { type DtypeName, makeFloats, type Numbers, Random, rankingOf, targetOf, valuesOf } from './values.ts';

// The ops are called by their names: their types are tested elsewhere.
// oxlint-disable-next-line typescript/no-explicit-any
export type Library = any;
export type Output = readonly Numbers[];

export interface Case {
  readonly name: string;
  readonly op: OpRow;
  readonly dtype: DtypeName;
  readonly rows: number;
  readonly n: number;
  readonly k: number;
  readonly draws: number;
  readonly temperature: number;
  /** Of entmax, and of the option `max`. */
  readonly alpha: number;
  readonly seed: number;
  /** Of a row alone its own, in the place of that of the seed. */
  readonly key?: unknown;
  readonly arrays: Partial<Record<Data, Numbers>>;
  /** Draws what the checks choose. */
  readonly random: Random;
}

const TEMPERATURES = [1, 1, 1, 0.5, 0.7, 0.1, 2.5, 10, 1e-3, 1e-30, 1e30];
const LIMITS = [0, -0, Infinity];
const EDGES: Record<DtypeName, readonly number[]> = { float32: [1e-40, 3e38], float64: [5e-324, 1.5e308] };
const ALPHAS = [1, 1.001, 1.1, 1.25, 1.5, 1.7, 1.999, 2, 2.5, 4, 10, 50, 1000];
/** Where forms of kernels change. */
const BOUNDARIES = [
  1, 2, 3, 4, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1023, 1024, 1025, 4096, 4097,
];
/** Elements of a case: many more for one in so many, which do not pass through the memory in one piece. */
const FEW = 2000;
const MANY = 40_000;
const MANY_EVERY = 50;

function shapeOf(random: Random): [rows: number, n: number] {
  const limit = random.chance(1 / MANY_EVERY) ? MANY : FEW;
  const n = random.chance(0.5) ? 1 + random.below(40) : random.pick(BOUNDARIES);
  const rows = random.chance(0.02)
    ? 0
    : 1 + random.below(Math.max(1, Math.min(limit / n, random.pick([1, 5, 9, limit]))));
  return [rows, n];
}

/** A temperature that an op has. */
export function temperatureOf({ op, dtype }: Pick<Case, 'op' | 'dtype'>, random: Random): number {
  const limits = op.limits && random.chance(0.15);
  return limits ? random.pick(LIMITS) : random.pick([...TEMPERATURES, ...EDGES[dtype]]);
}

/** Case `index` of the run that `seed` names. */
export function makeCase(names: readonly string[], seed: number, index: number): Case {
  const random = new Random(generator(Math.imul(seed, 0x9e3779b1) + Math.imul(index, 0x85ebca6b)));
  for (let i = 0; i < 3; i++) random.next();
  const name = random.pick(names),
    op = OPS[name]!;
  const dtype = random.pick(['float32', 'float32', 'float64'] as const);
  const [rows, n] = shapeOf(random);
  const temperature = temperatureOf({ op, dtype }, random);
  const draws = random.pick([1, 1, 2, 9, 1 + random.below(3 * n)]);
  const [alpha, k] = [random.pick(ALPHAS), 1 + random.below(Math.min(n, 9))];
  const arrays: Partial<Record<Data, Numbers>> = {};
  for (const slot of op.slots) {
    if (slot === 'target') arrays.target = targetOf(dtype, rows, n, random);
    else if (slot === 'ranking') arrays.ranking = rankingOf(rows, n, k, random);
    else if (isData(slot)) arrays[slot] = valuesOf(slot, dtype, rows, n, random);
  }
  return { name, op, dtype, rows, n, k, draws, temperature, alpha, seed: random.below(2 ** 31), arrays, random };
}

export function isData(slot: Slot): slot is Data {
  return !['source', 'n', 'k', 'length'].includes(slot);
}

/** The function of a case in a copy of the package, or in a pool. */
export function functionOf(library: Library, { name, alpha }: Case): Library {
  const [first, ...rest] = name.split('.');
  const start = first === 'entmax' ? library.entmax(alpha) : library[first!];
  return rest.reduce((of, part) => of[part], start);
}

export interface Given {
  readonly arrays: Case['arrays'];
  readonly source?: unknown;
  readonly out?: unknown;
}

/** The options of a case. Noise has no `out`: the array stands in the place of its length. */
export function optionsOf(library: Library, c: Case, out: unknown): Record<string, unknown> {
  const { dtype, draws, temperature } = c;
  const all = { dtype, draws, temperature, max: c.op.options.includes('max') ? library.entmax(c.alpha) : undefined };
  return { ...Object.fromEntries(c.op.options.map((name) => [name, all[name]])), ...(out !== undefined && { out }) };
}

/** The arguments of a case, its options last. */
export function argumentsOf(library: Library, c: Case, { arrays, source, out }: Given): unknown[] {
  const length = c.rows * c.n,
    noise = c.op.gives === 'noise';
  const values = {
    source: source ?? library.key(c.seed),
    n: c.n,
    k: c.k,
    length: noise && out !== undefined ? out : length,
  };
  const positional = c.op.slots.map((slot) => (isData(slot) ? arrays[slot] : values[slot]));
  return [...positional, ...(c.name === 'random.bits' ? [] : [optionsOf(library, c, noise ? undefined : out)])];
}

/** What a call gives, array by array. */
export function outputOf(result: unknown): Output {
  return ArrayBuffer.isView(result) ? [result as unknown as Numbers] : Object.values(result as Record<string, Numbers>);
}

export function call(library: Library, c: Case, given: Given): Output {
  return outputOf(functionOf(library, c)(...argumentsOf(library, c, given)));
}

/** An array for the result, full of NaN; none for results by name. */
export function outFor({ op: { gives, slots }, name, dtype, rows, n, k, draws }: Case): Numbers | undefined {
  if (gives === 'record') return undefined;
  if (name === 'random.bits') return new Uint32Array(rows * n).fill(7);
  if (gives === 'like' || gives === 'noise') return makeFloats(dtype, rows * n).fill(NaN);
  if (gives === 'value') return makeFloats(dtype, slots.includes('n') ? rows : rows * n).fill(NaN);
  return new Int32Array(rows * (gives === 'k' ? k : gives === 'draws' ? draws : 1)).fill(7);
}
