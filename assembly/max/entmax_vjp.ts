import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Log } from '../math/log';
import { Row } from '../row';
import { Identity, TimesOrZero } from '../vocabulary';
import { Argmax } from './argmax';
import { Project } from './project';
import { Rescale } from './rescale';

const F64: usize = memory.data<f64>([0, c.PHI_BELOW, c.PHI_0, c.PHI_1, c.PHI_2, c.PHI_3, c.PHI_4, c.PHI_5]);
const ZERO: usize = 0,
  BELOW: usize = 1,
  PHI: usize = 2;

/** The weights s of a row, (x / b)^a, as far as f64 goes. */
@final
@unmanaged
class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.pmin<T>(Tsallis.power<T>(v128.div<T>(v128.load(x), b), a), Constant.greatest<T>());
  }
}

/** x y b - x a, 0 where x is. */
@final
@unmanaged
class Term {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.load(x);
    return Project.kept<f64>(s, f64x2.mul(s, f64x2.sub(f64x2.mul(v128.load(y), b), a)));
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

/** y / a b, 0 where x is. */
@final
@unmanaged
class Divided {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Project.kept<f64>(v128.load(x), f64x2.mul(f64x2.div(v128.load(y), a), b));
  }
}

export abstract class Tsallis {
  @inline static k(i: usize): v128 {
    return v128.load64_splat(F64 + (i << 3));
  }

  /** p^e, of f32 for e = 0, 1/2 and 1 alone. See src/js/max/entmax_vjp.ts. */
  @inline static power<T>(p: v128, e: v128): v128 {
    const exponent = <f64>v128.extract_lane<T>(e, 0);
    if (exponent == 1) return p;
    let y = p;
    if (exponent == 0) y = Constant.one<T>();
    else if (exponent == 0.5) y = v128.sqrt<T>(p);
    else if (sizeof<T>() == 8) return Double.pow(p, e);
    return Lane.select(v128.gt<T>(p, Constant.zero<T>()), y, p);
  }

  /** (p^d - 1) / d, log p where d is 0, of f32 for d = 0, 1/2 and 1 alone. See src/js/max/entmax_vjp.ts. */
  @inline static slope<T>(p: v128, d: v128): v128 {
    const exponent = <f64>v128.extract_lane<T>(d, 0),
      one = Constant.one<T>();
    const change = v128.sub<T>(p, one);
    if (exponent == 1) return v128.or(change, v128.lt<T>(p, Constant.zero<T>()));
    if (exponent == 0.5) return v128.div<T>(v128.add<T>(change, change), v128.add<T>(v128.sqrt<T>(p), one));
    const log = Log.of<T>(p);
    if (sizeof<T>() == 4 || exponent == 0) return log;
    return f64x2.div(Double.expm1(f64x2.mul(d, log)), d);
  }

  /** w of the derivative by T: slope, and from alpha = 1.5 on p^d / d. See src/js/max/entmax_vjp.ts. */
  static score<T>(p: v128, d: v128): v128 {
    if (<f64>v128.extract_lane<T>(d, 0) >= 0.5) return v128.div<T>(Tsallis.power<T>(p, d), d);
    return Tsallis.slope<T>(p, d);
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
    const mean = Row.sum<f64, Term>(s, dp, dst, n, f64x2.splat(centre), f64x2.splat(scale)) / sum;
    Row.each<f64, LessMean>(q, dst, dst, n, f64x2.splat(mean));
    Row.each<f64, Divided>(s, dst, dst, n, f64x2.splat(temperature), f64x2.splat(1 / scale));
    return isFinite(mean);
  }

  /** The vector-Jacobian product of a row. See src/js/max/entmax_vjp.ts. `scratch`: room for two rows. */
  static row<T>(p: usize, dp: usize, dst: usize, n: i32, temperature: T, scratch: usize, alpha: f64): void {
    const exponent = v128.splat<T>(<T>(2 - alpha)),
      q = scratch + ((<usize>n) << 3);
    let s = p;
    if (alpha != 1) {
      s = scratch;
      Row.each<T, Weight>(p, p, s, n, exponent, Constant.one<T>());
    }
    if (sizeof<T>() == 4 || alpha <= 2) {
      Project.row<T>(p, s, dp, dst, n, temperature);
      return;
    }
    Row.each<f64, Weight>(p, p, q, n, exponent, f64x2.splat(Tsallis.least(p, n)));
    const sum = Row.total<f64, Identity>(q, q, n);
    if (sum != sum || temperature == 0) {
      Row.fill<f64>(dst, n, sum == sum ? Constant.zero<f64>() : Row.nan<f64>());
      return;
    }
    const centre = load<f64>(dp + ((<usize>Argmax.index<f64>(q, Row.max<f64>(q, n))) << 3));
    if (Tsallis.steep(s, q, dp, dst, n, sum, centre, 1, temperature)) return;
    Tsallis.steep(s, q, dp, dst, n, sum, centre * c.SMALLER, c.SMALLER, temperature);
  }

