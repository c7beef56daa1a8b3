/** The objectives against formulas with Math's functions, and their gradients against differences of those. */
import {
  alloc,
  analyticElboTerm,
  binaryAnalyticElboTerm,
  binaryRelaxedElboTerm,
  binaryWeightedElboTerm,
  Categorical,
  expConcrete,
  type Floats,
  gumbelSoftmax,
  key,
  klDivergence,
  LogitBinConcrete,
  relaxedElboTerm,
  semiSupervisedMarginal,
  semiSupervisedSampled,
  weightedElboTerm,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { type Dtype, expectClose, expectSame, F64, inEverySetting, normals } from './backends.ts';
import { DENSITIES, sum } from './densities.ts';
import { sigmoidOf, slopes, softmaxOf, xlogy } from './numeric.ts';

const [ROWS, N] = [3, 4];
const [T, PRIOR_T] = [0.75, 0.5]; // exact in float32
const TEMPERATURES = { temperature: T, priorTemperature: PRIOR_T };
type Vector = Float64Array;
type Gradients = Record<string, Floats>;

const reference = (name: string) => DENSITIES.find((entry) => entry.name === name)!.reference;
const rowsOf = (x: ArrayLike<number>, n: number): number[][] =>
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

const TERMS: readonly Entry[] = [
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
function inputs({ n, inputs: names }: Entry, dtype: Dtype): Floats[] {
  return names.map((name, j) => {
    const x = normals(dtype, ROWS * n, 10 + j, 1.5);
    if (name !== 'y' && name !== 'logY') return x;
    const y = rowsOf(x, n).flatMap((row) => (n === 1 ? row.map(sigmoidOf) : softmaxOf(row)));
    return dtype.make(x.length, (i) => (name === 'y' ? y[i]! : Math.log(y[i]!)));
  });
}

const close = (actual: Floats, expected: ArrayLike<number>, tolerance: number, label: string): void => {
  expect(actual.length, label).toBe(expected.length);
  actual.forEach((v, i) =>
    expect(Math.abs(v - expected[i]!), label).toBeLessThan(tolerance * (1 + Math.abs(expected[i]!))),
  );
};

inEverySetting((dtype) => {
  const { make: array, epsilon } = dtype;
  const d = array(ROWS, (r) => [1, -2, 0.5][r]!);

  test.each(TERMS)('$name: the formula, and its gradients by differences', (entry) => {
    const { n, formula, name } = entry;
    const x = inputs(entry, dtype);
    const each = (values: readonly ArrayLike<number>[], t: ArrayLike<number>, priorT: ArrayLike<number>): number[] => {
      const rows = values.map((v) => rowsOf(v, n));
      return Array.from({ length: ROWS }, (_, r) =>
        formula(
          rows.map((all) => all[r]!),
          t[r]!,
          priorT[r]!,
        ),
      );
    };
    const ts = new Float64Array(ROWS).fill(T),
      priors = new Float64Array(ROWS).fill(PRIOR_T);
    close(entry.call(x), each(x, ts, priors), epsilon + 1e-13, name);

    const gradients = entry.vjp(x, d);
    const total = (values: readonly ArrayLike<number>[], t: Vector, priorT: Vector): number =>
      sum(each(values, t, priorT).map((v, r) => d[r]! * v));
    entry.inputs.forEach((input, j) => {
      const expected = slopes(
        (v) =>
          total(
            x.map((other, k) => (k === j ? v : other)),
            ts,
            priors,
          ),
        x[j]!,
      );
      close(gradients[input]!, expected, 1e-8 + 2 * epsilon, `${name} ${input}`);
    });
    const relaxed = name.toLowerCase().includes('relaxed');
    expect(Object.keys(gradients).sort()).toEqual(
      [...entry.inputs, ...(relaxed ? Object.keys(TEMPERATURES) : [])].sort(),
    );
    if (!relaxed) return;
    close(
      gradients.temperature!,
      slopes((t) => total(x, t, priors), ts),
      1e-8 + 2 * epsilon,
      'temperature',
    );
    close(
      gradients.priorTemperature!,
      slopes((t) => total(x, ts, t), priors),
      1e-8 + 2 * epsilon,
      'priorTemperature',
    );
  });

  const NONE = -1;
  const labels = Int32Array.of(2, NONE, 0);
  const logits = normals(dtype, ROWS * N, 3),
    losses = normals(dtype, ROWS * N, 4, 3),
    loss = array(ROWS, (r) => losses[r]!);
  const weight = 0.25;

  /** The objective of a row by its losses. */
  const objective = (l: number[], a: number[], label: number): number => {
    const q = softmaxOf(a);
    if (label === NONE) return sum(q.map((v, k) => v * l[k]! + xlogy(v, v)));
    return l[label]! - weight * Math.log(q[label]!);
  };

  test('semiSupervisedMarginal: the formula, and its gradients by differences', () => {
    const each = (l: ArrayLike<number>, a: ArrayLike<number>): number[] =>
      rowsOf(l, N).map((row, r) => objective(row, rowsOf(a, N)[r]!, labels[r]!));
    close(
      semiSupervisedMarginal(losses, logits, labels, N, { weight }),
      each(losses, logits),
      epsilon + 1e-13,
      'value',
    );
    const gradients = semiSupervisedMarginal.vjp(losses, logits, labels, d, N, { weight });
    const total = (l: ArrayLike<number>, a: ArrayLike<number>): number => sum(each(l, a).map((v, r) => d[r]! * v));
    close(
      gradients.losses,
      slopes((l) => total(l, logits), losses),
      1e-8 + 2 * epsilon,
      'losses',
    );
    close(
      gradients.logits,
      slopes((a) => total(losses, a), logits),
      1e-8 + 2 * epsilon,
      'logits',
    );
    const one = semiSupervisedMarginal(losses, logits, labels, N);
    close(one, semiSupervisedMarginal(losses, logits, labels, N, { weight: 1 }), 1e-30, 'weight');
  });

  test('semiSupervisedSampled: the formula, and its gradient through the sample as well', () => {
    const temperature = 0.5;
    // the caller's loss of row r at y: c_r . y + (y_1)^2, with y by the noise of the key, which differences hold still
    const noise = normals(dtype, ROWS * N, 7);
    const sampleOf = (a: ArrayLike<number>): number[][] =>
      rowsOf(a, N).map((row, r) => softmaxOf(row.map((v, k) => (v + noise[r * N + k]!) / temperature)));
    const own = (y: number[], r: number): number => sum(y.map((v, k) => v * losses[r * N + k]!)) + y[1]! ** 2;
    const each = (a: ArrayLike<number>): number[] =>
      rowsOf(a, N).map((row, r) => {
        const label = labels[r]!;
        const y = label === NONE ? sampleOf(a)[r]! : row.map((_, k) => Number(k === label));
        return own(y, r) + objective(Array<number>(N).fill(0), row, label);
      });
    const y = array(ROWS * N, (i) => sampleOf(logits)[Math.floor(i / N)]![i % N]!);
    const dy = array(ROWS * N, (i) => losses[i]! + (i % N === 1 ? 2 * y[i]! : 0));
    const given = array(ROWS, (r) =>
      own(
        labels[r] === NONE
          ? Array.from(y.slice(r * N, r * N + N))
          : Array.from({ length: N }, (_, k) => Number(k === labels[r])),
        r,
      ),
    );
    close(semiSupervisedSampled(given, logits, labels, N, { weight }), each(logits), 8 * epsilon + 1e-13, 'value');
    const gradient = semiSupervisedSampled.vjp(y, dy, logits, labels, d, N, { weight, temperature });
    const expected = slopes((a) => sum(each(a).map((v, r) => d[r]! * v)), logits);
    close(gradient.logits, expected, 1e-7 + 100 * epsilon, 'logits');
  });

  test('masked classes are left out; a label that is no class gives NaN', () => {
    const masked = array(N, (k) => [0.5, -Infinity, 1, -0.5][k]!),
      prior = array(N, (k) => [1, -Infinity, 0, 2][k]!),
      three = (x: Floats): Floats => array(3, (k) => x[[0, 2, 3][k]!]!);
    const one = array(1, () => 1);
    expectClose(analyticElboTerm(masked, prior, N), [...analyticElboTerm(three(masked), three(prior), 3)], 4 * epsilon);
    const full = analyticElboTerm.vjp(masked, prior, one, N);
    expectClose(three(full.logits), [...analyticElboTerm.vjp(three(masked), three(prior), one, 3).logits], epsilon);
    expectSame(
      array(2, (i) => [full.logits, full.priorLogits][i]![1]!),
      array(2),
    );
    const y = gumbelSoftmax(key(1), masked, N);
    expect(weightedElboTerm.vjp(y, masked, prior, one, N).y[1]).toBe(0);
    expect(relaxedElboTerm(expConcrete(key(1), masked, N), masked, prior, N)[0]).toBeTypeOf('number');
    expectSame(
      analyticElboTerm(
        array(2),
        array(2, (k) => (k ? 0 : -Infinity)),
        2,
      ),
      array(1, () => -Infinity),
    );
    const objectiveOfMasked = semiSupervisedMarginal(
      array(N, (k) => (k === 1 ? Infinity : k)),
      masked,
      Int32Array.of(-1),
      N,
    );
    expectClose(
      objectiveOfMasked,
      [
        ...semiSupervisedMarginal(
          array(3, (k) => [0, 2, 3][k]!),
          three(masked),
          Int32Array.of(-1),
          3,
        ),
      ],
      4 * epsilon,
    );
    for (const bad of [-2, N, 1 << 30]) {
      expect(semiSupervisedMarginal(losses, logits, Int32Array.of(0, bad, 0), N)[1]).toBeNaN();
      const gradient = semiSupervisedMarginal.vjp(losses, logits, Int32Array.of(0, bad, 0), d, N);
      expect(gradient.logits.subarray(N, 2 * N).every(Number.isNaN)).toBe(true);
      expect(gradient.losses.some(Number.isNaN)).toBe(true);
      expect(semiSupervisedSampled(loss, logits, Int32Array.of(0, bad, 0), N)[1]).toBeNaN();
    }
    // what is not evaluated may be anything
    const partial = array(ROWS * N, (i) => (i === 2 ? 5 : NaN));
    expect(semiSupervisedMarginal(partial, logits, labels, N)[0]).not.toBeNaN();
  });

  test('the analytic term is minus klDivergence; the relaxed one of one law with itself is 0', () => {
    const prior = normals(dtype, ROWS * N, 9);
    const kl = klDivergence(new Categorical(logits, N), new Categorical(prior, N));
    expectClose(
      analyticElboTerm(logits, prior, N),
      Array.from(kl, (v) => -v),
      epsilon,
    );
    expectClose(relaxedElboTerm(expConcrete(key(2), logits, N), logits, logits, N), [0, 0, 0], 0);
  });

  test('empty batches', () => {
    const none = array(0);
    expectSame(relaxedElboTerm(none, none, none, N), none);
    expectSame(analyticElboTerm.vjp(none, none, none, N).logits, none);
    expectSame(semiSupervisedMarginal(none, none, new Int32Array(0), N), none);
  });
});

// False alarm 5.7e-7; sees a term whose mean is off by 0.01.
test('the relaxed term has minus the divergence of the relaxed laws as its mean', () => {
  const draws = 200_000;
  const [p, q] = [-0.5, 1].map((l) => new LogitBinConcrete(Float64Array.of(l), { temperature: 0.5 })) as [
    LogitBinConcrete<Float64Array>,
    LogitBinConcrete<Float64Array>,
  ];
  const z = q.sample(key(3), draws);
  const [own, prior] = [q, p].map(({ logits }) => new Float64Array(draws).fill(logits[0]!)) as [Vector, Vector];
  const terms = [...binaryRelaxedElboTerm(z, own, prior, { temperature: 0.5, priorTemperature: 0.5 })];
  const mean = sum(terms) / draws,
    error = Math.sqrt(sum(terms.map((v) => (v - mean) ** 2))) / draws;
  expect(error).toBeLessThan(0.002);
  expect(Math.abs(mean + klDivergence(q, p)[0]!) / error).toBeLessThan(5);
});

test('resident arrays are taken wherever typed ones are', () => {
  const x = normals(F64, 8, 1) as Vector;
  const resident = alloc(Float64Array, 8),
    labels = alloc(Int32Array, 2);
  resident.view.set(x);
  labels.view.set([-1, 2]);
  expect(analyticElboTerm(resident, x, 4)).toEqual(analyticElboTerm(x, x, 4));
  expect(relaxedElboTerm.vjp(x, resident, x, x.slice(0, 2), 4)).toEqual(relaxedElboTerm.vjp(x, x, x, x.slice(0, 2), 4));
  expect(semiSupervisedMarginal(resident, x, labels, 4)).toEqual(semiSupervisedMarginal(x, x, Int32Array.of(-1, 2), 4));
});

describe('errors name the argument', () => {
  const x = Float32Array.of(0.25, 0.75),
    one = Float32Array.of(1),
    none = Int32Array.of(-1);
  const [short, double] = [new Float32Array(1), new Float64Array(2) as never];
  const wrong: [string, typeof TypeError | typeof RangeError, () => unknown][] = [
    ['logY', TypeError, () => relaxedElboTerm([0, 1] as never, x, x, 2)],
    ['logits', RangeError, () => relaxedElboTerm(x, short, x, 2)],
    ['priorLogits', TypeError, () => relaxedElboTerm(x, x, double, 2)],
    ['n', TypeError, () => relaxedElboTerm(x, x, x, undefined as never)],
    ['logY', RangeError, () => relaxedElboTerm(x, x, x, 3)],
    ['options', TypeError, () => relaxedElboTerm(x, x, x, 2, { tau: 1 } as never)],
    ['temperature', RangeError, () => relaxedElboTerm(x, x, x, 2, { temperature: 0 })],
    ['priorTemperature', RangeError, () => relaxedElboTerm(x, x, x, 2, { priorTemperature: Infinity })],
    ['priorTemperature', TypeError, () => relaxedElboTerm(x, x, x, 2, { priorTemperature: '1' as never })],
    ['dTerm', RangeError, () => relaxedElboTerm.vjp(x, x, x, x, 2)],
    ['z', TypeError, () => binaryRelaxedElboTerm(none as never, x, x)],
    ['dTerm', TypeError, () => binaryRelaxedElboTerm.vjp(x, x, x, double)],
    ['y', TypeError, () => weightedElboTerm(undefined as never, x, x, 2)],
    ['y', TypeError, () => binaryWeightedElboTerm.vjp(undefined as never, x, x, x)],
    ['logits', RangeError, () => weightedElboTerm(x, short, x, 2)],
    ['n', TypeError, () => weightedElboTerm(x, x, x, undefined as never)],
    ['dTerm', RangeError, () => weightedElboTerm.vjp(x, x, x, x, 2)],
    ['logits', RangeError, () => analyticElboTerm(x, x, 3)],
    ['n', RangeError, () => analyticElboTerm(x, x, 0)],
    ['priorLogits', RangeError, () => analyticElboTerm(x, short, 2)],
    ['priorLogits', TypeError, () => binaryAnalyticElboTerm(x, double)],
    ['losses', TypeError, () => semiSupervisedMarginal([0] as never, x, none, 2)],
    ['logits', RangeError, () => semiSupervisedMarginal(x, short, none, 2)],
    ['labels', TypeError, () => semiSupervisedMarginal(x, x, x as never, 2)],
    ['labels', RangeError, () => semiSupervisedMarginal(x, x, new Int32Array(2), 2)],
    ['weight', RangeError, () => semiSupervisedMarginal(x, x, none, 2, { weight: -1 })],
    ['weight', TypeError, () => semiSupervisedMarginal(x, x, none, 2, { weight: '1' as never })],
    ['options', TypeError, () => semiSupervisedMarginal(x, x, none, 2, { alpha: 1 } as never)],
    ['options', TypeError, () => semiSupervisedMarginal(x, x, none, 2, 1 as never)],
    ['dObjective', RangeError, () => semiSupervisedMarginal.vjp(x, x, none, x, 2)],
    ['loss', RangeError, () => semiSupervisedSampled(x, x, none, 2)],
    ['loss', TypeError, () => semiSupervisedSampled(double, x, none, 2)],
    ['logits', TypeError, () => semiSupervisedSampled(one, [1, 2] as never, none, 2)],
    ['dy', RangeError, () => semiSupervisedSampled.vjp(x, short, x, none, one, 2)],
    ['temperature', RangeError, () => semiSupervisedSampled.vjp(x, x, x, none, one, 2, { temperature: -1 })],
    ['options', TypeError, () => semiSupervisedSampled.vjp(x, x, x, none, one, 2, { tau: 1 } as never)],
    ['options', TypeError, () => semiSupervisedSampled.vjp(x, x, x, none, one, 2, null as never)],
    ['dObjective', TypeError, () => semiSupervisedSampled.vjp(x, x, x, none, double, 2)],
  ];
  test.each(wrong.map(([name, kind, call], i) => ({ i, name, kind, call })))('$i: $name', ({ name, kind, call }) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(new RegExp(`^${name}\\b`));
  });
});
