import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { scale, softmax } from '../double.ts';
import { doubles, heap } from '../lane.ts';
import * as Row from '../row.ts';

/**
 * dst = d_r softmax(x / T) / T, row by row: the vector-Jacobian product of log sum exp, in f64 for either dtype. `scratch`: room for
 * a row.
 */
export function log_sum_exp_vjp(
  x: number,
  d: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const y = scratch / 8;
  for (let r = 0; r < rows; r++) {
    const at = r * n;
    for (let i = 0; i < n; i++) doubles[y + i] = heap[x / BYTES + at + i]!;
    softmax(scratch, scratch, 1, n, temperature, 0);
    scale(y, n, heap[d / BYTES + r]!, temperature);
    for (let i = 0; i < n; i++) heap[dst / BYTES + at + i] = doubles[y + i]!;
  }
}

/** The sum of x dx, of dx times `scale`, which is a power of two. */
function weighted(x: number, dx: number, n: number, scale: number): number {
  for (let i = 0; i < n; i++) heap[dx + i] = heap[dx + i] === 0 ? 0 : heap[dx + i]! * scale * heap[x + i]!;
  return Row.sum(dx, n);
}

/**
 * dst_r = the derivative by T of log sum exp(x_r / T) times d_r: -sum x dx / T. Where a term overflows, once more with p / 2^40,
 * and divided by T at the end. `scratch`: room for a row.
 */
export function log_sum_exp_vjp_temperature(
  x: number,
  d: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const dx = scratch / 8;
  for (let r = 0; r < rows; r++) {
    const at = x / 8 + r * n;
    log_sum_exp_vjp(8 * at, d + 8 * r, scratch, 1, n, temperature, scratch);
    let sum = weighted(at, dx, n, 1) / temperature;
    if (sum - sum !== 0) {
      softmax(8 * at, scratch, 1, n, temperature, 0);
      sum = ((weighted(at, dx, n, c.SMALLER) / temperature / temperature) * heap[d / 8 + r]!) / c.SMALLER;
    }
    heap[dst / 8 + r] = 0 - sum;
  }
}
