import { BYTES } from '../dtype.ts';
import { heap, integers } from '../lane.ts';
import * as Row from '../row.ts';

/** From this fraction of a row on, all of it is sorted. */
const MANY = 0.125;
/** Up to this k, or in a row of up to twice that, elements are inserted in their places. */
const FEW = 16;

/**
 * The first k indices of a row in the order of tokens and ranks, at index `list` of the integers: value descending, index
 * ascending, -0 as 0. It is a total order, so exactly k come first, and every algorithm gives the same. Here: a heap of the
 * k best so far, the last of them at its root; of few, a list of them.
 */
export function greatest(x: number, n: number, k: number, list: number): void {
  if (k <= FEW || n <= 2 * FEW) {
    insert(x, n, k, list);
    return;
  }
  const count = k < MANY * n ? k : n;
  for (let i = 0; i < count; i++) integers[list + i] = i;
  if (count < n) {
    for (let i = count >> 1; i-- > 0;) sink(x, count, list, i);
    let last = heap[x + integers[list]!]!;
    for (let i = count; i < n; i++) {
      // of equal values the first comes first
      if (!(heap[x + i]! > last)) continue;
      integers[list] = i;
      sink(x, count, list, 0);
      last = heap[x + integers[list]!]!;
    }
  }
  // of two equal infinities the difference is NaN
  integers.subarray(list, list + count).sort((a, b) => heap[x + b]! - heap[x + a]! || a - b);
}

/** The k best by insertion: of equal values the first stays before the others. */
function insert(x: number, n: number, k: number, list: number): void {
  for (let i = 0, count = 0; i < n; i++) {
    const v = heap[x + i]!;
    if (count === k && !(v > heap[x + integers[list + k - 1]!]!)) continue;
    let j = count < k ? count++ : k - 1;
    for (; j > 0 && heap[x + integers[list + j - 1]!]! < v; j--) integers[list + j] = integers[list + j - 1]!;
    integers[list + j] = i;
  }
}

/** Lets the index at place i of the heap go down, behind which none comes that is before it in the order. */
function sink(x: number, count: number, list: number, i: number): void {
  const index = integers[list + i]!,
    value = heap[x + index]!;
  const last = (a: number, b: number): number => {
    const d = heap[x + integers[list + b]!]! - heap[x + integers[list + a]!]!;
    return d < 0 || (!(d > 0) && integers[list + b]! > integers[list + a]!) ? b : a;
  };
  for (let child; (child = 2 * i + 1) < count; i = child) {
    if (child + 1 < count) child = last(child, child + 1);
    const other = integers[list + child]!,
      d = heap[x + other]! - value;
    if (d > 0 || (!(d < 0) && other < index)) break;
    integers[list + i] = other;
  }
  integers[list + i] = index;
}

/**
 * dst = the indices of the k greatest elements of each row, best first, and `values` what stands there; 0 for none. -1 and
 * NaN for all of a row with a NaN. `scratch`: see src/shared/scratch.ts.
 */
export function top_k(
  src: number,
  dst: number,
  values: number,
  rows: number,
  n: number,
  k: number,
  scratch: number,
): void {
  const list = scratch / 4;
  for (let r = 0, x = src / BYTES, to = 0; r < rows; r++, x += n) {
    const nan = Number.isNaN(Row.max(x, n));
    if (!nan) greatest(x, n, k, list);
    for (let j = 0; j < k; j++, to++) {
      const index = nan ? -1 : integers[list + j]!;
      integers[dst / 4 + to] = index;
      if (values !== 0) heap[values / BYTES + to] = nan ? NaN : heap[x + index]!;
    }
  }
}