  /** The least positive element of a row, at most 1. */
  @inline static least(p: usize, n: i32): f64 {
    let least: f64 = 1;
    for (let i = 0; i < n; i++) {
      const v = load<f64>(p + ((<usize>i) << 3));
      if (v > 0 && v < least) least = v;
    }
    return least;
  }
}

/** dst = the vector-Jacobian product of entmax at its output p, for any alpha >= 1. `scratch`: room for two rows. */
export function entmax_vjp(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  alpha: f64,
  scratch: usize,
): void {
  for (let r = 0; r < rows; r++) {
    Tsallis.row<f64>(p, dp, dst, n, temperature, scratch, alpha);
    p += (<usize>n) << 3;
    dp += (<usize>n) << 3;
    dst += (<usize>n) << 3;
  }
}

/** score(x) y, 0 where y is. a = alpha - 1. */
@final
@unmanaged
class Scored {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const d = v128.load(y);
    return Project.kept<T>(d, v128.mul<T>(Tsallis.score<T>(v128.load(x), a), d));
  }
}

/** dst_r = the derivative by T of row r at its output p, times dp. `scratch`: room for three rows. */
export function entmax_vjp_temperature<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  alpha: f64,
  scratch: usize,
): void {
  const width = (<usize>n) << alignof<T>(),
    dx = scratch + 2 * width,
    scale = Rescale.factor<T>(temperature);
  for (let r = 0; r < rows; r++) {
    Tsallis.row<T>(p, dp, dx, n, temperature * scale, scratch, alpha);
    store<T>(dst, <T>((0 - Row.eachTotal<T, Scored>(p, dx, n, v128.splat<T>(<T>(alpha - 1)))) * <f64>scale));
    p += width;
    dp += width;
    dst += sizeof<T>();
  }
}

/** x / a. */
@final
@unmanaged
class Normalised {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.div(v128.load(x), a);
  }
}

/** log x, 0 where x is. */
@final
@unmanaged
class Logarithm {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return v128.and(Double.log(v), f64x2.ne(v, Tsallis.k(ZERO)));
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
    let q = Tsallis.k(PHI + 5);
    for (let i: usize = 5; i > 0; i--) q = f64x2.add(f64x2.mul(q, t), Tsallis.k(PHI + i - 1));
    const whole = f64x2.div(f64x2.sub(Double.expm1(t), t), f64x2.mul(t, t));
    const phi = v128.bitselect(q, whole, f64x2.lt(f64x2.abs(t), Tsallis.k(BELOW)));
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

/** dst_r = the derivative by alpha of row r at its output p, times dp. `scratch`: room for five rows. */
export function entmax_vjp_alpha(p: usize, dp: usize, dst: usize, rows: i32, n: i32, alpha: f64, scratch: usize): void {
  const width = (<usize>n) << 3,
    q = scratch,
    log = q + width,
    f = log + width,
    g = f + width;
  const d = f64x2.splat(alpha - 1);
  for (let r = 0; r < rows; r++) {
    const sum = Row.total<f64, Identity>(p, p, n);
    Row.each<f64, Normalised>(p, p, q, n, f64x2.splat(sum == 0 ? 1 : sum));
    Row.each<f64, Logarithm>(q, q, log, n);
    Row.each<f64, Excess>(q, log, f, n, d);
    Row.each<f64, Curved>(q, log, g, n, d);
    // the means under p, and of what is weighted with p dp
    const F = Project.dot<f64>(q, f, n),
      M = Project.dot<f64>(q, log, n),
      G = Project.dot<f64>(q, g, n);
    Row.each<f64, TimesOrZero>(q, dp, q, n);
    const total =
      Row.total<f64, Centred>(q, g, n, f64x2.splat(G)) -
      F * Project.dot<f64>(q, log, n) +
      M * Project.dot<f64>(q, f, n);
    store<f64>(dst, total / (1 + (alpha - 1) * F));
    p += width;
    dp += width;
    dst += 8;
  }
}
