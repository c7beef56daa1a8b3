import { Log } from '../math/log';
import { Row } from '../row';
import { Exponential } from './exponential';
import { Noise } from './noise';

/** -log x for positive normal x. */
@final
@unmanaged
class NegativeLog {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.neg<T>(Log.normal<T>(v128.load(x)));
  }
}

/** Gumbel(0, 1) noise: -log E. See src/js/random/gumbel.ts. */
@final
@unmanaged
class Slices {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Exponential.slice<T>(p, dst, count, element, k0, k1);
    Row.map<T, NegativeLog>(dst, dst, dst, count);
  }
}

/** dst_i = the Gumbel draw of flat element first + i, i < count. */
export function gumbel<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Slices>(dst, count, first, k0, k1, words);
}
