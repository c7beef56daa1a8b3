import * as c from './shared';
import { entmax15 } from './max/entmax15';
import { log_softmax, log_sum_exp } from './max/log_softmax';
import { softmax } from './max/softmax';
import { sparsemax } from './max/sparsemax';
import { categorical } from './sample/categorical';
import { gumbel_max } from './sample/gumbel_max';
import { gumbel_perturb, gumbel_softmax } from './sample/gumbel_softmax';

/** A kernel on rows that differ, in one call. See src/js/each_row.ts. */
export function each_row<T>(
  src: usize,
  dst: usize,
  starts: usize,
  temperatures: usize,
  keys: usize,
  op: i32,
  rows: i32,
  n: i32,
  temperature: T,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
  words: usize,
): void {
  const origin = starts == 0 ? 0 : load<i32>(starts),
    bytes: i32 = op >= c.EACH_GUMBEL_MAX ? 4 : sizeof<T>();
  let t = temperature,
    size = n;
  for (let r = 0, next = 0; r < rows; r = next) {
    next = r + 1;
    let start = r * n;
    if (starts != 0) {
      start = load<i32>(starts + ((<usize>r) << 2)) - origin;
      size = load<i32>(starts + ((<usize>next) << 2)) - origin - start;
    }
    if (temperatures != 0) t = load<T>(temperatures + ((<usize>r) << alignof<T>()));
    let at = first + (op == c.EACH_CATEGORICAL ? r : start);
    if (keys != 0) {
      at = 0;
      k0 = load<u32>(keys + ((<usize>r) << 3));
      k1 = load<u32>(keys + ((<usize>r) << 3), 4);
    } else {
      // rows that have all in common
      while (
        next < rows &&
        (starts == 0 ||
          load<i32>(starts + ((<usize>next) << 2), 4) - load<i32>(starts + ((<usize>next) << 2)) == size) &&
        (temperatures == 0 || load<T>(temperatures + ((<usize>next) << alignof<T>())) == t)
      ) {
        next++;
      }
    }
    if (size == 0) continue;
    const x = src + ((<usize>start) << alignof<T>()),
      y = dst + (op < c.EACH_LOG_SUM_EXP ? (<usize>start) << alignof<T>() : <usize>(r * bytes)),
      some = next - r;
    switch (op) {
      case c.EACH_SOFTMAX: {
        softmax<T>(x, y, some, size, t, scratch);
        break;
      }
      case c.EACH_SPARSEMAX: {
        sparsemax<T>(x, y, some, size, t, scratch);
        break;
      }
      case c.EACH_ENTMAX15: {
        entmax15<T>(x, y, some, size, t, scratch);
        break;
      }
      case c.EACH_LOG_SOFTMAX: {
        log_softmax<T>(x, y, some, size, t, scratch);
        break;
      }
      case c.EACH_LOG_SUM_EXP: {
        log_sum_exp<T>(x, y, some, size, t, scratch);
        break;
      }
      case c.EACH_GUMBEL_MAX: {
        gumbel_max<T>(x, y, some, size, t, at, k0, k1, scratch, words);
        break;
      }
      case c.EACH_CATEGORICAL: {
        categorical<T>(x, y, some, size, 1, t, at, k0, k1, scratch);
        break;
      }
      default: {
        if (t == 1) {
          gumbel_softmax<T>(x, y, some, size, at, k0, k1, scratch, words);
        } else {
          gumbel_perturb<T>(x, y, some, size, t, at, k0, k1, words);
          softmax<T>(y, y, some, size, t > 1 ? t / 2 : t, scratch);
        }
      }
    }
  }
}
