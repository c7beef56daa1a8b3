import * as c from '../shared';
import { Lane } from '../lane';
import { Argmax } from '../max/argmax';
import { gumbel } from '../random/gumbel';
import { Row } from '../row';
import { Scores } from './gumbel_softmax';

const F32: usize = memory.data<f32>([Infinity, -Infinity]);
const F64: usize = memory.data<f64>([Infinity, -Infinity]);
const INFINITE: usize = 0,
  NEGATIVE_INFINITY: usize = 1;

/** x where it is +Infinity, -Infinity elsewhere. */
@final
@unmanaged
class Certain {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    const infinite = v128.eq<T>(v, Lane.constant<T>(F32, F64, INFINITE));
    return Lane.select(infinite, v, Lane.constant<T>(F32, F64, NEGATIVE_INFINITY));
  }
}

abstract class TopK {
  /** s = the scores of a row over the noise s: logits at T = 0, +Infinity alone where there is one, NaN for a NaN. */
  @inline static score<T>(x: usize, s: usize, n: i32, temperature: T): void {
    const max = Row.max<T>(x, n);
    if (temperature == 0) memory.copy(s, x, (<usize>n) << alignof<T>());
    else if (v128.extract_lane<T>(max, 0) == <T>Infinity) Row.each<T, Certain>(x, x, s, n);
    else Scores.perturb<T>(x, s, n, max, temperature);
  }

  /** The greatest score of block b of a row. */
  @inline static best<T>(s: usize, n: i32, b: i32): T {
    const start = b * c.TOP_K_BLOCK;
    const max = Row.max<T>(s + ((<usize>start) << alignof<T>()), min(n - start, c.TOP_K_BLOCK));
    return v128.extract_lane<T>(max, 0);
  }

  /** The indices of the k greatest scores, each taken out of the row when found; -1 where only -Infinity is left. */
  @inline static take<T>(s: usize, dst: usize, n: i32, k: i32, bests: usize): void {
    const blocks = (n + c.TOP_K_BLOCK - 1) / c.TOP_K_BLOCK;
    for (let b = 0; b < blocks; b++) store<T>(bests + ((<usize>b) << alignof<T>()), TopK.best<T>(s, n, b));
    for (let j = 0; j < k; j++) {
      const max = Row.max<T>(bests, blocks);
      let index = -1;
      if (v128.extract_lane<T>(max, 0) > -Infinity) {
        const b = Argmax.index<T>(bests, max),
          start = b * c.TOP_K_BLOCK;
        index = start + Argmax.index<T>(s + ((<usize>start) << alignof<T>()), max);
        store<T>(s + ((<usize>index) << alignof<T>()), -Infinity);
        store<T>(bests + ((<usize>b) << alignof<T>()), TopK.best<T>(s, n, b));
      }
      store<i32>(dst + ((<usize>j) << 2), index);
    }
  }
}

/**
 * dst = k classes of each row without replacement, best first. `scratch`: room for rows n values and, behind them, one for each
 * block of a row. See src/js/sample/gumbel_top_k.ts.
 */
export function gumbel_top_k<T>(
  src: usize,
  dst: usize,
  rows: i32,
  n: i32,
  k: i32,
  temperature: T,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
  words: usize,
): void {
  const row = (<usize>n) << alignof<T>(),
    bests = scratch + <usize>rows * row;
  if (temperature > 0) gumbel<T>(scratch, rows * n, first, k0, k1, words);
  for (let r = 0; r < rows; r++) {
    TopK.score<T>(src, scratch, n, temperature);
    TopK.take<T>(scratch, dst, n, k, bests);
    src += row;
    scratch += row;
    dst += (<usize>k) << 2;
  }
}
