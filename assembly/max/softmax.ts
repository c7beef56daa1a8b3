import { Constant } from '../constant';
import { Lane } from '../lane';
import { Exponents } from '../math/exponents';
import { Row } from '../row';
import { Exponentials } from './exponentials';
import { Maxes, Simplex } from './maxes';

/** a x. */
@final
@unmanaged
class Scaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.load(x), a);
  }
}

/** x / a. */
@final
@unmanaged
export class Share {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.div<T>(v128.load(x), a);
  }
}

abstract class Short {
  /**
   * A row of at most 16, in loops so small that single calls take two thirds of the time: one vector at a time, the last one in
   * a register. False, and dst a copy of x, for a row that is not within reach.
   */
  static softmax<T>(x: usize, dst: usize, n: i32): bool {
    const bytes = (<usize>n) << alignof<T>(),
      rest = bytes & 15,
      whole = bytes - rest,
      low = Constant.minusInfinity<T>();
    let max = low,
      last = low,
      i: usize = 0;
    for (; i < whole; i += 16) {
      const v = Short.load<T>(x + i);
      v128.store(dst + i, v);
      max = v128.pmax<T>(max, v);
    }
    if (rest) {
      // what is behind the row is -Infinity
      const v = sizeof<T>() == 8 ? v128.load64_zero(x + whole) : v128.load(x + whole);
      last = Lane.select(Lane.upTo<T>(rest), v, low);
      max = v128.pmax<T>(max, last);
    }
    max = Lane.max<T>(max);
    if (!Exponents.reach<T>(max)) return false;
    const N = Exponents.exponent<T>(max),
      least = Exponents.least<T>(N),
      magic = Exponents.magic<T>(N);
    let first = f64x2.splat(0),
      second = first;
    for (i = 0; i < whole; i += 16) {
      const v = Exponents.tempered<T>(v128.load(dst + i), least, magic);
      v128.store(dst + i, v);
      if (i & 32) second = v128.add<T>(second, v);
      else first = v128.add<T>(first, v);
    }
    if (rest) {
      last = Exponents.tempered<T>(last, least, magic);
      if (i & 32) second = v128.add<T>(second, last);
      else first = v128.add<T>(first, last);
    }
    const sum = Lane.sum(Lane.wide<T>(v128.add<T>(first, second)));
    if (Exponentials.alone<T>(sum, max)) {
      if (rest) Lane.storeUpTo<T>(dst + whole, last, rest);
      Softmax.divide<T>(dst, n, sum);
      return true;
    }
    const scale = v128.splat<T>(<T>(1 / sum));
    for (i = 0; i < whole; i += 16) v128.store(dst + i, v128.mul<T>(v128.load(dst + i), scale));
    if (rest) Lane.storeUpTo<T>(dst + whole, v128.mul<T>(last, scale), rest);
    return true;
  }

  /** Values that have just been stored one by one: where a load takes two of them at once, the processor waits for both. */
  @inline static load<T>(x: usize): v128 {
    return sizeof<T>() == 8 ? f64x2.replace_lane(v128.load64_zero(x), 1, load<f64>(x, 8)) : v128.load(x);
  }
}

@final
@unmanaged
class Softmax extends Simplex {
  static of<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T): void {
    const sum = Exponentials.sum<T>(x, dst, n, max, temperature);
    if (Exponentials.alone<T>(sum, max)) Softmax.divide<T>(dst, n, sum);
    else Row.map<T, Scaled>(dst, dst, dst, n, v128.splat<T>(<T>(1 / sum)));
  }

  static divide<T>(dst: usize, n: i32, sum: f64): void {
    Row.each<T, Share>(dst, dst, dst, n, v128.splat<T>(<T>sum));
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Softmax.of<T>(x, dst, n, max, temperature);
  }

  @inline short<T>(x: usize, dst: usize, n: i32): bool {
    return Short.softmax<T>(x, dst, n);
  }

  @inline reached<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize): void {
    Softmax.of<T>(x, dst, n, max, temperature);
  }
}

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, Softmax>(src, dst, rows, n, temperature, scratch, 1);
}
