import { Constant } from '../constant';
import { Four } from '../four';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Exponents } from '../math/exponents';
import { Row } from '../row';
import { Identity } from '../vocabulary';
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
