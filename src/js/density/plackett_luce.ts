import * as c from '../../shared/constants.ts';
import { heap, integers } from '../lane.ts';
import { exp, log, log1p } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import * as Scores from '../max/scores.ts';
import { expSum, ofMax } from '../max/exponentials.ts';
import * as Row from '../row.ts';

/**
 * The room of a row in scratch: what is left of it, exponentials of that, for each place its logit, and for each place and
 * the end what is left there: the greatest logit and sum exp((x - greatest) / T).
 */
interface Room {
  readonly left: number;
  readonly e: number;
  readonly ranked: number;
  readonly tops: number;
  readonly sums: number;
}

function roomOf(scratch: number, n: number, k: number): Room {
  const left = scratch / 8,
    ranked = left + 2 * n;
  return { left, e: left + n, ranked, tops: ranked + k, sums: ranked + 2 * k + 1 };
}

/** (a - b) / T */
function gapOf(a: number, b: number, temperature: number): number {
  const scale = Scores.scaleOf(temperature);
  return (a * scale - b * scale) / (temperature * scale);
}

/**
 * The log-probability of the ranking of a row, z = x / T: the sum over its places of
 *
 *     z_j - log sum exp of what is left = -log(1 + r_j)        r_j = sum exp(z - z_j) of what is left behind j
 *
 * from the last place to the first, so that sums only grow and nothing cancels. What is left is its greatest logit and a sum
 * relative to that, from 1 to n. The product of the 1 + r is kept without its 1, and its logarithm taken once, or before it
 * leaves the range; where r itself would, log r is z - z_j and the logarithm of the sum. Then `left` has -Infinity in the
 * place of what is ranked, and `ranked`, `tops` and `sums` those of the places. -Infinity for an index that is none, is masked
 * or comes twice; NaN for a NaN or a +Infinity.
 */
function row(
  logits: number,
  ranking: number,
  n: number,
  k: number,
  temperature: number,
  { left, e, ranked, tops, sums }: Room,
): number {
  heap.copyWithin(left, logits, logits + n);
  let places = 0,
    wrong = false;
  for (; places < k && integers[ranking + places] !== -1; places++) {
    const at = integers[ranking + places]!;
    const x = at >= 0 && at < n ? heap[left + at]! : NaN;
    wrong = x - x !== 0;
    if (wrong) break;
    heap[ranked + places] = x;
    heap[left + at] = -Infinity;
  }
  let top = Row.max(left, n),
    sum = 0,
    odds = 0,
    total = 0;
  // what is not finite has stayed where it was
  if (!(top < Infinity)) return NaN;
  if (wrong) return -Infinity;
  if (top > -Infinity) sum = expSum(left, e, n, top, temperature) / ofMax(top);
  heap[tops + places] = top;
  heap[sums + places] = sum;
  for (let j = places; j-- > 0;) {
    const x = heap[ranked + j]!,
      gap = gapOf(top, x, temperature),
      factor = exp(0 - Math.abs(gap));
    let rest = sum * factor;
    if (gap > 0) {
      rest = sum / factor;
      if (gap > c.RANKING_FAR) {
        total -= gap + log(sum);
        rest = 0;
      }
      sum += factor;
    } else {
      top = x;
      sum = 1 + rest;
    }
    odds += rest + odds * rest;
    if (odds > c.RANKING_ODDS) {
      total -= log1p(odds);
      odds = 0;
    }
    heap[tops + j] = top;
    heap[sums + j] = sum;
  }
  return total - log1p(odds);
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
  Exponents.open(temperature);
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
  const values = heap,
    room = roomOf(scratch, n, k),
    { e, ranked, tops, sums } = room,
    scale = Scores.scaleOf(temperature);
  Exponents.open(temperature);
  for (let r = 0; r < rows; r++) {
    const at = ranking / 4 + r * k,
      x = logits / 8 + r * n,
      y = dLogits / 8 + r * n,
      slope = values[d / 8 + r]!;
    const density = row(x, at, n, k, temperature, room);
    if (density - density !== 0) {
      values.fill(NaN, y, y + n);
      values[dTemperature / 8 + r] = NaN;
      continue;
    }
    // sum 1 / S so far, relative to the greatest of the place
    let places = 0,
      inverse = 0;
    for (; places < k && integers[at + places] !== -1; places++) {
      const j = sums + places,
        top = values[tops + places]!,
        sum = values[j]!,
        next = exp(gapOf(values[tops + places + 1]!, top, temperature));
      const share = exp(gapOf(values[ranked + places]!, top, temperature)) * inverse;
      values[j] = ((next * (values[j + 1]! / sum) - share) * slope) / temperature;
      inverse = (inverse + 1 / sum) * next;
    }
    const factor = (inverse * slope) / temperature / ofMax(values[tops + places]!);
    for (let i = 0; i < n; i++) values[y + i] = values[x + i] === -Infinity ? 0 : 0 - values[e + i]! * factor;
    for (let j = 0; j < places; j++) values[y + integers[at + j]!] = values[sums + j]!;
    const max = Row.max(x, n) * scale;
    for (let i = 0; i < n; i++) {
      const v = values[y + i]!;
      values[e + i] = v === 0 ? 0 : v * Scores.z(values[x + i]!, max, temperature * scale, scale);
    }
    values[dTemperature / 8 + r] = 0 - Row.sum(e, n);
  }
}
