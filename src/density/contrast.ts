import { mapInputs } from '../engine/rows.ts';
import type { Floats } from '../engine/kind.ts';
import { makeOp } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import * as Scratch from '../shared/scratch.ts';

const INPUTS = [
    { name: 'logits', width: 'n' },
    { name: 'priorLogits', width: 'n' },
  ] as const,
  COMMON = { options: [], scratch: Scratch.contrast } as const;

const DIVERGENCE = /* @__PURE__ */ makeOp({
  ...COMMON,
  inputs: INPUTS,
  outputs: [{ width: 1 }],
  kernel: (kernels, [a, b, dst], rows, n, _temperature, scratch) => kernels.contrast(a, b, 0, dst, 0, rows, n, scratch),
});

const WEIGHTED = /* @__PURE__ */ makeOp({
  ...COMMON,
  inputs: [{ name: 'y', width: 'n' }, ...INPUTS],
  outputs: [{ width: 1 }],
  kernel: (kernels, [y, a, b, dst], rows, n, _temperature, scratch) =>
    kernels.contrast(a, b, y, dst, 0, rows, n, scratch),
});

const BITS = /* @__PURE__ */ makeOp({
  options: [],
  inputs: INPUTS,
  outputs: [{ width: 'n' }],
  kernel: (kernels, [a, b, dst], rows) => kernels.contrast_bits(a, b, 0, dst, rows),
});

const WEIGHTED_BITS = /* @__PURE__ */ makeOp({
  options: [],
  inputs: [{ name: 'y', width: 'n' }, ...INPUTS],
  outputs: [{ width: 'n' }],
  kernel: (kernels, [y, a, b, dst], rows) => kernels.contrast_bits(a, b, y, dst, rows),
});

const RATIOS = /* @__PURE__ */ makeOp({
  ...COMMON,
  f64: true,
  inputs: INPUTS,
  outputs: [{ width: 1 }, { width: 'n' }],
  kernel: (kernels, [a, b, dst, ratio], rows, n, _temperature, scratch) =>
    kernels.contrast(a, b, 0, dst, ratio, rows, n, scratch),
});

// Rows of n classes or, without n, bits.

/** KL(p || q) of each row, p = softmax(a), q = softmax(b): within 4 ULP of itself. */
export function divergence<A extends Floats>(a: Values<A>, b: Values<A>, n: number | undefined): A {
  return mapInputs(n === undefined ? BITS : DIVERGENCE, [a, b], n ?? 1) as A;
}

/** sum_k y_k (log q_k - log p_k) of each row, without classes that p does not have: within 4 ULP of its terms. */
export function weightedRatio<A extends Floats>(y: Values<A>, a: Values<A>, b: Values<A>, n: number | undefined): A {
  return mapInputs(n === undefined ? WEIGHTED_BITS : WEIGHTED, [y, a, b], n ?? 1) as A;
}

/** KL(p || q) of each row, and log p - log q of each class, 0 for one that neither has. */
export function ratios(a: Float64Array, b: Float64Array, n: number): [kl: Float64Array, ratio: Float64Array] {
  return mapInputs(RATIOS, [a, b], n) as [Float64Array, Float64Array];
}
