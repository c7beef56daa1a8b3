import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { exp } from '../math/exp.ts';
import * as Row from '../row.ts';
import * as Rescale from './rescale.ts';

/** dst = (dLogP - p sum dLogP) / T for a row, with dLogP times `scale` on the way; whether nothing overflowed. */
function projected(logP: number, dLogP: number, dst: number, n: number, temperature: number, scale: number): boolean {
  const v = heap,
    by = Rescale.scaleOf(temperature),
    perT = round(1 / round(temperature * by));
  for (let i = 0; i < n; i++) v[dst + i] = v[logP + i] === -Infinity ? 0 : v[dLogP + i]! * scale;
  const total = round(Row.sum(dst, n));
  exp(BYTES * logP, BYTES * dst, n);
  let odd = 0;
  for (let i = 0; i < n; i++) {
    const d = round(round(v[dLogP + i]! * scale) - round(total * v[dst + i]!)),
      y = v[logP + i] === -Infinity ? 0 : round(d * perT);
    odd += y - y;
    v[dst + i] = y;
  }
  if (by === 1 && scale === 1) return odd === 0;
  odd = 0;
  for (let i = dst; i < dst + n; i++) {
    v[i] = round(v[i]! * by) / scale;
    odd += v[i]! - v[i]!;
  }
  return odd === 0;
}

/**
 * The vector-Jacobian product of a row of log softmax at its output log p, (dLogP - p sum dLogP) / T; what is masked is
 * left out of the sum and gets 0. 0 at T = 0; a NaN row for a NaN in log p. Where the sum or a difference overflows, once
 * more with dLogP / 2^40. dst is apart from dLogP.
 */
function row(logP: number, dLogP: number, dst: number, n: number, temperature: number): void {
  if (temperature !== 0 && projected(logP, dLogP, dst, n, temperature, 1)) return;
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
    row(logP / BYTES + r * n, dLogP / BYTES + r * n, dx, n, temperature * scale);
    for (let i = 0; i < n; i++) heap[dx + i] = heap[dx + i] === 0 ? 0 : heap[dx + i]! * heap[logP / BYTES + r * n + i]!;
    heap[dst / BYTES + r] = (0 - Row.sum(dx, n)) * scale;
  }
}

/** dst = v dst / T of a row, by division where v / T overflows. */
export function scale(dst: number, n: number, v: number, temperature: number): void {
  const factor = round(v / temperature),
    direct = factor - factor === 0;
  for (let i = dst; i < dst + n; i++) heap[i] = direct ? heap[i]! * factor : round(v * heap[i]!) / temperature;
}

/** dst_r = d_r dst_r / T, row by row; d = 0, no address, is 1 for every row. */
export function scale_rows(d: number, dst: number, rows: number, n: number, temperature: number): void {
  for (let r = 0; r < rows; r++) scale(dst / BYTES + r * n, n, d === 0 ? 1 : heap[d / BYTES + r]!, temperature);
}
