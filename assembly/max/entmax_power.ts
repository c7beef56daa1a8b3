import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Exp } from '../math/exp';
import { Log } from '../math/log';

/**
 * u = 1 + slope z, added up in f64 and rounded once, of slopes in f64: `low` of the first two lanes, `high` of the others. See
 * src/js/max/entmax_power.ts.
 */
export abstract class Base {
  /** slope z of two lanes. */
  @inline static product(z: v128, slope: v128): v128 {
    return f64x2.mul(f64x2.promote_low_f32x4(z), slope);
  }

  @inline static of(low: v128, high: v128): v128 {
    const one = Constant.one<f64>();
    return Four.singles(f64x2.add(one, low), f64x2.add(one, high));
  }

  /** What rounding took from two lanes of u. */
  @inline static lost(u: v128, product: v128): v128 {
    return f64x2.add(f64x2.sub(Constant.one<f64>(), f64x2.promote_low_f32x4(u)), product);
  }

  /** (u - 1) / u of two lanes. */
  @inline static part(z: v128, slope: v128): v128 {
    const product = Base.product(z, slope);
    return f64x2.div(product, f64x2.pmax(f64x2.add(Constant.one<f64>(), product), Base.tiny()));
  }

  static tiny(): v128 {
    return Lane.splat<f64>(memory.data<f64>([c.LEAST_NORMAL_F32]));
  }
}

/** Of the call: c, the parts of c and those of c ln2 / 2^23, the first of 12 bits. */
const CALL: usize = memory.data<f32>([0, 0, 0, 0, 0]);
const C: usize = 0,
  C_HIGH: usize = 1,
  C_LOW: usize = 2,
  LN2_HIGH: usize = 3,
  LN2_LOW: usize = 4;

/** u+^c: exp(c log u), the argument in two parts. See src/js/max/entmax_power.ts. */
@final
@unmanaged
export class Power {
  @inline map(z: v128, low: v128, high: v128): v128 {
    const first = Base.product(z, low),
      second = Base.product(Four.others(z), high),
      u = Base.of(first, second),
      lost = Four.singles(Base.lost(u, first), Base.lost(Four.others(u), second));
    const e = Log.exponent<f32>(u),
      down = i32x4.sub(Constant.one<f32>(), e),
      k = Log.count<f32>(e),
      f = Log.fraction<f32>(u, e),
      f0 = Power.high(f);
    const whole = f32x4.mul(k, Power.call(LN2_HIGH)),
      part = f32x4.mul(f0, Power.call(C_HIGH)),
      sum = f32x4.add(whole, part),
      rounded = f32x4.add(f32x4.sub(whole, sum), part);
    const byLow = f32x4.add(f32x4.mul(k, Power.call(LN2_LOW)), f32x4.mul(f32x4.sub(f, f0), Power.call(C_HIGH))),
      bent = f32x4.mul(f32x4.sub(f32x4.mul(lost, down), Log.less<f32>(f)), Power.call(C)),
      rest = f32x4.add(f32x4.add(rounded, byLow), f32x4.add(f32x4.mul(f, Power.call(C_LOW)), bent)),
      argument = f32x4.add(sum, rest);
    const power = Exp.compensated<f32>(argument, f32x4.add(f32x4.sub(sum, argument), rest));
    return v128.and(power, f32x4.gt(u, Power.tiny()));
  }

  static tiny(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.LEAST_NORMAL_F32]));
  }

  static twelveBits(): v128 {
    return Lane.splat<u32>(memory.data<u32>([0xfffff000]));
  }

  /** The first 12 bits of numbers. */
  @inline static high(v: v128): v128 {
    return v128.and(v, Power.twelveBits());
  }

  /** c. */
  @inline static exponent(): f32 {
    return load<f32>(CALL);
  }

  @inline static call(i: usize): v128 {
    return v128.load32_splat(CALL + (i << 2));
  }

  /** Begins a call of c = 1 / d. */
  static open(d: f64): void {
    const exponent = 1 / d;
    store<f32>(CALL, <f32>exponent);
    Power.parts(C_HIGH, exponent);
    Power.parts(LN2_HIGH, (exponent * c.LN2_HIGH_F64 + exponent * c.LN2_LOW_F64) / c.EXPONENT_UNIT_F32);
  }

  static parts(i: usize, x: f64): void {
    const high = f32x4.extract_lane(Power.high(f32x4.splat(<f32>x)), 0);
    store<f32>(CALL + (i << 2), high);
    store<f32>(CALL + (i << 2), <f32>(x - <f64>high), 4);
  }
}

/** c = 4, alpha = 1.25: by two squarings in f64. */
@final
@unmanaged
export class Fourth {
  @inline map(z: v128, low: v128, high: v128): v128 {
    return Four.singles(Fourth.of(Base.product(z, low)), Fourth.of(Base.product(Four.others(z), high)));
  }

  @inline static of(product: v128): v128 {
    const u = f64x2.pmax(f64x2.add(Constant.one<f64>(), product), Constant.zero<f64>()),
      square = f64x2.mul(u, u);
    return f64x2.mul(square, square);
  }
}
