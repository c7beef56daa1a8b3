import * as c from '../../shared/constants.ts';
import { BYTES, WIDTH } from '../dtype.ts';
import { doubles, heap, integers } from '../lane.ts';
import { alone, index as indexOf } from '../max/argmax.ts';
import * as Scores from '../max/scores.ts';
import { expSum, ofMax } from '../max/exponentials.ts';
import { exp as expOfDouble } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import * as Draws from '../random/draws.ts';
import * as Row from '../row.ts';
import * as Weights from './weights.ts';

const ENVELOPE = BYTES === 4 ? c.ENVELOPE_F32 : c.ENVELOPE_F64;

/** Vectors that share an envelope vector. */
function widthOf(n: number): number {
  return n < c.THIN_FROM ? 1 : n < c.THIN_MORE_FROM ? 8 : 32;
}

/** Element k of those that share the envelope's lane i. */
function element(i: number, k: number, width: number): number {
  const lane = i % WIDTH;
  return (i - lane) * width + k * WIDTH + lane;
}

/**
 * The envelope of a row at index `envelope`, the exponential of the greatest of the elements that share it, a group of 4
 * vectors after the other, and at `ends` its cumulative sums, a group's end each; returns the total. By exponents it has
 * the factor of expSum.
 */
function accumulate(
  x: number,
  envelope: number,
  ends: number,
  n: number,
  groups: number,
  max: number,
  temperature: number,
): number {
  const width = widthOf(n),
    perGroup = 4 * WIDTH,
    count = groups * perGroup;
  for (let i = 0; i < count; i++) {
    let top = -Infinity;
    for (let k = 0; k < width; k++) {
      const at = element(i, k, width);
      if (at < n && heap[x + at]! > top) top = heap[x + at]!;
    }
    heap[envelope + i] = top;
  }
  expSum(envelope, envelope, count, max, temperature);
  let total = 0;
  for (let g = 0; g < groups; g++) {
    total += sumOfGroup(envelope + g * perGroup);
    doubles[ends + g] = total;
  }
  return total;
}

/** The sum of four vectors, (w0 + w1) + (w2 + w3), w the lanes of each as two f64. */
function sumOfGroup(i: number): number {
  const two = (lane: number): number =>
    wide(i, lane) + wide(i + WIDTH, lane) + (wide(i + 2 * WIDTH, lane) + wide(i + 3 * WIDTH, lane));
  return two(0) + two(1);
}

function wide(i: number, lane: number): number {
  return BYTES === 4 ? heap[i + lane]! + heap[i + lane + 2]! : heap[i + lane]!;
}

/** The first of `count` cumulative sums that is above target; count where none is. */
function above(ends: number, count: number, target: number): number {
  let low = 0,
    high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (target < doubles[ends + middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The index that the words draw from a row and its envelope; -1 where they are rejected. */
function attempt(
  words: Draws.Words,
  x: number,
  envelope: number,
  ends: number,
  groups: number,
  n: number,
  total: number,
  max: number,
  temperature: number,
  most: number,
): number {
  const target = Draws.uniform(words[0], words[1]) * total;
  const g = above(ends, groups, target);
  if (g === groups) return -1;
  const width = widthOf(n),
    perGroup = 4 * WIDTH;
  let sum = g > 0 ? doubles[ends + g - 1]! : 0,
    e = 0,
    i = g * perGroup;
  const end = i + perGroup;
  for (; i < end; i++) {
    e = heap[envelope + i]!;
    sum += e;
    if (target < sum) break;
  }
  if (i === end) return -1;
  const index = element(i, words[1] & (width - 1), width);
  if (index >= n) return -1;
  if (width === 1 && words[2] < c.SQUEEZE) return index;
  const a = (words[2] * c.TWO_TO_32 + words[3] + 0.5) / c.TWO_TO_64;
  const v = heap[x + index]!;
  if (!(v > -Infinity)) return -1;
  const scale = Scores.scaleOf(temperature),
    z = (v * scale - max * scale) / (temperature * scale);
  return a * (e / most) * ENVELOPE < expOfDouble(z) ? index : -1;
}

/**
 * dst = `draws` classes of each row of logits, exact draws from softmax(src / T) by thinning: elements that share an
 * envelope, the exponential of their maximum, are proposed with that weight and kept with probability exp(z) / envelope,
 * so that only a fraction of the row needs an exponential. 53 bits choose the envelope, others an element of it, 64 bits
 * keep it or begin anew; the envelope is a little widened, and its rounding is of no account. Where each element has its
 * own (n < THIN_FROM) nearly all draws are kept unseen. One draw from a short row is by weights (./weights.ts).
 *
 * -1 where no class can be drawn: a NaN, or nothing but -Infinity; the first +Infinity if there is one; T = 0 is argmax.
 * `scratch`: room for a row and 48 f64 more, and half as much again.
 */
export function categorical(
  src: number,
  dst: number,
  rows: number,
  n: number,
  draws: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
): void {
  if (n === 1 && draws === 1) return alone(src, dst, rows);
  const groups = Math.ceil(n / (4 * WIDTH * widthOf(n))),
    short = draws === 1 && Weights.takes(n, temperature);
  const ends = scratch / 8 + 16,
    envelope = (ends + ((groups + 1) & ~1)) * (8 / BYTES);
  Exponents.open(temperature);
  let draw = first,
    to = dst / 4;
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const max = Row.max(x, n);
    if (short && max - max === 0) {
      integers[to++] = Weights.one(x, scratch / 4, n, max, temperature, draw++, k0, k1);
      continue;
    }
    const ordinary = temperature > 0 && max - max === 0;
    const certain = ordinary || !(max > -Infinity) ? -1 : indexOf(x, max);
    const most = ofMax(max);
    let total = 0;
    if (ordinary) total = accumulate(x, envelope, ends, n, groups, max, temperature);
    for (let d = 0; d < draws; d++, draw++, to++) {
      let index = certain;
      for (let a = 0; ordinary && index < 0; a++) {
        index = attempt(Draws.words(draw, a, k0, k1), x, envelope, ends, groups, n, total, max, temperature, most);
      }
      integers[to] = index;
    }
  }
}
