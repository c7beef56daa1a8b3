/** Log-probabilities of rankings against 200-bit arithmetic, their gradients against finite differences too, and what gumbelTopK draws. */
import { type Floats, foldIn, gumbelTopK, key, plackettLuceLogProb, Rng } from 'anymax';
import { describe, expect, test } from 'vitest';
import { slope } from '../oracles/definitions.ts';
import { rankingGradients, rankingLogProb } from '../oracles/rankings.ts';
import { expectClose, expectSame, F64, inEverySetting, normals } from '../support/backends.ts';
import { chiSquare } from '../support/statistics.ts';

const numbers = (length: number, seed: number, scale: number): number[] =>
  Array.from(normals(F64, length, seed, scale));

inEverySetting((dtype) => {
  const of = (values: readonly number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const single = dtype.name === 'float32';
  /** Rows at several scales: some with masks, one that a class dominates. */
  const rows = [1, 2, 3, 7, 19, 40].flatMap((n) =>
    [0.1, 1, 30].flatMap((scale) =>
      [0.7, 1, 3].map((t, seed) => {
        const logits = [...of(numbers(n, n + seed, scale))].map((v, i) => (seed === 1 && i % 5 === 3 ? -Infinity : v));
        const open = [...logits.keys()].filter((i) => logits[i]! > -Infinity);
        const ranking = open
          .map((_, j) => open[(7 * j + seed) % open.length]!)
          .filter((v, j, all) => all.indexOf(v) === j);
        return { n, logits, temperature: dtype.round(t), ranking: ranking.slice(0, Math.max(1, n >> 1)) };
      }),
    ),
  );

  test('the value is that of 200 bits, relative to itself', () => {
    for (const { n, logits, ranking, temperature } of rows) {
      const k = ranking.length;
      const [value] = plackettLuceLogProb(of(logits), Int32Array.from(ranking), n, k, { temperature });
      const exact = rankingLogProb(logits, ranking, temperature);
      expect(Math.abs(value! - exact), `n ${n} T ${temperature}`).toBeLessThanOrEqual((single ? 1.2e-7 : 1e-13) * Math.abs(exact)); // prettier-ignore
    }
    // one class far above: nearly certain
    const [near] = plackettLuceLogProb(of([30, 0, -1]), Int32Array.of(0), 3, 1);
    const exact = rankingLogProb([30, 0, -1], [0], 1);
    expect(Math.abs(near! / exact - 1)).toBeLessThan(single ? 1e-7 : 1e-14);
  });

  test('the gradients are those of 200 bits; rows sum to 0', () => {
    for (const { n, logits, ranking, temperature } of rows) {
      const k = ranking.length,
        label = `n ${n} T ${temperature}`;
      const got = plackettLuceLogProb.vjp(of(logits), Int32Array.from(ranking), of([1]), n, k, { temperature });
      const exact = rankingGradients(logits, ranking, temperature);
      const size = k / temperature;
      expectClose(got.logits, exact.logits, (single ? 1e-7 : 1e-14) * size, label);
      const terms = logits.reduce((s, v, i) => s + Math.abs(exact.logits[i]! && exact.logits[i]! * v), 1);
      expectClose(got.temperature, [exact.temperature], ((single ? 1e-6 : 1e-13) * terms) / temperature, label);
    }
  });

  test.each([1e9, 1e17, 1e30])('finite masks of %d: what is said of them among themselves stays', (mask) => {
    // after the first, three alike: 1/3 1/2 1
    const logits = of([0, -mask, -mask, -mask]);
    expectClose(plackettLuceLogProb(logits, Int32Array.of(0, 1, 2, 3), 4, 4), [-Math.log(6)], single ? 1e-6 : 1e-15);
    const { logits: got } = plackettLuceLogProb.vjp(logits, Int32Array.of(0, 1, 2, 3), of([1]), 4, 4);
    expectClose(got, [0, 2 / 3, 1 / 6, -5 / 6], single ? 1e-7 : 1e-15);
    // one of them left, one above the others
    expectClose(plackettLuceLogProb(logits, Int32Array.of(1, 0), 4, 2), [-mask], mask * (single ? 1e-7 : 1e-15));
    const part = plackettLuceLogProb.vjp(of([0, -mask, -mask]), Int32Array.of(0, 1), of([1]), 3, 2);
    expectClose(part.logits, [0, 1 / 2, -1 / 2], single ? 1e-7 : 1e-15);
  });

  test('the gradients are the slopes of the value', () => {
    for (const { n, logits, ranking, temperature } of rows.filter(({ logits }) =>
      logits.every((v) => Math.abs(v) < 4),
    )) {
      const k = ranking.length;
      const at = (l: number[], t: number): number =>
        -1.5 * plackettLuceLogProb(Float64Array.from(l), Int32Array.from(ranking), n, k, { temperature: t })[0]!;
      const got = plackettLuceLogProb.vjp(of(logits), Int32Array.from(ranking), of([-1.5]), n, k, { temperature });
      const byLogits = logits.map((_, i) => slope((h) => at(logits.map((v, j) => (i === j ? v + h : v)), temperature))); // prettier-ignore
      expectClose(got.logits, byLogits, (single ? 1e-5 : 1e-8) * k, `n ${n}`);
      const byTemperature = slope((h) => at(logits, temperature + h), 1e-4);
      expectClose(got.temperature, [byTemperature], (single ? 1e-4 : 1e-6) * k, `n ${n}`);
    }
  });

  test('-1 ends a ranking; what cannot be drawn is -Infinity, with NaN gradients; NaN logits NaN', () => {
    const logits = of([0, 1, -Infinity, 2]);
    const rankings = [
      [1, -1, 99],
      [-1, 0, 0],
      [1, 1, 0],
      [2, 0, 1],
      [0, 4, 1],
      [-2, 0, 1],
      [3, 1, 0],
    ];
    const many = of(rankings.flatMap(() => [...logits]));
    const values = plackettLuceLogProb(many, Int32Array.from(rankings.flat()), 4, 3);
    const first = rankingLogProb([...logits], [1], 1),
      whole = rankingLogProb([...logits], [3, 1, 0], 1);
    expectClose(values, [first, 0, -Infinity, -Infinity, -Infinity, -Infinity, whole], single ? 1e-6 : 1e-14);
    const d = of(rankings.map(() => 1));
    const got = plackettLuceLogProb.vjp(many, Int32Array.from(rankings.flat()), d, 4, 3);
    const finite = rankings.map((_, r) => r < 2 || r === 6);
    finite.forEach((is, r) => {
      expect(
        [...got.logits.subarray(4 * r, 4 * r + 4)].every((v) => Number.isNaN(v) !== is),
        `row ${r}`,
      ).toBe(true);
      expect(Number.isNaN(got.temperature[r])).toBe(!is);
    });
    expectSame(got.logits.slice(4, 8), of([0, 0, 0, 0]));
    for (const bad of [NaN, Infinity]) {
      expectClose(plackettLuceLogProb(of([bad, 1]), Int32Array.of(1), 2, 1), [NaN], 0);
    }
    const none = of([-Infinity, -Infinity]);
    expectClose(plackettLuceLogProb(none, Int32Array.of(-1), 2, 1), [0], 0);
    expectClose(plackettLuceLogProb(none, Int32Array.of(0), 2, 1), [-Infinity], 0);
  });

  test('of what gumbelTopK draws, the masks and the end of classes included', () => {
    const logits = normals(dtype, 60, 4).map((v, i) => (i % 3 === 1 ? -Infinity : v)) as Floats;
    const ranking = gumbelTopK(new Rng(3), logits, 6, 6, { temperature: 0.5 });
    expect(plackettLuceLogProb(logits, ranking, 6, 6, { temperature: 0.5 }).every((v) => v < 0 && v > -30)).toBe(true);
  });
});

/** A right sampler fails each with probability 3e-7; sees a ranking whose probability is off by 3 %. */
describe('the law of gumbelTopK is plackettLuceLogProb', () => {
  const logits = [0.5, -1, 0, 1.2],
    rows = 400_000;
  const all = (k: number, ranked: number[] = []): number[][] =>
    ranked.length === k ? [ranked] : [0, 1, 2, 3].filter((i) => !ranked.includes(i)).flatMap((i) => all(k, [...ranked, i])); // prettier-ignore
  test.each([1, 2, 3, 4])('k %i', (k) => {
    const rankings = all(k),
      temperature = 0.8;
    const p = Array.from(
      plackettLuceLogProb(Float64Array.from(rankings.flatMap(() => logits)), Int32Array.from(rankings.flat()), 4, k, {
        temperature,
      }),
      Math.exp,
    );
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 13);
    const drawn = gumbelTopK(foldIn(key('rankings'), k), new Float32Array(4 * rows).map((_, i) => logits[i % 4]!), 4, k, { temperature }); // prettier-ignore
    const counts = new Map(rankings.map((r) => [r.join(), 0]));
    for (let r = 0; r < rows; r++) {
      const name = drawn.subarray(r * k, r * k + k).join();
      counts.set(name, counts.get(name)! + 1);
    }
    expect(chiSquare([...counts.values()], p)).toBeLessThan(5);
  });
});

