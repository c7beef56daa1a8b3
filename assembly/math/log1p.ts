import { Constant } from '../constant';
import { Lane } from '../lane';
import { Row } from '../row';
import { Log } from './log';

export abstract class Log1p {
  /** log(1 + x) for finite x > -1. */
  @inline static bounded<T>(x: v128): v128 {
    // reduce: 1 + x = 2^k (1 + f + low), k from the rounded sum
    const e = Log.exponent<T>(v128.add<T>(x, Constant.one<T>()));
    const h = Lane.subBits<T>(x, e);
    // 2^-k below the least normal number comes out as 0 or -Infinity
    const c = v128.sub<T>(v128.pmax<T>(Lane.subBits<T>(Constant.one<T>(), e), Constant.zero<T>()), Constant.one<T>());
    const f = v128.add<T>(h, c);
    const low = v128.sub<T>(h, v128.sub<T>(f, c));
    const k = Log.count<T>(e);
    return Log.rebuild<T>(k, f, Lane.madd<T>(k, Log.ln2Low<T>(), low));
  }

  /** log(1 + x) for every x. */
  @inline static every<T>(x: v128): v128 {
    let y = Lane.select(v128.lt<T>(x, Constant.infinity<T>()), Log1p.bounded<T>(x), x);
    y = Lane.select(v128.eq<T>(x, Constant.zero<T>()), x, y);
    y = Lane.select(v128.eq<T>(x, Constant.minusOne<T>()), Constant.minusInfinity<T>(), y);
    return Lane.select(v128.lt<T>(x, Constant.minusOne<T>()), Constant.nan<T>(), y);
  }

  /** The same, called and not inlined: for what is not hot. */
  static of<T>(x: v128): v128 {
    return Log1p.every<T>(x);
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
