import { Lane } from '../lane';
import { Row } from '../row';
import { Log } from './log';

const F32: usize = memory.data<f32>([1, -1, 0, Infinity, -Infinity, NaN]);
const F64: usize = memory.data<f64>([1, -1, 0, Infinity, -Infinity, NaN]);
const ONE: usize = 0,
  MINUS_ONE: usize = 1,
  ZERO: usize = 2,
  INFINITE: usize = 3,
  NEGATIVE_INFINITY: usize = 4,
  NOT_A_NUMBER: usize = 5;

export abstract class Log1p {
  @inline static k<T>(i: usize): v128 {
    return Lane.constant<T>(F32, F64, i);
  }

  /** log(1 + x) for finite x > -1. */
  @inline static bounded<T>(x: v128): v128 {
    // reduce: 1 + x = 2^k (1 + f + low), k from the rounded sum
    const e = Log.exponent<T>(v128.add<T>(x, Log1p.k<T>(ONE)));
    const h = Lane.subBits<T>(x, e);
    // 2^-k below the least normal number comes out as 0 or -Infinity
    const c = v128.sub<T>(v128.pmax<T>(Lane.subBits<T>(Log1p.k<T>(ONE), e), Log1p.k<T>(ZERO)), Log1p.k<T>(ONE));
    const f = v128.add<T>(h, c);
    const low = v128.sub<T>(h, v128.sub<T>(f, c));
    return Log.rebuild<T>(Log.count<T>(e), f, low);
  }

  /** log(1 + x) for every x. */
  @inline static every<T>(x: v128): v128 {
    let y = Lane.select(v128.lt<T>(x, Log1p.k<T>(INFINITE)), Log1p.bounded<T>(x), x);
    y = Lane.select(v128.eq<T>(x, Log1p.k<T>(ZERO)), x, y);
    y = Lane.select(v128.eq<T>(x, Log1p.k<T>(MINUS_ONE)), Log1p.k<T>(NEGATIVE_INFINITY), y);
    return Lane.select(v128.lt<T>(x, Log1p.k<T>(MINUS_ONE)), Log1p.k<T>(NOT_A_NUMBER), y);
  }
}

@final
@unmanaged
class Log1pOf {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Log1p.every<T>(v128.load(x));
  }
}

/** dst_i = log(1 + src_i), i < count. */
export function log1p<T>(src: usize, dst: usize, count: i32): void {
  Row.each<T, Log1pOf>(src, src, dst, count);
}
