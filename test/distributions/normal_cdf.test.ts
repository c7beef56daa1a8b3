/** Normal.cdf and icdf against arithmetic of 200 bits. */
import { Normal } from 'anymax';
import { expect, test } from 'vitest';
import { expectSame, onBothBackends } from '../support/backends.ts';
import { type Big, big, log, log1p, minus, negative, number, one, over, times } from '../oracles/big.ts';
import { normalDensity, normalTail } from '../oracles/exact_laws.ts';

/** phi(y) and P(N > y), y >= 0. */
const references = new Map<number, { density: Big; tail: Big }>();
function reference(y: number): { density: Big; tail: Big } {
  const known = references.get(y) ?? { density: normalDensity(big(y)), tail: normalTail(big(y)) };
  references.set(y, known);
  return known;
}

const ulpOf = (x: number): number => 2 ** Math.max(-1074, Math.floor(Math.log2(Math.abs(x))) - 52);
const standard = new Normal(Float64Array.of(0), 1);
const cdf = (...z: number[]): number[] => [...standard.cdf(Float64Array.from(z))];
const icdf = (...u: number[]): number[] => [...standard.icdf(Float64Array.from(u))];

/** Where the two forms meet (3/4), around it, and all the way down to where the result is the least subnormal number. */
const POINTS = [
  1e-300,
  1e-10,
  0.001,
  0.03,
  0.7499999,
  0.75,
  0.7500001,
  1.96,
  8.2,
  8.3,
  37.4,
  37.5,
  37.51,
  38,
  38.2,
  38.44,
  ...Array.from({ length: 150 }, (_, i) => 37.5 * ((i + 0.37) / 150) ** 1.5),
];

test('the reference is right: known values, and the bounds 1 - 1/y^2 and 1 - 1/y^2 + 3/y^4 of y P(N > y) / phi(y)', () => {
  expect(number(reference(1).tail)).toBe(0.15865525393145705);
  expect(number(reference(10).tail) * 1e24).toBeCloseTo(7.6198530241605, 12);
  for (const y of [20, 37.5]) {
    const { tail, density } = reference(y);
    const ratio = number(over(times(tail, big(y)), density));
    expect(ratio).toBeGreaterThan(1 - y ** -2);
    expect(ratio).toBeLessThan(1 - y ** -2 + 3 * y ** -4);
  }
});

onBothBackends(() => {
  test('cdf: within 8 ULP in both tails, f64; rounded once, f32', () => {
    let worst = 0;
    for (const y of POINTS) {
      const { tail } = reference(y);
      const [lower, upper] = cdf(-y, y);
      const exact = number(tail),
        complement = number(minus(one, tail));
      worst = Math.max(
        worst,
        Math.abs(lower! - exact) / ulpOf(exact),
        Math.abs(upper! - complement) / ulpOf(complement),
      );
      const single = Math.fround(-y);
      const [own] = new Normal(0, 1).cdf(Float32Array.of(single));
      const single64 = number(reference(-single).tail);
      expect(Math.abs(own! - single64), String(y)).toBeLessThanOrEqual(
        Math.max(0.5001 * 2 ** -23 * single64, 2 ** -150),
      );
    }
    console.log(`Normal.cdf: greatest error ${worst.toFixed(2)} ULP over ${POINTS.length} points and their negatives`);
    expect(worst).toBeLessThan(8);
  });

  test('sf and isf are cdf and icdf from the other side', () => {
    const z = Float64Array.from(POINTS.flatMap((y) => [y, -y]));
    expectSame(standard.sf(z), standard.cdf(z.map((v) => -v)));
    const u = Float64Array.of(1e-320, 1e-30, 0.2, 0.6, 1 - 2 ** -53);
    expectSame(
      standard.isf(u),
      standard.icdf(u).map((v) => -v),
    );
    expectSame(standard.isf(Float64Array.of(0, 0.5, 1, -1, NaN)), Float64Array.of(Infinity, 0, -Infinity, NaN, NaN));
  });

  test('logCdf and logSf: within 8 ULP at every z', () => {
    let worst = 0;
    for (const y of [...POINTS, 39, 60, 200, 1e3]) {
      const { tail } = reference(y),
        below = number(log(tail)),
        above = number(log1p(negative(tail)));
      const at = Float64Array.of(-y, y);
      const [low, high] = standard.logCdf(at);
      worst = Math.max(worst, Math.abs(low! - below) / ulpOf(below));
      if (y < 38.5) worst = Math.max(worst, Math.abs(high! - above) / ulpOf(above));
      expectSame(standard.logSf(at), Float64Array.of(high!, low!));
    }
    console.log(`Normal.logCdf: greatest error ${worst.toFixed(2)} ULP`);
    expect(worst).toBeLessThan(8);
    expect(standard.logCdf(-40)[0]).toBeCloseTo(-804.608, 3);
    expectSame(
      standard.logCdf(Float64Array.of(-Infinity, -1e200, Infinity, NaN)),
      Float64Array.of(-Infinity, -Infinity, 0, NaN),
    );
  });

  test('icdf: within 4 ULP of max(1, |z|) of the exact quantile, down to the least subnormal', () => {
    const u = [
      ...POINTS.slice(3).map((y) => number(reference(y).tail)),
      5e-324,
      1e-320,
      2.3e-308,
      1e-200,
      0.02425,
      0.3,
      0.4999,
      0.49999999999,
      0.5 - 2 ** -54,
    ];
    let worst = 0;
    for (const p of u) {
      for (const v of p > 1e-16 ? [p, 1 - p] : [p]) {
        const q = big(Math.min(v, 1 - v));
        const [z] = icdf(v);
        expect(Math.sign(z!)).toBe(Math.sign(v - 0.5));
        const { tail, density } = reference(Math.abs(z!));
        const error = number(over(minus(tail, q), density));
        worst = Math.max(worst, Math.abs(error) / ulpOf(Math.max(1, Math.abs(z!))));
      }
    }
    console.log(`Normal.icdf: greatest error ${worst.toFixed(2)} ULP of max(1, |z|)`);
    expect(worst).toBeLessThan(4);
  });

  test('icdf near 1/2 keeps its relative precision', () => {
    for (const d of [2 ** -54, 1e-12, 1e-5]) {
      const v = 0.5 - d;
      const [z] = icdf(v);
      const { tail, density } = reference(-z!);
      expect(Math.abs(number(over(minus(tail, big(v)), density)) / z!)).toBeLessThan(4 * 2 ** -53);
    }
  });

  test('ends and beyond', () => {
    expectSame(
      standard.cdf(Float64Array.of(-Infinity, -1e308, -40, 0, 40, 1e308, Infinity, NaN)),
      Float64Array.of(0, 0, 0, 0.5, 1, 1, 1, NaN),
    );
    expectSame(
      standard.icdf(Float64Array.of(0, 0.5, 1, -1e-300, 1.1, NaN)),
      Float64Array.of(-Infinity, 0, Infinity, NaN, NaN, NaN),
    );
  });
});
