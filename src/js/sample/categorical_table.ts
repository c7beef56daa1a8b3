import { BYTES } from '../dtype.ts';
import { doubles, heap, integers } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import { index as indexOf } from '../max/argmax.ts';
import * as Draws from '../random/draws.ts';
import * as Row from '../row.ts';
import { expSum } from '../max/exponentials.ts';

/**
 * dst = the table of each row of logits, n + 1 f64: behind the first one the cumulative sums of exp z, exponentials of the
 * dtype, in f64, two at a time. The first one is 0; -1 where no class can be drawn, -2 - index where only one can (T = 0, or
 * +Infinity).
 */
export function categorical_table(src: number, dst: number, rows: number, n: number, temperature: number): void {
  Exponents.open(temperature);
  for (let r = 0, x = src / BYTES, table = dst / 8; r < rows; r++, x += n, table += n + 1) {
    const max = Row.max(x, n);
    if (temperature > 0 && max - max === 0) build(x, table, n, max, temperature);
    else doubles[table] = max > -Infinity ? -2 - indexOf(x, max) : -1;
  }
}

function build(x: number, table: number, n: number, max: number, temperature: number): void {
  // the weights end where the sums do, which overtake none
  const weights = BYTES === 4 ? 2 * (table + 1) + n : table + 1;
  expSum(x, weights, n, max, temperature);
  doubles[table] = 0;
  let total = 0,
    i = 0;
  for (; i < n - 1; i += 2) {
    const weight = heap[weights + i]!,
      two = weight + heap[weights + i + 1]!;
    doubles[table + i + 1] = total + weight;
    doubles[table + i + 2] = total += two;
  }
  if (i < n) doubles[table + n] = total + heap[weights + i]!;
}

/** The first class whose cumulative sum, behind index `table`, is above u of the total, which is less than the total. */
function find(sums: Float64Array, table: number, n: number, u: number): number {
  const target = u * sums[table + n]!;
  let at = table;
  for (let left = n; left > 1;) {
    const half = left >> 1;
    at = sums[at + half]! <= target ? at + half : at;
    left -= half;
  }
  return at - table;
}

/**
 * dst = `draws` classes of each row from its table. `scratch`: 80 bytes. Draw 8 i + j takes the words 0 and 1 of Philox at counter
 * 4 i + j, draw 8 i + 4 + j its words 2 and 3, j < 4.
 */
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
  const sums = doubles,
    indices = integers,
    counters = [-1, -1, -1, -1],
    words: Draws.Words[] = [];
  for (let r = 0, at = table / 8, to = dst / 4, draw = first; r < rows; r++, at += n + 1) {
    const certain = sums[at]!;
    for (let d = 0; d < draws; d++, draw++, to++) {
      if (certain !== 0) {
        indices[to] = certain === -1 ? -1 : -2 - certain;
        continue;
      }
      const j = draw & 3,
        counter = 4 * Math.floor(draw / 8) + j;
      if (counters[j] !== counter) {
        counters[j] = counter;
        words[j] = Draws.words(counter, 0, k0, k1);
      }
      const w = words[j]!;
      indices[to] = find(sums, at, n, draw & 4 ? Draws.uniform(w[2], w[3]) : Draws.uniform(w[0], w[1]));
    }
  }
}
