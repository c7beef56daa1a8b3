import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { exponentOf, fourth, power, type Value } from './entmax_power.ts';
import { partOf, stepOf } from './entmax_step.ts';
import type * as Maxes from './maxes.ts';
import * as Sparse from './sparse.ts';

/** A power of two: E times it is in [1/2, 1). */
function scaleOf(E: number): number {
  let scale = 1;
  for (; E * scale >= 1; scale /= 2);
  for (; E * scale < 0.5; scale *= 2);
  return scale;
}

/** (x - max) scale of the x >= least at `to`, one behind the other; returns how many. */
function gather(x: number, to: number, n: number, max: number, least: number, scale: number): number {
  const start = to;
  for (const end = x + n; x < end; x++) {
    if (!(heap[x]! >= least)) continue;
    const z = round(heap[x]! - max) * scale;
    heap[to++] = z < c.ENTMAX_BOUND ? c.ENTMAX_BOUND : z;
  }
  return to - start;
}

/** The n candidates z become their p; `p` has room for as many. */
function solve(value: Value, z: number, p: number, n: number, E: number, d: number): void {
  const values = heap,
    exponent = exponentOf(d);
  let root = 1,
    passed = false,
    step = 0;
  while (true) {
    const slope = 1 / (E * root),
      sums = Array.from({ length: 24 }, () => 0);
    for (let i = 0; i < n; i++) values[p + i] = value(values[z + i]!, slope, exponent);
    for (let i = 0; i < n; i++) {
      const q = partOf(values[z + i]!, slope);
      let term = values[p + i]!;
      for (let at = i & 3; at < 24; at += 4, term *= q) sums[at]! += term;
    }
    const totals = [0, 4, 8, 12, 16, 20].map((at) => Sparse.total(sums.slice(at)));
    let done, factors;
    [root, done, passed, factors] = stepOf(totals, root, d, passed);
    if (!done && step++ < c.ENTMAX_STEPS) continue;
    for (let i = 0; i < n; i++) {
      const q = partOf(values[z + i]!, slope),
        v = values[p + i]! * factors.reduce((sum, factor) => sum * q + factor);
      values[z + i] = v > 0 ? v : 0;
    }
    return;
  }
}

/**
 * alpha-entmax in f32, 1 < alpha <= 2: p = P u+^c, u = 1 + z / (E root), with P the greatest p, d = alpha - 1, c = 1 / d,
 * E = T / d and root = P^d. Beside P no relative rounding of a p counts more than 1 / e of itself, so that a power in f32
 * does; the root and sums are in f64. The p are divided by their sum, which makes it 1 whatever the root has lost.
 */
function single(value: Value): Maxes.Max {
  return {
    hot: 1,
    cold: 0,
    row(x, dst, n, max, temperature, scratch, alpha) {
      const d = alpha - 1,
        E = temperature / d,
        scale = scaleOf(E),
        z = scratch / BYTES,
        least = Sparse.least(n, max, round(1 / d), temperature);
      const k = gather(x, z, n, max, least, scale);
      solve(value, z, z + k, k, E * scale, d);
      for (let i = 0, p = z; i < n; i++) heap[dst + i] = heap[x + i]! >= least ? heap[p++]! : 0;
    },
  };
}

const General = /* @__PURE__ */ single(power);
const Quarter = /* @__PURE__ */ single(fourth);

/** The form for an alpha. */
export const singleOf = (alpha: number): Maxes.Max => (alpha === 1.25 ? Quarter : General);
