/**
 * The gradient estimators of examples/estimators against a problem enumerated here with Math.exp. Keys are fixed; each
 * test says how rarely a right estimator fails it under a fresh one. z = 5.6 is exceeded with probability 2.2e-8 on two
 * sides, 1.1e-8 on one.
 */
import { foldIn, init, key } from 'anymax';
import { beforeAll, describe, expect, test } from 'vitest';
import * as example from '../../examples/estimators/estimators.mjs';

const { biasAndVariance, CLASSES: N, normsOf, relaxed, scoreFunction, straightThrough } = example;
const DRAWS = 200_000;
const SOURCE = key('estimators test');
const Z = 5.6;

beforeAll(() => init({ backend: 'wasm' }));

const weights = Array.from(example.LOGITS, Math.exp);
const p = weights.map((w) => w / weights.reduce((a, b) => a + b));
const f = Array.from(example.WORTH, (w) => w ** 3);
const expected = p.reduce((sum, share, k) => sum + share * f[k]!, 0);
const exact = p.map((share, k) => share * (f[k]! - expected));

/** The distance of each mean from the exact gradient, in standard errors. */
function distances(gradients: Float64Array): number[] {
  return exact.map((g, k) => {
    const own = gradients.filter((_, i) => i % N === k);
    const mean = own.reduce((a, b) => a + b) / own.length;
    const variance = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length;
    return Math.abs(mean - g) / Math.sqrt(variance / own.length);
  });
}

test('the exact gradient is that of the enumerated expectation', () => {
  example.exactGradient().forEach((g: number, k: number) => expect(g).toBeCloseTo(exact[k]!, 14));
});

describe.each([
  ['without a baseline', 0, false],
  ['with a baseline', expected, true],
])('the score function %s', (_, base, baseline) => {
  const gradients = (): Float64Array => scoreFunction(SOURCE, DRAWS, { baseline });

  // False alarms 4 x 2.2e-8; sees a bias of 0.012 in any coordinate, of a gradient of norm 0.4.
  test('is unbiased', () => {
    expect(Math.max(...distances(gradients()))).toBeLessThan(Z);
  });

  // False alarms 2.2e-8; sees a variance that is off by 4 %, such as that of another baseline.
  test('has the variance of the enumeration', () => {
    const score = (k: number): number => p.reduce((sum, q, j) => sum + ((j === k ? 1 : 0) - q) ** 2, 0);
    const second = p.reduce((sum, share, k) => sum + share * (f[k]! - base) ** 2 * score(k), 0);
    const { variance, varianceError } = biasAndVariance(gradients());
    expect(varianceError / variance).toBeLessThan(0.006);
    expect(Math.abs(variance - (second - Math.hypot(...exact) ** 2)) / varianceError).toBeLessThan(Z);
  });
});

describe('Gumbel-Softmax', () => {
  const at = [0.1, 0.5, 1, 2, 5, 10].map((temperature) => ({ temperature }));

  // By the yardstick above, which it does not pass: 110 standard errors and more. False alarms below 1e-300.
  test('is biased', () => {
    for (const options of at.slice(1))
      expect(Math.max(...distances(relaxed(SOURCE, DRAWS, options)))).toBeGreaterThan(50);
  });

  // The gaps are 20 standard errors and more, 14 above the bound: false alarms below 1e-40. Sees a bias that stays.
  test('gains bias and loses variance as T rises', () => {
    const results = at.map((options) => biasAndVariance(relaxed(SOURCE, DRAWS, options)));
    results.slice(1).forEach((now, i) => {
      const before = results[i]!;
      expect(now.bias - before.bias).toBeGreaterThan(Z * Math.hypot(now.biasError, before.biasError));
      expect(before.variance - now.variance).toBeGreaterThan(Z * Math.hypot(now.varianceError, before.varianceError));
    });
  });

  // At T = 0.1 the biases are 0.13 and 0.03, 12 standard errors apart, 6 above the bound, and the
  // smaller one 7 below its own: false alarms 1e-9. Sees a gradient that is off by a factor of 1.3.
  test('has less bias than straight-through where T is small, which keeps a part of it', () => {
    const [soft, hard] = [relaxed(SOURCE, DRAWS, at[0]!), straightThrough(SOURCE, DRAWS, at[0]!)].map(biasAndVariance);
    expect(hard!.bias - soft!.bias).toBeGreaterThan(Z * Math.hypot(hard!.biasError, soft!.biasError));
    expect(soft!.bias).toBeLessThan(0.06);
  });

  // At T = 0.5 and below, 56 % of the draws and more are under the bound on the median, 50 standard errors above a half, and
  // the means exceed that at T = 1 by 18 standard errors: false alarms below 1e-60. Sees a gradient that does not vanish, and
  // one whose mean does as well.
  test('has a gradient whose median vanishes as T falls, and whose mean does not', () => {
    const norms = [1, 0.5, 0.2, 0.1, 0.05].map((temperature, i) =>
      normsOf(relaxed(foldIn(SOURCE, i), DRAWS, { temperature })),
    );
    norms.slice(1).forEach(({ median }, i) => expect(median).toBeLessThan(norms[i]!.median! / 1.2));
    expect(norms.at(-1)!.median).toBeLessThan(1e-6);
    for (const { mean } of norms.slice(1)) expect(mean).toBeGreaterThan(norms[0]!.mean);
  });
});
