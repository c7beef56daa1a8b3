import { Constant } from '../constant';
import { Four } from '../four';
import { Exponents } from '../math/exponents';
import { Row } from '../row';
import { Argmax } from './argmax';
import { Rescale } from './rescale';

/** 0 for what is finite, itself otherwise: (x - max x) / T at T = Infinity. */
@final
@unmanaged
class Flat {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return v128.and(v, v128.eq<T>(v128.abs<T>(v), Constant.infinity<T>()));
  }
}

/** a, NaN where x is not finite: a max of one element. */
@final
@unmanaged
class Alone {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return v128.add<T>(v128.sub<T>(v, v), a);
  }
}

/** What the maxes that give points of the simplex are at T = 0. */
@unmanaged
export abstract class Simplex {
  @inline hot<T>(): T {
    return 1;
  }

  @inline cold<T>(): T {
    return 0;
  }
}

export abstract class Maxes {
  /**
   * What every max shares: a row without a finite maximum, and T = 0, are done with here. Returns the maximum of the
   * scores that are left to do, which are 0 and -Infinity in dst at T = Infinity; NaN for none.
   */
  static open<T>(src: usize, dst: usize, n: i32, temperature: T, hot: T, cold: T): v128 {
    const max = Row.max<T>(src, n),
      none = Row.nan<T>();
    if (!isFinite<T>(v128.extract_lane<T>(max, 0))) {
      Row.fill<T>(dst, n, none);
      return none;
    }
    if (temperature == 0) {
      Argmax.place<T>(dst, n, Argmax.index<T>(src, max), hot, cold);
      return none;
    }
    if (temperature < <T>Infinity) return max;
    Row.each<T, Flat>(src, src, dst, n);
    return Constant.zero<T>();
  }

  /**
   * A max, row by row. `M` is a class without fields: `row` is the max of a row with finite maximum at 0 < T < Infinity;
   * `hot` and `cold` are its values at T = 0. It may have `reached`, the max of a row within reach of Exponents, `short`, that
   * of a row of at most 16, and for f32 `four`, the max of four rows side by side at `scratch`, in the same bits.
   * See src/js/max/maxes.ts.
   */
  @inline static forward<T, M>(
    src: usize,
    dst: usize,
    rows: i32,
    n: i32,
    temperature: T,
    scratch: usize,
    alpha: f64,
  ): void {
    const m = changetype<M>(0);
    if (n == 1) {
      Row.each<T, Alone>(src, src, dst, rows, m.hot<T>() == 1 ? Constant.one<T>() : Constant.zero<T>());
      return;
    }
    const flat = temperature == <T>Infinity,
      t = flat ? <T>1 : temperature,
      row = (<usize>n) << alignof<T>(),
      fours = Four.takes(n) && !Rescale.takes<T>(temperature) ? rows & ~3 : 0;
    if (isDefined(m.reached)) Exponents.open<T>(temperature);
    for (let r = 0; r < rows; r++) {
      if (sizeof<T>() == 4 && isDefined(m.four) && r < fours && (r & 3) == 0) {
        if (Maxes.four<M>(src, dst, n, <f32>temperature, scratch, alpha)) {
          r += 3;
          src += 4 * row;
          dst += 4 * row;
          continue;
        }
      }
      if (!isDefined(m.reached) || !Maxes.reached<T, M>(src, dst, n, temperature, scratch)) {
        const max = Maxes.open<T>(src, dst, n, temperature, m.hot<T>(), m.cold<T>());
        if (!v128.any_true(v128.ne<T>(max, max))) m.row<T>(flat ? dst : src, dst, n, max, t, scratch, alpha);
      }
      src += row;
      dst += row;
    }
  }

  /** The max of four short rows side by side; false, and nothing done, if one of them is special. */
  static four<M>(src: usize, dst: usize, n: i32, temperature: f32, scratch: usize, alpha: f64): bool {
    const max = Four.open(src, scratch, n);
    if (!(isDefined(changetype<M>(0).reached) ? Exponents.reach<f32>(max) : Four.finite(max))) return false;
    changetype<M>(0).four(scratch, n, max, temperature, alpha);
    Four.close(scratch, dst, n);
    return true;
  }

  /** The max of a row that is within reach of Exponents; false, and nothing done, if it is not. A NaN is left to the sum. */
  @inline static reached<T, M>(src: usize, dst: usize, n: i32, temperature: T, scratch: usize): bool {
    const m = changetype<M>(0);
    if (!isDefined(m.reached)) return false;
    if (isDefined(m.short)) if (n <= 16) return m.short<T>(src, dst, n);
    const max = Row.top<T>(src, n);
    if (!Exponents.reach<T>(max)) return false;
    m.reached<T>(src, dst, n, max, temperature, scratch);
    return true;
  }
}
