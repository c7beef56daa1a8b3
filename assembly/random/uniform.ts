import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Row } from '../row';
import { Noise } from './noise';

/** u = (x + 1/2) / 2^32 (f64: 2^64), rounded once, at most the greatest number below 1. See src/js/random/uniform.ts. */
@final
@unmanaged
class Uniform {
  /** The low bits of x, which are rounded: 8 of 32, 32 of 64. */
  static rest<T>(): v128 {
    return sizeof<T>() == 4 ? Lane.splat<i32>(memory.data<i32>([0xff])) : Constant.lowHalf();
  }

  /** The units of the high and of the low bits. */
  static coarse<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>(1.0 / (sizeof<T>() == 4 ? c.TWO_TO_24 : c.TWO_TO_32))]));
  }

  static fine<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>(1.0 / (sizeof<T>() == 4 ? c.TWO_TO_32 : c.TWO_TO_64))]));
  }

  /** The greatest number below 1. */
  static greatest<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>(1.0 - 1.0 / (sizeof<T>() == 4 ? c.TWO_TO_24 : 2.0 * c.TWO_TO_52))]));
  }

  @inline of<T>(x: v128): v128 {
    const rest = v128.and(x, Uniform.rest<T>());
    let coarse: v128, fine: v128;
    if (sizeof<T>() == 4) {
      coarse = f32x4.convert_i32x4_s(i32x4.shr_u(x, 8));
      fine = f32x4.convert_i32x4_s(rest);
    } else {
      const lift = Constant.twoTo52();
      coarse = f64x2.sub(v128.or(i64x2.shr_u(x, 32), lift), lift);
      fine = f64x2.sub(v128.or(rest, lift), lift);
    }
    fine = v128.mul<T>(v128.add<T>(fine, Constant.half<T>()), Uniform.fine<T>());
    const u = Lane.madd<T>(coarse, Uniform.coarse<T>(), fine);
    return v128.pmin<T>(u, Uniform.greatest<T>());
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
