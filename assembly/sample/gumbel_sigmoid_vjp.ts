import { Constant } from '../constant';
import { Row } from '../row';

/** What src/js/sample/gumbel_sigmoid_vjp.ts explains. */
function derivative<T>(v: v128, d: v128, temperature: v128, slope: v128): v128 {
  const zero = Constant.zero<T>();
  const finite = v128.and(v128.eq<T>(v128.sub<T>(v, v), zero), v128.ne<T>(temperature, zero));
  return v128.or(v128.and(slope, v128.and(finite, v128.ne<T>(d, zero))), v128.ne<T>(v, v));
}

/** y x (1 - x) / a */
@final
@unmanaged
class OfBit {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      d = v128.load(y);
    const slope = v128.mul<T>(v128.mul<T>(d, v), v128.sub<T>(Constant.one<T>(), v));
    return derivative<T>(v, d, a, v128.div<T>(slope, a));
  }
}

/** y / a */
@final
@unmanaged
class OfLogit {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const d = v128.load(y);
    return derivative<T>(v128.load(x), d, a, v128.div<T>(d, a));
  }
}

/** -x / a y */
@final
@unmanaged
class ByTemperature {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      d = v128.load(y);
    return derivative<T>(v, d, a, v128.mul<T>(v128.div<T>(v128.neg<T>(v), a), d));
  }
}

export function gumbel_sigmoid_vjp<T>(y: usize, dy: usize, dst: usize, count: i32, temperature: T): void {
  Row.each<T, OfBit>(y, dy, dst, count, v128.splat<T>(temperature));
}

export function logit_bin_concrete_vjp<T>(z: usize, dz: usize, dst: usize, count: i32, temperature: T): void {
  Row.each<T, OfLogit>(z, dz, dst, count, v128.splat<T>(temperature));
}

export function logit_bin_concrete_vjp_temperature<T>(
  z: usize,
  dz: usize,
  dst: usize,
  count: i32,
  temperature: T,
): void {
  Row.each<T, ByTemperature>(z, dz, dst, count, v128.splat<T>(temperature));
}
