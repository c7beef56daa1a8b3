/** The terms in one table: how they are called, and a formula of each with Math's functions. */
import {
  analyticElboTerm,
  binaryAnalyticElboTerm,
  binaryRelaxedElboTerm,
  binaryWeightedElboTerm,
  type Floats,
  relaxedElboTerm,
  weightedElboTerm,
} from 'anymax';
import { type Dtype, normals } from '../support/backends.ts';
import { DENSITIES } from './densities.ts';
import { sigmoidOf, softmaxOf, sum } from '../oracles/numeric.ts';

export const [ROWS, N] = [3, 4];
export const [T, PRIOR_T] = [0.75, 0.5]; // exact in float32
export const TEMPERATURES = { temperature: T, priorTemperature: PRIOR_T };
type Gradients = Record<string, Floats>;

const reference = (name: string) => DENSITIES.find((entry) => entry.name === name)!.reference;
export const rowsOf = (x: ArrayLike<number>, n: number): number[][] =>
  Array.from({ length: x.length / n }, (_, r) => Array.from({ length: n }, (_v, k) => x[r * n + k]!));
const logSoftmaxOf = (row: number[]): number[] => softmaxOf(row).map(Math.log);
/** A bit as a row of two classes. */
const pair = (logit: number): number[] => [logit, 0];

interface Entry {
  readonly name: string;
  /** Values of a row: N, or 1 of bits. */
  readonly n: number;
  readonly inputs: readonly string[];
  readonly call: (x: readonly Floats[]) => Floats;
  readonly vjp: (x: readonly Floats[], d: Floats) => Gradients;
  /** The term of one row. */
  readonly formula: (x: readonly number[][], t: number, priorT: number) => number;
}

const weighted = (w: number[], a: number[], b: number[]): number => {
  const [logQ, logP] = [logSoftmaxOf(a), logSoftmaxOf(b)];
  return sum(w.map((v, k) => v * (logP[k]! - logQ[k]!)));
};

export const TERMS: readonly Entry[] = [
  {
    name: 'relaxedElboTerm',
    n: N,
    inputs: ['logY', 'logits', 'priorLogits'],
    call: ([y, a, b]) => relaxedElboTerm(y!, a!, b!, N, TEMPERATURES),
    vjp: ([y, a, b], d) => relaxedElboTerm.vjp(y!, a!, b!, d, N, TEMPERATURES),
    formula: ([y, a, b], t, priorT) =>
      reference('expConcreteLogProb')(y!, b!, priorT) - reference('expConcreteLogProb')(y!, a!, t),
  },
  {
    name: 'weightedElboTerm',
    n: N,
    inputs: ['y', 'logits', 'priorLogits'],
    call: ([y, a, b]) => weightedElboTerm(y!, a!, b!, N),
    vjp: ([y, a, b], d) => weightedElboTerm.vjp(y!, a!, b!, d, N),
    formula: ([y, a, b]) => weighted(y!, a!, b!),
  },
  {
    name: 'analyticElboTerm',
    n: N,
    inputs: ['logits', 'priorLogits'],
    call: ([a, b]) => analyticElboTerm(a!, b!, N),
    vjp: ([a, b], d) => analyticElboTerm.vjp(a!, b!, d, N),
    formula: ([a, b]) => weighted(softmaxOf(a!), a!, b!),
  },
  {
    name: 'binaryRelaxedElboTerm',
    n: 1,
    inputs: ['z', 'logits', 'priorLogits'],
    call: ([z, a, b]) => binaryRelaxedElboTerm(z!, a!, b!, TEMPERATURES),
    vjp: ([z, a, b], d) => binaryRelaxedElboTerm.vjp(z!, a!, b!, d, TEMPERATURES),
    formula: ([z, a, b], t, priorT) =>
      reference('logitBinConcreteLogProb')(z!, b!, priorT) - reference('logitBinConcreteLogProb')(z!, a!, t),
  },
  {
    name: 'binaryWeightedElboTerm',
    n: 1,
    inputs: ['y', 'logits', 'priorLogits'],
    call: ([y, a, b]) => binaryWeightedElboTerm(y!, a!, b!),
    vjp: ([y, a, b], d) => binaryWeightedElboTerm.vjp(y!, a!, b!, d),
    formula: ([[y], [a], [b]]: readonly number[][]) => weighted([y!, 1 - y!], pair(a!), pair(b!)),
  } as Entry,
  {
    name: 'binaryAnalyticElboTerm',
    n: 1,
    inputs: ['logits', 'priorLogits'],
    call: ([a, b]) => binaryAnalyticElboTerm(a!, b!),
    vjp: ([a, b], d) => binaryAnalyticElboTerm.vjp(a!, b!, d),
    formula: ([[a], [b]]: readonly number[][]) => weighted(softmaxOf(pair(a!)), pair(a!), pair(b!)),
  } as Entry,
];

/** Values on the simplex or in [0, 1] where the name says so. */
export function inputs({ n, inputs: names }: Entry, dtype: Dtype): Floats[] {
  return names.map((name, j) => {
    const x = normals(dtype, ROWS * n, 10 + j, 1.5);
    if (name !== 'y' && name !== 'logY') return x;
    const y = rowsOf(x, n).flatMap((row) => (n === 1 ? row.map(sigmoidOf) : softmaxOf(row)));
    return dtype.make(x.length, (i) => (name === 'y' ? y[i]! : Math.log(y[i]!)));
  });
}
