import * as c from '../../src/shared/constants';
import { Lane } from '../lane';
import { Argmax } from '../max/argmax';
import { gumbel } from '../random/gumbel';
import { Row } from '../row';
import { Perturbed } from './gumbel_softmax';

const F32: usize = memory.data<f32>([Infinity, -Infinity]);
const F64: usize = memory.data<f64>([Infinity, -Infinity]);
const INFINITE: usize = 0,
  NEGATIVE_INFINITY: usize = 1;

/** -Infinity where x is +Infinity. */
@final
@unmanaged
class Finite {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    const infinite = v128.eq<T>(v, Lane.constant<T>(F32, F64, INFINITE));
    return Lane.select(infinite, Lane.constant<T>(F32, F64, NEGATIVE_INFINITY), v);
  }
}

/** x where it is +Infinity, y elsewhere. */
@final
@unmanaged
class Certain {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return Lane.select(v128.eq<T>(v, Lane.constant<T>(F32, F64, INFINITE)), v, v128.load(y));
  }
}

@final
@unmanaged
class Itself {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.load(x);
  }
}

abstract class TopK {
  /** s = the scores of a row over the noise s, logits at T = 0; +Infinity stays. `finite`: room for a row. */
  @inline static score<T>(x: usize, s: usize, n: i32, temperature: T, finite: usize): void {
    if (temperature == 0) {
      Row.each<T, Itself>(x, x, s, n);
    } else {
      Row.each<T, Finite>(x, x, finite, n);
      Row.each<T, Perturbed>(finite, s, s, n, Row.max<T>(finite, n), v128.splat<T>(temperature));
      Row.each<T, Certain>(x, s, s, n);
    }
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
 * dst = k classes of each row without replacement, best first. `s`: room for rows n values and, behind them, a row and a
 * value for each of its blocks. See src/js/sample/gumbel_top_k.ts.
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
  s: usize,
  words: usize,
): void {
  const row = (<usize>n) << alignof<T>(),
    finite = s + <usize>rows * row;
  if (temperature > 0) gumbel<T>(s, rows * n, first, k0, k1, words);
  for (let r = 0; r < rows; r++) {
    TopK.score<T>(src, s, n, temperature, finite);
    TopK.take<T>(s, dst, n, k, finite + row);
    src += row;
    s += row;
    dst += (<usize>k) << 2;
  }
}
