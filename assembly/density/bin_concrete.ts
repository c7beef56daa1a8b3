import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { log } from '../math/log';
import { Log1p, log1p } from '../math/log1p';
import { Row } from '../row';

/** -x. */
@final
@unmanaged
class Negative {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.neg<T>(v128.load(x));
  }
}

/** Elements of BinConcrete or, in logit space, LogitBinConcrete. See src/js/density/bin_concrete.ts. */
export abstract class BinConcrete {
  @inline static isInfinite<T>(x: v128): v128 {
    return v128.eq<T>(v128.abs<T>(x), Constant.infinity<T>());
  }

  /** All mass is at z: the logit is infinite too, of the same sign. */
  @inline static atMass<T>(z: v128, logit: v128): v128 {
    return v128.and(v128.eq<T>(z, logit), BinConcrete.isInfinite<T>(z));
  }

  @inline static exp<T>(x: v128): v128 {
    return sizeof<T>() == 4 ? Exp.bounded<T>(x) : Exp.of<T>(x);
  }

  @inline static log1p<T>(x: v128): v128 {
    return sizeof<T>() == 4 ? Log1p.bounded<T>(x) : Log1p.of<T>(x);
  }

  /** l = log x, rest = log(1 - x). */
  static logs<T>(x: usize, l: usize, rest: usize, count: i32): void {
    log<T>(x, l, count);
    Row.each<T, Negative>(x, x, rest, count);
    log1p<T>(rest, rest, count);
  }

  /** The log-densities at values in [0, 1] (`unit`) or in logit space. `scratch`: room for two values of each. */
  static logProbs<T>(
    value: usize,
    logits: usize,
    dst: usize,
    count: i32,
    temperature: T,
    scratch: usize,
    unit: bool,
  ): void {
    const rests = scratch + ((<usize>count) << alignof<T>());
    if (unit) BinConcrete.logs<T>(value, scratch, rests, count);
    const t = v128.splat<T>(temperature),
      logT = v128.splat<T>(<T>Double.logOf(temperature)),
      end = (<usize>count) << alignof<T>();
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(value + i),
        logit = v128.load(logits + i);
      let z = x,
        both = Constant.zero<T>();
      if (unit) {
        const l = v128.load(scratch + i),
          rest = v128.load(rests + i);
        z = v128.sub<T>(l, rest);
        both = v128.add<T>(l, rest);
      }
      const size = v128.abs<T>(v128.sub<T>(logit, v128.mul<T>(t, z))),
        tail = BinConcrete.log1p<T>(BinConcrete.exp<T>(v128.neg<T>(size))),
        mass = BinConcrete.atMass<T>(z, logit);
      let p = v128.andnot(v128.sub<T>(v128.sub<T>(logT, size), v128.add<T>(tail, tail)), mass);
      if (unit) {
        const ends = BinConcrete.isInfinite<T>(z);
        p = v128.sub<T>(p, both);
        if (v128.any_true(ends)) {
          // the limit at 0 and 1
          const one = Constant.one<T>(),
            negative = Constant.minusInfinity<T>(),
            steep = temperature < 1 ? Constant.infinity<T>() : negative;
          let limit = Lane.select(v128.eq<T>(x, one), logit, v128.neg<T>(logit));
          if (temperature != 1) limit = v128.add<T>(limit, steep);
          limit = Lane.select(BinConcrete.isInfinite<T>(logit), negative, limit);
          p = Lane.select(ends, v128.andnot(limit, mass), p);
        }
      }
      Lane.storeUpTo<T>(dst + i, p, end - i);
    }
  }

  /** The gradients of dLogProb_i times the log-density, at values in [0, 1] (`unit`) or in logit space. */
  static gradients<T>(
    value: usize,
    logits: usize,
    dLogProb: usize,
    dValue: usize,
    dLogits: usize,
    dTemperature: usize,
    count: i32,
    temperature: T,
    unit: bool,
  ): void {
    if (unit) BinConcrete.logs<T>(value, dValue, dLogits, count);
    const t = v128.splat<T>(temperature),
      inverse = v128.splat<T>(<T>(1 / <f64>temperature)),
      tLessOne = v128.splat<T>(temperature - 1);
    const end = (<usize>count) << alignof<T>();
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(value + i),
        logit = v128.load(logits + i),
        g = v128.load(dLogProb + i),
        one = Constant.one<T>();
      const z = unit ? v128.sub<T>(v128.load(dValue + i), v128.load(dLogits + i)) : x;
      const d = v128.sub<T>(logit, v128.mul<T>(t, z));
      const below = v128.lt<T>(d, Constant.zero<T>());
      // h = -tanh(d/2), and small = sigmoid(-|d|)
      const e = BinConcrete.exp<T>(v128.neg<T>(v128.abs<T>(d)));
      const whole = v128.add<T>(one, e);
      const size = v128.div<T>(v128.sub<T>(one, e), whole);
      const h = Lane.select(below, size, v128.neg<T>(size));
      let slope = v128.neg<T>(v128.mul<T>(t, h));
      if (unit) {
        // -T h + 2 x - 1, where at T = 1 nothing cancels on the side of the small probability
        const small = v128.div<T>(e, whole),
          rest = v128.sub<T>(one, x);
        const near = v128.sub<T>(Lane.select(below, rest, x), v128.mul<T>(t, small));
        const over = v128.add<T>(tLessOne, v128.add<T>(near, near));
        slope = v128.div<T>(Lane.select(below, v128.neg<T>(over), over), v128.mul<T>(x, rest));
      }
      // what is not finite has no gradient; a point mass is a constant, and a NaN of g stays
      const finite = v128.lt<T>(v128.abs<T>(d), Constant.infinity<T>());
      const other = Lane.select(BinConcrete.atMass<T>(z, logit), v128.sub<T>(g, g), Constant.nan<T>());
      const byT = v128.mul<T>(g, v128.sub<T>(inverse, v128.mul<T>(z, h)));
      Lane.storeUpTo<T>(dValue + i, Lane.select(finite, v128.mul<T>(g, slope), other), end - i);
      Lane.storeUpTo<T>(dLogits + i, Lane.select(finite, v128.mul<T>(g, h), other), end - i);
      Lane.storeUpTo<T>(dTemperature + i, Lane.select(finite, byT, other), end - i);
    }
  }
}
