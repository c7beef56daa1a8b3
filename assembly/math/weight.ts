import * as c from '../shared';
import { Lane } from '../lane';
import { Exp } from './exp';
import { Polynomial } from './polynomial';

/** Integer weights of four scores. See src/js/math/weight.ts. */
export abstract class Weight {
  static magic(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>(c.MAGIC_F32 + c.EXPONENT_BIAS_F32 + c.WEIGHT_BITS)]));
  }

  /** 2^23: the low bits of a sum with it are an integer. */
  static unit(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.EXPONENT_UNIT_F32]));
  }

  /** Its bits, less 1. */
  static unitBits(): v128 {
    return Lane.splat<i32>(memory.data<i32>([0x4affffff]));
  }

  /** Bits that no weight has: one of them is in what comes of NaN. */
  static beyond(): v128 {
    return Lane.splat<i32>(memory.data<i32>([-0x1000000]));
  }

  @inline static of(y: v128): v128 {
    const v = f32x4.pmax(y, Exp.least<f32>()),
      t = f32x4.add(v, Weight.magic());
    const f = f32x4.sub(v, f32x4.sub(t, Weight.magic())),
      e = f32x4.mul(Polynomial.monic(f, c.WEIGHT_F32, c.WEIGHT_F32_TERMS), i32x4.shl(t, 23));
    return i32x4.sub(f32x4.add(e, Weight.unit()), Weight.unitBits());
  }
}
