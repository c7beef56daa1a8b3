import { Lane } from '../lane';
import { Pairs } from '../pairs';
import { Double } from './double';

@final
@unmanaged
class PowOf {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    return Double.pow(Lane.pair<T>(x), a);
  }
}

/** dst_i = src_i^e, i < n, in f64 and rounded once: for src > 0; 0 and NaN stay. */
export function pow<T>(src: usize, dst: usize, n: i32, e: f64): void {
  const exponent = f64x2.splat(e);
  Pairs.map<T, T, PowOf>(src, src, dst, n, exponent, exponent);
}
