import { Constant } from './constant';

/**
 * The maps that more than one kernel takes, for the passes of `Row`, `Four` and `Maxes`: classes without fields whose `map`
 * gives one vector from the vectors at x and y. Named by what they compute.
 */

/** x. */
@final
@unmanaged
export class Identity {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.load(x);
  }
}

/** x - y. */
@final
@unmanaged
export class Minus {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.load(x), v128.load(y));
  }
}

/** x y, 0 where x is. */
@final
@unmanaged
export class TimesOrZero {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return v128.and(v128.mul<T>(v, v128.load(y)), v128.ne<T>(v, Constant.zero<T>()));
  }
}

/** a x. */
@final
@unmanaged
export class Scaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.load(x), a);
  }
}
