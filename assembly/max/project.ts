import * as c from '../shared';
import { Constant } from '../constant';
import { Row } from '../row';
import { TimesOrZero } from '../vocabulary';
import { Argmax } from './argmax';
import { Single } from './project_single';
import { Exponentials } from './exponentials';
import { weigh } from './tsallis';

/** SCALE and FACTOR of the pass. */
const SCALE: usize = memory.data<f64>([1, 1]),
  FACTOR: usize = SCALE + 8;

/** x (y SCALE - a - b - c) FACTOR, 0 where x is. */
@final
@unmanaged
class Projected {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.load(x),
      d = f64x2.sub(f64x2.mul(v128.load(y), v128.load64_splat(SCALE)), a),
      rest = f64x2.sub(f64x2.sub(d, b), c);
    return Project.kept<f64>(s, f64x2.mul(f64x2.mul(s, rest), v128.load64_splat(FACTOR)));
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

/** What the gradients of maxes share, in f64. */
export abstract class Project {
  /** y where the weight s is not 0, and 0 where it is. */
  @inline static kept<T>(s: v128, y: v128): v128 {
    return v128.and(y, v128.ne<T>(s, Constant.zero<T>()));
  }

  /** The sum of x y in f64, 0 where x is. */
  static dot<T>(x: usize, y: usize, n: i32): f64 {
    return Row.total<T, TimesOrZero>(x, y, n);
  }

  /** dst = s (dp SCALE - centre - mean - rest) FACTOR; returns its sum. */
  static pass(s: usize, dp: usize, dst: usize, n: i32, centre: f64, mean: f64, rest: f64): f64 {
    return Row.sum<f64, Projected>(s, dp, dst, n, f64x2.splat(centre), f64x2.splat(mean), f64x2.splat(rest));
  }

  /** dst = u (dp scale - centre - mean) factor, the mean that under s; returns its sum. See src/js/max/project.ts. */
  static centred(
    s: usize,
    u: usize,
    dp: usize,
    dst: usize,
    n: i32,
    sum: f64,
    centre: f64,
    scale: f64,
    factor: f64,
  ): f64 {
    store<f64>(SCALE, scale);
    store<f64>(FACTOR, 1);
    const mean = Project.pass(s, dp, dst, n, centre, 0, 0) / sum,
      rest = Project.pass(s, dp, dst, n, centre, mean, 0) / sum;
    store<f64>(FACTOR, factor);
    return Project.pass(u, dp, dst, n, centre, mean, rest);
  }

  /**
   * dst = u (dp - mean) / T for a row, the mean that under s and `top` where dp is counted from: at u = s the vector-Jacobian product
   * of a max with weights s. NaN for a NaN in s, 0 at T = 0.
   */
  static row(top: usize, s: usize, u: usize, dp: usize, dst: usize, n: i32, temperature: f64): void {
    const sum = Exponentials.add<f64>(s, n);
    if (sum != sum || temperature == 0) {
      Row.fill<f64>(dst, n, sum == sum ? f64x2.splat(0) : Row.nan<f64>());
      return;
    }
    const centre = load<f64>(dp + ((<usize>Argmax.index<f64>(top, Row.top<f64>(top, n))) << 3)),
      ordinary = temperature > c.LEAST_SCALE && temperature < c.GREATEST_SCALE;
    let scale: f64 = 1;
    if (isFinite(Project.centred(s, u, dp, dst, n, sum, centre, 1, ordinary ? 1 / temperature : 1))) {
      if (ordinary) return;
    } else {
      scale = c.SMALLER;
      Project.centred(s, u, dp, dst, n, sum, centre * scale, scale, 1);
    }
    Row.each<f64, Divided>(dst, dst, dst, n, f64x2.splat(temperature), f64x2.splat(1 / scale));
  }

  /**
   * The vector-Jacobian product at the output p of the max of an alpha of 1, 1.5 or 2, row by row. `scratch`: room for a row,
   * which alpha = 1 does not take.
   */
  static vjp<T>(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: T, alpha: f64, scratch: usize): void {
    if (sizeof<T>() == 4) {
      Single.rows(p, dp, dst, rows, n, <f32>temperature, alpha, false, scratch);
      return;
    }
    const width = (<usize>n) << 3;
    for (let r = 0; r < rows; r++) {
      const s = weigh<f64>(p, scratch, n, 2 - alpha, 1);
      Project.row(p, s, s, dp, dst, n, <f64>temperature);
      p += width;
      dp += width;
      dst += width;
    }
  }
}
