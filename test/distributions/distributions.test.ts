/** The one-dimensional distributions against formulas with Math's functions, integrals, differences and each other. */
import {
  Bernoulli,
  BinConcrete,
  type Floats,
  foldIn,
  Gumbel,
  key,
  Logistic,
  LogitBinConcrete,
  Normal,
  random,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectClose, expectSame, inEverySetting } from '../support/backends.ts';
import { distanceFromUniform, integral, KS, slopes, sum } from '../oracles/numeric.ts';
import { f64, LAWS } from '../tables/laws.ts';

const ROOT = key('distributions');

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
