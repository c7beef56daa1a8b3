import { BYTES } from '../dtype.ts';
import { heap, integers } from '../lane.ts';
import * as Row from '../row.ts';

/** The first index of a row's greatest element `max` (see Row.max), or of its first NaN. */
export function index(x: number, max: number): number {
  let i = 0;
  for (; ; i++) {
    const v = heap[x + i]!;
    if (v === max || v !== v) return i;
  }
}

/** `hot` at index `at` of a row and `cold` elsewhere. */
export function place(dst: number, n: number, at: number, hot: number, cold: number): void {
  heap.fill(cold, dst, dst + n);
  heap[dst + at] = hot;
}

/** dst_r = 0, the draw from a row of one class, -1 where it cannot be drawn. */
export function alone(src: number, dst: number, rows: number): void {
  for (let r = 0; r < rows; r++) integers[dst / 4 + r] = heap[src / BYTES + r]! > -Infinity ? 0 : -1;
}

/** dst_r = the index of row r's first greatest element, or first NaN. */
export function argmax(src: number, dst: number, rows: number, n: number): void {
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) integers[dst / 4 + r] = index(x, Row.max(x, n));
}

/** dst = the one-hot vector of argmax, row by row; a NaN row where a row has a NaN. */
export function hardmax(src: number, dst: number, rows: number, n: number): void {
  for (let r = 0, x = src / BYTES, y = dst / BYTES; r < rows; r++, x += n, y += n) {
    const max = Row.max(x, n);
    if (max !== max) heap.fill(max, y, y + n);
    else place(y, n, index(x, max), 1, 0);
  }
}

/** dst_r = how many elements of row r are above 0. */
export function support_size(src: number, dst: number, rows: number, n: number): void {
  for (let r = 0, x = src / BYTES; r < rows; r++) {
    let count = 0;
    for (const end = x + n; x < end; x++) if (heap[x]! > 0) count++;
    integers[dst / 4 + r] = count;
  }
}

/** A row of dst is 0 where a NaN row comes of nothing but -Infinity in src. */
export function zero_empty(src: number, dst: number, rows: number, n: number): void {
  for (let r = 0, x = src / BYTES, y = dst / BYTES; r < rows; r++, x += n, y += n) {
    if (heap[y] !== heap[y] && Row.max(x, n) === -Infinity) heap.fill(0, y, y + n);
  }
}
