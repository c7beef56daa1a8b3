import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';

/**
 * dst = log p + g of the k classes of each row that `indices` name, best first; -Infinity for an index of -1. The indices
 * are in the order of scores that were rounded otherwise: none is above the one before.
 */
export function top_k_scores(
  logP: number,
  g: number,
  indices: number,
  dst: number,
  rows: number,
  n: number,
  k: number,
): void {
  for (let r = 0, i = 0; r < rows; r++) {
    let last = Infinity;
    for (let j = 0; j < k; j++, i++) {
      const at = integers[indices / 4 + i]!,
        place = r * n + at;
      const score = at < 0 ? -Infinity : round(heap[logP / BYTES + place]! + heap[g / BYTES + place]!);
      if (!(score > last)) last = score;
      heap[dst / BYTES + i] = last;
    }
  }
}
