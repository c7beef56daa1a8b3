import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap, integers, round } from '../lane.ts';
import { exp, log, log1p } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import * as Argmax from '../max/argmax.ts';
import * as Scores from '../max/scores.ts';
import { logSum } from '../max/exponentials.ts';
import * as Row from '../row.ts';
import { gumbel_max } from '../sample/gumbel_max.ts';
import { countOf } from './deviation.ts';
import { logOf } from './noise.ts';
import { type Regions, regionsOf, scoreOf } from './regions.ts';
import { type Left, survivors, write } from './survivors.ts';

/** The draw from a list: argmax of (v - max) / T + g, the lowest index of several, with the noise that `gumbel_max` has there. */
function drawOf(
  left: Left,
  x: number,
  max: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  list: number,
  words: number,
): number {
  const scale = Scores.scaleOf(temperature);
  let best = -Infinity,
    index = -1;
  for (let j = left.from; j < left.count; j++) {
    const i = integers[list + j]!;
    const z = Scores.z(heap[x + i]!, max * scale, temperature * scale, scale);
    const score = round(z - logOf(first + i, k0, k1, words));
    if (score < best || (score === best && i > index)) continue;
    best = score;
    index = i;
  }
  return index;
}

/** The log-probability of a token among those of a list. */
function logProbOfList(left: Left, x: number, max: number, temperature: number, v: number, list: number): number {
  let rest = 0;
  for (let j = left.from + 1; j < left.count; j++) {
    rest += exp(scoreOf(heap[x + integers[list + j]!]!, max, temperature));
  }
  return scoreOf(v, max, temperature) - log1p(rest);
}

/** That of a token among those of a row. */
function logProbOfRow(row: number, n: number, max: number, temperature: number, v: number, at: Regions): number {
  if (temperature === Infinity) return -log(countOf(row, n));
  Exponents.open(temperature);
  return scoreOf(v, max, temperature) - logSum(row, n, max, temperature, at.spare * BYTES);
}

/**
 * dst_r = the token that `gumbel_max` draws of row r as `truncate` leaves it; logProb_r = its log-probability there, unless
 * logProb is 0
 * See src/js/sample/gumbel_max.ts.
 */
export function sample_tokens(
  src: number,
  parameters: number,
  dst: number,
  logProb: number,
  rows: number,
  n: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  const at = regionsOf(scratch, n);
  for (let r = 0, x = src / BYTES, p = parameters / 8; r < rows; r++, x += n, p += c.PARAMETERS) {
    const element = first + r * n,
      temperature = doubles[p + c.DRAW_TEMPERATURE]!,
      max = Row.max(x, n);
    let index = max === Infinity ? Argmax.index(x, max) : -1,
      logP = NaN;
    if (max - max === 0) {
      const left = survivors(x, n, max, p, doubles[p + c.TEMPERATURE]!, at);
      const { from, count, whole } = left,
        few = !whole && (count - from) * c.NOISE_SHARE <= n,
        short = !whole && count - from <= c.MASS_LIST;
      // the row as it is left, where the list does not do
      let row = left.row;
      if (whole ? from > 0 : !few || (logProb !== 0 && !short)) {
        row = at.copy;
        write(left, x, row, n, at.list);
      }
      const top = whole ? Row.max(row, n) : heap[x + integers[at.list + from]!]! + 0;
      if (temperature === 0) {
        index = whole ? Argmax.index(row, top) : integers[at.list + from]!;
        logP = 0;
      } else {
        if (few) {
          index = drawOf(left, x, top, temperature, element, k0, k1, at.list, words);
        } else {
          gumbel_max(row * BYTES, dst + 4 * r, 1, n, temperature, element, k0, k1, at.spare * BYTES, words);
          index = integers[dst / 4 + r]!;
        }
        if (logProb !== 0) {
          const v = heap[x + index]!;
          logP = short
            ? logProbOfList(left, x, top, temperature, v, at.list)
            : logProbOfRow(row, n, top, temperature, v, at);
        }
      }
    }
    integers[dst / 4 + r] = index;
    if (logProb !== 0) heap[logProb / BYTES + r] = logP;
  }
}
