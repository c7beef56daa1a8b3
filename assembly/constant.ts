import * as c from './shared';
import { Lane } from './lane';

/**
 * The vectors of one number that more than one kernel takes, by name. A kernel's own ones stand beside it in the same form.
 * Each is a splat from linear memory: V8 rebuilds a `v128.const` at each use (measured: exp 1.7 times slower). Written
 * without @inline, so that a number lies in the memory once for each dtype; scripts/optimize.mjs inlines the calls.
 */
export abstract class Constant {
  static zero<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([0]));
  }

  static half<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>0.5]));
  }

  static one<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([1]));
  }

  static two<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([2]));
  }

  static minusOne<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([-1]));
  }

  static infinity<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>Infinity]));
  }

  /** Its bits are the mask of sign and exponent. */
  static minusInfinity<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>-Infinity]));
  }

  static nan<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>NaN]));
  }

  /** The greatest finite number. */
  static greatest<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([sizeof<T>() == 4 ? <T>c.GREATEST_F32 : <T>c.GREATEST_F64]));
  }

  /** -0.0: the bit of the sign. */
  static sign<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>-0.0]));
  }

  /** The low half of 64 bits. */
  static lowHalf(): v128 {
    return Lane.splat<u64>(memory.data<u64>([0xffffffff]));
  }

  /** 2^52: an integer below it that is or-ed into its low bits is added to it. */
  static twoTo52(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_52]));
  }

  /** 2^84, whose low bits take the high 32 of a 64-bit integer. */
  static twoTo84(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_84]));
  }

  static twoTo84And52(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.TWO_TO_84 + c.TWO_TO_52]));
  }
}
