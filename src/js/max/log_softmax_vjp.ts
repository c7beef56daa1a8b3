import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { exp } from '../math/exp.ts';
import * as Row from '../row.ts';
import * as Rescale from './rescale.ts';

/**
 * dst = (dLogP - p sum dLogP) / T for a row, with dLogP times `scale` on the way, or, of a `moment`, that times log p; returns
 * its sum, which is not finite where something overflowed.
 */
function projected(
  logP: number,
  dLogP: number,
  dst: number,
  n: number,
  temperature: number,
  scale: number,
  moment = false,
): number {
  const values = heap;
  for (let i = 0; i < n; i++) values[dst + i] = values[logP + i] === -Infinity ? 0 : values[dLogP + i]! * scale;
  const total = round(Row.sum(dst, n));
  exp(BYTES * logP, BYTES * dst, n);
  for (let i = 0; i < n; i++) {
    const l = values[logP + i]!,
      d = round(round(values[dLogP + i]! * scale) - round(total * values[dst + i]!)),
      y = l === -Infinity ? 0 : round(scale === 1 ? d / temperature : round(d / temperature) / scale);
    values[dst + i] = moment ? (y === 0 ? 0 : y * l) : y;
  }
  return Row.sum(dst, n);
}

/**
 * The vector-Jacobian product of a row of log softmax at its output log p, (dLogP - p sum dLogP) / T; what is masked is
 * left out of the sum and gets 0. 0 at T = 0; a NaN row for a NaN in log p. Where the sum or a difference overflows, once
 * more with dLogP / 2^40. dst is apart from dLogP.
 */
function row(logP: number, dLogP: number, dst: number, n: number, temperature: number): void {
  const sum = projected(logP, dLogP, dst, n, temperature, 1);
  if (sum - sum === 0) return;
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
    const l = logP / BYTES + r * n,
      d = dLogP / BYTES + r * n;
    let sum = projected(l, d, dx, n, temperature * scale, 1, true);
    if (sum - sum !== 0) {
      row(l, d, dx, n, temperature * scale);
      for (let i = 0; i < n; i++) heap[dx + i] = heap[dx + i] === 0 ? 0 : heap[dx + i]! * heap[l + i]!;
      sum = Row.sum(dx, n);
    }
    heap[dst / BYTES + r] = (0 - sum) * scale;
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
