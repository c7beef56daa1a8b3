import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Row } from '../row';
import { Exponential, Words } from './exponential';
import { Noise } from './noise';

@final
@unmanaged
class Draw {
  static all(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_32]));
  }

  /** 1/2 of the unit of the exponent, and its bias, as bits. */
  static nearest(): v128 {
    return Lane.splat<i64>(memory.data<i64>([(<i64>0x40080000) << 32]));
  }

  static bias(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_52 + 1024]));
  }

  /** log(a / (2^32 - a)) */
  @inline static logit(a: v128): v128 {
    const b = f64x2.sub(Draw.all(), a);
    // a / b is about 2^k, k the difference of their bits to the nearest exponent
    const t = i64x2.add(i64x2.sub(a, b), Draw.nearest()),
      k = f64x2.sub(v128.or(i64x2.shr_u(t, 52), Constant.twoTo52()), Draw.bias());
    return Log.ratio(a, i64x2.add(i64x2.sub(b, Constant.two<f64>()), v128.and(t, Constant.minusInfinity<f64>())), k);
  }

  /** log(v / (1 - v)), and its negative in the upper half. */
  @inline static double(bits: v128): v128 {
    const upper = Exponential.upper<f64>(bits),
      m = v128.xor(bits, upper),
      v = f64x2.add(Exponential.high(m), Exponential.low(m)),
      odds = f64x2.div(v, f64x2.sub(Constant.one<f64>(), v));
    return v128.xor(Log.normal<f64>(odds), v128.and(upper, Constant.sign<f64>()));
  }

  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const bits = Noise.bits<T>(x);
    if (sizeof<T>() == 8) return Draw.double(bits);
    return Four.singles(Draw.logit(Words.low(bits)), Draw.logit(Words.high(bits)));
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
