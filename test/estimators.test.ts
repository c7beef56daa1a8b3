/**
 * The gradient estimators of examples/estimators against a problem enumerated here with Math.exp. Keys are fixed; each
 * test says how rarely a right estimator fails it under a fresh one. z = 5.6 is exceeded with probability 2.2e-8 on two
 * sides, 1.1e-8 on one.
 */
import { type Floats, foldIn, init, key } from 'anymax';
import { beforeAll, describe, expect, test } from 'vitest';
import * as example from '../examples/estimators/estimators.mjs';

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
function distances(gradients: Floats): number[] {
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

  // False alarms 4 x 2.2e-8; sees a bias of 0.01 in any coordinate, of a gradient of norm 0.4.
  test('is unbiased', () => {
    expect(Math.max(...distances(gradients()))).toBeLessThan(Z);
  });

  // False alarms 2.2e-8; sees a variance that is off by 4 %, such as that of another baseline.
  test('has the variance of the enumeration', () => {
    const score = (k: number): number => p.reduce((sum, q, j) => sum + ((j === k ? 1 : 0) - q) ** 2, 0);
    const second = p.reduce((sum, share, k) => sum + share * (f[k]! - base) ** 2 * score(k), 0);
    const { variance, varianceError } = biasAndVariance(gradients());
    expect(varianceError / variance).toBeLessThan(0.0075);
    expect(Math.abs(variance - (second - Math.hypot(...exact) ** 2)) / varianceError).toBeLessThan(Z);
  });
});

describe('Gumbel-Softmax', () => {
  const at = [0.1, 0.5, 1, 2, 5, 10].map((temperature) => ({ temperature }));

  // The same yardstick as above, which it does not pass: from 23 standard errors up where T >= 0.5.
  test('is biased', () => {
    for (const options of at.slice(1))
      expect(Math.max(...distances(relaxed(SOURCE, DRAWS, options)))).toBeGreaterThan(20);
  });

  // The gaps are 18 standard errors and more: false alarms below 1e-12. Sees a bias that stays, and one that shrinks.
  test('gains bias and loses variance as T rises', () => {
    const results = at.map((options) => biasAndVariance(relaxed(SOURCE, DRAWS, options)));
    results.slice(1).forEach((now, i) => {
      const before = results[i]!;
      expect(now.bias - before.bias).toBeGreaterThan(Z * Math.hypot(now.biasError, before.biasError));
      expect(before.variance - now.variance).toBeGreaterThan(Z * Math.hypot(now.varianceError, before.varianceError));
    });
  });

  // At T = 0.1 the biases are 0.13 and 0.03, 12 standard errors apart: false alarms below 1e-9.
  test('has less bias than straight-through where T is small, which keeps a part of it', () => {
    const [options] = at as [{ temperature: number }];
    const [soft, hard] = [relaxed, straightThrough].map((estimator) =>
      biasAndVariance(estimator(SOURCE, DRAWS, options)),
    ) as [ReturnType<typeof biasAndVariance>, ReturnType<typeof biasAndVariance>];
    expect(hard.bias - soft.bias).toBeGreaterThan(Z * Math.hypot(hard.biasError, soft.biasError));
  });

  // A median is misplaced by Z standard errors of a share, 0.02, with probability 1.1e-8, 4e-8 in all; those here differ by
  // factors of 1.4 and more. Sees a gradient that does not vanish, and one that vanishes in the mean as well.
  test('has a gradient whose median vanishes as T falls, and whose mean does not', () => {
    const norms = [1, 0.5, 0.2, 0.1, 0.05].map((temperature, i) =>
      normsOf(relaxed(foldIn(SOURCE, i), DRAWS, { temperature })),
    );
    norms.slice(1).forEach(({ median }, i) => expect(median).toBeLessThan(norms[i]!.median / 1.2));
    expect(norms.at(-1)!.median).toBeLessThan(1e-6);
    for (const { mean } of norms.slice(1)) expect(mean).toBeGreaterThan(norms[0]!.mean);
  });
});
