import * as c from '../shared';
import { Lane } from '../lane';
import { Log } from '../math/log';
import { Exponential } from '../random/exponential';
import { Philox } from '../random/philox';

/** The noise of single elements. See src/js/tokens/noise.ts. */
export abstract class NoiseOf {
  /** At `words`: those of up to a vector of elements, whose indices are at p, of a row that begins at element `first`. */
  static words<T>(p: usize, count: i32, first: u64, k0: u32, k1: u32, words: usize): void {
    const perElement = (<i32>sizeof<T>()) >> 2,
      perBlock = c.BLOCK_WORDS / perElement,
      state = words + 64;
    let most = 0;
    // counters, low and high, and generators of the lanes; steps behind them
    for (let lane = 0; lane < 4; lane++) {
      const i = min(lane / perElement, count - 1),
        element = first + load<i32>(p + ((<usize>i) << 2)),
        word = <i32>(element % perBlock) * perElement + (lane % perElement),
        block = element / perBlock,
        to = state + ((<usize>lane) << 2);
      store<i32>(to, <i32>block);
      store<i32>(to, <i32>(block >> 32), 16);
      store<i32>(to, word & 7, 32);
      store<i32>(to, word >> 3, 48);
      most = max(most, word >> 3);
    }
    const steps = v128.load(state, 48);
    Philox.four(
      v128.load(state),
      v128.load(state, 16),
      v128.load(state, 32),
      i32x4.splat(c.DOMAIN_WORDS),
      k0,
      k1,
      state,
    );
    let s0 = v128.load(state),
      s1 = v128.load(state, 16),
      s2 = v128.load(state, 32),
      s3 = v128.load(state, 48),
      now = i32x4.splat(0),
      found = now;
    const one = i32x4.splat(1);
    for (let step = 0; step <= most; step++) {
      const out = i32x4.add(Philox.rotl(i32x4.add(s0, s3), 7), s0);
      found = Lane.select(i32x4.eq(steps, now), out, found);
      now = i32x4.add(now, one);
      const t = i32x4.shl(s1, 9);
      s2 = v128.xor(s2, s0);
      s3 = v128.xor(s3, s1);
      s1 = v128.xor(s1, s2);
      s0 = v128.xor(s0, s3);
      s2 = v128.xor(s2, t);
      s3 = Philox.rotl(s3, 11);
    }
    v128.store(words, found);
  }

  /** The logarithm of the exponential noise of an element whose words are at p. `room`: for a vector. */
  static log<T>(p: usize, element: u64, k0: u32, k1: u32, room: usize): T {
    Exponential.slice<T>(p, room, 1, element, k0, k1);
    return v128.extract_lane<T>(Log.normal<T>(v128.load(room)), 0);
  }
}
