/**
 * The Concrete distribution's properties (Maddison et al. 2017, Proposition 1), and what holds for every density: it
 * integrates to 1, and its score has mean 0. Fixed keys; false alarms and power stand with each statistical test.
 */
import {
  argmax,
  BinConcrete,
  Categorical,
  Bernoulli,
  Concrete,
  concreteLogProb,
  ExpConcrete,
  type Floats,
  foldIn,
  Gumbel,
  key,
  Logistic,
  LogitBinConcrete,
  Normal,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { chiSquare, integral, softmaxOf, sum } from '../oracles/numeric.ts';

const ROOT = key('propositions');
const N = 200_000;
/** Exceeded with probability 2.9e-7 on one side, 5.7e-7 on two. */
const Z = 5;
const f64 = (...values: number[]): Float64Array => Float64Array.from(values);
const LOGITS = f64(0.3, -0.4, 1);

describe('(a) reparameterisation: the samples have the density', () => {
  /** The cell of [-4, 4] x [-4, 4], 8 x 8, or the rest. */
  const CELLS = 8;
  const cellOf = (v: number): number => Math.floor((v + 4) * (CELLS / 8));

  // False alarms 2.9e-7; sees a density that is off by 6 % in a tenth of the mass.
  test.each([0.3, 0.5, 1, 2])('of three classes, by u = log y1/y3 and v = log y2/y3, T = %d', (temperature) => {
    const counts = Array<number>(CELLS * CELLS + 1).fill(0);
    const logY = new ExpConcrete(LOGITS, 3, { temperature }).sample(foldIn(ROOT, 1), N);
    for (let r = 0; r < N; r++) {
      const [i, j] = [logY[3 * r]! - logY[3 * r + 2]!, logY[3 * r + 1]! - logY[3 * r + 2]!].map(cellOf) as [
        number,
        number,
      ];
      const inside = i >= 0 && i < CELLS && j >= 0 && j < CELLS;
      counts[inside ? i * CELLS + j : CELLS * CELLS]!++;
    }
    // the midpoint rule with 24 x 24 points a cell: dy1 dy2 = y1 y2 y3 du dv
    const [steps, h] = [24, 8 / CELLS / 24];
    const all = Array.from({ length: CELLS * steps }, (_, i) => -4 + (i + 0.5) * h);
    const y = Float64Array.from(all.flatMap((u) => all.flatMap((v) => softmaxOf([u, v, 0]))));
    const logP = new Concrete(LOGITS, 3, { temperature }).logProb(y);
    const p = Array<number>(CELLS * CELLS + 1).fill(0);
    logP.forEach((l, k) => {
      const [i, j] = [Math.floor(k / all.length), k % all.length].map((at) => Math.floor(at / steps)) as [
        number,
        number,
      ];
      p[i * CELLS + j]! += h * h * Math.exp(l) * y[3 * k]! * y[3 * k + 1]! * y[3 * k + 2]!;
    });
    p[CELLS * CELLS] = 1 - sum(p);
    expect(p[CELLS * CELLS]).toBeGreaterThan(0);
    expect(chiSquare(counts, p)).toBeLessThan(Z);
  });

  // False alarms 2.9e-7; sees a cell of a twentieth that is off by 5 %.
  test.each([0.3, 1, 2])('of a relaxed bit, in [0, 1] and in log-odds, T = %d', (temperature) => {
    for (const [law, ends, jacobian] of [
      [new BinConcrete(f64(0.7), { temperature }), Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 1],
      [new LogitBinConcrete(f64(0.7), { temperature }), Array.from({ length: 19 }, (_, i) => (i - 8) / 2), 0],
    ] as const) {
      const counts = Array<number>(ends.length + 1).fill(0);
      for (const v of law.sample(foldIn(ROOT, 2), N)) counts[ends.filter((end) => end < v).length]!++;
      const inside = ends
        .slice(1)
        .map((end, i) => integral((x) => Math.exp(law.logProb(f64(x))[0]!), ends[i]!, end, 60));
      // below the first and above the last by the sum: they are compared together
      const outside = counts[0]! + counts.at(-1)!;
      expect(chiSquare([...counts.slice(1, -1), outside], [...inside, 1 - sum(inside)]), `${jacobian}`).toBeLessThan(Z);
    }
  });
});

// False alarms 2.9e-7 each; sees a probability that is off by 0.005.
test.each([0.05, 0.5, 1, 10])(
  '(b) rounding: the largest coordinate is k with probability softmax_k, T = %d',
  (temperature) => {
    const counts = [0, 0, 0];
    for (const k of argmax(new Concrete(LOGITS, 3, { temperature }).sample(foldIn(ROOT, 3), N), 3)) counts[k]!++;
    expect(chiSquare(counts, softmaxOf(LOGITS))).toBeLessThan(Z);
  },
);

// A sample is farther than d from its vertex only if the two best scores are within T log(2 / d) of each other, which is
// rarer than T log(2 / d) times the greatest density of their difference, 1/2. False alarms 2.9e-7 for the counts.
test('(c) zero temperature: samples tend to the one-hot vectors of their classes', () => {
  const classes = argmax(new Concrete(LOGITS, 3).sample(foldIn(ROOT, 4), N), 3);
  let before = 1;
  for (const temperature of [0.3, 0.1, 0.01, 0.001]) {
    const y = new Concrete(LOGITS, 3, { temperature }).sample(foldIn(ROOT, 4), N);
    const far = classes.filter((k, r) => 1 - y[3 * r + k]! > 0.01).length / N;
    expect(far).toBeLessThan((temperature * Math.log(200)) / 2 + 0.001);
    expect(far).toBeLessThan(before);
    before = far;
  }
  expect(
    new Concrete(LOGITS, 3, { temperature: 1e-30 }).sample(foldIn(ROOT, 4), 100).every((v) => v === 0 || v === 1),
  ).toBe(true);
});

describe('(d) log-convex up to T = 1 / (n - 1) and not beyond', () => {
  /** The least eigenvalue of a symmetric matrix: Jacobi's rotations. */
  function leastEigenvalue(matrix: number[][]): number {
    const a = matrix.map((row) => [...row]);
    for (let sweep = 0; sweep < 30; sweep++) {
      for (let p = 0; p < a.length; p++) {
        for (let q = p + 1; q < a.length; q++) {
          if (a[p]![q] === 0) continue;
          const angle = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2;
          const [c, s] = [Math.cos(angle), Math.sin(angle)];
          for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
          [a[p], a[q]] = [a[p]!.map((v, k) => c * v - s * a[q]![k]!), a[p]!.map((v, k) => s * v + c * a[q]![k]!)];
        }
      }
    }
    return Math.min(...a.map((row, i) => row[i]!));
  }

  /**
   * The least eigenvalue of the Hessian over the free coordinates y_1 ... y_(n-1), entries times y_j y_k, which changes no
   * sign and makes them of the size of 1; by differences of the gradient, right to 1e-5.
   */
  function curvature(y: Float64Array, logits: Float64Array, temperature: number): number {
    const n = y.length,
      h = 1e-5;
    const slope = (at: Float64Array): number[] => {
      const { y: g } = concreteLogProb.vjp(at, logits, f64(1), n, { temperature });
      return Array.from({ length: n - 1 }, (_, k) => g[k]! - g[n - 1]!);
    };
    const rows = Array.from({ length: n - 1 }, (_, j) => {
      const size = h * Math.min(y[j]!, y[n - 1]!);
      const move = (step: number): Float64Array =>
        Float64Array.from(y, (v, k) => (k === j ? v + step : k === n - 1 ? v - step : v));
      const [up, down] = [slope(move(size)), slope(move(-size))];
      return up.map((v, k) => ((v - down[k]!) / (2 * size)) * y[j]! * y[k]!);
    });
    return leastEigenvalue(rows.map((row, i) => row.map((v, j) => (v + rows[j]![i]!) / 2)));
  }

  test('Jacobi: known eigenvalues', () => {
    expect(
      leastEigenvalue([
        [2, 1],
        [1, 2],
      ]),
    ).toBeCloseTo(1, 12);
    expect(
      leastEigenvalue([
        [1, 2, 0],
        [2, 1, 0],
        [0, 0, 5],
      ]),
    ).toBeCloseTo(-1, 12);
  });

  // Towards y_1 = 0 the form is 1 - (n - 1) T in the direction of y_1.
  test.each([2, 3, 4])('n = %d', (n) => {
    for (const logits of [new Float64Array(n), Float64Array.from({ length: n }, (_, k) => 0.7 * k - 1)]) {
      const samples = new Concrete(logits, n, { temperature: 1 }).sample(foldIn(ROOT, 5), 300);
      const points = Array.from({ length: 300 }, (_, r) => samples.slice(n * r, n * r + n));
      for (const small of [1e-3, 1e-6, 1e-9, 1e-12]) {
        points.push(Float64Array.from({ length: n }, (_, k) => (k === 0 ? small : (1 - small) / (n - 1))));
      }
      const least = (temperature: number): number => Math.min(...points.map((y) => curvature(y, logits, temperature)));
      expect(least(0.8 / (n - 1))).toBeGreaterThan(0);
      expect(least(1 / (n - 1))).toBeGreaterThan(-1e-4);
      expect(least(1.05 / (n - 1))).toBeLessThan(-0.01);
    }
  });
});

test('every density integrates to 1', () => {
  const laws: [
    Normal<Float64Array> | Gumbel<Float64Array> | Logistic<Float64Array> | LogitBinConcrete<Float64Array>,
    number,
    number,
  ][] = [
    [new Normal(f64(1), 2), -30, 30],
    [new Gumbel(f64(1), 2), -15, 120],
    [new Logistic(f64(1), 2), -120, 120],
    [new LogitBinConcrete(f64(1), { temperature: 0.5 }), -120, 120],
  ];
  for (const [law, from, to] of laws) {
    const grid = Float64Array.from({ length: 8001 }, (_, i) => from + (i * (to - from)) / 8000);
    expect(((to - from) / 8000) * sum([...law.logProb(grid)].map(Math.exp))).toBeCloseTo(1, 12);
  }
  for (const [law, values] of [
    [new Bernoulli(f64(0.7)), f64(0, 1)],
    [new Categorical(LOGITS, 3), Int32Array.of(0, 1, 2)],
  ] as const) {
    expect(sum([...law.logProb(values as never)].map(Math.exp))).toBeCloseTo(1, 14);
  }
});

// False alarms 5.7e-7 each. N draws see a mean of 5 / sqrt(N) = 0.011 standard deviations, whose square is the Fisher
// information: known for all.
test('the mean score is 0', () => {
  const ones = new Float64Array(N).fill(1);
  const check = (score: Floats, information: ArrayLike<number>, label: string): void =>
    score.forEach((v, i) => expect(Math.abs(v) / Math.sqrt(N * information[i]!), label).toBeLessThan(Z));
  const gamma = 0.5772156649015329;
  for (const [law, ofLoc, ofScale] of [
    [new Normal(f64(1), 2), 1, 2],
    [new Gumbel(f64(1), 2), 1, Math.PI ** 2 / 6 + (1 - gamma) ** 2],
    [new Logistic(f64(1), 2), 1 / 3, (3 + Math.PI ** 2) / 9],
  ] as const) {
    const { loc, scale } = law.vjp(law.sample(foldIn(ROOT, 6), N), ones);
    check(loc, [ofLoc / 4], 'loc');
    check(scale, [ofScale / 4], 'scale');
  }
  const p = softmaxOf(LOGITS);
  const categorical = new Categorical(LOGITS, 3);
  check(
    categorical.vjp(categorical.sample(foldIn(ROOT, 7), N), ones).logits,
    p.map((v) => v * (1 - v)),
    'Categorical',
  );
  const bernoulli = new Bernoulli(f64(0.7));
  check(bernoulli.vjp(bernoulli.sample(foldIn(ROOT, 8), N), ones).logits, [0.2217128732931], 'Bernoulli'); // p (1 - p)
  // softmax(w) of a sample is uniform on the simplex, sigmoid(d) on [0, 1]: (n - 1) / (n + 1) and 1 / 3
  for (const law of [new Concrete(LOGITS, 3, { temperature: 0.7 }), new ExpConcrete(LOGITS, 3, { temperature: 0.7 })]) {
    check(law.vjp(law.sample(foldIn(ROOT, 9), N), ones).logits, [0.5, 0.5, 0.5], 'Concrete');
  }
  for (const law of [
    new BinConcrete(f64(0.4), { temperature: 0.7 }),
    new LogitBinConcrete(f64(0.4), { temperature: 0.7 }),
  ]) {
    check(law.vjp(law.sample(foldIn(ROOT, 10), N), ones).logits, [1 / 3], 'BinConcrete');
  }
});
