import * as c from '../shared';
import { Philox } from './philox';

const STEPS: usize = memory.data<i64>([0, 1, 2, 3], 16);

abstract class Keys {
  /** Four keys of counters in the lanes of low and high: low and high words in turns. */
  @inline static store(dst: usize, low: v128, high: v128, domain: i32, k0: u32, k1: u32, scratch: usize): void {
    Philox.four(low, high, i32x4.splat(0), i32x4.splat(domain), k0, k1, scratch);
    const c0 = v128.load(scratch),
      c1 = v128.load(scratch, 16);
    v128.store(dst, v128.shuffle<i32>(c0, c1, 0, 4, 1, 5));
    v128.store(dst, v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), 16);
  }
}

/** The keys of an Rng from number `first` on, four at a time. See src/js/random/keys.ts. */
export function keys(dst: usize, count: i32, first: f64, k0: u32, k1: u32, scratch: usize): void {
  const end = dst + ((<usize>count) << 3);
  for (let number = <u64>first; dst < end; number += 4, dst += 32) {
    const a = i64x2.add(i64x2.splat(number), v128.load(STEPS)),
      b = i64x2.add(i64x2.splat(number), v128.load(STEPS, 16));
    const low = v128.shuffle<i32>(a, b, 0, 2, 4, 6),
      high = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
    Keys.store(dst, low, high, c.DOMAIN_RNG, k0, k1, scratch);
  }
}

/** The key (k0, k1) folded with numbers, four at a time. See src/js/random/keys.ts. */
export function fold_in(ids: usize, dst: usize, count: i32, k0: u32, k1: u32, scratch: usize): void {
  const end = dst + ((<usize>count) << 3);
  for (; dst < end; ids += 16, dst += 32) {
    Keys.store(dst, v128.load(ids), i32x4.splat(0), c.DOMAIN_FOLD_IN, k0, k1, scratch);
  }
}
