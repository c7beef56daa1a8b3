/** klDivergence against integrals and sums. */
import {
  Bernoulli,
  BinConcrete,
  Categorical,
  type Floats,
  Gumbel,
  klDivergence,
  Logistic,
  LogitBinConcrete,
  Normal,
} from 'anymax';
import { expect, test } from 'vitest';
import { expectClose, expectSame, F64, inEverySetting, normals, onBothBackends } from '../support/backends.ts';
import { integral, sigmoidOf, slopes, softmaxOf, sum } from '../oracles/numeric.ts';
import { f64, LAWS } from '../tables/laws.ts';

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

type Kl = (p: readonly number[], q: readonly number[]) => number;

/** The KL of two laws at (loc, scale), by the trapezoids of laws.ts. */
const klByIntegral =
  ({ logPdf, range }: (typeof LAWS)[number]): Kl =>
  ([l1, s1], [l2, s2]) =>
    integral(
      (z) => Math.exp(logPdf(z)) * (logPdf(z) - Math.log(s1!) - logPdf((l1! + s1! * z - l2!) / s2!) + Math.log(s2!)),
      range[0],
      range[1],
      8000,
    );

inEverySetting(({ make: array, epsilon }) => {
  const close = (actual: Floats, expected: ArrayLike<number>, label: string): void => {
    expect(actual.length, label).toBe(expected.length);
    actual.forEach((v, i) =>
      expect(Math.abs(v - expected[i]!), `${label} ${i}`).toBeLessThan(
        (1e-7 + 4 * epsilon) * (1 + Math.abs(expected[i]!)),
      ),
    );
  };

  test.each(LAWS)('klDivergence.vjp and entropyVjp of $name: differences of integrals; a single q is summed', (law) => {
    const kl = klByIntegral(law),
      ownScale = law.name === 'Logistic' ? [0.5, 0.5, 0.5] : [0.5, 0.9, 0.75];
    const [loc, scale, d] = [[0.5, -0.75, 1], ownScale, [1, -2, 0.5]] as const;
    const [p, q] = [law.make<Floats>(array(3, (i) => loc[i]!), array(3, (i) => scale[i]!)), law.make<Floats>(array(1, () => 0.25), 0.5)]; // prettier-ignore
    const all = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
      sum(d.map((v, i) => v * kl([x[i]!, x[3 + i]!], [y[0]!, y[1]!])));
    const own = [...loc, ...scale],
      other = [0.25, 0.5];
    const gradient = klDivergence.vjp(p, q as never, array(3, (i) => d[i]!) as never);
    const [ofP, ofQ] = [slopes((x) => all(x, other), own), slopes((y) => all(own, y), other)];
    close(gradient.p.loc, ofP.slice(0, 3), 'p.loc');
    close(gradient.p.scale, ofP.slice(3), 'p.scale');
    close(gradient.q.loc, ofQ.slice(0, 1), 'q.loc');
    close(gradient.q.scale, ofQ.slice(1), 'q.scale');
    const at = law.name === 'Gumbel' ? [0.5, 1.5] : [40, 0.5];
    const far = law.make<Floats>(array(1, () => at[0]!), array(1, () => at[1]!)); // prettier-ignore
    const distant = klDivergence.vjp(far, q as never, array(1, () => 1) as never);
    const exact = slopes((x) => kl([x[0]!, x[1]!], other), at);
    close(distant.p.loc, exact.slice(0, 1), 'far loc');
    if (law.name !== 'Logistic') close(distant.p.scale, exact.slice(1), 'far scale');
    const entropy = p.entropyVjp(array(3, (i) => d[i]!));
    expectSame(entropy.loc, array(3));
    close(
      entropy.scale,
      d.map((v, i) => v / scale[i]!),
      'entropy',
    );
  });

  test('of two Logistics of unequal scales: NaN, as the divergence', () => {
    const [p, q] = [new Logistic(array(1), 1), new Logistic(array(1), 2)];
    const { p: own } = klDivergence.vjp(
      p,
      q,
      array(1, () => 1),
    );
    expect([own.loc[0], own.scale[0]]).toEqual([NaN, NaN]);
  });

  test('equal distributions: gradients of exactly 0', () => {
    const one = array(2, () => 1);
    for (const { make } of LAWS) {
      const law = make<Floats>(array(2, (i) => i + 0.3), 1.7); // prettier-ignore
      const { p, q } = klDivergence.vjp(law as Normal<Floats>, law as Normal<Floats>, one);
      for (const x of [p.loc, p.scale, q.loc, q.scale]) for (const v of x) expect(Math.abs(v)).toBe(0);
    }
    const classes = new Categorical(array(4, (i) => i * i), 2); // prettier-ignore
    const { p, q } = klDivergence.vjp(classes, classes, one);
    for (const x of [p.logits, q.logits]) for (const v of x) expect(Math.abs(v)).toBe(0);
  });

  test('classes and bits: differences of sums', () => {
    const n = 3,
      a = array(6, (i) => [1, -0.5, 0.25, 2, 0, -3][i]!),
      b = array(3, (i) => [0.5, 0, -1][i]!),
      d = array(2, (i) => 1.5 - 2 * i);
    const kl = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
      const [p, q] = [softmaxOf(x), softmaxOf(y)];
      return sum(p.map((v, k) => v * Math.log(v / q[k]!)));
    };
    const row = (x: ArrayLike<number>, r: number): number[] => Array.from({ length: n }, (_, k) => x[r * n + k]!);
    const all = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
      sum([0, 1].map((r) => d[r]! * kl(row(x, r), y)));
    const classes = klDivergence.vjp(new Categorical(a, n), new Categorical(b, n), d);
    close(classes.p.logits, slopes((x) => all(x, b), a), 'p'); // prettier-ignore
    close(classes.q.logits, slopes((y) => all(a, y), b), 'q'); // prettier-ignore
    const h = (x: ArrayLike<number>): number => sum([0, 1].map((r) => -d[r]! * sum(softmaxOf(row(x, r)).map((v) => v * Math.log(v))))); // prettier-ignore
    close(new Categorical(a, n).entropyVjp(d).logits, slopes(h, a), 'entropy');

    const [bits, single] = [array(2, (i) => i * 3 - 1.25), array(1, () => 0.5)],
      pair = (l: number): number[] => [l, 0];
    const allBits = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
      sum([0, 1].map((i) => d[i]! * kl(pair(x[i]!), pair(y[0]!))));
    const ofBits = klDivergence.vjp(new Bernoulli(bits), new Bernoulli(single), d);
    close(ofBits.p.logits, slopes((x) => allBits(x, single), bits), 'bits p'); // prettier-ignore
    close(ofBits.q.logits, slopes((y) => allBits(bits, y), single), 'bits q'); // prettier-ignore
    const bitEntropy = (x: ArrayLike<number>): number => sum([0, 1].map((i) => -d[i]! * sum(softmaxOf(pair(x[i]!)).map((v) => v * Math.log(v))))); // prettier-ignore
    close(new Bernoulli(bits).entropyVjp(d).logits, slopes(bitEntropy, bits), 'bits entropy');

    const shift = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
      sum([0, 1].map((i) => d[i]! * ((x[i]! - y[0]!) / Math.tanh((x[i]! - y[0]!) / 2) - 2)));
    for (const Bit of [BinConcrete, LogitBinConcrete] as (typeof BinConcrete)[]) {
      for (const at of [bits, array(2, (i) => 5 - 20 * i)]) {
        const gradient = klDivergence.vjp(
          new Bit(at) as BinConcrete<Floats>,
          new Bit(single) as BinConcrete<Floats>,
          d,
        );
        close(gradient.p.logits, slopes((x) => shift(x, single), at), 'relaxed p'); // prettier-ignore
        close(gradient.q.logits, slopes((y) => shift(at, y), single), 'relaxed q'); // prettier-ignore
      }
    }
    const relaxed = new LogitBinConcrete(bits, { temperature: 0.5 }).entropyVjp(d);
    expectSame(relaxed.temperature, array(2, (i) => -2 * d[i]!)); // prettier-ignore
    expectSame(relaxed.logits, array(2));
  });
});
