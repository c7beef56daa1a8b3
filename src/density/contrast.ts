import { Call } from '../engine/call.ts';
import type { Floats } from '../engine/kind.ts';
import { makeOp, type Op } from '../engine/op.ts';
import * as Scratch from '../shared/scratch.ts';

const INPUTS = [
    { name: 'a', width: 'n' },
    { name: 'b', width: 'n' },
  ] as const,
  COMMON = { options: [], scratch: Scratch.contrast } as const;

const DIVERGENCE = /* @__PURE__ */ makeOp({
  ...COMMON,
  inputs: INPUTS,
  outputs: [{ width: 1 }],
  kernel: (kernels, [a, b], [dst], { rows, n, scratch }) => kernels.contrast(a, b, 0, dst, 0, rows, n, scratch),
});

const WEIGHTED = /* @__PURE__ */ makeOp({
  ...COMMON,
  inputs: [...INPUTS, { name: 'y', width: 'n' }],
  outputs: [{ width: 1 }],
  kernel: (kernels, [a, b, y], [dst], { rows, n, scratch }) => kernels.contrast(a, b, y, dst, 0, rows, n, scratch),
});

const RATIOS = /* @__PURE__ */ makeOp({
  ...COMMON,
  f64: true,
  inputs: INPUTS,
  outputs: [{ width: 1 }, { width: 'n' }],
  kernel: (kernels, [a, b], [dst, ratio], { rows, n, scratch }) =>
    kernels.contrast(a, b, 0, dst, ratio, rows, n, scratch),
});

function run(op: Op, values: readonly Floats[], n: number): Floats[] {
  return new Call(op, values, n, {}).run() as Floats[];
}

/** KL(p || q) of each row, p = softmax(a), q = softmax(b): in float32 within 8 ULP of itself, in float64 1e-14. */
export function divergence<A extends Floats>(a: A, b: A, n: number): A {
  return run(DIVERGENCE, [a, b], n)[0] as A;
}

/** sum_k y_k (log q_k - log p_k) of each row, without classes that p does not have: in float32 within 8 ULP of its terms. */
export function weightedRatio<A extends Floats>(a: A, b: A, y: A, n: number): A {
  return run(WEIGHTED, [a, b, y], n)[0] as A;
}

/** KL(p || q) of each row, and log p - log q of each class, 0 for one that neither has. */
export function ratios(a: Float64Array, b: Float64Array, n: number): [kl: Float64Array, ratio: Float64Array] {
  return run(RATIOS, [a, b], n) as [Float64Array, Float64Array];
}
