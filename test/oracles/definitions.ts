/** What the family is, in f64 and by its definitions: the oracles of the tests. No code of the package. */

type Row = readonly number[];

const sum = (values: Row): number => values.reduce((a, b) => a + b, 0);
/** 0 (-Infinity) = 0. */
const times = (a: number, b: number): number => (a === 0 ? 0 : a * b);
export const dot = (a: Row, b: Row): number => sum(a.map((v, i) => times(v, b[i]!)));

/** The Tsallis entropy sum p (1 - p^(alpha-1)) / (alpha (alpha-1)), Shannon's at alpha = 1. */
export function tsallis(p: Row, alpha: number): number {
  if (alpha === 1) return -sum(p.map((v) => times(v, Math.log(v))));
  return sum(p.map((v) => v - v ** alpha)) / (alpha * (alpha - 1));
}

/** max_p (<p, x> + H(p)) - H(y) - <y, x>, p being where the maximum is. */
export function fenchelYoung(p: Row, x: Row, y: Row, alpha: number): number {
  return dot(p, x) + tsallis(p, alpha) - tsallis(y, alpha) - dot(y, x);
}

/** (diag s - s s^T / sum s) / T with s = p^(2 - alpha) on the support: the Jacobian of the max at its output p. */
export function jacobian(p: Row, alpha: number, temperature: number): number[][] {
  const s = p.map((v) => (v > 0 ? v ** (2 - alpha) : 0)),
    total = sum(s);
  return s.map((a, i) => s.map((b, j) => (Number(i === j) * a - (a * b) / total) / temperature));
}

/** The derivative at 0 by central differences of fourth order. */
export function slope(f: (step: number) => number, h = 1e-3): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/** The derivative at 0 by forward differences of fourth order, where nothing is to the left. */
export function rightSlope(f: (step: number) => number, h = 1e-3): number {
  return (-25 * f(0) + 48 * f(h) - 36 * f(2 * h) + 16 * f(3 * h) - 3 * f(4 * h)) / (12 * h);
}

/** [(alpha - 1) z - t]+^(1 / (alpha - 1)) for alpha 1.5 or 2: t in closed form for each size of the support, after sorting. */
export function bySorting(x: Row, alpha: 1.5 | 2, temperature: number): number[] {
  const max = x.reduce((a, b) => Math.max(a, b));
  const z = x.map((v) => ((alpha - 1) * (v - max)) / temperature);
  const sorted = z.toSorted((a, b) => b - a);
  let threshold = NaN;
  for (let k = 1; k <= sorted.length && sorted[k - 1]! > -Infinity; k++) {
    const top = sorted.slice(0, k),
      mean = sum(top) / k;
    const spread = sum(top.map((v) => (v - mean) ** 2));
    const t = alpha === 2 ? mean - 1 / k : mean - Math.sqrt((1 - spread) / k);
    if (!(t < sorted[k - 1]!)) break;
    threshold = t;
  }
  return z.map((v) => Math.max(v - threshold, 0) ** (1 / (alpha - 1)));
}
