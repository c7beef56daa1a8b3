import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Log } from '../math/log';
import { Log1p } from '../math/log1p';
import { Row } from '../row';

/** Elements of BinConcrete or, in logit space, LogitBinConcrete. See src/js/density/bin_concrete.ts. */
export abstract class BinConcrete {
  @inline static isInfinite<T>(x: v128): v128 {
    return v128.eq<T>(v128.abs<T>(x), Constant.infinity<T>());
  }

  /** All mass is at z: the logit is infinite too, of the same sign. */
  @inline static atMass<T>(z: v128, logit: v128): v128 {
    return v128.and(v128.eq<T>(z, logit), BinConcrete.isInfinite<T>(z));
  }

  /** The log-density at z in logit space: log T - |d| - 2 log1p(exp -|d|), d = logit - T z. */
  @inline static logitLogProb<T>(z: v128, logit: v128, temperature: v128, logT: v128): v128 {
    const size = v128.abs<T>(v128.sub<T>(logit, v128.mul<T>(temperature, z)));
    const tail = Log1p.of<T>(Exp.of<T>(v128.neg<T>(size)));
    const p = v128.sub<T>(v128.sub<T>(logT, size), v128.add<T>(tail, tail));
    return v128.andnot(p, BinConcrete.atMass<T>(z, logit));
  }

  /** The log-density at x in [0, 1]. */
  @inline static logProb<T>(x: v128, logit: v128, temperature: v128, logT: v128): v128 {
    const one = Constant.one<T>(),
      negative = Constant.minusInfinity<T>();
    const l = Log.of<T>(x),
      rest = Log1p.of<T>(v128.neg<T>(x));
    const z = v128.sub<T>(l, rest);
    const p = v128.sub<T>(BinConcrete.logitLogProb<T>(z, logit, temperature, logT), v128.add<T>(l, rest));
    // the limit at 0 and 1
    const steep = Lane.select(v128.lt<T>(temperature, one), Constant.infinity<T>(), negative);
    const own = Lane.select(v128.eq<T>(x, one), logit, v128.neg<T>(logit));
    let limit = Lane.select(v128.eq<T>(temperature, one), own, v128.add<T>(own, steep));
    limit = Lane.select(BinConcrete.isInfinite<T>(logit), negative, limit);
    limit = v128.andnot(limit, BinConcrete.atMass<T>(z, logit));
    return Lane.select(BinConcrete.isInfinite<T>(z), limit, p);
  }

  /** The gradients of dLogProb_i times the log-density, at values in [0, 1] (`unit`) or in logit space. */
  @inline static gradients<T>(
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
    const t = v128.splat<T>(temperature),
      inverse = v128.splat<T>(<T>(1 / <f64>temperature)),
      tLessOne = v128.splat<T>(temperature - 1);
    const end = (<usize>count) << alignof<T>();
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(value + i),
        logit = v128.load(logits + i),
        g = v128.load(dLogProb + i),
        one = Constant.one<T>();
      const z = unit ? v128.sub<T>(Log.of<T>(x), Log1p.of<T>(v128.neg<T>(x))) : x;
      const d = v128.sub<T>(logit, v128.mul<T>(t, z));
      const below = v128.lt<T>(d, Constant.zero<T>());
      // h = -tanh(d/2), and small = sigmoid(-|d|)
      const e = Exp.of<T>(v128.neg<T>(v128.abs<T>(d)));
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

/** The log-density at x of a logit y. a = T, b = log T. */
@final
@unmanaged
class LogProb {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return BinConcrete.logProb<T>(v128.load(x), v128.load(y), a, b);
  }
}

/** The same in logit space. */
@final
@unmanaged
class LogitLogProb {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return BinConcrete.logitLogProb<T>(v128.load(x), v128.load(y), a, b);
  }
}

/** dst = the BinConcrete log-density of x, element by element. */
export function bin_concrete_log_prob<T>(x: usize, logits: usize, dst: usize, count: i32, temperature: T): void {
  const logT = v128.splat<T>(<T>Double.logOf(temperature));
  Row.each<T, LogProb>(x, logits, dst, count, v128.splat<T>(temperature), logT);
}

/** dst = the log-density of z, the logit of a BinConcrete variable, element by element. */
export function logit_bin_concrete_log_prob<T>(z: usize, logits: usize, dst: usize, count: i32, temperature: T): void {
  const logT = v128.splat<T>(<T>Double.logOf(temperature));
  Row.each<T, LogitLogProb>(z, logits, dst, count, v128.splat<T>(temperature), logT);
}

/** The gradients of dLogProb times the BinConcrete log-density, at x, logits and T, element by element. */
export function bin_concrete_log_prob_vjp<T>(
  x: usize,
  logits: usize,
  dLogProb: usize,
  dX: usize,
  dLogits: usize,
  dTemperature: usize,
  count: i32,
  temperature: T,
): void {
  BinConcrete.gradients<T>(x, logits, dLogProb, dX, dLogits, dTemperature, count, temperature, true);
}

/** The gradients of dLogProb times the log-density in logit space, at z, logits and T, element by element. */
export function logit_bin_concrete_log_prob_vjp<T>(
  z: usize,
  logits: usize,
  dLogProb: usize,
  dZ: usize,
  dLogits: usize,
  dTemperature: usize,
  count: i32,
  temperature: T,
): void {
  BinConcrete.gradients<T>(z, logits, dLogProb, dZ, dLogits, dTemperature, count, temperature, false);
}
