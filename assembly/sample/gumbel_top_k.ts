import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Argmax } from '../max/argmax';
import { Scores } from '../max/scores';
import { Exponential } from '../random/exponential';
import { gumbel } from '../random/gumbel';
import { bits } from '../random/uniform';
import { Row } from '../row';
import { Lazy } from './gumbel_max';

/** x where it is +Infinity, -Infinity elsewhere. */
@final
@unmanaged
class Certain {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return Lane.select(v128.eq<T>(v, Constant.infinity<T>()), v, Constant.minusInfinity<T>());
  }
}

/** x where its score leaves the range, -Infinity elsewhere. a = max and b = T, multiplied by c. */
@final
@unmanaged
class Beyond {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      low = Constant.minusInfinity<T>();
    return Lane.select(v128.eq<T>(Scores.z<T>(v, a, b, c), low), v, low);
  }
}

/** The scores of a row at s in blocks; at `bests` a value for each block and behind them whether it is the greatest score. */
abstract class TopK {
  @inline static blocks(n: i32): i32 {
    return (n + c.TOP_K_BLOCK - 1) / c.TOP_K_BLOCK;
  }

  @inline static at<T>(p: usize, i: i32): usize {
    return p + ((<usize>i) << alignof<T>());
  }

  /** The greatest score of block b of a row. */
  @inline static best<T>(s: usize, n: i32, b: i32): T {
    const start = b * c.TOP_K_BLOCK;
    return v128.extract_lane<T>(Row.max<T>(TopK.at<T>(s, start), min(n - start, c.TOP_K_BLOCK)), 0);
  }

  /** The blocks' greatest scores, of scores that are all there. */
  static all<T>(s: usize, n: i32, bests: usize): void {
    const blocks = TopK.blocks(n);
    for (let b = 0; b < blocks; b++) store<T>(TopK.at<T>(bests, b), TopK.best<T>(s, n, b));
    memory.fill(TopK.at<T>(bests, blocks), 1, blocks);
  }

  /** Bounds of the blocks' greatest scores, for words at s. */
  static bound(x: usize, s: usize, n: i32, max: v128, t: v128, scale: v128, bests: usize): void {
    const blocks = TopK.blocks(n),
      bytes = (<usize>n) << 2;
    for (let b = 0, i: usize = 0; b < blocks; b++) {
      let most = Constant.minusInfinity<f32>();
      for (const end = min(i + 4 * c.TOP_K_BLOCK, bytes); i < end; i += 16) {
        const v = Lane.select(Lane.upTo<f32>(bytes - i), v128.load(x + i), Constant.minusInfinity<f32>());
        most = f32x4.pmax(most, Lazy.bound(v, s + i, max, t, scale));
      }
      store<f32>(TopK.at<f32>(bests, b), f32x4.extract_lane(Lane.max<f32>(most), 0));
    }
    memory.fill(TopK.at<f32>(bests, blocks), 0, blocks);
  }

  /** The scores of block b of a row of f32, in the place of its words. */
  static score(
    x: usize,
    s: usize,
    n: i32,
    b: i32,
    max: v128,
    t: v128,
    scale: v128,
    element: u64,
    k0: u32,
    k1: u32,
    draws: usize,
  ): void {
    const start = b * c.TOP_K_BLOCK,
      from = (<usize>start) << 2,
      count = min(n - start, c.TOP_K_BLOCK);
    Exponential.slice<f32>(s + from, draws, count, element + start, k0, k1);
    Row.each<f32, Scored>(x + from, draws, s + from, count, max, t, scale);
  }
}

/** (x - max) / T - log y, -Infinity where x is masked. a = max and b = T, multiplied by c. */
@final
@unmanaged
class Scored {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Lazy.score(v128.load(x), v128.load(y), a, b, c);
  }
}

/**
 * dst = k classes of each row without replacement, best first. `scratch`: room for rows n values and, behind them, two for
 * each block of a row. See src/js/sample/gumbel_top_k.ts.
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
    bests = scratch + <usize>rows * row,
    blocks = TopK.blocks(n),
    exact = TopK.at<T>(bests, blocks),
    // measured: where most blocks would ask for their scores, all at once are faster
    lazy = sizeof<T>() == 4 && k < n / c.TOP_K_BLOCK,
    factor = Scores.scale<T>(temperature),
    scale = v128.splat<T>(factor),
    t = v128.splat<T>(temperature * factor);
  if (lazy) bits(scratch, rows * n, first, k0, k1, words);
  else if (temperature > 0) gumbel<T>(scratch, rows * n, first, k0, k1, words);
  let element = <u64>first;
  for (let r = 0; r < rows; r++, src += row, scratch += row, element += n) {
    const top = Row.max<T>(src, n),
      greatest = v128.extract_lane<T>(top, 0),
      max = v128.mul<T>(top, scale);
    let ordinary = temperature > 0 && isFinite<T>(greatest);
    if (ordinary && lazy) {
      TopK.bound(src, scratch, n, max, t, scale, bests);
    } else {
      if (ordinary) Scores.perturb<T>(src, scratch, n, top, temperature);
      else if (temperature > 0 && greatest == <T>Infinity) Row.each<T, Certain>(src, src, scratch, n);
      else memory.copy(scratch, src, row);
      TopK.all<T>(scratch, n, bests);
    }
    for (let j = 0; j < k; dst += 4, j++) {
      let index = -1;
      while (true) {
        const most = ordinary ? Row.top<T>(bests, blocks) : Row.max<T>(bests, blocks);
        if (!(v128.extract_lane<T>(most, 0) > -Infinity)) {
          // what is left has no score within the range
          if (!ordinary) break;
          ordinary = false;
          Row.each<T, Beyond>(src, src, scratch, n, max, t, scale);
          TopK.all<T>(scratch, n, bests);
          continue;
        }
        const b = Argmax.index<T>(bests, most),
          known = load<u8>(exact + b) != 0;
        if (known) {
          const start = b * c.TOP_K_BLOCK;
          index = start + Argmax.index<T>(TopK.at<T>(scratch, start), most);
          store<T>(TopK.at<T>(scratch, index), -Infinity);
        } else {
          TopK.score(src, scratch, n, b, max, t, scale, element, k0, k1, words);
          store<u8>(exact + b, 1);
        }
        store<T>(TopK.at<T>(bests, b), TopK.best<T>(scratch, n, b));
        if (known) break;
      }
      store<i32>(dst, index);
    }
  }
}
