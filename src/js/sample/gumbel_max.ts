import { BYTES } from '../dtype.ts';
import { heap, integers, round, words as bitsAt } from '../lane.ts';
import * as Log from '../math/log.ts';
import * as Argmax from '../max/argmax.ts';
import { drawOf } from '../random/exponential.ts';
import { bits } from '../random/uniform.ts';
import * as Row from '../row.ts';
import * as Scores from '../max/scores.ts';

/** G = -log E <= -log u <= (k + 1) ln 2 for u < 1 with k leading zeros, and more than all roundings; no bound where they are many. */
export const BOUNDS = /* @__PURE__ */ Float64Array.from({ length: 33 }, (_, k) =>
  k < 24 ? (k + 1) * 0.6932 + 1e-4 : Infinity,
);

/**
 * The class of a row: argmax of (x - max) / T + g, with the noise of `gumbel` for the words at `s`. The leading zeros of a
 * word bound its noise from above, and only a score that may beat the best so far is computed, with its two logarithms:
 * about 50 of 131 072.
 */
function lazy(
  x: number,
  s: number,
  n: number,
  max: number,
  temperature: number,
  element: number,
  k0: number,
  k1: number,
): number {
  const scale = Scores.scaleOf(temperature),
    m = max * scale,
    t = temperature * scale;
  let best = -Infinity,
    index = 0;
  for (let i = 0; i < n; i++) {
    const v = heap[x + i]!;
    if (!(v > -Infinity)) continue;
    const z = Scores.z(v, m, t, scale),
      word = s + (i * BYTES) / 4;
    if (z + BOUNDS[Math.clz32(bitsAt[word]!)]! < best) continue;
    const score = round(z - Log.normal(drawOf(word, element + i, k0, k1)));
    if (score > best) {
      best = score;
      index = i;
    }
  }
  return index;
}

/**
 * dst_r = argmax of (src - max) / T + g over row r, exact samples of softmax(src / T) (Gumbel 1954; Maddison et al.
 * 2014). -1 where no class can be drawn: a NaN, or nothing but -Infinity; a +Infinity is drawn, the first one. T = 0 is
 * argmax. `scratch`: room for rows n values, apart from src.
 */
export function gumbel_max(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  first: number,
  k0: number,
  k1: number,
  scratch: number,
  words: number,
): void {
  if (n === 1) return Argmax.alone(src, dst, rows);
  bits(scratch, (rows * n * BYTES) / 4, (first * BYTES) / 4, k0, k1, words);
  for (let r = 0, x = src / BYTES, at = scratch / 4; r < rows; r++, x += n, at += (n * BYTES) / 4) {
    const max = Row.max(x, n);
    let index = -1;
    if (max > -Infinity) {
      if (temperature === 0 || max === Infinity) index = Argmax.index(x, max);
      else index = lazy(x, at, n, max, temperature, first + r * n, k0, k1);
    }
    integers[dst / 4 + r] = index;
  }
}
