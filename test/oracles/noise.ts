/** Noise of random words by its formulas, over either arithmetic. No code of the package. */
import type { Arithmetic } from './arithmetic.ts';

// ---- Philox4x32-10 (Salmon et al. 2011), for the extension words ----

const M0 = 0xd2511f53n,
  M1 = 0xcd9e8d57n,
  WORD = 0xffffffffn;

export function philox(counter: readonly bigint[], key: readonly bigint[]): bigint[] {
  let [c0, c1, c2, c3] = counter as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const p0 = M0 * c0,
      p1 = M1 * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & WORD, (p0 >> 32n) ^ c3 ^ k1, p0 & WORD];
    k0 = (k0 + 0x9e3779b9n) & WORD;
    k1 = (k1 + 0xbb67ae85n) & WORD;
  }
  return [c0, c1, c2, c3];
}

// ---- Noise ----

/** A point of the uniform distribution: u = v below the median, 1 - v above it, v in (0, 1/2]. */
export interface Quantile<V> {
  readonly upper: boolean;
  readonly v: V;
}

/** Of a word: m = min(x, ~x), v = (m + 1/2) 2^-32. */
export function quantile32(x: number): Quantile<number> {
  const upper = x >= 2 ** 31;
  return { upper, v: ((upper ? 2 ** 32 - 1 - x : x) + 0.5) / 2 ** 32 };
}

/** Of the word x of a flat element: v = (m 2^32 + y + 1/2) 2^-64 where m < 2^8, y the element's extension word. */
export function extended32(x: number, element: number, k0: number, k1: number): Quantile<number> {
  const { upper, v } = quantile32(x),
    m = v * 2 ** 32 - 0.5;
  if (m >= 256) return { upper, v };
  const i = BigInt(element);
  const y = philox([i & WORD, i >> 32n, 0n, 1n], [BigInt(k0), BigInt(k1)])[0]!;
  return { upper, v: (m * 2 ** 32 + Number(y) + 0.5) / 2 ** 64 };
}

/** Of two words, the high one first: v = (m + 1/2) 2^-64, exact in fixed point. */
export function quantile64<V>(a: Arithmetic<V>, high: number, low: number): Quantile<V> {
  const upper = high >= 2 ** 31;
  const m1 = upper ? 2 ** 32 - 1 - high : high,
    m0 = upper ? 2 ** 32 - 1 - low : low;
  return { upper, v: a.plus(a.of(m1 / 2 ** 32), a.of((m0 + 0.5) / 2 ** 64)) };
}

/** -log(1 - u) */
export function exponential<V>(a: Arithmetic<V>, { upper, v }: Quantile<V>): V {
  return a.minus(a.of(0), upper ? a.log(v) : a.log1p(a.minus(a.of(0), v)));
}

/** -log(-log(1 - u)) */
export function gumbel<V>(a: Arithmetic<V>, q: Quantile<V>): V {
  return a.minus(a.of(0), a.log(exponential(a, q)));
}

/** log u - log(1 - u) */
export function logistic<V>(a: Arithmetic<V>, { upper, v }: Quantile<V>): V {
  const logit = a.minus(a.log(v), a.log1p(a.minus(a.of(0), v)));
  return upper ? a.minus(a.of(0), logit) : logit;
}

/** u itself */
export function uniform<V>(a: Arithmetic<V>, { upper, v }: Quantile<V>): V {
  return upper ? a.minus(a.of(1), v) : v;
}
