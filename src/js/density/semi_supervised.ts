import { BYTES } from '../dtype.ts';
import { heap, integers } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import * as Argmax from '../max/argmax.ts';
import { expSum } from '../max/exponentials.ts';
import * as Row from '../row.ts';

/**
 * The gradients of d times the objective of a row, q = softmax(logits): of a label k d by loss k and d weight (q - 1) by logit k,
 * where q - 1 is minus the others' sum, and d weight q by the other logits; without a label, with u = losses + log q less its
 * value at the greatest class,
 *
 *     d q by the losses        d q (u - sum q u) by the logits
 *
 * NaN for what is no label, and where the maximum is not finite. Sums go by turns to two totals.
 */
function row(
  losses: number,
  logits: number,
  label: number,
  d: number,
  dLosses: number,
  dLogits: number,
  n: number,
  weight: number,
  e: number,
): void {
  const values = heap,
    max = Row.max(logits, n);
  if (!(label >= -1 && label < n && max - max === 0)) {
    values.fill(NaN, dLosses, dLosses + n);
    values.fill(NaN, dLogits, dLogits + n);
    return;
  }
  const scale = 1 / expSum(logits, e, n, max, 1),
    known = label >= 0,
    top = values[losses + Argmax.index(logits, max)]!;
  if (known) values[e + label] = 0;
  let total0 = 0,
    total1 = 0;
  for (let i = 0; i < n; i++) {
    const p = values[e + i]!;
    const term = known || p === 0 ? p : p * (values[losses + i]! - top + (values[logits + i]! - max));
    if (i & 1) total1 += term;
    else total0 += term;
  }
  const mean = (total0 + total1) * scale,
    byLoss = known ? 0 : d * scale,
    byLogit = d * scale * (known ? weight : 1);
  for (let i = 0; i < n; i++) {
    const p = values[e + i]!;
    values[dLosses + i] = p * byLoss;
    if (known) values[dLogits + i] = p * byLogit;
    else
      values[dLogits + i] =
        p === 0 ? 0 : p * byLogit * (values[losses + i]! - top + (values[logits + i]! - max) - mean);
  }
  if (known) {
    values[dLosses + label] = d;
    values[dLogits + label] = 0 - d * weight * mean;
  }
}

/** The gradients of d_r times the objective of row r, by the losses of its classes and the logits. `scratch`: room for a row. */
export function semi_supervised_vjp(
  losses: number,
  logits: number,
  labels: number,
  d: number,
  dLosses: number,
  dLogits: number,
  rows: number,
  n: number,
  weight: number,
  scratch: number,
): void {
  Exponents.open(1);
  for (let r = 0; r < rows; r++) {
    const [l, x, dL, dX] = [losses, logits, dLosses, dLogits].map((p) => p / BYTES + r * n) as [number, number, number, number]; // prettier-ignore
    row(l, x, integers[labels / 4 + r]!, heap[d / BYTES + r]!, dL, dX, n, weight, scratch / BYTES);
  }
}
