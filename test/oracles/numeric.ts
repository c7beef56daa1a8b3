/** Numbers that tests measure results against: integrals, differences, distances of samples from their distribution. */
import type { Floats } from 'anymax';

/** Kahan's and Neumaier's sum: what the references add is right to the last place or two. */
export function sum(terms: readonly number[]): number {
  let total = 0,
    lost = 0;
  for (const v of terms) {
    const next = total + v;
    lost += Math.abs(total) >= Math.abs(v) ? total - next + v : v - next + total;
    total = next;
  }
  return total + lost;
}

/** Trapezoids over [from, to]: exponentially accurate for a smooth f that vanishes at both ends. */
export function integral(f: (x: number) => number, from: number, to: number, steps = 4000): number {
  const h = (to - from) / steps;
  return h * sum(Array.from({ length: steps + 1 }, (_, i) => (i % steps === 0 ? 0.5 : 1) * f(from + i * h)));
}

/** df / dx_i for each element of x, by central differences of the fourth order. */
export function slopes(f: (x: Float64Array) => number, x: ArrayLike<number>, h = 2e-3): Float64Array {
  return Float64Array.from(x, (_, i) => {
    const at = (step: number): number => f(Float64Array.from(x, (v, j) => (i === j ? v + step * h : v)));
    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
  });
}

/** Kolmogorov and Smirnov: sqrt(n) times the greatest distance of u = cdf(draw) from uniform; above 2.9 with probability 1e-7. */
export function distanceFromUniform(u: Floats): number {
  const n = u.length;
  let greatest = 0;
  u.slice()
    .sort()
    .forEach((v, i) => {
      greatest = Math.max(greatest, v - i / n, (i + 1) / n - v);
    });
  return Math.sqrt(n) * greatest;
}
export const KS = 2.9;

/** Chi-square of counts as a standard normal (Wilson and Hilferty). */
export function chiSquare(counts: readonly number[], p: readonly number[]): number {
  const total = sum(counts);
  const freedom = counts.length - 1;
  const chi = sum(counts.map((count, i) => (count - total * p[i]!) ** 2 / (total * p[i]!)));
  return (Math.cbrt(chi / freedom) - 1 + 2 / (9 * freedom)) / Math.sqrt(2 / (9 * freedom));
}

/** x log x of a probability, 0 at 0. */
export const xlogy = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y));

export function softmaxOf(logits: ArrayLike<number>): number[] {
  const max = Math.max(...Array.from(logits));
  const e = Array.from(logits, (l) => Math.exp(l - max));
  const total = sum(e);
  return e.map((v) => v / total);
}

export const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));
export const logit = (p: number): number => Math.log(p) - Math.log1p(-p);
