import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Row } from '../row';
import { TimesOrZero } from '../vocabulary';
import { Argmax } from './argmax';
import { Exponentials } from './softmax';

const SCALE: usize = 0,
  FACTOR: usize = 1;

/** x (y SCALE - a - b - c) FACTOR, 0 where x is. */
@final
@unmanaged
class Projected {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.load(x),
      d = v128.sub<T>(v128.mul<T>(v128.load(y), Project.call<T>(SCALE)), a),
      rest = v128.sub<T>(v128.sub<T>(d, b), c);
    return Project.kept<T>(s, v128.mul<T>(v128.mul<T>(s, rest), Project.call<T>(FACTOR)));
  }
}

/** x / a b. */
@final
@unmanaged
class Divided {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.div<T>(v128.load(x), a), b);
  }
}

/** What the gradients of maxes share. */
export abstract class Project {
  /** y where the weight s is not 0, and 0 where it is. */
  @inline static kept<T>(s: v128, y: v128): v128 {
    return v128.and(y, v128.ne<T>(s, Constant.zero<T>()));
  }

  /** The sum of x y in f64, 0 where x is. */
  static dot<T>(x: usize, y: usize, n: i32): f64 {
    return Row.total<T, TimesOrZero>(x, y, n);
  }

  /** Where SCALE and FACTOR of the pass are. */
  static constants<T>(): usize {
    return memory.data<T>([1, 1]);
  }

  @inline static call<T>(i: usize): v128 {
    return Lane.splat<T>(Project.constants<T>() + (i << alignof<T>()));
  }

  @inline static set<T>(i: usize, value: T): void {
    store<T>(Project.constants<T>() + (i << alignof<T>()), value);
  }

  /** dst = s (dp SCALE - centre - mean - rest) FACTOR; returns its sum. */
  static pass<T>(s: usize, dp: usize, dst: usize, n: i32, centre: v128, mean: v128, rest: v128): f64 {
    return Row.sum<T, Projected>(s, dp, dst, n, centre, mean, rest);
  }

  /** dst = u (dp scale - centre - mean) factor, the mean that under s; returns its sum. See src/js/max/project.ts. */
  static centred<T>(s: usize, u: usize, dp: usize, dst: usize, n: i32, sum: f64, centre: T, scale: T, factor: T): f64 {
    const zero = Constant.zero<T>(),
      middle = v128.splat<T>(centre);
    Project.set<T>(SCALE, scale);
    Project.set<T>(FACTOR, 1);
    const whole = Project.pass<T>(s, dp, dst, n, middle, zero, zero) / sum,
      mean = <T>whole;
    const rest =
      sizeof<T>() == 4 ? whole - <f64>mean : Project.pass<T>(s, dp, dst, n, middle, v128.splat<T>(mean), zero) / sum;
    Project.set<T>(FACTOR, factor);
    return Project.pass<T>(u, dp, dst, n, middle, v128.splat<T>(mean), v128.splat<T>(<T>rest));
  }

  /** The element of dp where that of p is greatest. */
  static centre<T>(p: usize, dp: usize, n: i32): T {
    return load<T>(dp + ((<usize>Argmax.index<T>(p, Row.top<T>(p, n))) << alignof<T>()));
  }

  /**
   * dst = (s dp - s (s.dp) / sum s) / T for a row: the vector-Jacobian product of a max with weights s at its output p. False,
   * and a NaN row, for a NaN in s.
   */
  static row<T>(p: usize, s: usize, dp: usize, dst: usize, n: i32, temperature: T): bool {
    const sum = Exponentials.add<T>(s, n);
    if (sum != sum || temperature == 0) {
      Row.fill<T>(dst, n, sum == sum ? f64x2.splat(0) : Row.nan<T>());
      return sum == sum;
    }
    const centre = Project.centre<T>(p, dp, n),
      ordinary = Project.ordinary<T>(temperature);
    let scale: T = 1;
    if (isFinite(Project.centred<T>(s, s, dp, dst, n, sum, centre, 1, ordinary ? 1 / temperature : 1))) {
      if (ordinary) return true;
    } else {
      scale = <T>c.SMALLER;
      Project.centred<T>(s, s, dp, dst, n, sum, centre * scale, scale, 1);
    }
    Row.each<T, Divided>(dst, dst, dst, n, v128.splat<T>(temperature), v128.splat<T>(1 / scale));
    return true;
  }

