/** The objectives against formulas with Math's functions, and their gradients against differences of those. */
import {
  alloc,
  analyticElboTerm,
  binaryRelaxedElboTerm,
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
import { expect, test } from 'vitest';
import { expectClose, expectSame, F64, inEverySetting, normals } from '../support/backends.ts';
import { slopes, softmaxOf, sum, xlogy } from '../oracles/numeric.ts';
import { inputs, N, PRIOR_T, ROWS, rowsOf, T, TEMPERATURES, TERMS } from '../tables/elbo_terms.ts';

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
    const total = (values: readonly ArrayLike<number>[], t: Float64Array, priorT: Float64Array): number =>
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
    const logY = expConcrete(key(1), masked, N);
    expectClose(
      relaxedElboTerm(logY, masked, prior, N, TEMPERATURES),
      [...relaxedElboTerm(three(logY), three(masked), three(prior), 3, TEMPERATURES)],
      4 * epsilon,
    );
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

  test('the relaxed term of bits where all mass is at one end: that of the other density, or none', () => {
    const [z, a, b] = [
      [Infinity, Infinity, Infinity, -Infinity, 2, 0.5],
      [Infinity, Infinity, 1, 1, Infinity, NaN],
      [Infinity, 1, Infinity, 1, 1, 1],
    ].map((row) => array(6, (i) => row[i]!)) as [Floats, Floats, Floats];
    expectClose(binaryRelaxedElboTerm(z, a, b, TEMPERATURES), [0, -Infinity, Infinity, NaN, Infinity, NaN], 0);
    expectClose(binaryRelaxedElboTerm(b, b, b, { temperature: 0.5, priorTemperature: 0.5 }), Array(6).fill(0), 0);
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
  const [own, prior] = [q, p].map(({ logits }) => new Float64Array(draws).fill(logits[0]!)) as [
    Float64Array,
    Float64Array,
  ];
  const terms = [...binaryRelaxedElboTerm(z, own, prior, { temperature: 0.5, priorTemperature: 0.5 })];
  const mean = sum(terms) / draws,
    error = Math.sqrt(sum(terms.map((v) => (v - mean) ** 2))) / draws;
  expect(error).toBeLessThan(0.002);
  expect(Math.abs(mean + klDivergence(q, p)[0]!) / error).toBeLessThan(5);
});

test('resident arrays are taken wherever typed ones are', () => {
  const x = normals(F64, 8, 1) as Float64Array;
  const resident = alloc(Float64Array, 8),
    labels = alloc(Int32Array, 2);
  resident.view.set(x);
  labels.view.set([-1, 2]);
  expect(analyticElboTerm(resident, x, 4)).toEqual(analyticElboTerm(x, x, 4));
  expect(relaxedElboTerm.vjp(x, resident, x, x.slice(0, 2), 4)).toEqual(relaxedElboTerm.vjp(x, x, x, x.slice(0, 2), 4));
  expect(semiSupervisedMarginal(resident, x, labels, 4)).toEqual(semiSupervisedMarginal(x, x, Int32Array.of(-1, 2), 4));
});
