import type { Floats } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import { mapRows } from '../engine/rows.ts';
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