  /** -sum u (dp - mean) / T, the mean that under s and `top` where dp is counted from. `scratch`: room for a row. */
  static slope<T>(top: usize, s: usize, u: usize, dp: usize, scratch: usize, n: i32, temperature: f64): f64 {
    const sum = Exponentials.add<T>(s, n);
    if (sum != sum || temperature == 0) return sum == sum ? 0 : NaN;
    const centre = Project.centre<T>(top, dp, n),
      total = Project.centred<T>(s, u, dp, scratch, n, sum, centre, 1, 1);
    if (isFinite(total)) return 0 - total / temperature;
    const scale = <T>c.SMALLER;
    return 0 - Project.centred<T>(s, u, dp, scratch, n, sum, centre * scale, scale, 1) / temperature / scale;
  }

  @inline static ordinary<T>(temperature: T): bool {
    return temperature > <T>c.LEAST_SCALE && temperature < <T>c.GREATEST_SCALE;
  }

  /**
   * Places the dp of four rows behind their p, which are side by side at `at` with their greatest `max`; returns the dp where p is
   * greatest. What follows the p is 0 then.
   */
  static beside(dp: usize, at: usize, n: i32, max: v128): v128 {
    const row = (<usize>n) << 2,
      size = (<usize>Four.vectors(n)) << 4,
      d = at + size,
      zero = Constant.zero<f32>();
    Four.transpose(dp, row, 16, d, 16, 64, size >> 6, d + size);
    let centre = zero,
      found = zero;
    for (let i: usize = 0; i < size; i += 16) {
      const now = v128.andnot(f32x4.eq(v128.load(at + i), max), found);
      found = v128.or(found, now);
      centre = v128.or(centre, v128.and(v128.load(d + i), now));
      if (i >= row << 2) v128.store(at + i, zero);
    }
    return centre;
  }

  /** dst = the products of four rows whose weights and dp are side by side at `s`; false, and nothing done, where they overflow. */
  static side(s: usize, dst: usize, n: i32, centre: v128, temperature: f32): bool {
    const vectors = Four.vectors(n),
      count = vectors << 2,
      size = (<usize>vectors) << 4,
      d = s + size,
      y = d + size,
      sums = y + size,
      zero = Constant.zero<f32>();
    Four.addUp(s, vectors, sums);
    const sumLow = Four.sum(sums, n),
      sumHigh = Four.sum(sums + 8, n);
    Project.set<f32>(SCALE, 1);
    Project.set<f32>(FACTOR, 1);
    Project.pass<f32>(s, d, y, count, centre, zero, zero);
    Four.addUp(y, vectors, sums);
    const low = f64x2.div(Four.sum(sums, n), sumLow),
      high = f64x2.div(Four.sum(sums + 8, n), sumHigh),
      mean = Four.singles(low, high);
    const rest = Four.singles(
      f64x2.sub(low, f64x2.promote_low_f32x4(mean)),
      f64x2.sub(high, f64x2.promote_low_f32x4(Four.others(mean))),
    );
    Project.set<f32>(FACTOR, 1 / temperature);
    Project.pass<f32>(s, d, y, count, centre, mean, rest);
    let most = zero;
    for (let i: usize = 0; i < size; i += 16) most = f32x4.add(most, f32x4.abs(v128.load(y + i)));
    // where twice that is finite, so are the sums of rows alone
    if (!Four.finite(f32x4.add(most, most))) return false;
    Four.close(y, dst, n);
    return true;
  }

  /** Four short rows of f32, in the bits of `row`; false, and nothing done, if one of them is special. */
  @inline static four<W>(p: usize, dp: usize, dst: usize, n: i32, temperature: f32, scratch: usize): bool {
    const max = Four.open(p, scratch, n);
    if (!Four.finite(max)) return false;
    const centre = Project.beside(dp, scratch, n, max);
    if (!isDefined(changetype<W>(0).own)) Row.each<f32, W>(scratch, scratch, scratch, 4 * n);
    return Project.side(scratch, dst, n, centre, temperature);
  }

  /**
   * The vector-Jacobian product at the output p, row by row. `W` is a map from p to the weights; its `own` tells that they are p
   * itself. `scratch`: room for a row.
   */
  @inline static vjp<T, W>(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
    const width = (<usize>n) << alignof<T>(),
      fours = sizeof<T>() == 4 && Four.takes(n) && Project.ordinary<T>(temperature) ? rows & ~3 : 0;
    for (let r = 0; r < rows; r++) {
      if (sizeof<T>() == 4 && r < fours && (r & 3) == 0) {
        if (Project.four<W>(p, dp, dst, n, <f32>temperature, scratch)) {
          r += 3;
          p += 4 * width;
          dp += 4 * width;
          dst += 4 * width;
          continue;
        }
      }
      let s = p;
      if (!isDefined(changetype<W>(0).own)) {
        s = scratch;
        Row.each<T, W>(p, p, s, n);
      }
      Project.row<T>(p, s, dp, dst, n, temperature);
      p += width;
      dp += width;
      dst += width;
    }
  }
}
