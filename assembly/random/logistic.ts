import { Constant } from '../constant';
import { Log } from '../math/log';
import { Row } from '../row';
import { Exponential } from './exponential';
import { Noise } from './noise';

/** log(v / (1 - v)), and its negative in the upper half. */
@final
@unmanaged
class Draw {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const bits = Noise.bits<T>(x);
    const upper = Exponential.upper<T>(bits),
      m = v128.xor(bits, upper);
    const v = v128.add<T>(Exponential.high<T>(m), Exponential.low<T>(m)),
      odds = v128.div<T>(v, v128.sub<T>(Constant.one<T>(), v));
    return v128.xor(Log.normal<T>(odds), v128.and(upper, Constant.sign<T>()));
  }
}

/** Logistic(0, 1) noise: log u - log(1 - u). See src/js/random/logistic.ts. */
@final
@unmanaged
class Slices {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Row.each<T, Draw>(p, p, dst, count);
    if (sizeof<T>() == 4) Exponential.extend(p, dst, count, element, k0, k1, true);
  }
}

/** dst_i = the logistic draw of flat element first + i, i < count. */
export function logistic<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Slices>(dst, count, first, k0, k1, words);
}
