import * as c from '../shared';
import { Constant } from '../constant';
import { Double } from '../math/double';
import { Row } from '../row';
import { TimesOrZero } from '../vocabulary';
import { Argmax } from './argmax';
import { Exponentials } from './exponentials';
import { Project } from './project';
import { weigh } from './tsallis';

const F64: usize = memory.data<f64>([c.PHI_BELOW, c.PHI_0, c.PHI_1, c.PHI_2, c.PHI_3, c.PHI_4, c.PHI_5]);
const BELOW: usize = 0,
  PHI: usize = 1;

/** x y b - x a. */
@final
@unmanaged
class Term {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.mul(v128.load(x), f64x2.sub(f64x2.mul(v128.load(y), b), a));
  }
}

/** y - x a. */
@final
@unmanaged
class LessMean {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.sub(v128.load(y), f64x2.mul(v128.load(x), a));
  }
}

/** x / a b. */
@final
@unmanaged
class Divided {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.mul(f64x2.div(v128.load(x), a), b);
  }
}

@final
@unmanaged
class Logarithm {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Double.log(v128.load(x));
  }
}

/** expm1(-d y) / d, -y where d is 0. a = d. */
@final
@unmanaged
class Excess {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const log = v128.load(y);
    if (f64x2.extract_lane(a, 0) == 0) return f64x2.neg(log);
    return f64x2.div(Double.expm1(f64x2.neg(f64x2.mul(a, log))), a);
  }
}

/** (expm1(-d y) + d y) / d^2 = y^2 phi(-d y), phi(t) = (expm1 t - t) / t^2. a = d. */
@final
@unmanaged
class Curved {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const log = v128.load(y),
      t = f64x2.neg(f64x2.mul(a, log));
    let q = Support.k(PHI + 5);
    for (let i: usize = 5; i > 0; i--) q = f64x2.add(f64x2.mul(q, t), Support.k(PHI + i - 1));
    const whole = f64x2.div(f64x2.sub(Double.expm1(t), t), f64x2.mul(t, t));
    const phi = v128.bitselect(q, whole, f64x2.lt(f64x2.abs(t), Support.k(BELOW)));
    return f64x2.mul(f64x2.mul(log, log), phi);
  }
}

/** x (a - y). */
@final
@unmanaged
class Centred {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.mul(v128.load(x), f64x2.sub(a, v128.load(y)));
  }
}

/** Gradients of entmax over the support of a row, in f64 for either dtype. See src/js/max/entmax_support.ts. */
export abstract class Support {
  @inline static k(i: usize): v128 {
    return v128.load64_splat(F64 + (i << 3));
  }

  /** The least positive element of a row, at most 1. */
  static least(p: usize, n: i32): f64 {
    let least: f64 = 1;
    for (const end = p + ((<usize>n) << 3); p < end; p += 8) {
      const v = load<f64>(p);
      if (v > 0 && v < least) least = v;
    }
    return least;
  }

  /** dst = (s d - q sum(s d)) / T, d = (dp - centre) scale; whether the sum is finite. */
  static steep(
    s: usize,
    q: usize,
    dp: usize,
    dst: usize,
    n: i32,
    sum: f64,
    centre: f64,
    scale: f64,
    temperature: f64,
  ): bool {
    Row.each<f64, Term>(s, dp, dst, n, f64x2.splat(centre), f64x2.splat(scale));
    const mean = Exponentials.add<f64>(dst, n) / sum;
    Row.each<f64, LessMean>(q, dst, dst, n, f64x2.splat(mean));
    Row.each<f64, Divided>(dst, dst, dst, n, f64x2.splat(temperature), f64x2.splat(1 / scale));
    return isFinite(mean);
  }

  /** dst = the vector-Jacobian product; false, and nothing done, for a NaN in p. `scratch`: room for two rows. */
  static vjp(p: usize, dp: usize, dst: usize, n: i32, temperature: f64, alpha: f64, scratch: usize): bool {
    const q = scratch + ((<usize>n + 1) << 3),
      s = weigh<f64>(p, scratch, n, 2 - alpha, 1);
    if (alpha <= 2) {
      Project.row(p, s, s, dp, dst, n, temperature);
      return isFinite(Exponentials.add<f64>(s, n));
    }
    weigh<f64>(p, q, n, 2 - alpha, Support.least(p, n));
    const sum = Exponentials.add<f64>(q, n);
    if (sum != sum) return false;
    if (temperature == 0) {
      Row.fill<f64>(dst, n, Constant.zero<f64>());
      return true;
    }
    const centre = load<f64>(dp + ((<usize>Argmax.index<f64>(q, Row.top<f64>(q, n))) << 3));
    if (!Support.steep(scratch, q, dp, dst, n, sum, centre, 1, temperature)) {
      Support.steep(scratch, q, dp, dst, n, sum, centre * c.SMALLER, c.SMALLER, temperature);
    }
    return true;
  }

  /** The derivative by alpha, p divided by its sum on the way. `scratch`: room for three rows. */
  static byAlpha(p: usize, dp: usize, n: i32, alpha: f64, scratch: usize): f64 {
    const width = (<usize>n + 1) << 3,
      log = scratch,
      f = log + width,
      g = f + width,
      d = f64x2.splat(alpha - 1);
    Row.each<f64, Divided>(p, p, p, n, f64x2.splat(Exponentials.add<f64>(p, n)), Constant.one<f64>());
    Row.each<f64, Logarithm>(p, p, log, n);
    Row.each<f64, Excess>(p, log, f, n, d);
    Row.each<f64, Curved>(p, log, g, n, d);
    // the means under p, and of what is weighted with p dp
    const F = Project.dot<f64>(p, f, n),
      M = Project.dot<f64>(p, log, n),
      G = Project.dot<f64>(p, g, n);
    Row.each<f64, TimesOrZero>(p, dp, p, n);
    const total =
      Row.total<f64, Centred>(p, g, n, f64x2.splat(G)) -
      F * Project.dot<f64>(p, log, n) +
      M * Project.dot<f64>(p, f, n);
    return total / (1 + (alpha - 1) * F);
  }
}
