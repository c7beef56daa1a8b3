import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Exp from '../math/exp.ts';
import { logistic } from '../random/logistic.ts';

/**
 * dst = (src + logistic noise) / T, element by element: BinConcrete before its sigmoid (Maddison et al. 2017, appendix B).
 * dst is apart from src. An infinite logit stays at every T; at T = 0 the result is +-Infinity, +Infinity for a tie.
 */
export function logit_bin_concrete(
  src: number,
  dst: number,
  count: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  words: number,
): void {
  const tie = temperature === 0 ? Infinity : 0;
  logistic(dst, count, first, k0, k1, words);
  const values = heap;
  for (let i = 0, x = src / BYTES, y = dst / BYTES; i < count; i++, x++, y++) {
    const s = round(values[x]! + values[y]!);
    if (s === 0) values[y] = tie;
    else values[y] = Math.abs(s) === Infinity ? s : s / temperature;
  }
}

/** dst = 1 / (1 + exp -src), element by element, through exp -|src|: nothing cancels. */
export function sigmoid(src: number, dst: number, count: number): void {
  const values = heap;
  for (let i = 0, x = src / BYTES, y = dst / BYTES; i < count; i++, x++, y++) {
    const v = values[x]!;
    const e = Exp.bounded(-Math.abs(v));
    values[y] = v === v ? (v >= 0 ? 1 : e) / round(1 + e) : v;
  }
}
