import { BYTES } from '../dtype.ts';
import { doubles, heap, integers } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import { index as indexOf } from '../max/argmax.ts';
import * as Draws from '../random/draws.ts';
import * as Row from '../row.ts';
import { expSum } from '../max/softmax.ts';

/** Bytes of the table of a row: the last class with a weight, n cumulative sums in f64, n indices. */
function bytesOf(n: number): number {
  return Math.floor((n * 12 + 23) / 16) * 16;
}

/**
 * dst = the table of each row of logits: the cumulative sums of exp z, exponentials of the dtype, in f64, and a guide that says for each k < n where the
 * search for k / n of the total begins (Chen and Asau 1974): a draw takes two steps in the mean, whatever n. The first
 * value is the last class with a weight; -1 where no class can be drawn, -2 - index where only one can (T = 0, or
 * +Infinity). A table takes 8 + 12 n bytes, rounded up to 16.
 */
export function categorical_table(src: number, dst: number, rows: number, n: number, temperature: number): void {
  Exponents.open(temperature);
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const table = (dst + r * bytesOf(n)) / 8;
    const max = Row.max(x, n);
    if (temperature > 0 && max - max === 0) build(x, table, n, max, temperature);
    else doubles[table] = max > -Infinity ? -2 - indexOf(x, max) : -1;
  }
}

function build(x: number, table: number, n: number, max: number, temperature: number): void {
  const sums = table + 1,
    guide = 2 * (sums + n),
    // the weights lie where the indices come to lie, or the sums, of as many bytes
    weights = BYTES === 4 ? guide : sums;
  expSum(x, weights, n, max, temperature);
  let total = 0,
    last = -1;
  for (let i = 0; i < n; i++) {
    const weight = heap[weights + i]!;
    if (weight > 0) last = i;
    total += weight;
    doubles[sums + i] = total;
  }
  doubles[table] = last;
  const step = total / n;
  for (let k = 0, i = 0; k < n; k++) {
    while (i < last && k * step >= doubles[sums + i]!) i++;
    integers[guide + k] = i;
  }
}

/** The first class whose cumulative sum is above u of the total. */
function find(table: number, n: number, last: number, u: number): number {
  const sums = table + 1,
    target = u * doubles[sums + n - 1]!;
  let i = integers[2 * (sums + n) + Math.floor(u * n)]!;
  while (i < last && target >= doubles[sums + i]!) i++;
  while (i > 0 && target < doubles[sums + i - 1]!) i--;
  return i;
}

/** dst = `draws` classes of each row from its table, by the 53 bits that `categorical` chooses with. `scratch`: 64 bytes. */
export function categorical_lookup(
  table: number,
  dst: number,
  rows: number,
  n: number,
  draws: number,
  first: number,
  k0: number,
  k1: number,
  _scratch: number,
): void {
  for (let r = 0, to = dst / 4, draw = first; r < rows; r++) {
    const at = (table + r * bytesOf(n)) / 8,
      last = doubles[at]!;
    for (let d = 0; d < draws; d++, draw++, to++) {
      if (last >= 0) integers[to] = find(at, n, last, Draws.uniform(Draws.words(draw, 0, k0, k1)));
      else integers[to] = last === -1 ? -1 : -2 - last;
    }
  }
}
