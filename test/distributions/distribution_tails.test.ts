/** Both ends of every cdf and quantile, and what is small, against arithmetic of 200 bits (normal ones: normal_cdf.test.ts). */
import { BinConcrete, Gumbel, Logistic, LogitBinConcrete, Normal } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectSame, onBothBackends } from '../support/backends.ts';
import { ulp } from '../oracles/arithmetic.ts';
import { type Big, big, exp, expm1, log, log1p, negative, number } from '../oracles/big.ts';
import { logit, sigmoid, softplus } from '../oracles/exact_laws.ts';

type What = 'cdf' | 'logCdf' | 'sf' | 'logSf' | 'icdf' | 'isf';
type Exact = (x: Big) => Big;

interface Entry {
  readonly name: string;
  readonly make: () => Pick<Normal<Float64Array>, What>;
  readonly single: () => Pick<Normal, What>;
  readonly exact: Record<What, Exact>;
  /** ULP of the result; the result's own size, or more where it depends so strongly on z. */
  readonly bound: Partial<Record<What, (z: number) => number>>;
  readonly z: readonly number[];
}

const logSigmoid: Exact = (z) => negative(softplus(negative(z)));
const LOGISTIC: Record<What, Exact> = {
  cdf: sigmoid,
  logCdf: logSigmoid,
  sf: (z) => sigmoid(negative(z)),
  logSf: (z) => logSigmoid(negative(z)),
  icdf: logit,
  isf: (u) => negative(logit(u)),
};
const around = (...ends: number[]): number[] =>
  ends.flatMap((end) => Array.from({ length: 24 }, (_, i) => end * ((i + 0.63) / 24) ** 2));
const Z = [...around(-744, 744), ...around(-3, 3), 1e-300, -1e-10, 1e-5, -0.25, 0.5, 36.7, -708.4, 709.7, -744.4];

const LAWS: readonly Entry[] = [
  {
    name: 'Gumbel',
    make: () => new Gumbel(Float64Array.of(0), 1),
    single: () => new Gumbel<Float32Array>(0, 1),
    exact: {
      cdf: (z) => exp(negative(exp(negative(z)))),
      logCdf: (z) => negative(exp(negative(z))),
      sf: (z) => negative(expm1(negative(exp(negative(z))))),
      logSf(z) {
        const e = exp(negative(z));
        return number(e) > 1 ? log1p(negative(exp(negative(e)))) : log(negative(expm1(negative(e))));
      },
      icdf: (u) => negative(log(negative(log(u)))),
      isf: (u) => negative(log(negative(log1p(negative(u))))),
    },
    bound: { cdf: (z) => 4 * Math.max(1, Math.exp(-z)), logSf: (z) => 4 * Math.max(1, Math.exp(-z)) },
    z: [...around(-6.6, 744), ...around(-1, 3), 50, -6.57, -6.61, 1e-10, 36.7, 708.4, 744.4],
  },
  {
    name: 'Logistic',
    make: () => new Logistic(Float64Array.of(0), 1),
    single: () => new Logistic<Float32Array>(0, 1),
    exact: LOGISTIC,
    bound: {},
    z: Z,
  },
  {
    name: 'LogitBinConcrete, T = 1',
    make: () => new LogitBinConcrete(Float64Array.of(0)),
    single: () => new LogitBinConcrete<Float32Array>(0),
    exact: LOGISTIC,
    bound: {},
    z: Z,
  },
];

/** Probabilities: both ends, around 1/2, where the logit is 0, and around 1/e, where the Gumbel quantile is. */
const U = [
  5e-324, 3e-310, 1e-300, 1e-30, 2 ** -54, 1e-9, 0.01, 0.1, 0.2499, 0.25, 0.3, 0.3678, 0.36787944, 0.3679, 0.45, 0.4999,
  0.5 - 2 ** -54, 0.5 + 2 ** -53, 0.5000026, 0.6, 0.7499, 0.7501, 0.9, 0.999, 1 - 2 ** -30, 1 - 2 ** -53,
]; // prettier-ignore
const sizeOf = (v: number): number => Math.max(1, Math.abs(v));

