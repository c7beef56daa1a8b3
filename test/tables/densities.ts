/** The densities in one table: how they are called, and an f64 implementation of each that shares nothing with src/. */
import { binConcreteLogProb, concreteLogProb, expConcreteLogProb, type Floats, logitBinConcreteLogProb } from 'anymax';
import { type Dtype, F64, normals } from '../support/backends.ts';
import { sum } from '../oracles/numeric.ts';

export type Row = readonly number[];
type Options = { temperature?: number; out?: never };

const integers = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const softplus = (d: number): number => Math.max(d, 0) + Math.log1p(Math.exp(-Math.abs(d)));

/** log (n-1)! + (n-1) log T + sum w - n lse w at logarithms l, in f64; classes of logit -Infinity are left out. */
function expConcreteReference(l: Row, a: Row, t: number): number {
  const w = a.map((v, i) => v - t * l[i]!).filter((_, i) => a[i]! > -Infinity);
  const n = w.length,
    max = w.reduce((x, y) => Math.max(x, y));
  const lse = Math.log(sum(w.map((v) => Math.exp(v - max))));
  const factorial = sum(integers(n - 1).map(Math.log));
  return sum([factorial, (n - 1) * Math.log(t), ...w.map((v) => v - max), -n * lse]);
}

/** The mean of the absolute terms of that. */
function rowTerm(l: Row, a: Row, t: number): number {
  const kept = l.filter((_, i) => a[i]! > -Infinity),
    w = a.filter((v) => v > -Infinity).map((v, i) => v - t * kept[i]!),
    n = w.length;
  const max = w.reduce((x, y) => Math.max(x, y)),
    lse = max + Math.log(sum(w.map((v) => Math.exp(v - max))));
  const constant = [sum(integers(n - 1).map(Math.log)), (n - 1) * Math.log(t), n * lse];
  return sum([...constant, ...w].map(Math.abs)) / n;
}

const logitTerm = (z: number, a: number, t: number): number =>
  sum([Math.log(t), a, t * z, 2 * softplus(a - t * z)].map(Math.abs));

const logitReference = (z: number, a: number, t: number): number => Math.log(t) + (a - t * z) - 2 * softplus(a - t * z);

export interface Density {
  readonly name: string;
  readonly value: 'logY' | 'y' | 'z';
  readonly rowwise: boolean;
  readonly logProb: (x: Floats, a: Floats, n: number, o?: Options) => Floats;
  /** The gradients of value, logits and temperature. */
  readonly vjp: (x: Floats, a: Floats, g: Floats, n: number, o?: Options) => [Floats, Floats, Floats];
  readonly reference: (x: Row, a: Row, t: number) => number;
  /** What the error of float32 is measured by: the mean of the absolute terms. */
  readonly term: (x: Row, a: Row, t: number) => number;
  /** A value from the logarithms of a row on the simplex; what is left out. */
  readonly fromLog: (logY: number) => number;
  readonly none: number;
}

export const DENSITIES: readonly Density[] = [
  {
    name: 'expConcreteLogProb',
    value: 'logY',
    rowwise: true,
    logProb: expConcreteLogProb,
    vjp(x, a, g, n, o) {
      const { logY, logits, temperature } = expConcreteLogProb.vjp(x, a, g, n, o);
      return [logY, logits, temperature];
    },
    reference: expConcreteReference,
    term: rowTerm,
    fromLog: (v) => v,
    none: -Infinity,
  },
  {
    name: 'concreteLogProb',
    value: 'y',
    rowwise: true,
    logProb: concreteLogProb,
    vjp(x, a, g, n, o) {
      const { y, logits, temperature } = concreteLogProb.vjp(x, a, g, n, o);
      return [y, logits, temperature];
    },
    reference: (x, a, t) =>
      expConcreteReference(x.map(Math.log), a, t) - sum(x.filter((_, i) => a[i]! > -Infinity).map(Math.log)),
    term(x, a, t) {
      const l = x.map(Math.log),
        kept = l.filter((_, i) => a[i]! > -Infinity);
      return rowTerm(l, a, t) + sum(kept.map(Math.abs)) / kept.length;
    },
    fromLog: Math.exp,
    none: 0,
  },
  {
    name: 'binConcreteLogProb',
    value: 'y',
    rowwise: false,
    logProb: (x, a, _, o) => binConcreteLogProb(x, a, o),
    vjp(x, a, g, _, o) {
      const { y, logits, temperature } = binConcreteLogProb.vjp(x, a, g, o);
      return [y, logits, temperature];
    },
    reference([x], [a], t) {
      const [l, rest] = [Math.log(x!), Math.log1p(-x!)];
      return logitReference(l - rest, a!, t) - l - rest;
    },
    term([x], [a], t) {
      const [l, rest] = [Math.log(x!), Math.log1p(-x!)];
      return logitTerm(l - rest, a!, t) - l - rest;
    },
    fromLog: Math.exp,
    none: 0,
  },
  {
    name: 'logitBinConcreteLogProb',
    value: 'z',
    rowwise: false,
    logProb: (x, a, _, o) => logitBinConcreteLogProb(x, a, o),
    vjp(x, a, g, _, o) {
      const { z, logits, temperature } = logitBinConcreteLogProb.vjp(x, a, g, o);
      return [z, logits, temperature];
    },
    reference: ([z], [a], t) => logitReference(z!, a!, t),
    term: ([z], [a], t) => logitTerm(z!, a!, t),
    fromLog: (v) => v - Math.log(-Math.expm1(v)),
    none: -Infinity,
  },
];

