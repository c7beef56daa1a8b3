import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Log } from '../math/log';

/** Powers of the Tsallis entropies. See src/js/max/tsallis.ts. */
export abstract class Tsallis {
  /** p^e, of f32 for e = 0, 1/2 and 1 alone. */
  @inline static power<T>(p: v128, e: v128): v128 {
    const exponent = <f64>v128.extract_lane<T>(e, 0);
    if (exponent == 1) return p;
    let y = p;
    if (exponent == 0) y = Constant.one<T>();
    else if (exponent == 0.5) y = v128.sqrt<T>(p);
    else if (sizeof<T>() == 8) {
      if (exponent == 0.75) {
        const root = f64x2.sqrt(p);
        y = f64x2.mul(root, f64x2.sqrt(root));
      } else {
        y = exponent > 0.5 ? f64x2.mul(p, Double.pow(p, f64x2.sub(e, Constant.one<f64>()))) : Double.pow(p, e);
      }
    }
    return Lane.select(v128.gt<T>(p, Constant.zero<T>()), y, p);
  }

  /** (p^d - 1) / d, log p where d is 0, of f32 for d = 0, 1/2 and 1 alone. */
  @inline static slope<T>(p: v128, d: v128): v128 {
    const exponent = <f64>v128.extract_lane<T>(d, 0),
      one = Constant.one<T>();
    const change = v128.sub<T>(p, one);
    if (exponent == 1) return v128.or(change, v128.lt<T>(p, Constant.zero<T>()));
    if (exponent == 0.5) return v128.div<T>(v128.add<T>(change, change), v128.add<T>(v128.sqrt<T>(p), one));
    const log = Log.of<T>(p);
    if (sizeof<T>() == 4 || exponent == 0) return log;
    return f64x2.div(Double.expm1(f64x2.mul(d, log)), d);
  }
}

/** The weights s of a row, (x / b)^a, as far as the dtype goes. */
@final
@unmanaged
export class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.pmin<T>(Tsallis.power<T>(v128.div<T>(v128.load(x), b), a), Constant.greatest<T>());
  }
}
