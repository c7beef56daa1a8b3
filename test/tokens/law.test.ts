/** The law of sampleTokens: gumbelMax of the truncated rows, bit for bit; and truncation on both backends. */
import { type Floats, gumbelMax, init, key, logSoftmax } from 'anymax';
import { sampleTokens, truncate } from 'anymax/tokens';
import { afterAll, describe, expect, test } from 'vitest';
import { DTYPES, expectSame, inEverySetting, on } from '../support/backends.ts';
import { optionsOf, rowOf } from './rows.ts';

const LENGTHS = [1, 2, 3, 5, 8, 17, 33, 100, 256, 300, 1000, 4096, 4097, 5000];

inEverySetting((dtype) => {
  test('sampleTokens is gumbelMax of what truncate leaves', () => {
    for (let seed = 0; seed < 400; seed++) {
      const n = LENGTHS[seed % LENGTHS.length]!,
        rows = 1 + (seed % 3),
        x = dtype.make(rows * n);
      for (let r = 0; r < rows; r++) x.set(rowOf(dtype, n, seed + r), r * n);
      const o = optionsOf(n, seed),
        source = key(seed),
        label = `seed ${seed} n ${n} ${JSON.stringify(o)}`;
      const left = truncate(x, n, o),
        logProb = dtype.make(rows);
      const t = o.temperature === undefined ? {} : { temperature: o.temperature as number };
      const drawn = gumbelMax(source, left, n, t);
      expectSame(sampleTokens(source, x, n, { ...o, logProb }), drawn, label);
      const log = logSoftmax.at(left, drawn, n, t);
      for (let r = 0; r < rows; r++) {
        if (o.temperature === 0 && drawn[r]! >= 0 && x[r * n + drawn[r]!]! < Infinity)
          expect(logProb[r], label).toBe(0);
        else if (Number.isNaN(log[r])) expect(logProb[r], label).toBeNaN();
        else
          expect(Math.abs(logProb[r]! - log[r]!), label).toBeLessThanOrEqual(
            (dtype.name === 'float32' ? 8 : 64) * dtype.epsilon * Math.max(1, Math.abs(log[r]!)),
          );
      }
      expectSame(
        sampleTokens(source, x, n, { ...o, temperatureLast: true }),
        gumbelMax(source, truncate(x, n, { ...o, temperature: 1 }), n, t),
        label,
      );
    }
  });
});

describe.each(DTYPES)('$name', (dtype) => {
  const same = (n: number, seed: number, o: ReturnType<typeof optionsOf>) => {
    const x = rowOf(dtype, n, seed),
      label = `seed ${seed} n ${n} ${JSON.stringify(o)}`;
    const [a, b] = [dtype.make(1), dtype.make(1)];
    const draw = (logProb: Floats) => sampleTokens(key(seed), x, n, { ...o, logProb });
    expectSame(
      on('wasm', () => truncate(x, n, o)),
      on('js', () => truncate(x, n, o)),
      label,
    );
    expectSame(
      on('wasm', () => draw(a)),
      on('js', () => draw(b)),
      label,
    );
    expectSame(a, b, label);
  };
  afterAll(() => init({ backend: 'auto' }));

  test('the same bits on both backends', () => {
    for (let seed = 0; seed < 1500; seed++) {
      const n = LENGTHS[seed % LENGTHS.length]!;
      same(n, seed, optionsOf(n, seed));
    }
  });

  test('and on long rows', () => {
    for (let seed = 0; seed < 24; seed++) {
      const n = [131_072, 40_000, 33_333][seed % 3]!;
      same(n, seed, optionsOf(n, seed + 5000));
    }
  });
});
