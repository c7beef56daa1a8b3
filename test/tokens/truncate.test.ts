/** truncate: published vectors, special rows, what is off, and options per row. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { truncate, type TruncationOptions } from 'anymax/tokens';
import { expectSame, inEverySetting, normals } from '../support/backends.ts';

type Vector = readonly [readonly number[], TruncationOptions, readonly number[]];
const vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8')) as {
  truncate: Vector[];
  truncateLogits: Vector[];
};
const kept = (x: ArrayLike<number>): number[] =>
  Array.from(x, (v, i) => (v > -Infinity ? i : -1)).filter((i) => i >= 0);

inEverySetting((dtype) => {
  describe('published vectors', () => {
    const all = [...vectors.truncate.map(([p, o, k]): Vector => [p.map(Math.log), o, k]), ...vectors.truncateLogits];
    test.each(
      all.map(([x, o, k]) => ({
        x,
        o,
        k,
        title: `${JSON.stringify(o)} of ${x.map((v) => Math.exp(v).toFixed(3)).join(' ')}`,
      })),
    )('$title', ({ x, o, k }) => {
      const logits = dtype.make(x.length, (i) => x[i]!),
        left = truncate(logits, x.length, o);
      expect(kept(left)).toEqual(k);
      for (const i of k) expect(Object.is(left[i], logits[i])).toBe(true);
    });
  });

  test('rows without a finite maximum stay as they are', () => {
    for (const row of [
      [1, NaN, 3],
      [-Infinity, -Infinity, -Infinity],
      [1, Infinity, Infinity],
    ]) {
      const x = dtype.make(3, (i) => row[i]!);
      expectSame(truncate(x, 3, { topK: 1, topP: 0.1 }), x);
    }
  });

  test('off: nothing is removed', () => {
    const x = normals(dtype, 3 * 50, 1).map((v) => (v > 1 ? -Infinity : v));
    for (const o of [
      {},
      { topK: 0 },
      { topK: 50 },
      { topK: 1000 },
      { topP: 1 },
      { typicalP: 1 },
      { minP: 0 },
      { epsilon: 0 },
      { eta: 0 },
      { nSigma: 0 },
      { nSigma: Infinity },
      { xtcThreshold: 0.51 },
      { xtcThreshold: Infinity },
      { minKeep: 0 },
      { minKeep: 1000, topK: 1, topP: 0, minP: 1 },
    ]) {
      expectSame(truncate(x, 50, o), x, JSON.stringify(o));
    }
  });

  test('an option per row is that of the row alone', () => {
    const n = 300,
      rows = 5,
      x = normals(dtype, rows * n, 2, 3),
      float = (...v: number[]) => dtype.make(rows, (r) => v[r]!);
    const o = {
      temperature: float(1, 0.5, 0, Infinity, 2),
      topK: Int32Array.of(0, 5, 100, 300, 40),
      topP: float(0.9, 1, 0.5, 0.3, 0.95),
      minP: float(0.05, 0, 0.2, 0, 0.01),
      typicalP: float(1, 0.9, 1, 0.5, 1),
      nSigma: float(0, 2, 0, Infinity, 3),
      epsilon: float(0, 0, 0.001, 0, 0.01),
      eta: float(0.001, 0, 0, 0, 0.1),
      xtcThreshold: float(1, 0.1, 0.2, 0.5, 0.05),
      minKeep: Int32Array.of(1, 0, 3, 2, 10),
    };
    const together = truncate(x, n, o);
    for (let r = 0; r < rows; r++) {
      const alone = Object.fromEntries(Object.entries(o).map(([name, values]) => [name, values[r]!]));
      expectSame(together.slice(r * n, (r + 1) * n), truncate(x.slice(r * n, (r + 1) * n), n, alone), `row ${r}`);
    }
  });

  test('in place, and into a part of its input', () => {
    const x = normals(dtype, 60 * 1000, 3),
      expected = truncate(x, 1000, { topP: 0.9 });
    const copy = x.slice();
    expect(truncate(copy, 1000, { topP: 0.9, out: copy })).toBe(copy);
    expectSame(copy, expected);
  });
});
