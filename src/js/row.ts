import * as c from '../shared/constants.ts';
import { BYTES, WIDTH } from './dtype.ts';
import { heap, round } from './lane.ts';

/**
 * The sum of n elements from index i on, in f64. f32: four vectors at a time, with zeros behind the row, are added lane by
 * lane in the dtype, (v0 + v1) + (v2 + v3), and their lanes go in pairs (l0 + l2, l1 + l3) to two f64 totals. f64: one
 * vector at a time to two totals, and what rounding takes from them is summed too (Knuth's two-sum), or a lone peak over
 * many small terms would cost them.
 */
export function sum(i: number, n: number): number {
  return BYTES === 4 ? sumOfSingles(i, n) : sumOfDoubles(i, n);
}

function sumOfSingles(i: number, n: number): number {
  const stop = i + n,
    end = stop - (n % (c.ACCUMULATORS * WIDTH));
  let total0 = 0,
    total1 = 0;
  for (; i < end; i += c.ACCUMULATORS * WIDTH) {
    total0 += four(i) + four(i + 2);
    total1 += four(i + 1) + four(i + 3);
  }
  if (end === stop) return total0 + total1;
  total0 += upToFour(i, stop) + upToFour(i + 2, stop);
  total1 += upToFour(i + 1, stop) + upToFour(i + 3, stop);
  return total0 + total1;
}

function sumOfDoubles(i: number, n: number): number {
  const stop = i + n;
  let total0 = 0,
    total1 = 0,
    lost0 = 0,
    lost1 = 0;
  for (; i < stop; i += WIDTH) {
    const term0 = heap[i]!,
      term1 = at(i + 1, stop);
    const next0 = total0 + term0,
      next1 = total1 + term1;
    lost0 += lose(total0, term0, next0);
    lost1 += lose(total1, term1, next1);
    total0 = next0;
    total1 = next1;
  }
  return total0 + total1 + (lost0 + lost1);
}

/** The sum over a lane of four vectors. */
function four(i: number): number {
  return round(round(heap[i]! + heap[i + WIDTH]!) + round(heap[i + 2 * WIDTH]! + heap[i + 3 * WIDTH]!));
}

/** The same of the last vectors of a row, with zeros behind it. */
function upToFour(i: number, stop: number): number {
  const first = round(at(i, stop) + at(i + WIDTH, stop));
  return round(first + round(at(i + 2 * WIDTH, stop) + at(i + 3 * WIDTH, stop)));
}

/** The element at index i, 0 behind the row. */
function at(i: number, stop: number): number {
  return i < stop ? heap[i]! : 0;
}

/** What rounding took from next = total + term. */
function lose(total: number, term: number, next: number): number {
  const t = next - total;
  return total - (next - t) + (term - t);
}

/** Where the first of the elements from index i on that are equal to `max` is: there is one. */
export function find(i: number, max: number): number {
  while (heap[i] !== max) i++;
  return i;
}

/** The greatest of n elements from index i, -0 as +0; NaN if one is NaN. */
export function max(i: number, n: number): number {
  let greatest = -Infinity;
  for (const end = i + n; i < end; i++) {
    const v = heap[i]!;
    if (v > greatest) greatest = v;
    else if (v !== v) return NaN;
  }
  return greatest + 0;
}
