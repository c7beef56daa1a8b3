import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import { exp, log1p } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import * as Argmax from '../max/argmax.ts';
import { expSum, ofMax } from '../max/exponentials.ts';
import { dot } from '../max/project.ts';
import * as Row from '../row.ts';

/**
 * The semi-supervised objective of a row, NaN without a finite maximum: with a label loss - weight log softmax(x), without (-1) the
 * mean loss minus the entropy of softmax(x), which is
 *
 *     log(1 + rest) + drop / (1 + rest)        rest = sum exp(x - max), drop = sum exp(x - max) (max - x)
 *
 * over all but the first maximum. No term is negative, so nothing beside a dominant class is lost. Where the others are far
 * below the maximum, the exponentials are those of x - base, base the greatest of the others, so that nothing of them is lost
 * either; `scale` is exp(base - max), in f64. `losses`: those of the classes, in the place of `loss`. `scratch`: room for the row, and
 * with losses for another one.
 */
function objective(
  x: number,
  n: number,
  losses: number,
  loss: number,
  label: number,
  weight: number,
  scratch: number,
): number {
  const max = Row.max(x, n);
  if (max - max !== 0) return NaN;
  const at = Row.find(x, max),
    value = heap[at]!;
  heap[at] = -Infinity;
  let base = max,
    scale = 1 / ofMax(max),
    rest = expSum(x, scratch, n, max, 1) * scale;
  if (!(rest >= c.ENTROPY_LEAST)) {
    base = Row.max(x, n);
    scale = exp(base - max) / ofMax(base);
    rest = expSum(x, scratch, n, base, 1) * scale;
  }
  heap[at] = value;
  if (rest !== rest) return NaN;
  const tail = log1p(rest);
  if (label >= 0) return (losses === 0 ? loss : heap[losses + label]!) - weight * (heap[x + label]! - max - tail);
  let drop = 0,
    mean = 0;
  if (losses !== 0) {
    if (scale !== 0) mean = dot(scratch, losses, scratch + n, n) * scale;
    loss = (heap[losses + Argmax.index(x, max)]! + mean) / (1 + rest);
  }
  // far below the maximum the differences may overflow, and count for nothing
  if (scale !== 0) {
    const values = heap,
      least = round(base - c.ENTROPY_DEPTH);
    for (let i = 0; i < n; i++) {
      const v = values[x + i]!;
      values[scratch + i]! *= round(max - (v < least ? least : v));
    }
    drop = Row.sum(scratch, n) * scale;
  }
  return loss - (tail + drop / (1 + rest));
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row. */
export function categorical_entropy(src: number, dst: number, rows: number, n: number, scratch: number): void {
  Exponents.open(1);
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    heap[dst / BYTES + r] = 0 - objective(x, n, 0, 0, -1, 0, scratch / BYTES);
  }
}

/**
 * dst_r = the semi-supervised objective of row r of logits: losses of its classes (op 0) or one of the row (1); of a label k
 * loss_k - weight log q_k, of none (-1) the mean loss minus the entropy. `scratch`: room for two rows.
 */
export function semi_supervised(
  losses: number,
  logits: number,
  labels: number,
  dst: number,
  op: number,
  rows: number,
  n: number,
  weight: number,
  scratch: number,
): void {
  Exponents.open(1);
  for (let r = 0, x = logits / BYTES, l = losses / BYTES; r < rows; r++, x += n, l += op === 0 ? n : 1) {
    const label = integers[labels / 4 + r]!,
      loss = op === 0 ? 0 : heap[l]!;
    heap[dst / BYTES + r] =
      label >= -1 && label < n ? objective(x, n, op === 0 ? l : 0, loss, label, weight, scratch / BYTES) : NaN;
  }
}
