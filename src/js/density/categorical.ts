import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import { exp, log1p } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import * as Argmax from '../max/argmax.ts';
import { expSum, ofMax } from '../max/exponentials.ts';
import * as Row from '../row.ts';

/**
 * The semi-supervised objective of a row with finite maximum: with a label loss - weight log softmax(x), without (-1) the
 * mean loss minus the entropy of softmax(x), which is
 *
 *     log(1 + rest) + drop / (1 + rest)        rest = sum exp(x - max), drop = sum exp(x - max) (max - x)
 *
 * over all but the first maximum. No term is negative, so nothing beside a dominant class is lost. The exponentials are
 * those of x - second, the greatest of the others, so that nothing far below the maximum is lost either; `scale` is
 * exp(second - max), in f64. `losses`: those of the classes, in the place of `loss`. `scratch`: room for the row, and
 * with losses for another one.
 */
function objective(
  x: number,
  n: number,
  max: number,
  losses: number,
  loss: number,
  label: number,
  weight: number,
  scratch: number,
): number {
  const at = Row.find(x, max),
    value = heap[at]!;
  heap[at] = -Infinity;
  const second = Row.max(x, n);
  let rest = 0,
    scale = 0;
  if (second > -Infinity) {
    rest = expSum(x, scratch, n, second, 1);
    scale = exp(second - max) / ofMax(second);
  }
  heap[at] = value;
  rest *= scale;
  const tail = log1p(rest);
  if (label >= 0) return (losses === 0 ? loss : heap[losses + label]!) - weight * (heap[x + label]! - max - tail);
  let drop = 0,
    mean = 0;
  if (losses !== 0) {
    if (scale !== 0) {
      for (let i = 0; i < n; i++) {
        const e = heap[scratch + i]!;
        heap[scratch + n + i] = e === 0 ? 0 : e * heap[losses + i]!;
      }
      mean = Row.sum(scratch + n, n) * scale;
    }
    loss = (heap[losses + Argmax.index(x, max)]! + mean) / (1 + rest);
  }
  // far below the maximum the differences may overflow, and count for nothing
  if (scale !== 0) {
    for (let i = 0; i < n; i++) {
      const e = heap[scratch + i]!;
      heap[scratch + i] = e === 0 ? 0 : e * round(max - heap[x + i]!);
    }
    drop = Row.sum(scratch, n) * scale;
  }
  return loss - (tail + drop / (1 + rest));
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row. */
export function categorical_entropy(src: number, dst: number, rows: number, n: number, scratch: number): void {
  Exponents.open(1);
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const max = Row.max(x, n);
    heap[dst / BYTES + r] = max - max === 0 ? 0 - objective(x, n, max, 0, 0, -1, 0, scratch / BYTES) : NaN;
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
    const max = Row.max(x, n),
      label = integers[labels / 4 + r]!;
    const known = label >= -1 && label < n && max - max === 0,
      loss = op === 0 ? 0 : heap[l]!;
    heap[dst / BYTES + r] = known ? objective(x, n, max, op === 0 ? l : 0, loss, label, weight, scratch / BYTES) : NaN;
  }
}