describe('wrong arguments', () => {
  const logits = Float32Array.of(1, 2, 3),
    ranking = Int32Array.of(0, 1);
  test.each([
    [() => plackettLuceLogProb(logits, ranking, 3, 4), RangeError, /^k must be at most n = 3/],
    [() => plackettLuceLogProb(logits, ranking, 3, 0), RangeError, /^k must be a positive integer/],
    [() => plackettLuceLogProb(logits, ranking, 3, 1), RangeError, /^ranking has length 2, expected 1/],
    [
      () => plackettLuceLogProb(logits, Float32Array.of(0, 1) as never, 3, 2),
      TypeError,
      /^ranking must be an Int32Array/,
    ],
    [() => plackettLuceLogProb(logits, ranking, 3, 2, { temperature: 0 }), RangeError, /^temperature/],
    [() => plackettLuceLogProb(logits, ranking, 3, 2, { out: new Float32Array(2) }), RangeError, /^out has length 2/],
    [() => plackettLuceLogProb.vjp(logits, ranking, logits, 3, 2), RangeError, /^dLogProb has length 3, expected 1/],
    [
      () => plackettLuceLogProb.vjp(logits, ranking, Float32Array.of(1), 3, 2, { out: 1 } as never),
      TypeError,
      /^options/,
    ],
  ] as const)('%s', (run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
