/** The distributions against formulas with Math's functions, integrals, differences and each other. */
import {
  alloc,
  Bernoulli,
  BinConcrete,
  Categorical,
  categorical,
  Concrete,
  ExpConcrete,
  concreteLogProb,
  expConcrete,
  expConcreteLogProb,
  type Floats,
  foldIn,
  Gumbel,
  gumbelSigmoid,
  gumbelSoftmax,
  key,
  klDivergence,
  Logistic,
  LogitBinConcrete,
  Normal,
  random,
  type Resident,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectClose, expectSame, F32, inEverySetting, normals, onBothBackends } from './backends.ts';
import { sum } from './densities.ts';
import { distanceFromUniform, integral, KS, sigmoidOf, slopes, softmaxOf, xlogy } from './numeric.ts';

const f64 = (...values: number[]): Float64Array => Float64Array.from(values);
const ROOT = key('distributions');

interface LawEntry {
  readonly name: string;
  readonly make: <A extends Floats>(loc: number | A, scale: number | A) => Normal<A> | Gumbel<A> | Logistic<A>;
  readonly noise: 'normal' | 'gumbel' | 'logistic';
  readonly logPdf: (z: number) => number;
  readonly cdf: ((z: number) => number) | undefined;
  /** Beyond which the density is nothing. */
  readonly range: readonly [number, number];
}

const LAWS: readonly LawEntry[] = [
  {
    name: 'Normal',
    make: (loc, scale) => new Normal(loc, scale),
    noise: 'normal',
    logPdf: (z) => -(z ** 2) / 2 - Math.log(2 * Math.PI) / 2,
    cdf: undefined, // test/normal_cdf.test.ts
    range: [-12, 12],
  },
  {
    name: 'Gumbel',
    make: (loc, scale) => new Gumbel(loc, scale),
    noise: 'gumbel',
    logPdf: (z) => -z - Math.exp(-z),
    cdf: (z) => Math.exp(-Math.exp(-z)),
    range: [-6, 60],
  },
  {
    name: 'Logistic',
    make: (loc, scale) => new Logistic(loc, scale),
    noise: 'logistic',
    logPdf: (z) => -Math.abs(z) - 2 * Math.log1p(Math.exp(-Math.abs(z))),
    cdf: sigmoidOf,
    range: [-60, 60],
  },
];

const LOC = [0.5, -3, 100],
  SCALE = [1, 0.25, 7];

