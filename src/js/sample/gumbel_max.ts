import { BYTES } from '../dtype.ts';
import { integers } from '../lane.ts';
import * as Argmax from '../max/argmax.ts';
import { gumbel } from '../random/gumbel.ts';
import * as Row from '../row.ts';
import { perturb } from './gumbel_softmax.ts';

/**
 * dst_r = argmax of (src - max) / T + g over row r, exact samples of softmax(src / T) (Gumbel 1954; Maddison et al.
 * 2014). -1 where no class can be drawn: a NaN, or nothing but -Infinity; a +Infinity is drawn, the first one. T = 0 is
 * argmax. `s`: room for rows n values, apart from src.
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
  s: number,
  words: number,
): void {
  if (temperature > 0) gumbel(s, rows * n, first, k0, k1, words);
  for (let r = 0, x = src / BYTES, y = s / BYTES; r < rows; r++, x += n, y += n) {
    const max = Row.max(x, n);
    let index = -1;
    if (max > -Infinity) {
      if (temperature === 0 || max === Infinity) {
        index = Argmax.index(x, max);
      } else {
        perturb(x, y, n, max, temperature);
        index = Argmax.index(y, Row.max(y, n));
      }
    }
    integers[dst / 4 + r] = index;
  }
}
