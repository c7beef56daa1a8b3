import * as c from '../../src/shared/constants';
import { Lane } from '../lane';
import { Row } from '../row';
import { Noise } from './noise';

const F32: usize = memory.data<f32>([
  <f32>(1.0 / c.TWO_TO_24),
  <f32>(1.0 / c.TWO_TO_32),
  0.5,
  <f32>(1.0 - 1.0 / c.TWO_TO_24),
]);
const F64: usize = memory.data<f64>([
  1.0 / c.TWO_TO_32,
  1.0 / c.TWO_TO_64,
  0.5,
  1.0 - 1.0 / (2.0 * c.TWO_TO_52),
  c.TWO_TO_52,
]);
const I32: usize = memory.data<i32>([0xff]);
const I64: usize = memory.data<i64>([0xffffffff]);
const COARSE: usize = 0,
  FINE: usize = 1,
  HALF: usize = 2,
  GREATEST: usize = 3,
  TWO_TO_52: usize = 4;

/** u = (x + 1/2) / 2^32 (f64: 2^64), rounded once, at most the greatest number below 1. See src/js/random/uniform.ts. */
@final
@unmanaged
class Uniform {
  @inline k<T>(i: usize): v128 {
    return Lane.constant<T>(F32, F64, i);
  }

  @inline of<T>(x: v128): v128 {
    const rest = v128.and(x, Lane.constant<T>(I32, I64, 0));
    let coarse: v128, fine: v128;
    if (sizeof<T>() == 4) {
      coarse = f32x4.convert_i32x4_s(i32x4.shr_u(x, 8));
      fine = f32x4.convert_i32x4_s(rest);
    } else {
      const lift = this.k<T>(TWO_TO_52);
      coarse = f64x2.sub(v128.or(i64x2.shr_u(x, 32), lift), lift);
      fine = f64x2.sub(v128.or(rest, lift), lift);
    }
    fine = v128.mul<T>(v128.add<T>(fine, this.k<T>(HALF)), this.k<T>(FINE));
    const u = Lane.madd<T>(coarse, this.k<T>(COARSE), fine);
    return v128.pmin<T>(u, this.k<T>(GREATEST));
  }

  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return this.of<T>(Noise.bits<T>(x));
  }

  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    Row.map<T, Uniform>(p, p, dst, count);
  }
}

/** dst_i = the uniform draw of flat element first + i, i < count. */
export function uniform<T>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<T, Uniform>(dst, count, first, k0, k1, words);
}

/** The words themselves. */
@final
@unmanaged
class Word {
  @inline slice<T>(p: usize, dst: usize, count: i32, element: u64, k0: u32, k1: u32): void {
    memory.copy(dst, p, (<usize>count) << 2);
  }
}

/** dst_i = word first + i of the key, i < count. */
export function bits(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
  Noise.fill<u32, Word>(dst, count, first, k0, k1, words);
}
