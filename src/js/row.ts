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
  const v = heap,
    end = i + n - (n % (c.ACCUMULATORS * WIDTH)),
    rest = i + n - end;
  let total0 = 0,
    total1 = 0;
  for (; i < end; i += c.ACCUMULATORS * WIDTH) {
    total0 += lane(v, i) + lane(v, i + 2);
    total1 += lane(v, i + 1) + lane(v, i + 3);
  }
  if (rest === 0) return total0 + total1;
  total0 += upToFour(i, rest) + upToFour(i + 2, rest - 2);
  total1 += upToFour(i + 1, rest - 1) + upToFour(i + 3, rest - 3);
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
      term1 = i + 1 < stop ? heap[i + 1]! : 0;
    const next0 = total0 + term0,
      next1 = total1 + term1;
    lost0 += lose(total0, term0, next0);
    lost1 += lose(total1, term1, next1);
    total0 = next0;
    total1 = next1;
  }
  return total0 + total1 + (lost0 + lost1);
}

/** The sum of at most 16 elements of f64: vectors go in pairs to two totals in turns, which are too few to lose much. */
export function sumOfFew(i: number, n: number): number {
  const at = (k: number) => (k < n ? heap[i + k]! : 0),
    total = (k: number) => at(k) + at(k + 2) + at(k + 8) + at(k + 10);
  return total(0) + total(4) + (total(1) + total(5));
}

/** The sum over a lane of four vectors, of values or from index i on. */
export function four(a: number, b: number, c: number, d: number): number {
  return round(round(a + b) + round(c + d));
}
export function lane(v: typeof heap, i: number): number {
  return four(v[i]!, v[i + 4]!, v[i + 8]!, v[i + 12]!);
}

/** The same of the last vectors of a row, from index i on, of which `left` elements are of the row: zeros are behind it. */
function upToFour(i: number, left: number): number {
  if (left <= 0) return 0;
  const first = left > WIDTH ? round(heap[i]! + heap[i + WIDTH]!) : heap[i]!;
  if (left <= 2 * WIDTH) return first;
  const third = heap[i + 2 * WIDTH]!;
  return round(first + (left > 3 * WIDTH ? round(third + heap[i + 3 * WIDTH]!) : third));
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
  const values = heap;
  let greatest = -Infinity;
  for (const end = i + n; i < end; i++) {
    const v = values[i]!;
    if (v <= greatest) continue;
    if (v !== v) return NaN;
    greatest = v;
  }
  return greatest + 0;
}
