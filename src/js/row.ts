import * as c from '../shared/constants.ts';
import { BYTES } from './dtype.ts';
import { bulk, heap, round, WIDTH } from './lane.ts';

/**
 * The partial sums of a row. The wasm kernels add vectors: in the bulk of a long row element i goes to partial sum
 * i mod (ACCUMULATORS WIDTH), elsewhere (short rows, and what the bulk leaves) to i mod WIDTH. A typed array of the
 * dtype rounds what it stores, so `partials[i & mask] += term` is one rounded addition.
 *
 *     let total = 0;
 *     for (let i = 0; i < n; total += fold(mask)) {
 *       const end = blockEnd(i, n), mask = laneMask(i, n);
 *       for (; i < end; i++) partials[i & mask] += term;
 *     }
 */
export const partials: Float32Array | Float64Array = /* @__PURE__ */ new (BYTES === 4 ? Float32Array : Float64Array)(
  c.ACCUMULATORS * WIDTH,
);

/** Where the block of elements that starts at i ends: SUM_BLOCK of them in the bulk, then all that is left. */
export function blockEnd(i: number, n: number): number {
  const end = bulk(n);
  return i < end ? Math.min(i + c.SUM_BLOCK, end) : n;
}

/** The mask that turns an element's index into that of its partial sum, in the block that starts at i. */
export function laneMask(i: number, n: number): number {
  return (i < bulk(n) ? c.ACCUMULATORS * WIDTH : WIDTH) - 1;
}

/** Adds the partial sums up, accumulators in T and lanes in f64, each as a tree, and clears them. */
export function fold(mask: number): number {
  const p = partials;
  if (mask >= WIDTH) {
    for (let l = 0; l < WIDTH; l++) {
      p[l] = round(round(p[l]! + p[WIDTH + l]!) + round(p[2 * WIDTH + l]! + p[3 * WIDTH + l]!));
    }
  }
  const sum = BYTES === 4 ? p[0]! + p[2]! + (p[1]! + p[3]!) : p[0]! + p[1]!;
  p.fill(0);
  return sum;
}

/** The greatest of n elements from index i, -0 as +0; NaN if one is NaN. */
export function max(i: number, n: number): number {
  let greatest = -Infinity;
  for (const end = i + n; i < end; i++) {
    const v = heap[i]!;
    if (v > greatest) greatest = v;
    else if (v !== v) return NaN;
  }
  return greatest + 0;
}
