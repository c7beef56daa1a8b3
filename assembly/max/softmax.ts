import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Exponents } from '../math/exponents';
import { Row } from '../row';
import { Identity } from '../vocabulary';
import { Maxes, Simplex } from './maxes';
import { Scores } from './scores';

abstract class Difference {
  /** What rounding takes from d = v - max (Knuth's two-sum). */
  @inline static lost<T>(v: v128, max: v128, d: v128): v128 {
    const t = v128.sub<T>(d, v);
    return v128.sub<T>(v128.sub<T>(v, v128.sub<T>(d, t)), v128.add<T>(max, t));
  }
}

/** exp((x - max) / T). a = max and b = T, multiplied by c as x is. */
@final
@unmanaged
class Tempered {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.mul<T>(v128.load(x), c),
      d = v128.sub<T>(v, a);
    return Exp.compensated<T>(v128.div<T>(d, b), v128.div<T>(Difference.lost<T>(v, a, d), b));
  }
}

/** a x. */
@final
@unmanaged
class Scaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.load(x), a);
  }
}

/** K exp(x) 2^-N: see Exponents. a = least, b = magic. */
@final
@unmanaged
class Power {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Exponents.plain<T>(v128.load(x), a, b);
  }
}

/** K exp(x / T) 2^-N */
@final
@unmanaged
class TemperedPower {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Exponents.tempered<T>(v128.load(x), a, b);
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

/** (x - max) / T. a = max and b = T, multiplied by c as x is. */
@final
@unmanaged
class Score {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Scores.z<T>(v128.load(x), a, b, c);
  }
}

/** x - a. */
@final
@unmanaged
class Less {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.load(x), a);
  }
}

/** (x - max) / T - log sum. a = max, b = 1 / T, c = log sum. */
@final
@unmanaged
class LogShifted {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.mul<T>(v128.sub<T>(v128.load(x), a), b), c);
  }
}

/** Exponentials of a row up to a factor, which is 1 for its maximum where it is not within reach of Exponents. */
export abstract class Exponentials {
  /** dst = them; returns their sum. The call has begun with Exponents.open. Of four rows side by side within reach too. */
  static sum<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T): f64 {
    if (Exponents.reach<T>(max)) {
      const N = Exponents.exponent<T>(max),
        least = Exponents.least<T>(N),
        magic = Exponents.magic<T>(N);
      if (sizeof<T>() == 4 && temperature == 1) return Row.sum<T, Power>(x, x, dst, n, least, magic);
      return Row.sum<T, TemperedPower>(x, x, dst, n, least, magic);
    }
    const scale = Scores.scale<T>(temperature),
      c = v128.splat<T>(scale);
    Row.each<T, Tempered>(x, x, dst, n, v128.mul<T>(max, c), v128.splat<T>(temperature * scale), c);
    return Exponentials.add<T>(dst, n);
  }

  /** The sum of a row. */
  static add<T>(x: usize, n: i32): f64 {
    return Row.total<T, Identity>(x, x, n);
  }

  /** That of the maximum. */
  @inline static ofMax<T>(max: v128): f64 {
    return Exponents.reach<T>(max) ? <f64>v128.extract_lane<T>(Exponents.ofMax<T>(max), 0) : 1;
  }

  /** Whether nothing is beside the maximum: it gets a probability of 1, which a product with 1 / sum might miss. */
  @inline static alone<T>(sum: f64, max: v128): bool {
    return sum < 1.5 * Exponents.factor<T>() && sum == Exponentials.ofMax<T>(max);
  }

  /**
   * log sum exp((x - max) / T) as log1p of the sum without the first maximum, which is taken out of the row meanwhile:
   * nothing beside a dominant class is lost. `scratch`: room for a row.
   */
  static logSum<T>(x: usize, n: i32, max: v128, temperature: T, scratch: usize): f64 {
    const at = Row.find<T>(x, max),
      v = v128.load(at);
    v128.store(at, Row.without<T>(v, max));
    const rest = Exponentials.sum<T>(x, scratch, n, max, temperature);
    v128.store(at, v);
    return Double.log1pOf(rest * (1 / Exponentials.ofMax<T>(max)));
  }

  /** Of four rows side by side at p, within reach: the address of what `logSums` takes. Behind p is room for two rows more. */
  static four(p: usize, n: i32, max: v128, temperature: f32): usize {
    const vectors = Four.vectors(n),
      e = p + ((<usize>vectors) << 4),
      sums = e + ((<usize>vectors) << 4);
    Four.without(p, e, vectors, max);
    const N = Exponents.exponent<f32>(max),
      least = Exponents.least<f32>(N),
      magic = Exponents.magic<f32>(N);
    Row.map<f32, TemperedPower>(e, e, e, 4 * vectors, least, magic);
    Four.addUp(e, vectors, sums);
    return sums;
  }

  /** logSum of two of those rows, whose maxima come first in `max`. */
  static logSums(sums: usize, n: i32, max: v128): v128 {
    const most = f64x2.promote_low_f32x4(Exponents.ofMax<f32>(max));
    return Double.log1p(f64x2.mul(Four.sum(sums, n), f64x2.div(Constant.one<f64>(), most)));
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

@final
@unmanaged
class LogSoftmax {
  @inline hot<T>(): T {
    return 0;
  }

  @inline cold<T>(): T {
    return -Infinity;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    const logSum = v128.splat<T>(<T>Exponentials.logSum<T>(x, n, max, temperature, scratch));
    const scale = Scores.scale<T>(temperature),
      c = v128.splat<T>(scale);
    Row.each<T, Score>(x, x, dst, n, v128.mul<T>(max, c), v128.splat<T>(temperature * scale), c);
    Row.each<T, Less>(dst, dst, dst, n, logSum);
  }

  @inline reached<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize): void {
    const logSum = v128.splat<T>(<T>Exponentials.logSum<T>(x, n, max, temperature, scratch));
    Row.each<T, LogShifted>(x, x, dst, n, max, v128.splat<T>(<T>(1 / temperature)), logSum);
  }

  @inline four(p: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const sums = Exponentials.four(p, n, max, temperature);
    const low = Exponentials.logSums(sums, n, max),
      high = Exponentials.logSums(sums + 8, n, Four.others(max));
    Four.map<LogShifted>(p, Four.vectors(n), max, f32x4.splat(1 / temperature), Four.singles(low, high));
  }
}

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, Softmax>(src, dst, rows, n, temperature, scratch, 1);
}

