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

/** A row of at most 16, in registers: what the passes of a longer one give for it. */
abstract class Short {
  /** False, and nothing done, for a row that is not within reach or has one class alone. */
  static softmax(x: usize, dst: usize, n: i32): bool {
    const bytes = (<usize>n) << 2,
      low = Constant.minusInfinity<f32>();
    // what is behind the row is -Infinity
    let v0 = v128.load(x),
      v1 = low,
      v2 = low,
      v3 = low;
    if (bytes <= 16) {
      v0 = Lane.select(Lane.upTo<f32>(bytes), v0, low);
    } else if (bytes <= 32) {
      v1 = Lane.select(Lane.upTo<f32>(bytes - 16), v128.load(x, 16), low);
    } else {
      v1 = v128.load(x, 16);
      if (bytes <= 48) {
        v2 = Lane.select(Lane.upTo<f32>(bytes - 32), v128.load(x, 32), low);
      } else {
        v2 = v128.load(x, 32);
        v3 = Lane.select(Lane.upTo<f32>(bytes - 48), v128.load(x, 48), low);
      }
    }
    const max = Lane.max<f32>(f32x4.pmax(f32x4.pmax(low, f32x4.pmax(v3, v2)), f32x4.pmax(v1, v0)));
    if (!Exponents.reach<f32>(max)) return false;
    const N = Exponents.exponent<f32>(max),
      least = Exponents.least<f32>(N),
      magic = Exponents.magic<f32>(N);
    v0 = Exponents.tempered<f32>(v0, least, magic);
    let sum = v0;
    if (bytes > 16) {
      v1 = Exponents.tempered<f32>(v1, least, magic);
      sum = f32x4.add(v0, v1);
      if (bytes > 32) {
        v2 = Exponents.tempered<f32>(v2, least, magic);
        if (bytes > 48) {
          v3 = Exponents.tempered<f32>(v3, least, magic);
          sum = f32x4.add(sum, f32x4.add(v2, v3));
        } else {
          sum = f32x4.add(sum, v2);
        }
      }
    }
    const total = Lane.sum(Lane.wide<f32>(sum));
    if (Exponentials.alone<f32>(total, max)) return false;
    const scale = f32x4.splat(<f32>(1 / total));
    if (bytes <= 16) {
      Lane.storeUpTo<f32>(dst, f32x4.mul(v0, scale), bytes);
      return true;
    }
    v128.store(dst, f32x4.mul(v0, scale));
    v1 = f32x4.mul(v1, scale);
    if (bytes <= 32) {
      Lane.storeUpTo<f32>(dst + 16, v1, bytes - 16);
      return true;
    }
    v128.store(dst, v1, 16);
    v2 = f32x4.mul(v2, scale);
    if (bytes <= 48) {
      Lane.storeUpTo<f32>(dst + 32, v2, bytes - 32);
      return true;
    }
    v128.store(dst, v2, 32);
    Lane.storeUpTo<f32>(dst + 48, f32x4.mul(v3, scale), bytes - 48);
    return true;
  }
}

@final
@unmanaged
class Softmax extends Simplex {
  static of<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T): void {
    const sum = Exponentials.sum<T>(x, dst, n, max, temperature);
    if (Exponentials.alone<T>(sum, max)) Row.each<T, Share>(dst, dst, dst, n, v128.splat<T>(<T>sum));
    else Row.map<T, Scaled>(dst, dst, dst, n, v128.splat<T>(<T>(1 / sum)));
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Softmax.of<T>(x, dst, n, max, temperature);
  }

  @inline short(x: usize, dst: usize, n: i32): bool {
    return Short.softmax(x, dst, n);
  }

  @inline reached<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize): void {
    Softmax.of<T>(x, dst, n, max, temperature);
  }
}

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, Softmax>(src, dst, rows, n, temperature, scratch, 1);
}
