/** The law of sampleTokens: gumbelMax of the truncated rows, bit for bit; and truncation on both backends. */
import { type Floats, gumbelMax, init, key, logSoftmax } from 'anymax';
import { sampleTokens, truncate, type TruncationOptions } from 'anymax/tokens';
import { describe, expect, test } from 'vitest';
import { type Dtype, DTYPES, expectSame, inEverySetting, normals, on } from '../support/backends.ts';
import { generator } from '../tables/kernels.ts';

/** Rows of many kinds. */
export function rowOf(dtype: Dtype, n: number, seed: number): Floats {
  const random = generator(seed),
    x = normals(dtype, n, seed, [1, 3, 0.01, 30, 1e4, 2.5][seed % 6]!),
    offset = [0, 50, -1000][seed % 3]!;
  for (let i = 0; i < n; i++) {
    let v = x[i]! + offset;
    if (seed % 4 === 1) v = Math.round(v);
    if (seed % 5 === 2 && random() < 0.4) v = -Infinity;
    if (seed % 7 === 3 && random() < 0.1) v = random() < 0.5 ? 0 : -0;
    if (seed % 11 === 4 && random() < 200 / n) v += 13;
    x[i] = v;
  }
  if (seed % 13 === 5) x.fill(-Infinity);
  if (seed % 17 === 6) x[Math.floor(random() * n)] = NaN;
  if (seed % 17 === 7) x[Math.floor(random() * n)] = Infinity;
  return x;
}

export function optionsOf(n: number, seed: number): TruncationOptions {
  const random = generator(seed + 999),
    pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const o: Record<string, number> = {};
  if (random() < 0.7) o.temperature = pick([1, 0.7, 1.5, 0.1, 0, Infinity, 3, 1e-3]);
  if (random() < 0.4) o.topK = pick([1, 2, 5, 50, 300, n, n - 1, Math.max(1, n >> 1)]);
  if (random() < 0.4) o.topP = pick([0, 0.1, 0.5, 0.9, 0.95, 0.999, 1]);
  if (random() < 0.3) o.minP = pick([0, 0.01, 0.05, 0.3, 1]);
  if (random() < 0.2) o.typicalP = pick([0, 0.2, 0.5, 0.95]);
  if (random() < 0.2) o.nSigma = pick([0, 0.5, 1, 3, Infinity]);
  if (random() < 0.2) o.epsilon = pick([0, 1e-4, 0.01, 0.2, 1]);
  if (random() < 0.2) o.eta = pick([0, 1e-4, 0.01, 0.2]);
  if (random() < 0.2) o.xtcThreshold = pick([0, 0.01, 0.1, 0.3, 0.5, 0.6]);
  if (random() < 0.2) o.minKeep = pick([0, 1, 2, 7, 1000]);
  return o;
}

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
  test('the same bits on both backends', () => {
    for (let seed = 0; seed < 1500; seed++) {
      const n = LENGTHS[seed % LENGTHS.length]!,
        x = rowOf(dtype, n, seed),
        o = optionsOf(n, seed),
        label = `seed ${seed} n ${n} ${JSON.stringify(o)}`;
      expectSame(
        on('wasm', () => truncate(x, n, o)),
        on('js', () => truncate(x, n, o)),
        label,
      );
      const [a, b] = [dtype.make(1), dtype.make(1)];
      const draw = (logProb: Floats) => sampleTokens(key(seed), x, n, { ...o, logProb });
      expectSame(
        on('wasm', () => draw(a)),
        on('js', () => draw(b)),
        label,
      );
      expectSame(a, b, label);
    }
    init({ backend: 'auto' });
  });

  test('and on long rows', () => {
    for (let seed = 0; seed < 24; seed++) {
      const n = [131_072, 40_000, 33_333][seed % 3]!,
        x = rowOf(dtype, n, seed),
        o = optionsOf(n, seed + 5000),
        label = `seed ${seed} n ${n} ${JSON.stringify(o)}`;
      expectSame(
        on('wasm', () => truncate(x, n, o)),
        on('js', () => truncate(x, n, o)),
        label,
      );
      const [a, b] = [dtype.make(1), dtype.make(1)];
      const draw = (logProb: Floats) => sampleTokens(key(seed), x, n, { ...o, logProb });
      expectSame(
        on('wasm', () => draw(a)),
        on('js', () => draw(b)),
        label,
      );
      expectSame(a, b, label);
    }
    init({ backend: 'auto' });
  });
});
