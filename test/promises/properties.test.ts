/** What holds for every input, on inputs that fast-check looks for: shapes, scales, masks, temperatures, aliasing. */
import { argmax, categorical, type Floats, gumbelMax, gumbelSoftmax, gumbelTopK, hardmax, init, key } from 'anymax';
import { logSoftmax, logSumExp, supportSize } from 'anymax';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BackendName, BACKENDS, DTYPES, expectSame } from '../support/backends.ts';
import { MAXES, OPS } from '../tables/maxes.ts';

/** fast-check draws anew from this seed: always the same inputs. */
const RUNS = { seed: 20261121, numRuns: 60 };

interface Batch {
  readonly backend: BackendName;
  readonly single: boolean;
  readonly x: Floats;
  readonly n: number;
  readonly rows: number;
  readonly temperature: number;
  readonly seed: number;
}

/** Rows of one scale with ties, masks and offsets, none of them all masked. */
const batches: fc.Arbitrary<Batch> = fc
  .record({
    backend: fc.constantFrom(...BACKENDS),
    single: fc.boolean(),
    n: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 300 })),
    rows: fc.integer({ min: 1, max: 5 }),
    scale: fc.integer({ min: -5, max: 9 }).map((e) => 10 ** e),
    offset: fc.constantFrom(0, 0, 100, -1e4),
    temperature: fc.constantFrom(0, 0.01, 0.5, 1, 2.5, 1e6, Infinity),
    seed: fc.nat(),
  })
  .chain(({ n, rows, scale, offset, single, ...rest }) =>
    fc
      .array(
        fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: -4096, max: 4096 }) },
          fc.constant(0),
          fc.constant(-Infinity),
        ),
        { minLength: n * rows, maxLength: n * rows },
      ) // prettier-ignore
      .map((values) => {
        const x = new (single ? Float32Array : Float64Array)(values.map((v) => offset + (v / 1024) * scale));
        for (let r = 0; r < rows; r++) if (x.subarray(r * n, (r + 1) * n).every((v) => v === -Infinity)) x[r * n] = 0;
        return { n, rows, x, single, ...rest };
      }),
  );

function holds(property: (batch: Batch) => void): void {
  fc.assert(
    fc.property(batches, (batch) => {
      init({ backend: batch.backend });
      property(batch);
    }),
    RUNS,
  );
}

/** Calls f with each row, its indices in order of size, and its number. */
function eachRow({ x, n, rows }: Batch, f: (row: Floats, at: number) => void): void {
  for (let r = 0; r < rows; r++) f(x.subarray(r * n, (r + 1) * n), r * n);
}

describe.each(MAXES)('$name', ({ max, alpha }) => {
  test('rows are on the simplex, in the order of the scores; masked classes get 0', () =>
    holds((batch) => {
      const { x, n, temperature, single } = batch;
      const p = max(x, n, { temperature });
      eachRow(batch, (row, at) => {
        const q = [...p.subarray(at, at + n)];
        expect(Math.abs(q.reduce((a, b) => a + b) - 1)).toBeLessThan(single ? 2 ** -20 : 1e-11);
        const order = [...row.keys()].sort((i, j) => row[i]! - row[j]!);
        for (let k = 0; k < n; k++) {
          const [i, before] = [order[k]!, order[k - 1]];
          if (row[i] === -Infinity) expect(q[i]).toBe(0);
          expect(q[i]).toBeGreaterThanOrEqual(0);
          // ties go to the lowest index at T = 0
          if (before !== undefined && !(temperature === 0 && row[i] === row[before])) {
            expect(q[i]).toBeGreaterThanOrEqual(q[before]! * (1 - 1e-6));
          }
          if (before !== undefined && row[i] === row[before] && temperature > 0) expect(q[i]).toBe(q[before]);
        }
      });
    }));

  test('gradients sum to 0, are 0 off the support, and in place of an input the same', () =>
    holds(({ x, n, temperature, single }) => {
      const p = max(x, n, { temperature }),
        dp = x.map((_, i) => Math.sin(i));
      const dx = max.vjp(p, dp, n, { temperature });
      for (let at = 0; at < x.length; at += n) {
        const row = [...dx.subarray(at, at + n)];
        // s / T, by which what is rounded off dp counts
        const size = [...p.subarray(at, at + n)].reduce((a, v) => a + (v > 0 ? v ** (2 - alpha) : 0), 0) / temperature; // prettier-ignore
        if (temperature > 0) expect(Math.abs(row.reduce((a, b) => a + b))).toBeLessThanOrEqual((single ? 1e-5 : 1e-13) * size); // prettier-ignore
      }
      p.forEach((v, i) => v === 0 && expect(dx[i]).toBe(0));
      const [a, b] = [p.slice(), dp.slice()];
      expectSame(max.vjp(a, dp, n, { temperature, out: a }), dx);
      expectSame(max.vjp(p, b, n, { temperature, out: b }), dx);
    }));

  test('the loss is at least 0, and its gradient sums to 0; the entropy is between 0 and that of n ties', () =>
    holds(({ x, n, rows, seed, single }) => {
      const target = Int32Array.from({ length: rows }, (_, r) => (seed + r) % n);
      expect(max.loss(x, target, n).every((v) => v >= 0)).toBe(true);
      const gradient = max.lossGradient(x, target, n);
      for (let r = 0; r < rows; r++) {
        const row = [...gradient.subarray(r * n, (r + 1) * n)];
        expect(Math.abs(row.reduce((a, b) => a + b))).toBeLessThan(single ? 1e-6 : 1e-11);
        row.forEach((v, i) => expect(i === target[r] ? v <= 0 : v >= 0).toBe(true));
      }
      const most = alpha === 1 ? Math.log(n) : (1 - n ** (1 - alpha)) / (alpha * (alpha - 1));
      for (const h of max.entropy(max(x, n), n)) {
        expect(h).toBeGreaterThanOrEqual(single ? -1e-6 : -1e-12);
        expect(h).toBeLessThanOrEqual(most * (1 + 1e-6) + 1e-6);
      }
    }));
});

