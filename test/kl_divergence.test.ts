/** klDivergence against integrals and sums. */
import { Bernoulli, BinConcrete, Categorical, Gumbel, klDivergence, Logistic, LogitBinConcrete } from 'anymax';
import { expect, test } from 'vitest';
import { expectClose, expectSame, F64, normals, onBothBackends } from './backends.ts';
import { sum } from './densities.ts';
import { integral, sigmoidOf, softmaxOf } from './oracles/numeric.ts';
import { f64, LAWS } from './laws.ts';

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
    const a = normals(F64, 12, 1) as Float64Array;
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
