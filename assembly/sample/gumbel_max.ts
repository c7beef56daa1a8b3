import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Argmax } from '../max/argmax';
import { Scores } from '../max/scores';
import { Exponential } from '../random/exponential';
import { gumbel } from '../random/gumbel';
import { bits } from '../random/uniform';
import { Row } from '../row';

/** Scores of f32 whose noise is made from its words where a bound of it, from the word's leading bits, asks for it. */
export abstract class Lazy {
  static slope(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.GUMBEL_BOUND_SLOPE]));
  }

  static at0(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.GUMBEL_BOUND_AT_0]));
  }

  static extended(): v128 {
    return Lane.splat<i32>(memory.data<i32>([c.EXTEND_BELOW / 2]));
  }

  /** What the noise of halved words is not above, where they are not `rare`. */
  @inline static noise(half: v128): v128 {
    const bits = f32x4.convert_i32x4_s(f32x4.convert_i32x4_s(half));
    return f32x4.sub(Lazy.at0(), f32x4.mul(bits, Lazy.slope()));
  }

  /** Where halved words have an extension. */
  @inline static rare(half: v128): v128 {
    return i32x4.lt_s(half, Lazy.extended());
  }

  /** A bound of the scores of v for the words at p. */
  @inline static bound(v: v128, p: usize, max: v128, t: v128, scale: v128): v128 {
    const half = i32x4.shr_u(v128.load(p), 1);
    const bound = f32x4.add(Scores.z<f32>(v, max, t, scale), Lazy.noise(half));
    return Scores.masked<f32>(v, Lane.select(Lazy.rare(half), Constant.infinity<f32>(), bound));
  }

  /** Where the vector at i may hold a score of `best` or more. */
  @inline static hopes(x: usize, words: usize, i: usize, max: v128, t: v128, scale: v128, best: v128): v128 {
    const half = i32x4.shr_u(v128.load(words + i), 1);
    const bound = f32x4.add(Scores.z<f32>(v128.load(x + i), max, t, scale), Lazy.noise(half));
    return v128.or(f32x4.ge(bound, best), Lazy.rare(half));
  }

  /** The scores of v for the exponentials e. */
  @inline static score(v: v128, e: v128, max: v128, t: v128, scale: v128): v128 {
    return Scores.masked<f32>(v, f32x4.sub(Scores.z<f32>(v, max, t, scale), Log.normal<f32>(e)));
  }

  /** The class of a row. `draws`: room for a vector. */
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
    const scale = f32x4.splat(Scores.scale<f32>(temperature)),
      t = f32x4.mul(f32x4.splat(temperature), scale),
      bytes = (<usize>n) << 2,
      bulk = bytes & ~63;
    let best: f32 = -Infinity,
      index = 0;
    max = f32x4.mul(max, scale);
    for (let i: usize = 0; i < bytes; i += 64) {
      let end = i + 64;
      if (i < bulk) {
        const b = f32x4.splat(best);
        const low = v128.or(Lazy.hopes(x, words, i, max, t, scale, b), Lazy.hopes(x, words, i + 16, max, t, scale, b));
        const high = v128.or(
          Lazy.hopes(x, words, i + 32, max, t, scale, b),
          Lazy.hopes(x, words, i + 48, max, t, scale, b),
        );
        if (!v128.any_true(v128.or(low, high))) continue;
      } else {
        end = bytes;
      }
      for (let j = i; j < end; j += 16) {
        if (!v128.any_true(Lazy.hopes(x, words, j, max, t, scale, f32x4.splat(best)))) continue;
        Exponential.slice<f32>(words + j, draws, 4, element + (j >> 2), k0, k1);
        v128.store(draws, Lazy.score(v128.load(x + j), v128.load(draws), max, t, scale));
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
  if (n == 1) return Argmax.alone<T>(src, dst, rows);
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
