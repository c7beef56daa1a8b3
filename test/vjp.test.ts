import { argmax, entmax, entmax15, gumbelSoftmax, hardmax, key, type Max, softmax, sparsemax } from 'anymax';
import { describe, expect, test } from 'vitest';
import { onBothBackends } from './backends.ts';
import { generator } from './kernels.ts';

const FAMILY: readonly (readonly [string, Max])[] = [
  ['softmax', softmax],
  ['entmax(1.1)', entmax(1.1)],
  ['entmax15', entmax15],
  ['entmax(1.75)', entmax(1.75)],
  ['sparsemax', sparsemax],
  ['entmax(2.5)', entmax(2.5)],
];

/** The entmax package's published values. */
const PUBLISHED: readonly (readonly [string, Max, readonly number[], readonly number[]])[] = [
  ['sparsemax', sparsemax, [-2, 0, 0.5], [0, 0.25, 0.75]],
  ['entmax15', entmax15, [-2, 0, 0.5], [0, 0.32600736, 0.67399264]],
  ['entmax(1.33)', entmax(1.33), [-1, 0, 0.5], [0.04598203, 0.32763225, 0.62638572]],
  ['entmax(1.33)', entmax(1.33), [1, 2, 3.5], [0.00255806, 0.10115538, 0.89628656]],
];

onBothBackends(() => {
  test.each(PUBLISHED)("the entmax package's values: %s of %#", (_, max, x, p) => {
    max(new Float64Array(x), x.length).forEach((v, i) => expect(v).toBeCloseTo(p[i]!, 8));
    max(new Float32Array(x), x.length).forEach((v, i) => expect(v).toBeCloseTo(p[i]!, 6));
  });

  test('entmax(1), entmax(1.5) and entmax(2) are softmax, entmax15 and sparsemax; other alphas keep theirs', () => {
    expect([entmax(1), entmax(1.5), entmax(2)]).toEqual([softmax, entmax15, sparsemax]);
    expect(entmax(1.3).alpha).toBe(1.3);
    for (const alpha of [0.99, NaN, Infinity]) expect(() => entmax(alpha)).toThrow(RangeError);
    expect(() => entmax('1.5' as unknown as number)).toThrow(TypeError);
  });

  test('near alpha = 1 entmax goes over to softmax', () => {
    const x = new Float64Array(40).map((_, i) => Math.sin(i) * 3),
      p = softmax(x, 40);
    for (const d of [1e-4, 1e-8, 1e-12]) {
      entmax(1 + d)(x, 40).forEach((v, i) => expect(Math.abs(v - p[i]!)).toBeLessThan(20 * d + 1e-15));
    }
  });

  test.each(FAMILY)('gumbelSoftmax.vjp is the vjp of %s at the sample; straight-through in two lines', (_, max) => {
    const logits = Float64Array.of(0.3, -0.4, 1.1, -Infinity),
      dz = Float64Array.of(1, -2, 0.5, 3),
      n = 4;
    const y = gumbelSoftmax(key(7), logits, n, { temperature: 0.7, max });
    const z = hardmax(y, n);
    const dLogits = gumbelSoftmax.vjp(y, dz, n, { temperature: 0.7, max });
    expect(argmax(z, n)).toEqual(argmax(y, n));
    expect(dLogits).toEqual(max.vjp(y, dz, n, { temperature: 0.7 }));
    for (let i = 0; i < 3; i++) {
      const [above, below] = [1e-6, -1e-6].map((step) => {
        const moved = logits.map((v, j) => (i === j ? v + step : v));
        return gumbelSoftmax(key(7), moved, n, { temperature: 0.7, max });
      });
      const slope = dz.reduce((sum, d, j) => sum + (d * (above![j]! - below![j]!)) / 2e-6, 0);
      expect(Math.abs(dLogits[i]! - slope)).toBeLessThan(2e-8);
    }
    expect(dLogits[3]).toBe(0);
    expect(() => gumbelSoftmax.vjp(y, new Float64Array(3), n, { max })).toThrow(/^dy /);
  });

  describe.each(FAMILY)('%s.vjp', (_, max) => {
    const n = 7,
      h = 1e-6,
      temperature = 0.8;

    test.each([1, 2, 3, 4, 5, 6])('is the Jacobian from finite differences, seed %i', (seed) => {
      const random = generator(seed);
      const x = new Float64Array(n).map(() => 2 * random() - 1),
        dp = x.map(() => 2 * random() - 1);
      const p = max(x, n, { temperature }),
        dx = max.vjp(p, dp, n, { temperature });
      for (let i = 0; i < n; i++) {
        const [above, below] = [h, -h].map((step) =>
          max(
            x.map((v, j) => (i === j ? v + step : v)),
            n,
            { temperature },
          ),
        );
        const slope = dp.reduce((sum, d, j) => sum + (d * (above![j]! - below![j]!)) / (2 * h), 0);
        expect(Math.abs(dx[i]! - slope)).toBeLessThan(2e-8);
      }
      const single = max.vjp(Float32Array.from(p), Float32Array.from(dp), n, { temperature });
      single.forEach((v, i) => expect(Math.abs(v - dx[i]!)).toBeLessThan(2e-6));
    });

    test('0 at both limits of T and where p is 0, a NaN row for a NaN, nothing from a constant', () => {
      const p = new Float32Array([0.5, 0, 0.5, 0.25, NaN, 0.75]),
        dp = new Float32Array([1, Infinity, -1, 1, 2, 3]);
      const dx = max.vjp(p, dp, 3);
      expect(dx[1]).toBe(0);
      expect(dx[0]).toBeGreaterThan(0);
      expect([...dx.subarray(3)]).toEqual([NaN, NaN, NaN]);
      for (const limit of [0, Infinity]) {
        const at = max.vjp(p.subarray(0, 3), new Float32Array([1, 2, 3]), 3, { temperature: limit });
        expect([...at].map(Math.abs)).toEqual([0, 0, 0]);
      }
      const shifted = max.vjp(p.subarray(0, 3), new Float32Array(3).fill(7), 3);
      shifted.forEach((v) => expect(Math.abs(v)).toBeLessThan(1e-6));
    });

    test('refuses what does not fit and leaves out alone', () => {
      const p = new Float32Array(4),
        out = new Float32Array(4).fill(9);
      expect(() => max.vjp(p, new Float32Array(3), 2, { out })).toThrow(/^dp /);
      expect(() => max.vjp(p, new Float64Array(4) as unknown as Float32Array, 2, { out })).toThrow(TypeError);
      expect(() => max.vjp(p, p, 3, { out })).toThrow(/^p /);
      expect([...out]).toEqual([9, 9, 9, 9]);
    });
  });
});
