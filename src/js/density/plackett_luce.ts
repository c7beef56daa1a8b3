import { heap, integers } from '../lane.ts';
import { exp, log, log1p } from '../math/double.ts';
import * as Scores from '../max/scores.ts';
import * as Row from '../row.ts';

/** log(exp(a) + exp(b)) */
function logAdd(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low === -Infinity ? high : high + log1p(exp(low - high));
}

/**
 * The room of a row in scratch: z, exponentials, for each place its score, and for each place and the end what is left there: the
 * greatest z and the logarithm of sum exp(z - greatest).
 */
interface Room {
  readonly z: number;
  readonly e: number;
  readonly scores: number;
  readonly tops: number;
  readonly sums: number;
}

function roomOf(scratch: number, n: number, k: number): Room {
  const z = scratch / 8,
    scores = z + 2 * n;
  return { z, e: z + n, scores, tops: scores + k, sums: scores + 2 * k + 1 };
}

/**
 * The log-probability of the ranking of a row, z = (logits - max) / T: the sum over its places of
 *
 *     z_j - log sum exp of what is left = -log(1 + exp(rest - z_j))        rest = log sum exp of what is left behind j
 *
 * from the last place to the first, so that sums only grow and nothing cancels. A rest is the greatest z and a logarithm beside
 * it: their sum would lose the logarithm where z is large. Then z has -Infinity in the place of what is ranked, and `scores`,
 * `tops` and `sums` those of the places. -Infinity for an index that is none, is masked or comes twice; NaN for a NaN or a
 * +Infinity.
 */
function row(
  logits: number,
  ranking: number,
  n: number,
  k: number,
  temperature: number,
  { z, e, scores, tops, sums }: Room,
): number {
  const max = Row.max(logits, n),
    scale = Scores.scaleOf(temperature);
  if (!(max < Infinity)) return NaN;
  for (let i = 0; i < n; i++) {
    const v = heap[logits + i]!;
    heap[z + i] = v > -Infinity ? Scores.z(v, max * scale, temperature * scale, scale) : v;
  }
  let places = 0;
  for (; places < k && integers[ranking + places] !== -1; places++) {
    const at = integers[ranking + places]!;
    if (!(at >= 0 && at < n && heap[z + at]! > -Infinity)) return -Infinity;
    heap[scores + places] = heap[z + at]!;
    heap[z + at] = -Infinity;
  }
  let top = Row.max(z, n),
    sum = 0,
    total = 0;
  if (top > -Infinity) {
    for (let i = 0; i < n; i++) heap[e + i] = exp(heap[z + i]! - top);
    sum = log(Row.sum(e, n));
  }
  heap[tops + places] = top;
  heap[sums + places] = sum;
  for (let j = places; j-- > 0;) {
    const score = heap[scores + j]!,
      gap = top - score,
      term = logAdd(0, gap + sum);
    total -= term;
    if (gap > 0) {
      sum = logAdd(sum, 0 - gap);
    } else {
      top = score;
      sum = term;
    }
    heap[tops + j] = top;
    heap[sums + j] = sum;
  }
  return total;
}

/** dst_r = the log-probability of the ranking of row r under softmax(logits / T) without replacement. */
export function plackett_luce_log_prob(
  logits: number,
  ranking: number,
  dst: number,
  rows: number,
  n: number,
  k: number,
  temperature: number,
  scratch: number,
): void {
  const room = roomOf(scratch, n, k);
  for (let r = 0; r < rows; r++) {
    heap[dst / 8 + r] = row(logits / 8 + r * n, ranking / 4 + r * k, n, k, temperature, room);
  }
}

/**
 * The gradient of d_r times that, by the logits and by T: with S_j the sum of what is left from place j on, in which a class
 * is at all places up to its own,
 *
 *     d (1 - exp(z) sum 1 / S_j) / T of what is ranked, 1 - exp(z) / S at its own place as the share of the others
 *     -d exp(z) sum 1 / S_j / T of what is not
 *
 * NaN where the log-probability is not finite.
 */
export function plackett_luce_log_prob_vjp(
  logits: number,
  ranking: number,
  d: number,
  dLogits: number,
  dTemperature: number,
  rows: number,
  n: number,
  k: number,
  temperature: number,
  scratch: number,
): void {
  const room = roomOf(scratch, n, k),
    { z, e, scores, tops, sums } = room;
  for (let r = 0; r < rows; r++) {
    const at = ranking / 4 + r * k,
      y = dLogits / 8 + r * n,
      slope = heap[d / 8 + r]!;
    const density = row(logits / 8 + r * n, at, n, k, temperature, room);
    if (density - density !== 0) {
      heap.fill(NaN, y, y + n);
      heap[dTemperature / 8 + r] = NaN;
      continue;
    }
    // sum 1 / S so far is exp(inverse - last), `last` the top of the latest S
    let places = 0,
      last = 0,
      inverse = -Infinity;
    for (; places < k && integers[at + places] !== -1; places++) {
      const j = sums + places,
        top = heap[tops + places]!,
        sum = heap[j]!;
      const own = exp(heap[tops + places + 1]! - top + (heap[j + 1]! - sum));
      heap[j] = own - exp(heap[scores + places]! - last + inverse);
      inverse = logAdd(top - last + inverse, 0 - sum);
      last = top;
    }
    for (let i = 0; i < n; i++) heap[y + i] = 0 - exp(heap[z + i]! - last + inverse);
    for (let j = 0; j < places; j++) {
      const i = integers[at + j]!;
      heap[y + i] = heap[sums + j]!;
      heap[z + i] = heap[scores + j]!;
    }
    for (let i = 0; i < n; i++) heap[y + i] = heap[z + i] === -Infinity ? 0 : (heap[y + i]! * slope) / temperature;
    for (let i = 0; i < n; i++) heap[e + i] = heap[y + i] === 0 ? 0 : heap[y + i]! * heap[z + i]!;
    heap[dTemperature / 8 + r] = 0 - Row.sum(e, n);
  }
}
