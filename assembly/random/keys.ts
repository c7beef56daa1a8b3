import * as c from '../shared';
import { Philox } from './philox';

const STEPS: usize = memory.data<i64>([0, 1, 2, 3], 16);

/** The keys of an Rng from number `first` on, four at a time. See src/js/random/keys.ts. */
export function keys(dst: usize, count: i32, first: f64, k0: u32, k1: u32, scratch: usize): void {
  const zero = i32x4.splat(0),
    domain = i32x4.splat(c.DOMAIN_RNG);
  const end = dst + ((<usize>count) << 3);
  for (let number = <u64>first; dst < end; number += 4, dst += 32) {
    const a = i64x2.add(i64x2.splat(number), v128.load(STEPS)),
      b = i64x2.add(i64x2.splat(number), v128.load(STEPS, 16));
    const low = v128.shuffle<i32>(a, b, 0, 2, 4, 6),
      high = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
    Philox.four(low, high, zero, domain, k0, k1, scratch);
    const c0 = v128.load(scratch),
      c1 = v128.load(scratch, 16);
    v128.store(dst, v128.shuffle<i32>(c0, c1, 0, 4, 1, 5));
    v128.store(dst, v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), 16);
  }
}
