import { Argmax } from '../max/argmax';
import { gumbel } from '../random/gumbel';
import { Row } from '../row';
import { Perturbed } from './gumbel_softmax';

/**
 * dst_r = argmax of (src - max) / T + g over row r; -1 where no class can be drawn, the first +Infinity if there is one.
 * `s`: room for rows n values, apart from src. See src/js/sample/gumbel_max.ts.
 */
export function gumbel_max<T>(
  src: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  first: f64,
  k0: u32,
  k1: u32,
  s: usize,
  words: usize,
): void {
  if (temperature > 0) gumbel<T>(s, rows * n, first, k0, k1, words);
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n),
      top = v128.extract_lane<T>(max, 0);
    let index = -1;
    if (top > -Infinity) {
      if (temperature == 0 || top == <T>Infinity) {
        index = Argmax.index<T>(src, max);
      } else {
        Row.map<T, Perturbed>(src, s, s, n, max, v128.splat<T>(temperature));
        index = Argmax.index<T>(s, Row.max<T>(s, n));
      }
    }
    store<i32>(dst, index);
    src += (<usize>n) << alignof<T>();
    s += (<usize>n) << alignof<T>();
    dst += 4;
  }
}
