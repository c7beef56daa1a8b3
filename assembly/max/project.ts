import * as c from '../shared';
import { Constant } from '../constant';
import { Row } from '../row';
import { Identity, TimesOrZero } from '../vocabulary';
import { Argmax } from './argmax';

/** b x - a. */
@final
@unmanaged
class Shifted {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.mul<T>(v128.load(x), b), a);
  }
}

/** x (y - a), 0 where x is. */
@final
@unmanaged
class Rest {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.load(x);
    return Project.kept<T>(s, v128.mul<T>(s, v128.sub<T>(v128.load(y), a)));
  }
}

/** x (y - a - b) c, 0 where x is. */
@final
@unmanaged
class Projected {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.load(x);
    const d = v128.sub<T>(v128.sub<T>(v128.load(y), a), b);
    return Project.kept<T>(s, v128.mul<T>(v128.mul<T>(s, d), c));
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

  /** dst = s (dp scale - centre - mean) factor; whether no sum overflowed. See src/js/max/project.ts. */
  static centred<T>(s: usize, dp: usize, dst: usize, n: i32, sum: f64, centre: T, scale: T, factor: T): bool {
    Row.map<T, Shifted>(dp, dp, dst, n, v128.splat<T>(centre), v128.splat<T>(scale));
    const mean = v128.splat<T>(<T>(Project.dot<T>(s, dst, n) / sum));
    const rest = <T>(Row.total<T, Rest>(s, dst, n, mean) / sum);
    Row.map<T, Projected>(s, dst, dst, n, mean, v128.splat<T>(rest), v128.splat<T>(factor));
    return isFinite<T>(rest);
  }

  /** dst = (s dp - s (s.dp) / sum s) / T for a row: the vector-Jacobian product of a max with weights s. */
  static row<T>(s: usize, dp: usize, dst: usize, n: i32, temperature: T): void {
    const sum = Row.eachTotal<T, Identity>(s, s, n);
    if (sum != sum || temperature == 0) {
      Row.fill<T>(dst, n, sum == sum ? f64x2.splat(0) : Row.nan<T>());
      return;
    }
    const at = Argmax.index<T>(s, Row.max<T>(s, n));
    const centre = load<T>(dp + ((<usize>at) << alignof<T>()));
    const ordinary = temperature > <T>c.LEAST_SCALE && temperature < <T>c.GREATEST_SCALE;
    let scale: T = 1;
    if (Project.centred<T>(s, dp, dst, n, sum, centre, 1, ordinary ? 1 / temperature : 1)) {
      if (ordinary) return;
    } else {
      scale = <T>c.SMALLER;
      Project.centred<T>(s, dp, dst, n, sum, centre * scale, scale, 1);
    }
    Row.each<T, Divided>(dst, dst, dst, n, v128.splat<T>(temperature), v128.splat<T>(1 / scale));
  }

  /** The vector-Jacobian product at the output p, row by row. `W` is a map from p to the weights. `scratch`: room for a row. */
  @inline static vjp<T, W>(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
    for (let r = 0; r < rows; r++) {
      Row.each<T, W>(p, p, scratch, n);
      Project.row<T>(scratch, dp, dst, n, temperature);
      p += (<usize>n) << alignof<T>();
      dp += (<usize>n) << alignof<T>();
      dst += (<usize>n) << alignof<T>();
    }
  }
}
