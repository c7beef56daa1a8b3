import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { every as exp } from '../math/exp.ts';
import * as Row from '../row.ts';
import * as Rescale from './rescale.ts';
import { softmax } from './softmax.ts';

/** dst = (dLogP - p sum dLogP) / T for a row, with dLogP times `scale` on the way; whether nothing overflowed. */
function projected(logP: number, dLogP: number, dst: number, n: number, temperature: number, scale: number): boolean {
  for (let i = 0; i < n; i++) heap[dst + i] = heap[logP + i] === -Infinity ? 0 : heap[dLogP + i]! * scale;
  const total = round(Row.sum(dst, n));
  for (let i = 0; i < n; i++) {
    const l = heap[logP + i]!;
    const d = round(round(heap[dLogP + i]! * scale) - round(total * exp(l)));
    heap[dst + i] = l === -Infinity ? 0 : round(d / temperature) / scale;
  }
  const sum = Row.sum(dst, n);
  return sum - sum === 0;
}

/**
 * The vector-Jacobian product of a row of log softmax at its output log p, (dLogP - p sum dLogP) / T; what is masked is
 * left out of the sum and gets 0. 0 at T = 0; a NaN row for a NaN in log p. Where the sum or a difference overflows, once
 * more with dLogP / 2^40. dst is apart from dLogP.
 */
function row(logP: number, dLogP: number, dst: number, n: number, temperature: number): void {
  if (projected(logP, dLogP, dst, n, temperature, 1)) return;
  const max = Row.max(logP, n);
  if (max !== max || temperature === 0) heap.fill(max === max ? 0 : NaN, dst, dst + n);
  else projected(logP, dLogP, dst, n, temperature, c.SMALLER);
}

/** dst = the vector-Jacobian product of log softmax at its output log p. */
export function log_softmax_vjp(
  logP: number,
  dLogP: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
): void {
  for (let at = 0; at < rows * n; at += n) row(logP / BYTES + at, dLogP / BYTES + at, dst / BYTES + at, n, temperature);
}

/** dst_r = the derivative by T of row r at its output log p, times dLogP: -sum log p dx. `scratch`: room for a row. */
export function log_softmax_vjp_temperature(
  logP: number,
  dLogP: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const dx = scratch / BYTES,
    scale = Rescale.scaleOf(temperature);
  for (let r = 0; r < rows; r++) {
    const l = logP / BYTES + r * n;
    row(l, dLogP / BYTES + r * n, dx, n, temperature * scale);
    for (let i = 0; i < n; i++) heap[dx + i] = heap[dx + i] === 0 ? 0 : heap[dx + i]! * heap[l + i]!;
    heap[dst / BYTES + r] = (0 - Row.sum(dx, n)) * scale;
  }
}

/** dst_r = d_r dst_r / T, row by row, by division where d_r / T overflows; d = 0, no address, is 1 for every row. */
export function scale_rows(d: number, dst: number, rows: number, n: number, temperature: number): void {
  for (let r = 0, i = dst / BYTES; r < rows; r++) {
    const v = d === 0 ? 1 : heap[d / BYTES + r]!,
      scale = round(v / temperature),
      direct = scale - scale === 0;
    for (const end = i + n; i < end; i++) heap[i] = direct ? heap[i]! * scale : round(v * heap[i]!) / temperature;
  }
}

/** dst = d_r softmax(x / T) / T, row by row: the vector-Jacobian product of log sum exp. */
export function log_sum_exp_vjp(x: number, d: number, dst: number, rows: number, n: number, temperature: number): void {
  softmax(x, dst, rows, n, temperature, 0);
  scale_rows(d, dst, rows, n, temperature);
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
    log_sum_exp_vjp(8 * at, d + 8 * r, scratch, 1, n, temperature);
    let sum = weighted(at, dx, n, 1) / temperature;
    if (sum - sum !== 0) {
      softmax(8 * at, scratch, 1, n, temperature, 0);
      sum = ((weighted(at, dx, n, c.SMALLER) / temperature / temperature) * heap[d / 8 + r]!) / c.SMALLER;
    }
    heap[dst / 8 + r] = 0 - sum;
  }
}
