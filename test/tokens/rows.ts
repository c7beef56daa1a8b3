/** Rows and options of many kinds, by a seed. */
import type { Floats } from 'anymax';
import type { TruncationOptions } from 'anymax/tokens';
import { type Dtype, normals } from '../support/backends.ts';
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
