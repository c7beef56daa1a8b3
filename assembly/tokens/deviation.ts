import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';

/** The standard deviation of what is not masked, and counts of a row. See src/js/tokens/deviation.ts. */
export abstract class Deviation {
  /** How many elements of a row are not masked. */
  static count<T>(x: usize, n: i32): i32 {
    return Deviation.reaching<T>(x, n, sizeof<T>() == 4 ? <T>-c.GREATEST_F32 : <T>-c.GREATEST_F64);
  }

  /** How many are at least t. */
  static reaching<T>(x: usize, n: i32, t: T): i32 {
    const end = x + ((<usize>n) << alignof<T>()),
      least = v128.splat<T>(t);
    let count = i32x4.splat(0);
    for (; x + 16 <= end; x += 16) count = Lane.subBits<T>(count, v128.ge<T>(v128.load(x), least));
    if (x < end) {
      count = Lane.subBits<T>(count, v128.and(v128.ge<T>(v128.load(x), least), Lane.upTo<T>(end - x)));
    }
    if (sizeof<T>() == 8) return Lane.sumBits(count);
    count = i32x4.add(count, v128.shuffle<i32>(count, count, 2, 3, 0, 1));
    return i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1);
  }

  /** d = x - max, or (d - mean)^2, of two elements; 0 for what is masked. All but x times a factor. */
  @inline static two<T>(p: usize, factor: v128, max: v128, mean: v128, squares: bool): v128 {
    const v = sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
    let d = f64x2.sub(f64x2.mul(v, factor), max);
    if (squares) {
      d = f64x2.sub(d, mean);
      d = f64x2.mul(d, d);
    }
    return v128.and(d, f64x2.gt(v, Constant.minusInfinity<f64>()));
  }

  /** The sum of those of a row. */
  static sum<T>(x: usize, n: i32, max: f64, f: f64, mean: f64, squares: bool): f64 {
    const end = x + ((<usize>n) << alignof<T>()),
      half: usize = 2 * sizeof<T>(),
      factor = f64x2.splat(f),
      top = f64x2.splat(max * f),
      middle = f64x2.splat(mean);
    let even = f64x2.splat(0),
      odd = even;
    for (; x + 2 * half <= end; x += 2 * half) {
      even = f64x2.add(even, Deviation.two<T>(x, factor, top, middle, squares));
      odd = f64x2.add(odd, Deviation.two<T>(x + half, factor, top, middle, squares));
    }
    // the last elements, with zeros behind the row
    for (let i = 0; x < end; i++, x += half) {
      const inside = Lane.upTo<f64>(end - x < half ? 8 : 16),
        d = v128.and(Deviation.two<T>(x, factor, top, middle, squares), inside);
      if (i == 0) even = f64x2.add(even, d);
      else odd = f64x2.add(odd, d);
    }
    return Lane.sum(f64x2.add(even, odd));
  }

  static deviation<T>(x: usize, n: i32, max: f64, count: i32, f: f64): f64 {
    const mean = Deviation.sum<T>(x, n, max, f, 0, false) / count;
    return sqrt<f64>(Deviation.sum<T>(x, n, max, f, mean, true) / count) / f;
  }

  /** max - s sd of what is not masked. */
  static leastBySigma<T>(x: usize, n: i32, max: f64, s: f64): f64 {
    const count = Deviation.count<T>(x, n);
    let sd = Deviation.deviation<T>(x, n, max, count, 1);
    if (!(sd < Infinity)) sd = Deviation.deviation<T>(x, n, max, count, c.SIGMA_SCALE);
    return max - s * sd;
  }

  /** The least number of T that is not below x. */
  @inline static ceil<T>(x: f64): T {
    const y = <T>x;
    if (sizeof<T>() == 8 || !(<f64>y < x)) return y;
    const bits = reinterpret<i32>(<f32>y);
    return <T>reinterpret<f32>(y < 0 ? bits - 1 : y > 0 ? bits + 1 : 1);
  }
}
