import { type Floats, I32 } from '../engine/kind.ts';
import { makeOp, makeRowOp } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import { mapInputs, mapRows } from '../engine/rows.ts';
import * as Scratch from '../shared/scratch.ts';

const ENTROPY = /* @__PURE__ */ makeRowOp('logits', {
  width: 1,
  options: [],
  scratch: Scratch.categorical_entropy,
  row: (kernels, src, dst, rows, n, _t, scratch) => kernels.categorical_entropy(src, dst, rows, n, scratch),
});

/** The entropy of softmax(logits) of each row, in nats, NaN for a NaN row of softmax. Right to 4 ULP, also near 0. */
export function entropyOfLogits<A extends Floats = Float32Array>(logits: A, n: number): A {
  return mapRows(ENTROPY, logits, n) as A;
}

const LOGITS = { name: 'logits', width: 'n' } as const,
  LABELS = { name: 'labels', width: 1, kind: I32 } as const,
  COMMON = { options: ['temperature'], outputs: [{ width: 1 }], scratch: Scratch.semi_supervised } as const;

// the temperature of a call is the weight

const MARGINAL = /* @__PURE__ */ makeOp({
  ...COMMON,
  inputs: [{ name: 'losses', width: 'n' }, LOGITS, LABELS],
  kernel: (kernels, [l, x, k, dst], rows, n, temperature, scratch) =>
    kernels.semi_supervised(l, x, k, dst, 0, rows, n, temperature, scratch),
});

const SAMPLED = /* @__PURE__ */ makeOp({
  ...COMMON,
  inputs: [LOGITS, { name: 'loss', width: 1 }, LABELS],
  kernel: (kernels, [x, l, k, dst], rows, n, temperature, scratch) =>
    kernels.semi_supervised(l, x, k, dst, 1, rows, n, temperature, scratch),
});

const VJP = /* @__PURE__ */ makeOp({
  options: ['temperature'],
  inputs: [{ name: 'losses', width: 'n' }, LOGITS, LABELS, { name: 'dObjective', width: 1 }],
  outputs: [{ width: 'n' }, { width: 'n' }],
  scratch: Scratch.semi_supervised_vjp,
  kernel: (kernels, [l, x, k, d, dLosses, dLogits], rows, n, temperature, scratch) =>
    kernels.semi_supervised_vjp(l, x, k, d!, dLosses, dLogits, rows, n, temperature, scratch),
});

/** The semi-supervised objective of each row of logits, from the losses of its classes. */
export function marginalObjective<A extends Floats>(
  losses: Values<A>,
  logits: Values<A>,
  labels: Values<Int32Array>,
  n: number,
  weight: number,
): A {
  return mapInputs(MARGINAL, [losses, logits, labels], n, { temperature: weight }) as A;
}

/** The same from one loss of each row. */
export function sampledObjective<A extends Floats>(
  loss: Values<A>,
  logits: Values<A>,
  labels: Values<Int32Array>,
  n: number,
  weight: number,
): A {
  return mapInputs(SAMPLED, [logits, loss, labels], n, { temperature: weight }) as A;
}

/** The gradients of sum_r dObjective_r times the first, by losses and logits. */
export function objectiveGradients<A extends Floats>(
  losses: Values<A>,
  logits: Values<A>,
  labels: Values<Int32Array>,
  dObjective: Values<A>,
  n: number,
  weight: number,
): [losses: A, logits: A] {
  return mapInputs(VJP, [losses, logits, labels, dObjective], n, { temperature: weight }) as [A, A];
}
