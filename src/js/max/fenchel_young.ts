import { heap, integers } from '../lane.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';
import { slope } from './entmax_vjp.ts';

/** -H(p) of a row, H the Tsallis entropy of alpha: sum p w(p) / alpha. `terms`: room for a row. */
function negentropy(p: number, n: number, alpha: number, terms: number): number {
  for (let i = 0; i < n; i++) {
    const v = heap[p + i]!;
    heap[terms + i] = v === 0 ? 0 : v * slope(v, alpha - 1);
  }
  return Row.sum(terms, n) / alpha;
}

/** dst_r = the Tsallis entropy of row r, Shannon's at alpha = 1. `scratch`: room for a row. */
export function tsallis_entropy(p: number, dst: number, rows: number, n: number, alpha: number, scratch: number): void {
  for (let r = 0; r < rows; r++) heap[dst / 8 + r] = 0 - negentropy(p / 8 + r * n, n, alpha, scratch / 8);
}

/**
 * dst_r = the Fenchel-Young loss of scores x, whose max is p, at the target y (Blondel, Martins and Niculae 2020):
 *
 *     <p, x> + H(p) - H(y) - <y, x> = sum p (x - centre - w(p) / alpha) + sum y w(y) / alpha, centre = <y, x>
 *
 * At least 0; an offset of the scores costs nothing, since they are centred at the label. +Infinity where a class of the
 * target is masked: the compensated sum of an infinite <y, x> is NaN, and other reasons for one show in p or in H(y).
 * `scratch`: room for a row.
 */
export function fenchel_young_loss(
  x: number,
  p: number,
  y: number,
  dst: number,
  rows: number,
  n: number,
  alpha: number,
  scratch: number,
): void {
  const terms = scratch / 8;
  for (let r = 0; r < rows; r++) {
    const s = x / 8 + r * n,
      q = p / 8 + r * n,
      t = y / 8 + r * n;
    for (let i = 0; i < n; i++) heap[terms + i] = heap[t + i] === 0 ? 0 : heap[t + i]! * heap[s + i]!;
    const given = Row.sum(terms, n),
      masked = given !== given,
      centre = masked ? 0 : given;
    for (let i = 0; i < n; i++) {
      const v = heap[q + i]!;
      heap[terms + i] = v === 0 ? 0 : v * (heap[s + i]! - centre - slope(v, alpha - 1) / alpha);
    }
    const surplus = Row.sum(terms, n);
    const loss = surplus + negentropy(t, n, alpha, terms) + (masked ? Infinity : 0);
    heap[dst / 8 + r] = loss < 0 ? 0 : loss;
  }
}

/** dst = p - y, its gradient by the scores. */
export function fenchel_young_gradient(p: number, y: number, dst: number, count: number): void {
  for (let i = 0; i < count; i++) heap[dst / 8 + i] = heap[p / 8 + i]! - heap[y / 8 + i]!;
}

/** dst = the one-hot rows of class indices; a NaN row for one outside [0, n). */
export function one_hot(target: number, dst: number, rows: number, n: number): void {
  for (let r = 0, y = dst / 8; r < rows; r++, y += n) {
    const at = integers[target / 4 + r]!;
    if (at >= 0 && at < n) Argmax.place(y, n, at, 1, 0);
    else heap.fill(NaN, y, y + n);
  }
}