/** dst = log softmax(src / T), row by row. `scratch`: room for a row. */
export function log_softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, LogSoftmax>(src, dst, rows, n, temperature, scratch, 1);
}

abstract class LogSumExp {
  /** max / T + logSum of two of four rows. */
  @inline static two(sums: usize, n: i32, max: v128, t: v128): v128 {
    return f64x2.add(f64x2.div(f64x2.promote_low_f32x4(max), t), Exponentials.logSums(sums, n, max));
  }
}

/** (x + 0) / a: of one element, -0 as 0. */
@final
@unmanaged
class Alone {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.div<T>(v128.add<T>(v128.load(x), Constant.zero<T>()), a);
  }
}

/** dst_r = log sum exp(src_r / T), 0 < T < Infinity. `scratch`: room for a row. */
export function log_sum_exp<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  if (n == 1) {
    Row.each<T, Alone>(src, src, dst, rows, v128.splat<T>(temperature));
    return;
  }
  const row = (<usize>n) << alignof<T>(),
    fours = sizeof<T>() == 4 && Four.takes(n) ? rows & ~3 : 0,
    t = f64x2.splat(<f64>temperature);
  Exponents.open<T>(temperature);
  for (let r = 0; r < rows; r++) {
    if (sizeof<T>() == 4 && r < fours && (r & 3) == 0) {
      const max = Four.open(src, scratch, n);
      if (Exponents.reach<f32>(max)) {
        const sums = Exponentials.four(scratch, n, max, <f32>temperature);
        v128.store(dst, Four.singles(LogSumExp.two(sums, n, max, t), LogSumExp.two(sums + 8, n, Four.others(max), t)));
        r += 3;
        src += 4 * row;
        dst += 16;
        continue;
      }
    }
    let max = Row.top<T>(src, n);
    if (!Exponents.reach<T>(max)) max = Row.max<T>(src, n);
    let y = v128.extract_lane<T>(max, 0);
    if (isFinite<T>(y)) y = <T>(<f64>y / <f64>temperature + Exponentials.logSum<T>(src, n, max, temperature, scratch));
    store<T>(dst, y);
    src += row;
    dst += sizeof<T>();
  }
}