test('argmax, hardmax, logSoftmax, logSumExp and supportSize agree with each other', () =>
  holds((batch) => {
    const { x, n, single } = batch;
    const index = argmax(x, n),
      hot = hardmax(x, n),
      logP = logSoftmax(x, n),
      total = logSumExp(x, n);
    expect([...supportSize(hot, n)]).toEqual(Array.from(index, () => 1));
    expectSame(argmax(hot, n), index);
    eachRow(batch, (row, at) => {
      const r = at / n,
        top = row[index[r]!]!;
      expect([...row].every((v, i) => (i < index[r]! ? v < top : v <= top))).toBe(true);
      const error = Math.abs(top - total[r]! - logP[at + index[r]!]!);
      expect(error).toBeLessThanOrEqual((single ? 1e-6 : 1e-14) * (1 + Math.abs(top)));
    });
  }));

test('samplers: in range, never masked, gumbelMax first; categorical alike for any number of rows', () =>
  holds((batch) => {
    const { x, n, temperature, seed, rows } = batch;
    const k = Math.min(n, 4),
      source = key(seed);
    const drawn = gumbelMax(source, x, n, { temperature }),
      top = gumbelTopK(source, x, n, k, { temperature });
    const draws = 1 + (seed % 9),
      many = categorical(source, x, n, { temperature, draws });
    for (let r = 0; r < rows; r++) {
      expect(top[r * k]).toBe(drawn[r]);
      const taken = [...top.subarray(r * k, (r + 1) * k)].filter((i) => i >= 0);
      expect(new Set(taken).size).toBe(taken.length);
      for (const i of [drawn[r]!, ...taken, ...many.subarray(r * draws, (r + 1) * draws)]) {
        expect(i >= 0 && i < n && x[r * n + i]! > -Infinity).toBe(true);
      }
    }
    const alone = categorical(source, x.slice(0, n), n, { temperature, draws });
    expectSame(alone, many.slice(0, draws));
    if (temperature === Infinity || temperature === 0) return;
    const y = gumbelSoftmax(source, x, n, { temperature });
    expectSame(argmax(gumbelSoftmax(source, x, n, { temperature: 0 }), n), gumbelMax(source, x, n));
    expect(y.every((v) => v >= 0 && v <= 1)).toBe(true);
  }));

test('every op: both backends, the same bits, whatever the input, NaN and infinities too', () => {
  const wild = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e-320, 1e30)); // prettier-ignore
  const inputs = fc.record({
    n: fc.integer({ min: 1, max: 20 }),
    rows: fc.integer({ min: 0, max: 4 }),
    values: fc.array(wild, { minLength: 80, maxLength: 80 }),
    temperature: fc.oneof(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), fc.constantFrom(0.5, 1)),
    dtype: fc.constantFrom(...DTYPES),
    op: fc.constantFrom(...OPS),
  });
  fc.assert(
    fc.property(inputs, ({ n, rows, values, temperature, dtype, op }) => {
      const x = dtype.make(rows * n, (i) => values[i]!),
        o = op.temperature === 'none' ? {} : { temperature };
      const [a, b] = BACKENDS.map((backend) => {
        init({ backend });
        return op.run(x, n, o);
      });
      expectSame(a!, b!, op.name);
    }),
    { seed: RUNS.seed, numRuns: 2000 },
  );
});
