import * as c from '../shared';
import { Row } from '../row';
import { Minus } from '../vocabulary';
import { Exponential } from './exponential';
import { Noise } from './noise';

/** ~x. */
@final
@unmanaged
class Complement {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.not(v128.load(x));
  }
}

/** Logistic(0, 1) noise: log u - log(1 - u) = E(x) - E(~x). See src/js/random/logistic.ts. */
@final
@unmanaged
class Slices {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    const other = p + 4 * c.BLOCK_WORDS;
    Exponential.slice<T>(p, dst, count, element, k0, k1);
    Row.each<T, Complement>(p, p, p, count);
    Exponential.slice<T>(p, other, count, element, k0, k1);
    Row.each<T, Minus>(dst, other, dst, count);
  }
}

/** dst_i = the logistic draw of flat element first + i, i < count. */
export function logistic<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Slices>(dst, count, first, k0, k1, words);
}
