import * as c from '../shared';
import { Philox } from './philox';

const LANES: usize = memory.data<i32>([0, 1, 2, 3], 16);

/** The words of a draw: those of Philox at counter (draw low, draw high, attempt, DOMAIN_CATEGORICAL). */
export abstract class Draws {
  /** At p: attempt 0 of draw and its three neighbours, draw a multiple of 4; word w of the i-th 16 w + 4 i bytes in. */
  static first(p: usize, draw: u64, k0: u32, k1: u32): void {
    const low = i32x4.add(i32x4.splat(<i32>draw), v128.load(LANES));
    const domain = i32x4.splat(c.DOMAIN_CATEGORICAL);
    Philox.four(low, i32x4.splat(<i32>(draw >> 32)), i32x4.splat(0), domain, k0, k1, p);
  }

  /** At p: an attempt of a draw, likewise. */
  static one(p: usize, draw: u64, attempt: i32, k0: u32, k1: u32): void {
    Philox.one(<u32>draw, <u32>(draw >> 32), attempt, c.DOMAIN_CATEGORICAL, k0, k1, p);
  }

  /** At p: attempts attempt to attempt + 3 of a draw, likewise. */
  static more(p: usize, draw: u64, attempt: i32, k0: u32, k1: u32): void {
    const attempts = i32x4.add(i32x4.splat(attempt), v128.load(LANES));
    const domain = i32x4.splat(c.DOMAIN_CATEGORICAL);
    Philox.four(i32x4.splat(<i32>draw), i32x4.splat(<i32>(draw >> 32)), attempts, domain, k0, k1, p);
  }

  /** u = k / 2^53 of the 53 leading bits of words 0 and 1. */
  @inline static uniform(p: usize): f64 {
    const k = ((<u64>load<u32>(p)) << 21) | (load<u32>(p, 16) >> 11);
    return <f64>(<i64>k) / (2 * c.TWO_TO_52);
  }
}