onBothBackends(() => {
  describe.each(LAWS)('$name', ({ make, single, exact, bound, z }) => {
    test.each(['cdf', 'logCdf', 'sf', 'logSf'] as const)('%s', (what) => {
      let worst = 0;
      const got = make()[what](Float64Array.from(z)),
        ownF32 = single()[what](Float32Array.from(z));
      z.forEach((x, i) => {
        const expected = number(exact[what](big(x))),
          allowed = bound[what]?.(x) ?? 4;
        const error = Math.abs(got[i]! - expected) / ulp.f64(expected);
        worst = Math.max(worst, error / (allowed / 4));
        const rounded = number(exact[what](big(Math.fround(x))));
        const slack = 2 ** -53 * (allowed + 1) * Math.abs(rounded);
        expect(Math.abs(ownF32[i]! - rounded), `f32, ${x}`).toBeLessThanOrEqual(
          0.5 * ulp.f32(Math.fround(rounded)) + slack + 2 ** -150,
        );
      });
      console.log(`${what}: greatest error ${worst.toFixed(2)} ULP of the bound's unit, bound 4`);
      expect(worst).toBeLessThan(4);
    });

    test.each(['icdf', 'isf'] as const)('%s', (what) => {
      let worst = 0;
      const got = make()[what](Float64Array.from(U));
      U.forEach((u, i) => {
        const expected = number(exact[what](big(u)));
        // near the zero of Gumbel's quantile, -log(-log u), the inner logarithm is rounded to 2^-53
        const unit = ulp.f64(make() instanceof Gumbel ? sizeOf(expected) : expected);
        worst = Math.max(worst, Math.abs(got[i]! - expected) / unit);
      });
      console.log(`${what}: greatest error ${worst.toFixed(2)} ULP`);
      expect(worst).toBeLessThan(4);
      const [low, high] = what === 'icdf' ? [-Infinity, Infinity] : [Infinity, -Infinity];
      expectSame(make()[what](Float64Array.of(0, 1, -0.1, 1.1, NaN)), Float64Array.of(low, high, NaN, NaN, NaN));
    });

    test('the ends', () => {
      const law = make();
      const ends = Float64Array.of(-Infinity, Infinity, NaN);
      expectSame(law.cdf(ends), Float64Array.of(0, 1, NaN));
      expectSame(law.sf(ends), Float64Array.of(1, 0, NaN));
      expectSame(law.logCdf(ends), Float64Array.of(-Infinity, 0, NaN));
      expectSame(law.logSf(ends), Float64Array.of(0, -Infinity, NaN));
    });
  });

  test('a number counts for each element, rounded to the dtype', () => {
    const law = new Normal(Float32Array.of(0, 1), 2);
    const each = (v: number) => Float32Array.of(v, v);
    for (const what of ['logProb', 'cdf', 'logCdf', 'sf', 'logSf', 'icdf', 'isf'] as const) {
      expectSame(law[what](0.1), law[what](each(0.1)));
    }
    expectSame(law.vjp(0.1, each(1)).loc, law.vjp(each(0.1), each(1)).loc);
    const bit = new BinConcrete(Float32Array.of(0, 1));
    for (const what of ['cdf', 'logCdf', 'sf', 'logSf', 'icdf', 'isf'] as const) {
      expectSame(bit[what](0.1), bit[what](each(0.1)));
    }
  });

  test('medians, modes, standard deviations', () => {
    for (const law of [
      new Normal(Float64Array.of(3), 2),
      new Logistic(Float64Array.of(3), 2),
      new Gumbel(Float64Array.of(3), 2),
      new LogitBinConcrete(Float64Array.of(3), { temperature: 0.5 }),
    ]) {
      expect(law.cdf(law.median())[0]).toBeCloseTo(0.5, 15);
      expect(law.stddev()[0]).toBeCloseTo(Math.sqrt(law.variance()[0]!), 14);
      const [mode] = law.mode();
      for (const step of [-1e-3, 1e-3]) {
        expect(law.logProb(Float64Array.of(mode! + step))[0]).toBeLessThan(law.logProb(Float64Array.of(mode!))[0]!);
      }
    }
    expectSame(new BinConcrete(Float64Array.of(0)).median(), Float64Array.of(0.5));
  });

  test('point masses of relaxed bits have cdfs and quantiles', () => {
    const sure = (l: number) => new BinConcrete(Float64Array.of(l), { temperature: 0.5 });
    const at = Float64Array.of(-1, 0, 0.5, 1, 2);
    expectSame(sure(-Infinity).cdf(at), Float64Array.of(0, 1, 1, 1, 1).fill(1, 0, 1));
    expectSame(sure(Infinity).cdf(at), Float64Array.of(0, 0, 0, 1, 1));
    expectSame(sure(-Infinity).sf(at), Float64Array.of(0, 0, 0, 0, 0));
    expectSame(sure(Infinity).sf(at), Float64Array.of(1, 1, 1, 0, 0));
    const u = Float64Array.of(0, 0.3, 1, NaN);
    expectSame(sure(-Infinity).icdf(u), Float64Array.of(0, 0, 0, NaN));
    expectSame(sure(Infinity).isf(u), Float64Array.of(1, 1, 1, NaN));
    const logit = (l: number) => new LogitBinConcrete(Float64Array.of(l));
    const z = Float64Array.of(-Infinity, 0, Infinity);
    expectSame(logit(-Infinity).cdf(z), Float64Array.of(1, 1, 1));
    expectSame(logit(Infinity).cdf(z), Float64Array.of(0, 0, 1));
    expectSame(logit(NaN).cdf(z), Float64Array.of(NaN, NaN, NaN));
    expectSame(new BinConcrete(Float64Array.of(0.5)).cdf(Float64Array.of(-1, 0, 1, 2)), Float64Array.of(0, 0, 1, 1));
  });
});

test('locations and scales of the whole range', () => {
  const law = new Normal<Float64Array>(Float64Array.of(-1.5e308), 1e308);
  const x = Float64Array.of(1.5e308);
  expect(law.cdf(x)[0]).toBe(new Normal(Float64Array.of(0), 1).cdf(Float64Array.of(3))[0]);
  expect(law.icdf(law.cdf(x))[0]! / 1.5e308).toBeCloseTo(1, 14);
  expect(law.icdf(Float64Array.of(0.99))[0]! / 1e308).toBeCloseTo(2.3263478740408408 - 1.5, 12);
  expect(law.logProb(x)[0]).toBeCloseTo(-4.5 - Math.log(1e308) - Math.log(2 * Math.PI) / 2, 12);
});
