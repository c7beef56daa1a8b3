import { Constant } from '../constant';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Exponentials } from '../max/softmax';
import { Row } from '../row';

/** x (a - y), 0 where x is. */
@final
@unmanaged
class Drop {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const e = v128.load(x);
    return v128.and(v128.mul<T>(e, v128.sub<T>(a, v128.load(y))), v128.ne<T>(e, Constant.zero<T>()));
  }
}

abstract class Entropy {
  /** Of a row with finite maximum. `scratch`: room for the row. See src/js/density/categorical.ts. */
  static row<T>(x: usize, n: i32, max: v128, scratch: usize): f64 {
    const at = Row.find<T>(x, max),
      v = v128.load(at);
    v128.store(at, Row.without<T>(v, max));
    const second = Row.max<T>(x, n),
      next = <f64>v128.extract_lane<T>(second, 0);
    let rest: f64 = 0,
      scale: f64 = 0;
    if (next - next == 0) {
      rest = Exponentials.sum<T>(x, scratch, n, second, 1);
      scale = Double.expOf(next - <f64>v128.extract_lane<T>(max, 0)) / Exponentials.ofMax<T>(second);
    }
    v128.store(at, v);
    if (next - next != 0) return next == -Infinity ? 0 : NaN;
    rest *= scale;
    // far below the maximum the differences may overflow, and count for nothing
    if (scale == 0) return rest;
    return Double.log1pOf(rest) + (Row.total<T, Drop>(scratch, x, n, max) * scale) / (1 + rest);
  }
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row. */
export function categorical_entropy<T>(src: usize, dst: usize, rows: i32, n: i32, scratch: usize): void {
  const row = (<usize>n) << alignof<T>();
  Exponents.open<T>(1);
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n);
    store<T>(dst, isFinite<T>(v128.extract_lane<T>(max, 0)) ? <T>Entropy.row<T>(src, n, max, scratch) : <T>NaN);
    src += row;
    dst += sizeof<T>();
  }
}
