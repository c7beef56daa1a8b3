/** Counts of draws against their probabilities. */
import { expect } from 'vitest';

/** Chi-square of counts as a standard normal (Wilson and Hilferty); a class of probability 0 must not appear. */
export function chiSquare(counts: readonly number[], p: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b);
  let [sum, freedom] = [0, -1];
  counts.forEach((count, i) => {
    if (p[i] === 0) return expect(count).toBe(0);
    freedom++;
    sum += (count - total * p[i]!) ** 2 / (total * p[i]!);
  });
  return (Math.cbrt(sum / freedom) - 1 + 2 / (9 * freedom)) / Math.sqrt(2 / (9 * freedom));
}

/** How often each of n classes was drawn. */
export function tally(indices: Int32Array, n: number): number[] {
  const counts = Array<number>(n).fill(0);
  for (const index of indices) counts[index]!++;
  return counts;
}

/** softmax(logits / T) in f64; -Infinity is masked, T may be Infinity. */
export function softmaxOf(logits: ArrayLike<number>, temperature: number): number[] {
  const values = Array.from(logits),
    max = values.reduce((a, b) => Math.max(a, b));
  const e = values.map((l) => (l === -Infinity ? 0 : Math.exp((l - max) / temperature)));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}
