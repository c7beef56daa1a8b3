import { BYTES } from '../dtype.ts';
import { heap, power, round } from '../lane.ts';
import * as Log from './log.ts';

/** log(1 + x) for finite x > -1. */
export function bounded(x: number): number {
  // reduce: 1 + x = 2^k (1 + f + low), k from the rounded sum
  const k = Log.exponent(round(x + 1));
  const scale = power(0 - k);
  const h = round(scale * x),
    c = round(scale - 1);
  const f = round(h + c);
  const low = round(h - round(f - c));
  return Log.rebuild(k, f, round(Log.ln2Low(k) + low));
}

/** log(1 + x) for every x. */
export function every(x: number): number {
  if (x < -1) return NaN;
  if (x === -1) return -Infinity;
  return x !== 0 && x < Infinity ? bounded(x) : x;
}

/** dst_i = log(1 + src_i), i < count. */
export function log1p(src: number, dst: number, count: number): void {
  const x = src / BYTES,
    y = dst / BYTES;
  for (let i = 0; i < count; i++) heap[y + i] = every(heap[x + i]!);
}
