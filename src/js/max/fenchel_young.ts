import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { log } from '../math/log.ts';
import * as Row from '../row.ts';
import { dot } from './project.ts';
import * as Single from './project_single.ts';
import * as Scores from './scores.ts';
import { innerLogs, slope } from './tsallis.ts';

/** The sum of a row of terms; the compensated sum of an infinite one is NaN: there the greatest, +Infinity or NaN. */
function whole(terms: number, n: number): number {
  const sum = Row.sum(terms, n);
  return sum === sum ? sum : Row.max(terms, n);
}

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
  for (let r = 0, x = p / BYTES; r < rows; r++, x += n) {
    let sum = 0;
    if (alpha === 1) sum = Row.sum(innerLogs(x, scratch / BYTES, r, rows, n), n);
    else if (BYTES === 4) sum = Single.inner(x, n, alpha, scratch / 4) / (alpha === 2 ? 2 : 1.5);
    else sum = negentropy(x, n, alpha, scratch / 8);
    heap[dst / BYTES + r] = 0 - sum;
  }
}

/** dst = the gradient of d_r times that entropy, -d_r (w(p) + 1 / alpha); 0 where d_r is. */
export function tsallis_entropy_vjp(p: number, d: number, dst: number, rows: number, n: number, alpha: number): void {
  const values = heap,
    perAlpha = round(1 / alpha),
    x = p / BYTES,
    y = dst / BYTES;
  if (alpha === 1) log(p, dst, rows * n);
  for (let r = 0, i = 0; r < rows; r++) {
    const v = values[d / BYTES + r]!;
    for (const end = i + n; i < end; i++) {
      const w = alpha === 1 ? values[y + i]! : slope(values[x + i]!, alpha - 1);
      values[y + i] = v === 0 ? 0 : -(v * round(w + perAlpha));
    }
  }
}

/**
 * dst_r = the Fenchel-Young loss of scores x / T, whose max is p, at the target y (Blondel, Martins and Niculae 2020):
 *
 *     <p, x> / T + H(p) - H(y) - <y, x> / T = sum p ((x - centre) / T - w(p) / alpha) + sum y w(y) / alpha, centre = <y, x>
 *
 * At least 0; an offset of the scores costs nothing, since they are centred at the label. +Infinity where a class of the
 * target is masked: the compensated sum of an infinite <y, x> is NaN, and other reasons for one show in p or in H(y).
 * `op` 1: y is a class index per row, NaN for one outside [0, n). `scratch`: room for a row.
 */
export function fenchel_young_loss(
  x: number,
  p: number,
  y: number,
  dst: number,
  op: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  const terms = scratch / 8,
    scale = Scores.scaleOf(temperature),
    divisor = temperature * scale;
  for (let r = 0; r < rows; r++) {
    const s = x / 8 + r * n,
      q = p / 8 + r * n,
      t = y / 8 + r * n,
      at = op === 0 ? 0 : integers[y / 4 + r]!,
      given = op === 0 ? dot(t, s, terms, n) : heap[s + at]!,
      masked = !(given - given === 0),
      centre = (masked ? 0 : given) * scale;
    for (let i = 0; i < n; i++) {
      const v = heap[q + i]!;
      heap[terms + i] =
        v === 0 ? 0 : v * (Scores.z(heap[s + i]!, centre, divisor, scale) - slope(v, alpha - 1) / alpha);
    }
    const surplus = whole(terms, n);
    const loss = surplus + (op === 0 ? negentropy(t, n, alpha, terms) : 0) + (masked ? Infinity : 0);
    heap[dst / 8 + r] = at >= 0 && at < n ? (loss < 0 ? 0 : loss) : NaN;
  }
}

/**
 * dst_r = the loss of softmax at scores x / T, from log p, at the target y: the divergence of y from p, of terms that are not
 * negative, so that it is right relative to itself where y is near p,
 *
 *     sum y (exp(t) - 1 - t) + (log sum exp (x / T) - 1) (1 - sum y), t = log p - log y; the term is p where y is 0
 *
 * A sum of y within n roundings of 1 counts as 1. `scratch`: room for a row.
 */
export function softmax_loss(
  x: number,
  logP: number,
  y: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const terms = scratch / 8;
  for (let r = 0; r < rows; r++) {
    const s = x / 8 + r * n,
      p = logP / 8 + r * n,
      target = y / 8 + r * n;
    for (let i = 0; i < n; i++) {
      const l = heap[p + i]!,
        q = heap[target + i]!,
        t = l - Double.log(q);
      heap[terms + i] = (Math.abs(t) < 1 ? q * Double.expm1(t) : Double.exp(l) - q) - (q === 0 ? 0 : q * t);
    }
    const excess = 1 - Row.sum(target, n);
    let loss = whole(terms, n);
    if (Math.abs(excess) > n * c.SUM_ROUNDING) loss += (Row.max(s, n) / temperature - Row.max(p, n) - 1) * excess;
    heap[dst / 8 + r] = loss < 0 ? 0 : loss;
  }
}

/**
 * dst, p, becomes the gradient at a class index, where a NaN row stands for one outside [0, n): there p - 1, minus the sum of the
 * others where the difference would cancel.
 */
export function class_gradient(target: number, dst: number, rows: number, n: number): void {
  const values = heap;
  for (let r = 0, y = dst / BYTES; r < rows; r++, y += n) {
    const at = integers[target / 4 + r]!;
    if (at >= 0 && at < n) {
      const p = values[y + at]!;
      values[y + at] = 0;
      values[y + at] = p > 0.5 ? 0 - Row.sum(y, n) : p - 1;
    } else values.fill(NaN, y, y + n);
  }
}

/** dst = p - y, its gradient by the scores. */
export function fenchel_young_gradient(p: number, y: number, dst: number, count: number): void {
  for (let i = 0; i < count; i++) heap[dst / 8 + i] = heap[p / 8 + i]! - heap[y / 8 + i]!;
}

/** dst = 0 in the rows of n whose class index is `ignored`. */
export function ignore_rows(target: number, dst: number, rows: number, n: number, ignored: number): void {
  for (let r = 0, y = dst / BYTES; r < rows; r++, y += n)
    if (integers[target / 4 + r] === ignored) heap.fill(0, y, y + n);
}