inEverySetting(({ make: array, epsilon, round }) => {
  describe.each(LAWS)('$name', ({ make, noise, logPdf, cdf, range }) => {
    const loc = array(3, (i) => LOC[i]!),
      scale = array(3, (i) => SCALE[i]!);
    const law = make<Floats>(loc, scale);
    /** Two draws of each. */
    const value = array(6, (i) => LOC[i % 3]! + SCALE[i % 3]! * [-1.5, 0, 0.3, 2.5, -0.01, 1][i]!);
    const z = Array.from(value, (v, i) => (v - LOC[i % 3]!) / SCALE[i % 3]!);
    const tolerance = 8 * epsilon;

    test('logProb and cdf are the formulas', () => {
      expectClose(
        law.logProb(value),
        z.map((v, i) => logPdf(v) - Math.log(SCALE[i % 3]!)),
        4 * tolerance,
      );
      if (cdf) expectClose(law.cdf(value), z.map(cdf), tolerance);
      expectClose(law.logProb(array(3, () => Infinity)), [-Infinity, -Infinity, -Infinity], 0);
      expectClose(law.logProb(array(3, () => -Infinity)), [-Infinity, -Infinity, -Infinity], 0);
      expectClose(law.cdf(array(6, (i) => (i < 3 ? -Infinity : Infinity))), [0, 0, 0, 1, 1, 1], 0);
      expect(law.logProb(array(3, () => NaN)).every(Number.isNaN)).toBe(true);
    });

    test('cdf is the integral of the density, icdf its inverse', () => {
      const expected = z.map((v) => integral((x) => Math.exp(logPdf(x)), range[0], v, 100_000));
      // cut at one end, trapezoids are off by h^2 / 12 times the slope there: 5e-8
      expectClose(law.cdf(value), expected, Math.max(tolerance, 1e-7));
      const u = array(9, (i) => [1e-30, 1e-3, 0.1, 0.4, 0.5, 0.6, 0.9, 0.999, 1 - 2 ** -20][i]!);
      const back = law.cdf(law.icdf(u));
      // what rounding x takes: its size times the density
      u.forEach((p, i) => {
        const slack = (SCALE[i % 3]! * 70 + Math.abs(LOC[i % 3]!)) / SCALE[i % 3]!;
        expect(Math.abs(back[i]! - p), `${p}`).toBeLessThan(
          4 * epsilon * slack * Math.min(1, 40 * p) + 4 * epsilon * p,
        );
      });
      expectClose(
        law.icdf(array(6, (i) => (i < 3 ? 0 : 1))),
        [-1, -1, -1, 1, 1, 1].map((s) => s * Infinity),
        0,
      );
      expect(law.icdf(array(3, (i) => [-0.1, 1.5, NaN][i]!)).every(Number.isNaN)).toBe(true);
    });

    test('mean, variance and entropy are integrals', () => {
      const moment = (f: (x: number) => number): number =>
        integral((x) => Math.exp(logPdf(x)) * f(x), range[0], range[1]);
      expect(moment(() => 1)).toBeCloseTo(1, 12);
      const mean = moment((x) => x),
        variance = moment((x) => (x - mean) ** 2),
        entropy = moment((x) => -logPdf(x));
      const close = (actual: Floats, f: (i: number) => number): void =>
        actual.forEach((v, i) => expect(Math.abs(v / f(i) - 1)).toBeLessThan(4 * epsilon + 1e-11));
      close(law.mean(), (i) => LOC[i]! + SCALE[i]! * mean);
      close(law.variance(), (i) => SCALE[i]! ** 2 * variance);
      close(law.entropy(), (i) => entropy + Math.log(SCALE[i]!));
    });

    test('vjp: differences of the formula, over all draws for the parameters', () => {
      const d = array(6, (i) => [1, -2, 0.5, 3, 0.25, -1][i]!);
      const total = (x: Float64Array, l: Float64Array, s: Float64Array): number =>
        sum(Array.from(x, (v, i) => d[i]! * (logPdf((v - l[i % 3]!) / s[i % 3]!) - Math.log(s[i % 3]!))));
      const [x, l, s] = [value, loc, scale].map((values) => Float64Array.from(values)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const gradient = law.vjp(value, d);
      const check = (actual: Floats, expected: Float64Array): void =>
        actual.forEach((v, i) =>
          expect(Math.abs(v - expected[i]!)).toBeLessThan((1e-7 + 8 * epsilon) * (1 + Math.abs(expected[i]!))),
        );
      check(
        gradient.value,
        slopes((v) => total(v, l, s), x, 1e-3),
      );
      check(
        gradient.loc,
        slopes((v) => total(x, v, s), l, 1e-3),
      );
      check(
        gradient.scale,
        slopes((v) => total(x, l, v), s, 1e-3),
      );
      expect([gradient.value.length, gradient.loc.length, gradient.scale.length]).toEqual([6, 3, 3]);
    });

    test('sample: loc + scale times the noise of random, a leading dimension of draws', () => {
      const drawn = law.sample(key(1), 4);
      const g = random[noise](key(1), array(12));
      expectSame(
        drawn,
        array(12, (i) => round(loc[i % 3]! + scale[i % 3]! * g[i]!)),
      );
      expectSame(law.sample(key(1)), drawn.slice(0, 3) as Floats);
    });
  });

  test('numbers: one float32 distribution, or as long as the array beside them', () => {
    const single = new Normal(1, 2);
    expectSame(single.loc, Float32Array.of(1));
    expectSame(single.scale, Float32Array.of(2));
    expect(single.sample(key(3), 5)).toBeInstanceOf(Float32Array);
    expectSame(
      new Gumbel(
        array(2, () => 3),
        0.1,
      ).scale,
      array(2, () => 0.1),
    );
    expectSame(new Normal(array(0), 1).logProb(array(0)), array(0));
    expect(new Bernoulli(0).mean()).toEqual(Float32Array.of(0.5));
  });
});

describe('samples', () => {
  // False alarms 1e-7 each; 200 000 draws see a CDF that is off by 0.0065 anywhere.
  const N = 200_000;
  test.each(LAWS)('$name has its cdf', ({ make }) => {
    const law = make<Floats>(f64(0.3), 2);
    expect(distanceFromUniform(law.cdf(law.sample(foldIn(ROOT, 1), N)))).toBeLessThan(KS);
  });
  test.each([0.3, 1, 2.5])('BinConcrete and LogitBinConcrete have their cdf, T = %d', (temperature) => {
    for (const law of [new BinConcrete(f64(0.7), { temperature }), new LogitBinConcrete(f64(0.7), { temperature })]) {
      expect(distanceFromUniform(law.cdf(law.sample(foldIn(ROOT, 2), N)))).toBeLessThan(KS);
      const u = f64(1e-12, 0.1, 0.5, 0.8); // near 1 the sample itself has no more digits
      expectClose(law.cdf(law.icdf(u)), [...u], 1e-13);
    }
    const logit = new LogitBinConcrete(f64(0.7), { temperature });
    const logistic = new Logistic(f64(0.7 / temperature), 1 / temperature);
    const z = f64(-3, 0, 1, 20);
    expectClose(logit.logProb(z), [...logistic.logProb(z)], 1e-13);
    expectClose(logit.cdf(z), [...logistic.cdf(z)], 1e-14);
    for (const what of ['mean', 'variance', 'entropy'] as const)
      expectClose(logit[what](), [...logistic[what]()], 1e-14);
  });
});

inEverySetting((dtype) => {
  const { make: array, epsilon, round } = dtype;
  const n = 4;
  const logits = array(2 * n, (i) => [2, 1, 0, -Infinity, -1, 3, 0.5, 0.25][i]!);
  const p = [softmaxOf([2, 1, 0, -Infinity]), softmaxOf([-1, 3, 0.5, 0.25])].flat();
  const bits = array(4, (i) => [0.7, -30, 40, -2][i]!);

  test('Categorical', () => {
    const law = new Categorical(logits, n);
    const value = Int32Array.of(0, 1, 3, 3, 2, 2);
    expectClose(
      law.logProb(value),
      Array.from(value, (k, i) => Math.log(p[(i % 2) * n + k]!)),
      8 * epsilon,
    );
    expectClose(
      law.entropy(),
      [0, 1].map((r) => -sum(p.slice(4 * r, 4 * r + 4).map((v) => xlogy(v, v)))),
      4 * epsilon,
    );
    const d = array(6, (i) => [1, -2, 0, 0.5, 3, 0.25][i]!);
    const { logits: gradient } = law.vjp(value, d);
    const expected = slopes((a) => {
      const q = [softmaxOf(a.slice(0, 4)), softmaxOf(a.slice(4))].flat();
      return sum(Array.from(value, (k, i) => xlogy(d[i]!, q[(i % 2) * n + k]!)));
    }, logits);
    expectClose(
      gradient,
      Array.from(expected, (v, i) => (i === 3 ? 0 : v)),
      1e-8 + 8 * epsilon,
    );
    expectSame(
      law.logProb(Int32Array.of(-1, 4)),
      array(2, () => NaN),
    );
    expect(
      law
        .vjp(
          Int32Array.of(0, 4),
          array(2, () => 1),
        )
        .logits.slice(4)
        .every(Number.isNaN),
    ).toBe(true);
    expect(
      law
        .vjp(
          Int32Array.of(0, 4),
          array(2, () => 1),
        )
        .logits.slice(0, 4)
        .some(Number.isNaN),
    ).toBe(false);
    const byRow = categorical(key(5), logits, n, { draws: 50 });
    expectSame(
      law.sample(key(5), 50),
      byRow.map((_, i) => byRow[(i % 2) * 50 + (i >> 1)]!),
    );
    const fromProbs = Categorical.fromProbs(
      array(8, (i) => p[i]!),
      n,
    );
    expectClose(fromProbs.logProb(value), [...law.logProb(value)], 8 * epsilon);
  });

  test('Bernoulli', () => {
    const law = new Bernoulli(bits);
    const value = array(8, (i) => [1, 0, 1, 1, 0, 1, 0, 0][i]!);
    const logP = (v: number, a: number): number => -Math.log1p(Math.exp(v === 1 ? -a : a));
    const expected = Array.from(value, (v, i) => logP(v, bits[i % 4]!));
    law.logProb(value).forEach((v, i) => expect(Math.abs(v / expected[i]! - 1)).toBeLessThan(4 * epsilon));
    const q = Array.from(bits, sigmoidOf),
      rest = Array.from(bits, (a) => sigmoidOf(-a));
    const relative = (actual: Floats, f: (i: number) => number): void =>
      actual.forEach((v, i) => expect(Math.abs(v / f(i) - 1)).toBeLessThan(40 * Number.EPSILON + 2 * epsilon));
    relative(law.mean(), (i) => q[i]!);
    relative(law.variance(), (i) => q[i]! * rest[i]!);
    relative(law.entropy(), (i) => -q[i]! * logP(1, bits[i]!) - rest[i]! * logP(0, bits[i]!));
    const d = array(8, (i) => [1, -2, 0.5, 3, 0.25, 1, 1, -1][i]!);
    expectClose(
      law.vjp(value, d).logits,
      slopes((a) => sum(Array.from(value, (v, i) => d[i]! * logP(v, a[i % 4]!))), bits),
      1e-8 + 4 * epsilon,
    );
    expectSame(
      law.logProb(array(4, (i) => [0.5, 2, -1, NaN][i]!)),
      array(4, () => NaN),
    );
    const drawn = law.sample(key(2), 3);
    const noise = random.logistic(key(2), array(12));
    expectSame(
      drawn,
      array(12, (i) => (round(bits[i % 4]! + noise[i]!) >= 0 ? 1 : 0)),
    );
    const sure = new Bernoulli(array(2, (i) => (i ? Infinity : -Infinity)));
    expectSame(
      sure.sample(key(1)),
      array(2, (i) => i),
    );
    expectSame(sure.entropy(), array(2));
    expectSame(
      sure.logProb(array(4, (i) => Number(i > 1))),
      array(4, (i) => [0, -Infinity, -Infinity, 0][i]!),
    );
    expectClose(Bernoulli.fromProbs(array(3, (i) => [0, 0.25, 1][i]!)).mean(), [0, 0.25, 1], epsilon);
  });

  test('Concrete, ExpConcrete, BinConcrete, LogitBinConcrete are the functions of their names, draw by draw', () => {
    const temperature = 0.7,
      o = { temperature };
    const own = array(2 * n, (i) => [2, 1, 0, -1, -1, 3, 0.5, 0.25][i]!);
    const tiled = array(6 * n, (i) => own[i % (2 * n)]!);
    const [concrete, exp] = [new Concrete(own, n, o), new ExpConcrete(own, n, o)];
    const y = concrete.sample(key(1), 3),
      logY = exp.sample(key(1), 3);
    expectSame(y, gumbelSoftmax(key(1), tiled, n, o));
    expectSame(logY, expConcrete(key(1), tiled, n, o));
    expectSame(concrete.logProb(y), concreteLogProb(y, tiled, n, o));
    expectSame(exp.logProb(logY), expConcreteLogProb(logY, tiled, n, o));
    const d = array(6, (i) => i - 2.5);
    const byDraw = expConcreteLogProb.vjp(logY, tiled, d, n, o);
    const all = exp.vjp(logY, d);
    expectSame(all.value, byDraw.logY);
    const over = (x: Floats, length: number): number[] =>
      Array.from({ length }, (_, j) => sum(Array.from(x).filter((_v, i) => i % length === j)));
    expectClose(all.logits, over(byDraw.logits, 2 * n), 16 * epsilon);
    expectClose(all.temperature, over(byDraw.temperature, 2), 64 * epsilon);

    const logitsOfBits = array(2, (i) => i - 0.3);
    const bit = new BinConcrete(logitsOfBits, o);
    expectSame(
      bit.sample(key(4), 2),
      gumbelSigmoid(
        key(4),
        array(4, (i) => logitsOfBits[i % 2]!),
        o,
      ),
    );
    const z = new LogitBinConcrete(logitsOfBits, o).sample(key(4), 2);
    expectClose(bit.sample(key(4), 2), Array.from(z, sigmoidOf), 4 * epsilon);
  });
});

onBothBackends(() => {
  test('klDivergence of the laws: integrals; the error of those is below 1e-11', () => {
    const pairs: [number, number, number, number][] = [
      [0, 1, 0, 1],
      [0.5, 1, -1, 2],
      [0, 2, 1, 0.7],
      [3, 0.5, 2, 0.6],
      [1, 1, 1.001, 1],
    ];
    for (const { name, make, logPdf, range } of LAWS) {
      for (const [l1, s1, l2, s2] of pairs) {
        const [kl] = klDivergence(make(f64(l1), f64(s1)), make(f64(l2), f64(s2)));
        const exact = integral(
          (z) => Math.exp(logPdf(z)) * (logPdf(z) - Math.log(s1) - logPdf((l1 + s1 * z - l2) / s2) + Math.log(s2)),
          range[0],
          range[1],
          8000,
        );
        if (name === 'Logistic' && s1 !== s2) expect(kl).toBeNaN();
        else expect(Math.abs(kl! - exact), `${name} ${l1} ${s1} ${l2} ${s2}`).toBeLessThan(1e-11 * (1 + exact));
        if (l1 === l2) expect(Math.abs(kl!)).toBeLessThan(1e-14);
      }
    }
    expectSame(
      klDivergence(new Logistic(f64(1e-9, 50, 0), 1), new Logistic(f64(0), 1)).map((v) => Math.round(v * 1e15) / 1e15),
      f64(0, 48, 0),
    );
    expect(klDivergence(new Gumbel(0, 1e3), new Gumbel(0, 1))[0]).toBe(Infinity);
    expect(klDivergence(new Gumbel(f64(0), 1e200), new Gumbel(f64(0), 1))[0]).toBe(Infinity);
  });

  test('klDivergence of relaxed bits of one temperature: integrals', () => {
    for (const [a, b, temperature] of [
      [0.3, 1.5, 0.5],
      [-1, 2, 2],
    ] as const) {
      const [p, q] = [a, b].map((l) => new LogitBinConcrete(f64(l), { temperature })) as [
        LogitBinConcrete<Float64Array>,
        LogitBinConcrete<Float64Array>,
      ];
      const half = 60 / temperature;
      const [at] = [Float64Array.from({ length: 8001 }, (_, i) => -half + (i * half) / 4000)];
      const [logP, logQ] = [p, q].map((law) => law.logProb(at!));
      const exact = (half / 4000) * sum(Array.from(logP!, (l, i) => Math.exp(l) * (l - logQ![i]!)));
      expect(klDivergence(p, q)[0]).toBeCloseTo(exact, 11);
      expect(
        klDivergence(new BinConcrete(f64(a), { temperature }), new BinConcrete(f64(b), { temperature }))[0],
      ).toBeCloseTo(exact, 11);
    }
  });

  test('klDivergence of classes: sums; q single counts for every row', () => {
    const a = normals(
      { ...F32, make: (length, at) => Float64Array.from({ length }, (_, i) => at!(i)) },
      12,
      1,
    ) as Float64Array;
    const p = new Categorical(a, 4),
      q = new Categorical(f64(1, 0, -1, 2), 4);
    const row = (r: number): number[] => softmaxOf(a.subarray(4 * r, 4 * r + 4));
    const exact = [0, 1, 2].map((r) => sum(row(r).map((v, k) => v * Math.log(v / softmaxOf([1, 0, -1, 2])[k]!))));
    expectClose(klDivergence(p, q), exact, 1e-14);
    const masked = new Categorical(f64(0, 0, -Infinity, 0), 4);
    expectSame(klDivergence(q, masked), f64(Infinity));
    expectClose(klDivergence(masked, new Categorical(f64(0, 0, 0, 0), 4)), [Math.log(4 / 3)], 1e-15);
    const bit = klDivergence(new Bernoulli(f64(2, -40)), new Bernoulli(f64(0.5)));
    const u = sigmoidOf(2),
      v = sigmoidOf(0.5);
    expect(bit[0]).toBeCloseTo(u * Math.log(u / v) + (1 - u) * Math.log((1 - u) / (1 - v)), 14);
    expect(bit[1]).toBeCloseTo(-Math.log(1 - v), 14);
  });
});

// Growth of the memory detaches views of it: what is resident is copied first.
test('parameters are copies; resident arrays are taken wherever typed ones are', () => {
  const resident = (...values: number[]): Resident<Float64Array> => {
    const array = alloc(Float64Array, values.length);
    array.view.set(values);
    return array;
  };
  const [loc, scale, value, d] = [resident(3, 4), resident(2, 0.5), resident(1, -1, 0, 5), resident(1, 2, 3, 4)];
  const law = new Normal(loc, scale);
  expect(law.logProb(value)).toEqual(new Normal(f64(3, 4), f64(2, 0.5)).logProb(f64(1, -1, 0, 5)));
  expect(law.vjp(value, d)).toEqual(law.vjp(f64(1, -1, 0, 5), f64(1, 2, 3, 4)));
  const classes = new Categorical(resident(1, 2, 3, 4), 2);
  const relaxed = new ExpConcrete(resident(1, 2, 3, 4), 2);
  random.normal(key(1), 5_000_000, { dtype: 'float64' }); // the memory grows
  expect(law.mean()).toEqual(f64(3, 4));
  expect(classes.logProb(Int32Array.of(0, 1))).toEqual(
    new Categorical(f64(1, 2, 3, 4), 2).logProb(Int32Array.of(0, 1)),
  );
  const logY = relaxed.sample(key(2));
  expect(relaxed.logProb(logY)).toEqual(expConcreteLogProb(logY, f64(1, 2, 3, 4), 2));
  const own = f64(1, 2);
  const kept = new Gumbel(own, 1);
  own[0] = 50;
  expect(kept.loc).toEqual(f64(1, 2));
});

describe('errors name the argument', () => {
  const loose = (f: unknown) => f as new (...args: unknown[]) => never;
  const two = Float32Array.of(0.25, 0.75);
  const wrong: [string, typeof TypeError | typeof RangeError, () => unknown][] = [
    ...LAWS.flatMap(({ make }): [string, typeof TypeError | typeof RangeError, () => unknown][] => {
      const law = make<Floats>(two, 1);
      const construct = make as unknown as (...args: unknown[]) => unknown;
      return [
        ['loc', TypeError, () => construct('0', 1)],
        ['loc', TypeError, () => construct([0], 1)],
        ['scale', TypeError, () => construct(0)],
        ['scale', TypeError, () => construct(two, new Float64Array(2).fill(1))],
        ['scale', RangeError, () => construct(two, new Float32Array(3).fill(1))],
        ['loc', RangeError, () => construct(NaN, 1)],
        ['loc', RangeError, () => construct(Float32Array.of(0, Infinity), 1)],
        ...[0, -1, NaN, Infinity, 1e-60].map((s): [string, typeof RangeError, () => unknown] => [
          'scale',
          RangeError,
          () => construct(0, s),
        ]),
        ['value', TypeError, () => law.logProb(new Float64Array(2))],
        ['value', RangeError, () => law.logProb(new Float32Array(3))],
        ['value', TypeError, () => law.cdf([0, 1] as never)],
        ['value', RangeError, () => law.icdf(new Float32Array(1))],
        ['dLogProb', RangeError, () => law.vjp(two, new Float32Array(4))],
        ['dLogProb', TypeError, () => law.vjp(two, new Float64Array(2))],
        ['source', TypeError, () => law.sample(7 as never)],
        ...[0, -1, 1.5, NaN].map((d): [string, typeof RangeError, () => unknown] => [
          'draws',
          RangeError,
          () => law.sample(key(1), d),
        ]),
        ['draws', TypeError, () => law.sample(key(1), '2' as never)],
        ['value', RangeError, () => make<Floats>(new Float32Array(0), 1).logProb(two)],
      ];
    }),
    ['logits', TypeError, () => new (loose(Categorical))([1, 2], 2)],
    ['logits', RangeError, () => new Categorical(two, 3)],
    ['n', TypeError, () => new (loose(Categorical))(two)],
    ['n', RangeError, () => new Categorical(two, 0)],
    ['probs', RangeError, () => Categorical.fromProbs(Float32Array.of(0.5, 0.4), 2)],
    ['probs', RangeError, () => Categorical.fromProbs(Float32Array.of(1.5, -0.5), 2)],
    ['probs', RangeError, () => Categorical.fromProbs(Float32Array.of(0.5, NaN), 2)],
    ['probs', TypeError, () => Categorical.fromProbs([0.5, 0.5] as never, 2)],
    ['probs', RangeError, () => Categorical.fromProbs(two, 3)],
    ['probs', RangeError, () => Bernoulli.fromProbs(1.1)],
    ['probs', RangeError, () => Bernoulli.fromProbs(Float64Array.of(0.5, -1e-9))],
    ['probs', TypeError, () => Bernoulli.fromProbs('1' as never)],
    ['value', TypeError, () => new Categorical(two, 2).logProb(two as never)],
    ['value', RangeError, () => new Categorical(new Float32Array(4), 2).logProb(new Int32Array(3))],
    ['dLogProb', RangeError, () => new Categorical(two, 2).vjp(new Int32Array(2), new Float32Array(1))],
    ['value', TypeError, () => new Bernoulli(two).logProb(new Int32Array(2) as never)],
    ['logits', TypeError, () => new (loose(Bernoulli))(undefined)],
    ...[Concrete, ExpConcrete].flatMap((Law): [string, typeof TypeError | typeof RangeError, () => unknown][] => [
      ['logits', TypeError, () => new (loose(Law))([1, 2], 2)],
      ['logits', RangeError, () => new Law(two, 3)],
      ['n', TypeError, () => new (loose(Law))(two)],
      ['options', TypeError, () => new (loose(Law))(two, 2, { tau: 1 })],
      ['temperature', TypeError, () => new (loose(Law))(two, 2, { temperature: '1' })],
      ...[0, -1, NaN, Infinity, 1e-60].map((temperature): [string, typeof RangeError, () => unknown] => [
        'temperature',
        RangeError,
        () => new Law(two, 2, { temperature }),
      ]),
      ['value', RangeError, () => new Law(two, 2).logProb(new Float32Array(3))],
      ['value', TypeError, () => new Law(two, 2).vjp(new Float64Array(2) as never, two)],
      ['dLogProb', RangeError, () => new Law(two, 2).vjp(two, two)],
      ['draws', RangeError, () => new Law(two, 2).sample(key(1), 0)],
    ]),
    ...[BinConcrete, LogitBinConcrete].flatMap(
      (Law): [string, typeof TypeError | typeof RangeError, () => unknown][] => [
        ['logits', TypeError, () => new (loose(Law))('x')],
        ['options', TypeError, () => new (loose(Law))(two, { n: 1 })],
        ['temperature', RangeError, () => new Law(two, { temperature: 0 })],
        ['value', RangeError, () => new Law(two).cdf(new Float32Array(3))],
        ['value', TypeError, () => new Law(two).icdf(new Float64Array(2) as never)],
        ['q', RangeError, () => klDivergence(new Law(two), new Law(two, { temperature: 2 }))],
      ],
    ),
    ['p', TypeError, () => klDivergence(new Concrete(two, 2) as never, new Concrete(two, 2) as never)],
    ['p', TypeError, () => klDivergence(null as never, new Normal(0, 1) as never)],
    ['q', TypeError, () => klDivergence(new Normal(0, 1), new Gumbel(0, 1))],
    ['q', TypeError, () => klDivergence(new Normal(0, 1), undefined as never)],
    ['q', TypeError, () => klDivergence(new Normal(two, 1), new Normal(Float64Array.of(0), 1) as never)],
    ['q', RangeError, () => klDivergence(new Normal(two, 1), new Normal(new Float32Array(3), 1))],
    [
      'q',
      RangeError,
      () => klDivergence(new Categorical(new Float32Array(6), 2), new Categorical(new Float32Array(6), 3)),
    ],
  ];
  test.each(wrong.map(([name, kind, call], i) => ({ i, name, kind, call })))('$i: $name', ({ name, kind, call }) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(new RegExp(`^${name}\\b`));
  });
});
