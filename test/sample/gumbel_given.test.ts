/** Gumbels given their maximum: against 200-bit arithmetic and by law; and the scores of gumbelTopK, several draws of a race. */
import { exponentialRace, type Floats, foldIn, gumbelGiven, gumbelTopK, key, logSoftmax, random, Rng } from 'anymax';
import { describe, expect, test } from 'vitest';
import { givenTop } from '../oracles/rankings.ts';
import { DTYPES, expectClose, expectSame, inEverySetting, normals } from '../support/backends.ts';
import { chiSquare, softmaxOf, tally } from '../support/statistics.ts';

const KEY = key('given');

inEverySetting((dtype) => {
  const of = (values: readonly number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const single = dtype.name === 'float32',
    name = dtype.name as 'float64';

  test('gumbelGiven is -log(exp(-top) + exp(-G) - exp(-Z)) of 200 bits; its greatest is top', () => {
    for (const n of [1, 2, 3, 8, 33]) {
      for (const [scale, shift] of [
        [1, 0],
        [20, -50],
        [0.01, 3],
      ] as const) {
        const rows = 6,
          logits = normals(dtype, rows * n, n, scale).map((v, i) => (i % 7 === 5 ? -Infinity : v + shift)) as Floats,
          top = of([0, 1, -3, 40, -40, shift].map((v) => v + shift));
        const g = random.gumbel(KEY, rows * n, { dtype: name });
        const got = gumbelGiven(KEY, logits, top, n);
        for (let r = 0; r < rows; r++) {
          const scores = Array.from({ length: n }, (_, i) => logits[r * n + i]! + g[r * n + i]!);
          const exact = givenTop(scores, top[r]!);
          const row = got.subarray(r * n, r * n + n);
          exact.forEach((e, i) => {
            if (e === -Infinity) return expect(row[i]).toBe(e);
            const size = Math.max(1, Math.abs(e), Math.abs(scores[i]!));
            expect(Math.abs(row[i]! - e), `n ${n} row ${r} at ${i}`).toBeLessThan((single ? 2e-7 : 1e-14) * size);
          });
          if (exact.some((v) => v > -Infinity)) expect(Math.max(...row)).toBe(top[r]);
        }
      }
    }
  });

  test('gumbelGiven of the maximum that the key gives is logits + noise', () => {
    const n = 9,
      logits = normals(dtype, 5 * n, 1),
      g = random.gumbel(KEY, 5 * n, { dtype: name });
    const scores = logits.map((v, i) => v + g[i]!) as Floats;
    const top = of([0, 1, 2, 3, 4].map((r) => Math.max(...scores.slice(r * n, r * n + n))));
    expectClose(gumbelGiven(KEY, logits, top, n), [...scores], single ? 2e-6 : 1e-14);
  });

  test('gumbelGiven: special values', () => {
    const g = (x: number[], top: number): number[] => [...gumbelGiven(KEY, of(x), of([top]), x.length)];
    expect(g([-Infinity, 0, -Infinity], 2)).toEqual([-Infinity, 2, -Infinity]);
    expect(g([-Infinity, -Infinity], 2)).toEqual([-Infinity, -Infinity]);
    expect(g([0, 1], -Infinity)).toEqual([-Infinity, -Infinity]);
    expect(g([0, NaN], 1).every(Number.isNaN)).toBe(true);
    expect(g([0, 1], NaN).every(Number.isNaN)).toBe(true);
    expect(Math.max(...g([0, 1], Infinity))).toBe(Infinity);
    expect(gumbelGiven(KEY, of([]), of([]), 3).length).toBe(0);
  });

  test('gumbelGiven writes where it is told, over an input too, and takes one key', () => {
    const logits = normals(dtype, 12, 2),
      top = of([1, 2, 3]),
      rng = new Rng(1);
    const expected = gumbelGiven(new Rng(1), logits, top, 4);
    expect(() => gumbelGiven(rng, logits, top, 3)).toThrow(/^top has length 3, expected 4/);
    expect(rng.state.count).toBe(0);
    const out = logits.slice() as Floats;
    expect(gumbelGiven(rng, out, top, 4, { out })).toBe(out);
    expectSame(out, expected);
    expect(rng.state.count).toBe(1);
  });

  test('scores of gumbelTopK: log softmax(l / T) + the noise of the element, never rising; -Infinity for -1', () => {
    for (const [n, k] of [
      [1, 1],
      [5, 3],
      [5, 5],
      [200, 7],
      [3000, 2],
    ] as const) {
      for (const temperature of [0.5, 1, 3, Infinity]) {
        const rows = 7,
          logits = normals(dtype, rows * n, n).map((v, i) => (i % 5 > 2 ? -Infinity : v)) as Floats;
        const scores = dtype.make(rows * k);
        const indices = gumbelTopK(KEY, logits, n, k, { temperature, scores } as { scores: Float32Array });
        expectSame(indices, gumbelTopK(KEY, logits as Float32Array, n, k, { temperature }));
        const logP = logSoftmax(logits, n, { temperature }),
          g = random.gumbel(KEY, rows * n, { dtype: name });
        const exact = Array.from(indices, (at, i) => {
          const place = Math.floor(i / k) * n + at;
          return at < 0 ? -Infinity : dtype.round(logP[place]! + g[place]!);
        });
        expectClose(scores, exact, single ? 1e-6 : 1e-14);
        for (let i = 1; i < rows * k; i++) if (i % k > 0) expect(scores[i]! <= scores[i - 1]!).toBe(true);
      }
    }
  });

  test('scores of gumbelTopK: in chunks, over the logits, and of a length that is wrong', () => {
    const rows = 9000,
      n = 5,
      logits = normals(dtype, rows * n, 3) as Float32Array,
      scores = dtype.make(rows * 2) as Float32Array;
    const indices = gumbelTopK(KEY, logits, n, 2, { scores });
    const tail = dtype.make(8) as Float32Array;
    expectSame(gumbelTopK(KEY, logits.slice(0, 20), n, 2, { scores: tail }), indices.slice(0, 8));
    expectSame(tail, scores.slice(0, 8));
    const buffer = logits.slice();
    const over = buffer.subarray(0, rows * 2);
    expectSame(gumbelTopK(KEY, buffer, n, 2, { scores: over }), indices);
    expectSame(over, scores);
    const rng = new Rng(2);
    expect(() => gumbelTopK(rng, logits, n, 2, { scores: over.subarray(1) })).toThrow(/^scores has length/);
    expect(() => gumbelTopK(rng, logits, n, 2, { scores: new Int32Array(2 * rows) as never })).toThrow(
      /^scores must be a/,
    );
    expect(rng.state.count).toBe(0);
  });

  test('exponentialRace: one draw equals none said; draw d of row r is the noise from (r draws + d) n on', () => {
    for (const [rows, n, draws] of [
      [1, 3, 1000],
      [7, 5, 3],
      [3, 700, 4],
      [2, 3000, 2],
      [4000, 5, 3],
    ] as const) {
      const weights = normals(dtype, rows * n, n).map(Math.abs) as Floats;
      expectSame(exponentialRace(KEY, weights, n, { draws: 1 }), exponentialRace(KEY, weights, n));
      // the same as one draw from every row written down as often
      const repeated = dtype.make(rows * draws * n, (i) => weights[Math.floor(i / (draws * n)) * n + (i % n)]!);
      expectSame(exponentialRace(KEY, weights, n, { draws }), exponentialRace(KEY, repeated, n));
    }
    for (const draws of [0, 1.5, -1]) expect(() => exponentialRace(KEY, of([1, 2]), 2, { draws })).toThrow(/^draws/);
  });
});

/** Kolmogorov and Smirnov: sqrt(n) times the greatest distance; above 2.9 with probability 1e-7. */
function distance(values: number[], cdf: (x: number) => number): number {
  const n = values.length;
  return Math.sqrt(n) * values.sort((a, b) => a - b).reduce((d, v, i) => Math.max(d, cdf(v) - i / n, (i + 1) / n - cdf(v)), 0); // prettier-ignore
}

// False alarms 1e-7 each; sees a cdf that is off by 0.01 anywhere.
describe.each(DTYPES)('with tops of Gumbel(log sum exp) the law is that of logits + Gumbel: $name', (dtype) => {
  const l = [0.3, -1, 1.5, -4],
    rows = 100_000;
  const total = Math.log(l.reduce((s, v) => s + Math.exp(v), 0));
  const top = random.gumbel(foldIn(KEY, 1), rows, { dtype: dtype.name as 'float64' }).map((g) => g + total);
  const got = gumbelGiven(foldIn(KEY, 2), dtype.make(4 * rows, (i) => l[i % 4]!) as Float64Array, top, 4);
  const column = (i: number): number[] => Array.from({ length: rows }, (_, r) => got[4 * r + i]!);

  test.each([0, 1, 2, 3])('class %i', (i) => {
    expect(distance(column(i), (x) => Math.exp(-Math.exp(l[i]! - x)))).toBeLessThan(2.9);
  });
  test('the greatest, and independence of two', () => {
    const winners = Int32Array.from({ length: rows }, (_, r) =>
      [0, 1, 2, 3].reduce((a, b) => (got[4 * r + b]! > got[4 * r + a]! ? b : a)),
    );
    expect(chiSquare(tally(winners, 4), softmaxOf(l, 1))).toBeLessThan(5);
    // both above their medians in a quarter of the rows
    const median = (i: number): number => l[i]! - Math.log(Math.log(2));
    for (const [i, j] of [
      [0, 2],
      [1, 3],
      [0, 1],
    ] as const) {
      // prettier-ignore
      const cells = [0, 0, 0, 0];
      for (let r = 0; r < rows; r++)
        cells[2 * Number(got[4 * r + i]! > median(i)) + Number(got[4 * r + j]! > median(j))]!++;
      expect(chiSquare(cells, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(5);
    }
  });
});

test('the law of several draws of a race', () => {
  const weights = Float32Array.of(1, 2, 0, 3, 4);
  const drawn = exponentialRace(KEY, weights, 5, { draws: 1_000_000 });
  expect(chiSquare(tally(drawn, 5), [0.1, 0.2, 0, 0.3, 0.4])).toBeLessThan(5);
});