/** Rows of values and logits; with `masks` every third class is left out. */
export function points({ fromLog, none, rowwise }: Density, dtype: Dtype, rows: number, n: number, masks = false) {
  const logits = normals(dtype, rows * n, n, 2),
    scores = normals(F64, rows * n, n + 1, 3);
  const value = dtype.make(rows * n, (i) => {
    const row = scores.subarray(i - (i % n), i - (i % n) + n);
    const classes = rowwise ? [...row] : [scores[i]!, 0];
    return fromLog(scores[i]! - Math.log(sum(classes.map(Math.exp))));
  });
  for (let i = 0; masks && i < rows * n; i++) if ((i % n) % 3 === 1) [logits[i], value[i]] = [-Infinity, none];
  return { value, logits };
}

const LN2 = Math.log(2);
/** Special values and boundaries: value, logits, T, log-density; the gradients are NaN where it is not finite, and on the boundary. */
export const EDGES: Record<string, readonly (readonly [Row, Row, number, number])[]> = {
  expConcreteLogProb: [
    [[-Infinity, 0], [0.5, 1], 1, -Infinity],
    [[-1, -2], [-Infinity, 1], 1, -Infinity],
    [[-1, -2], [NaN, 1], 1, NaN],
    [[-1, NaN], [0, 1], 1, NaN],
    [[-1, -2], [Infinity, 1], 1, NaN],
    [[-Infinity, -Infinity], [-Infinity, -Infinity], 1, NaN],
  ],
  concreteLogProb: [
    // one zero of three: 2 T < 1, = 1 with -a_1 + a_2 + a_3 - 2 a_1 ..., > 1; two zeros: T < 2, = 2, > 2
    [[0, 0.5, 0.5], [0.25, 1, 2], 0.25, Infinity],
    [[0, 0.5, 0.5], [0.25, 1, 2], 0.5, LN2 - 2 * LN2 + 3.25 + 3 * LN2 - 0.75],
    [[0, 0.5, 0.5], [0.25, 1, 2], 0.75, -Infinity],
    [[0, 0, 1], [0.25, 0.25, 2], 1, Infinity],
    [[0, 0, 1], [0.25, 0.25, 2], 2, LN2 + 2 * LN2 + 2.5 - 3 * (0.25 + LN2)],
    [[0, 0, 1], [0.25, 0.25, 2], 3, -Infinity],
    // a mask: two classes are left, and their zero
    [[0, 0, 1], [-Infinity, 0.25, 2], 0.5, Infinity],
    [[0, 0, 1], [-Infinity, 0.25, 2], 1, 2.25 - 2 * 0.25],
    [[0.25, 0, 0.75], [-Infinity, 0.25, 2], 0.5, -Infinity],
    [[-0.25, 1.25], [0, 0], 1, NaN],
    [[Infinity, 0], [0, 0], 1, NaN],
    [[0.5, NaN], [0, 0], 1, NaN],
    [[0.5, 0.5], [NaN, 0], 1, NaN],
    [[0, 1], [0, Infinity], 1, NaN],
    [[0, 0], [-Infinity, -Infinity], 1, NaN],
  ],
  binConcreteLogProb: [
    ...[0, 1].flatMap((x) => [
      [[x], [0.75], 0.5, Infinity] as const,
      [[x], [0.75], 1, x === 1 ? 0.75 : -0.75] as const,
      [[x], [0.75], 2, -Infinity] as const,
      [[x], [x === 1 ? -Infinity : Infinity], 0.5, -Infinity] as const,
      [[x], [x === 1 ? -Infinity : Infinity], 1, -Infinity] as const,
      [[x], [NaN], 1, NaN] as const,
    ]),
    [[0.5], [Infinity], 1, -Infinity],
    [[0.5], [-Infinity], 1, -Infinity],
    ...[-0.5, 1.5, Infinity, -Infinity, NaN].map((x) => [[x], [0.5], 1, NaN] as const),
  ],
  logitBinConcreteLogProb: [
    [[Infinity], [0.5], 1, -Infinity],
    [[-Infinity], [0.5], 1, -Infinity],
    [[Infinity], [-Infinity], 1, -Infinity],
    [[2], [Infinity], 1, -Infinity],
    [[NaN], [0.5], 1, NaN],
    [[2], [NaN], 1, NaN],
  ],
};
