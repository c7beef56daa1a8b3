import * as c from '../shared';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Argmax } from '../max/argmax';
import { Exponential } from '../random/exponential';
import { gumbel } from '../random/gumbel';
import { bits } from '../random/uniform';
import { Row } from '../row';
import { Perturbed, Scores } from './gumbel_softmax';

const F32: usize = memory.data<f32>([<f32>c.GUMBEL_BOUND_SLOPE, <f32>c.GUMBEL_BOUND_AT_0, -Infinity]);
const SLOPE: usize = 0,
  AT_0: usize = 1,
  NEGATIVE_INFINITY: usize = 2;
const I32: usize = memory.data<i32>([c.EXTEND_BELOW / 2]);

/** The class of a row of f32: two logarithms only where a bound of the score from the word's exponent is not below the best. */
abstract class Lazy {
  @inline static k(i: usize): v128 {
    return v128.load32_splat(F32 + (i << 2));
  }

  /** Where the vector at i may hold a score of `best` or more. */
  @inline static hopes(x: usize, words: usize, i: usize, max: v128, t: v128, best: v128): v128 {
    const v = i32x4.shr_u(v128.load(words + i), 1);
    const noise = f32x4.sub(Lazy.k(AT_0), f32x4.mul(f32x4.convert_i32x4_s(f32x4.convert_i32x4_s(v)), Lazy.k(SLOPE)));
    const bound = f32x4.add(Perturbed.z<f32>(v128.load(x + i), max, t), noise);
    return v128.or(f32x4.ge(bound, best), i32x4.lt_s(v, v128.load32_splat(I32)));
  }

  /** The scores of the vector at i. `draws`: room for a vector. */
  @inline static scores(
    x: usize,
    words: usize,
    i: usize,
    max: v128,
    t: v128,
    element: u64,
    k0: u32,
    k1: u32,
    draws: usize,
  ): v128 {
    const v = v128.load(x + i),
      low = Lazy.k(NEGATIVE_INFINITY);
    Exponential.slice<f32>(words + i, draws, 4, element + (i >> 2), k0, k1);
    const s = f32x4.sub(Perturbed.z<f32>(v, max, t), Log.normal<f32>(v128.load(draws)));
    return Lane.select(f32x4.gt(v, low), s, low);
  }

  static index(
    x: usize,
    words: usize,
    n: i32,
    max: v128,
    temperature: f32,
    element: u64,
    k0: u32,
    k1: u32,
    draws: usize,
  ): i32 {
    const t = f32x4.splat(temperature),
      bytes = (<usize>n) << 2,
      bulk = bytes & ~63;
    let best: f32 = -Infinity,
      index = 0;
    for (let i: usize = 0; i < bytes; i += 64) {
      let end = i + 64;
      if (i < bulk) {
        const b = f32x4.splat(best);
        const low = v128.or(Lazy.hopes(x, words, i, max, t, b), Lazy.hopes(x, words, i + 16, max, t, b));
        const high = v128.or(Lazy.hopes(x, words, i + 32, max, t, b), Lazy.hopes(x, words, i + 48, max, t, b));
        if (!v128.any_true(v128.or(low, high))) continue;
      } else {
        end = bytes;
      }
      for (let j = i; j < end; j += 16) {
        if (!v128.any_true(Lazy.hopes(x, words, j, max, t, f32x4.splat(best)))) continue;
        v128.store(draws, Lazy.scores(x, words, j, max, t, element, k0, k1, draws));
        const lanes = min(16, bytes - j);
        for (let lane: usize = 0; lane < lanes; lane += 4) {
          const score = load<f32>(draws + lane);
          if (score <= best) continue;
          best = score;
          index = <i32>((j + lane) >> 2);
        }
      }
    }
    return index;
  }
}

/**
 * dst_r = argmax of (src - max) / T + g over row r; -1 where no class can be drawn, the first +Infinity if there is one.
 * `scratch`: room for rows n values, apart from src. See src/js/sample/gumbel_max.ts.
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
  scratch: usize,
  words: usize,
): void {
  const lazy = sizeof<T>() == 4 && n > c.SHORT_ROW;
  if (lazy) bits(scratch, rows * n, first, k0, k1, words);
  else if (temperature > 0) gumbel<T>(scratch, rows * n, first, k0, k1, words);
  let element = <u64>first;
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n),
      top = v128.extract_lane<T>(max, 0);
    let index = -1;
    if (top > -Infinity) {
      if (temperature == 0 || top == <T>Infinity) {
        index = Argmax.index<T>(src, max);
      } else if (lazy) {
        index = Lazy.index(src, scratch, n, max, <f32>temperature, element, k0, k1, words);
      } else {
        Scores.perturb<T>(src, scratch, n, max, temperature);
        index = Argmax.index<T>(scratch, Row.max<T>(scratch, n));
      }
    }
    store<i32>(dst, index);
    src += (<usize>n) << alignof<T>();
    scratch += (<usize>n) << alignof<T>();
    element += n;
    dst += 4;
  }
}
