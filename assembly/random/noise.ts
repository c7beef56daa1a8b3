import * as c from '../shared';
import { Philox } from './philox';

export abstract class Noise {
  /** The bits of the draws whose words are at p; of an f64, the first word is the high one. */
  @inline static bits<T>(p: usize): v128 {
    const x = v128.load(p);
    return sizeof<T>() == 4 ? x : v128.shuffle<i32>(x, x, 1, 0, 3, 2);
  }

  /**
   * dst_i = the draw of flat element first + i, i < count, block by block of the key's words. `Op` is a class without
   * fields whose `slice` makes the draws of the words that it is given. `words`: room for NOISE_BYTES.
   */
  @inline static fill<T, Op>(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void {
    const perBlock = (c.BLOCK_WORDS * 4) / <i32>sizeof<T>();
    let element = <u64>first;
    while (count > 0) {
      const skip = <i32>(element % perBlock);
      const take = min(perBlock - skip, count);
      Philox.block(words, ((skip + take) * <i32>sizeof<T>()) >> 2, element / perBlock, k0, k1);
      changetype<Op>(0).slice<T>(words + ((<usize>skip) << alignof<T>()), dst, take, element, k0, k1);
      dst += (<usize>take) << alignof<T>();
      element += take;
      count -= take;
    }
  }
}
