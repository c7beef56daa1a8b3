/** truncate against the definitions in f64, and what sampleTokens draws against their distribution; batches. */
import { type Floats, foldIn, key, perRow } from 'anymax';
import { sampleTokens, truncate, type TruncationOptions } from 'anymax/tokens';
import { describe, expect, test } from 'vitest';
import { type Steps, truncated } from '../oracles/tokens.ts';
import { expectSame, inEverySetting, normals } from '../support/backends.ts';
import { optionsOf, rowOf } from './rows.ts';

const LENGTHS = [1, 2, 3, 5, 9, 33, 100, 257, 1000, 4096, 4097, 6000];

inEverySetting((dtype, backend) => {
  const isSingle = dtype.name === 'float32';
  /** f32: roundings of z, and of exponentials of rows with more than 4096 tokens left. */
  const margin = (n: number): number => (isSingle ? (n > 4096 ? 3e-6 : 1e-6) : 1e-7);

  test('truncate leaves what the definitions leave', () => {
    let compared = 0;
    for (let seed = 0; seed < 1200; seed++) {
      const n = LENGTHS[seed % LENGTHS.length]!,
        x = rowOf(dtype, n, seed);
      if (x.some((v) => Number.isNaN(v) || v === Infinity) || x.every((v) => v === -Infinity)) continue;
      const o = Object.fromEntries(
        Object.entries(optionsOf(n, seed)).map(([name, v]) => [name, dtype.round(v as number)]),
      ) as Steps;
      const { kept, close } = truncated(x, o, margin(n));
      if (close) continue;
      compared++;
      const expected = dtype.make(n, () => -Infinity);
      for (const i of kept) expected[i] = x[i]!;
      expectSame(truncate(x, n, o as TruncationOptions), expected, `seed ${seed} n ${n} ${JSON.stringify(o)}`);
    }
    expect(compared).toBeGreaterThan(700);
  });

  test('of long rows too', () => {
    for (const [i, o] of (
      [
        { topK: 50, topP: 0.95, minP: 0.05, temperature: 0.7 },
        { topP: 0.9 },
        { minP: 0.01 },
        { nSigma: 1 },
        { epsilon: 1e-3 },
        { eta: 1e-3 },
        { xtcThreshold: 0.05 },
        { topK: 5000, topP: 0.99 },
        { typicalP: 0.9 },
      ] as Steps[]
    ).entries()) {
      const n = backend === 'wasm' ? 131_072 : 40_000,
        low = normals(dtype, n, i, 2.5),
        x = low.map((v, j) => (j % 655 === 7 ? 8 + 1.2 * v : v - 5));
      const single = Object.fromEntries(
        Object.entries(o).map(([name, v]) => [name, dtype.round(v as number)]),
      ) as Steps;
      const { kept, close } = truncated(x, single, 1e-9),
        left = truncate(x, n, o as TruncationOptions);
      const count = Array.from(left).filter((v) => v > -Infinity).length;
      if (!close) expect(count, JSON.stringify(o)).toBe(kept.length);
      // rounding may decide about the last ones alone
      expect(Math.abs(count - kept.length)).toBeLessThanOrEqual(kept.length * 1e-4 + 1);
    }
  });

  describe('batches', () => {
    const n = 500,
      rows = 12,
      x = dtype.make(rows * n);
    for (let r = 0; r < rows; r++) x.set(rowOf(dtype, n, 40 + r), r * n);
    const ids = Int32Array.from({ length: rows }, (_, r) => 1000 + 7 * r),
      root = key('requests');
    const o = {
      temperature: dtype.make(rows, (r) => [0, 0.5, 1, 2][r % 4]!),
      topK: Int32Array.from({ length: rows }, (_, r) => [0, 5, 50][r % 3]!),
      topP: dtype.make(rows, (r) => [1, 0.9][r % 2]!),
    };
    const of = (r: number) => ({ temperature: o.temperature[r]!, topK: o.topK[r]!, topP: o.topP[r]! });
    const alone = (r: number, logProb: Floats): number =>
      sampleTokens(foldIn(root, ids[r]!), x.slice(r * n, (r + 1) * n), n, { ...of(r), logProb })[0]!;

    test('a row with a key of its own draws what it draws alone, in any batch', () => {
      const logProb = dtype.make(rows),
        expected = Int32Array.from({ length: rows }, (_, r) => alone(r, logProb.subarray(r, r + 1)));
      const together = dtype.make(rows);
      expectSame(sampleTokens(perRow(root, ids), x, n, { ...o, logProb: together }), expected);
      expectSame(together, logProb);
      const keys = Array.from(ids, (id) => foldIn(root, id));
      expectSame(sampleTokens(keys, x, n, o), expected);
      // permuted
      const order = Array.from({ length: rows }, (_, r) => (5 * r + 3) % rows),
        mixed = dtype.make(rows * n);
      order.forEach((r, at) => mixed.set(x.subarray(r * n, (r + 1) * n), at * n));
      const pick = <A extends Floats | Int32Array>(values: A): A => values.map((_, at) => values[order[at]!]!) as A;
      expectSame(
        sampleTokens(perRow(root, pick(ids)), mixed, n, {
          temperature: pick(o.temperature),
          topK: pick(o.topK),
          topP: pick(o.topP),
        }),
        pick(expected),
      );
      // split
      const half = sampleTokens(perRow(root, ids.slice(5)), x.slice(5 * n), n, {
        temperature: o.temperature.slice(5),
        topK: o.topK.slice(5),
        topP: o.topP.slice(5),
      });
      expectSame(half, expected.slice(5));
    });

    test('as many keys as rows', () => {
      expect(() => sampleTokens([key(1)], x, n)).toThrow(RangeError);
      expect(() => sampleTokens([key(1)], x, n)).toThrow(/^source/);
    });
  });

  test('draws come with their probabilities', () => {
    // chi-square over 4 tokens left of 6, false alarms below 1e-7; a probability that is off by 0.02 would be seen
    const n = 6,
      rows = 20_000,
      logits = [1, 2, 0.5, -1, 3, 2.5];
    const x = dtype.make(rows * n, (i) => logits[i % n]!),
      o = { topK: 4, temperature: 0.8 };
    const { kept } = truncated(logits, o, 0),
      weights = kept.map((i) => Math.exp(logits[i]! / 0.8)),
      total = weights.reduce((a, b) => a + b);
    const counts = new Map<number, number>();
    const logProb = dtype.make(rows);
    sampleTokens(key('chi-square'), x, n, { ...o, logProb }).forEach((token, r) => {
      counts.set(token, (counts.get(token) ?? 0) + 1);
      expect(logProb[r]).toBeCloseTo(Math.log(weights[kept.indexOf(token)]! / total), 5);
    });
    expect([...counts.keys()].sort()).toEqual([...kept].sort());
    const chi = kept.reduce((s, i, j) => {
      const expected = (rows * weights[j]!) / total;
      return s + (counts.get(i)! - expected) ** 2 / expected;
    }, 0);
    expect(chi).toBeLessThan(36);
  });
});
