import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { exp, log1p } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import { expSum, ofMax } from '../max/softmax.ts';
import * as Row from '../row.ts';

/**
 * The entropy of softmax(x) for a row with finite maximum:
 *
 *     log(1 + rest) + drop / (1 + rest)        rest = sum exp(x - max), drop = sum exp(x - max) (max - x)
 *
 * over all but the first maximum. No term is negative, so nothing beside a dominant class is lost. The exponentials are
 * those of x - second, the greatest of the others, so that nothing far below the maximum is lost either; `scale` is
 * exp(second - max), in f64. `scratch`: room for the row.
 */
function entropy(x: number, n: number, max: number, scratch: number): number {
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
  if (second === -Infinity) return 0;
  rest *= scale;
  // far below the maximum the differences may overflow, and count for nothing
  if (scale === 0) return rest;
  for (let i = 0; i < n; i++) {
    const e = heap[scratch + i]!;
    heap[scratch + i] = e === 0 ? 0 : e * round(max - heap[x + i]!);
  }
  return log1p(rest) + (Row.sum(scratch, n) * scale) / (1 + rest);
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row. */
export function categorical_entropy(src: number, dst: number, rows: number, n: number, scratch: number): void {
  Exponents.open(1);
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const max = Row.max(x, n);
    heap[dst / BYTES + r] = max - max === 0 ? entropy(x, n, max, scratch / BYTES) : NaN;
  }
}
