import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import * as Double from './double.ts';

/** dst_i = src_i^e, i < n, in f64 and rounded once: for src > 0; 0 and NaN stay. */
export function pow(src: number, dst: number, n: number, e: number): void {
  for (let i = 0, x = src / BYTES, y = dst / BYTES; i < n; i++) heap[y + i] = Double.pow(heap[x + i]!, e);
}
