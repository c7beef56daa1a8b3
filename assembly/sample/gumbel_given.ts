import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { gumbel } from '../random/gumbel';

/** Two elements at a time in f64. See src/js/sample/gumbel_given.ts. */
abstract class Given {
  /** Two values of T at p. */
  @inline static pair<T>(p: usize): v128 {
    return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
  }

  /** Stores as many of two as are left of a row. */
  @inline static put<T>(p: usize, v: v128, left: i32): void {
    const bytes = (<usize>min(left, 2)) << alignof<T>();
    Lane.storeUpTo<T>(p, sizeof<T>() == 4 ? f32x4.demote_f64x2_zero(v) : v, bytes);
  }

  /** 1 - exp(-d), d >= 0. */
  @inline static share(d: v128): v128 {
    const far = f64x2.sub(Constant.one<f64>(), Double.exp(f64x2.neg(d))),
      near = f64x2.lt(d, Constant.one<f64>());
    if (!v128.any_true(near)) return far;
    return Lane.select(near, f64x2.sub(d, f64x2.mul(f64x2.mul(d, d), Double.phi(f64x2.neg(d)))), far);
  }

  /** The score given that the greatest, z, is t. In a long row few are near z or above t. */
  static score(score: v128, z: v128, t: v128): v128 {
    const d = f64x2.sub(z, score),
      v = f64x2.sub(t, score),
      m = Given.share(d),
      a = Double.exp(f64x2.neg(f64x2.abs(v))),
      below = f64x2.gt(v, Constant.zero<f64>());
    let given = f64x2.sub(score, Double.log(f64x2.add(a, m)));
    if (!i64x2.all_true(below)) given = Lane.select(below, given, f64x2.sub(t, Double.log1p(f64x2.mul(a, m))));
    const greatest = v128.or(f64x2.eq(d, Constant.zero<f64>()), f64x2.gt(given, t));
    const negative = Constant.minusInfinity<f64>();
    return Lane.select(f64x2.eq(score, negative), score, Lane.select(greatest, t, given));
  }
}

/** dst = x + g, row by row, given that its greatest element is top_r. dst is apart from src. */
export function gumbel_given<T>(
  src: usize,
  top: usize,
  dst: usize,
  rows: i32,
  n: i32,
  first: f64,
  k0: u32,
  k1: u32,
  words: usize,
): void {
  const step: usize = 2 << alignof<T>(),
    row = (<usize>n) << alignof<T>();
  gumbel<T>(dst, rows * n, first, k0, k1, words);
  for (let r = 0; r < rows; r++) {
    const t = f64x2.splat(<f64>load<T>(top));
    let z = Constant.minusInfinity<f64>(),
      wrong = Constant.zero<f64>();
    for (let i = 0, at: usize = 0; i < n; i += 2, at += step) {
      const all = f64x2.add(Given.pair<T>(src + at), Given.pair<T>(dst + at));
      const score = Lane.select(Lane.upTo<f64>((<usize>(n - i)) << 3), all, Constant.minusInfinity<f64>());
      z = f64x2.pmax(z, score);
      wrong = v128.or(wrong, f64x2.ne(score, score));
    }
    z = Lane.max<f64>(z);
    if (v128.any_true(v128.or(wrong, f64x2.eq(z, Constant.infinity<f64>())))) z = Constant.nan<f64>();
    for (let i = 0, at: usize = 0; i < n; i += 2, at += step) {
      const score = f64x2.add(Given.pair<T>(src + at), Given.pair<T>(dst + at));
      Given.put<T>(dst + at, Given.score(score, z, t), n - i);
    }
    src += row;
    dst += row;
    top += sizeof<T>();
  }
}
