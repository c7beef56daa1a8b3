import { Maxes, Simplex } from '../max/maxes';
import { Exponentials } from '../max/exponentials';
import { Share } from '../max/softmax';
import { Exponents } from '../math/exponents';
import { exponential } from '../random/exponential';
import { gumbel } from '../random/gumbel';
import { Row } from '../row';
import { Scores } from '../max/scores';

/** (x - max) + g, times c: a = max, multiplied by c. x: logits, y: g. */
@final
@unmanaged
class Noisy {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      d = v128.sub<T>(v128.mul<T>(v, c), a);
    return Scores.masked<T>(v, v128.add<T>(d, v128.mul<T>(v128.load(y), c)));
  }
}

/**
 * dst = (src - max) + g, half of that for T > 1, row by row: what a max turns into a Gumbel-Softmax sample; a NaN row where
 * the row's maximum is not finite. dst is apart from src. See src/js/sample/gumbel_softmax.ts.
 */
export function gumbel_perturb<T>(
  src: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  first: f64,
  k0: u32,
  k1: u32,
  words: usize,
): void {
  const scale = v128.splat<T>(Scores.scale<T>(temperature));
  gumbel<T>(dst, rows * n, first, k0, k1, words);
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n);
    if (isFinite<T>(v128.extract_lane<T>(max, 0)))
      Row.each<T, Noisy>(src, dst, dst, n, v128.mul<T>(max, scale), max, scale);
    else Row.fill<T>(dst, n, Row.nan<T>());
    src += (<usize>n) << alignof<T>();
    dst += (<usize>n) << alignof<T>();
  }
}

/** x / y. */
@final
@unmanaged
class Quotient {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.div<T>(v128.load(x), v128.load(y));
  }
}

/** Softmax at T = 1 of scores perturbed by -log E, where dst holds E: exp(x - max) / E over its sum. */
@final
@unmanaged
class Raced extends Simplex {
  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Exponentials.sum<T>(x, scratch, n, max, temperature);
    Row.each<T, Quotient>(scratch, dst, dst, n);
    Row.each<T, Share>(dst, dst, dst, n, v128.splat<T>(<T>Exponentials.add<T>(dst, n)));
  }
}

/**
 * dst = softmax((src - max) + g), row by row: the Gumbel-Softmax sample at T = 1. dst is apart from src; `scratch`: room
 * for a row. See src/js/sample/gumbel_softmax.ts.
 */
export function gumbel_softmax<T>(
  src: usize,
  dst: usize,
  rows: i32,
  n: i32,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
  words: usize,
): void {
  Exponents.open<T>(1);
  exponential<T>(dst, rows * n, first, k0, k1, words);
  Maxes.forward<T, Raced>(src, dst, rows, n, 1, scratch, 1);
}
