import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Row } from '../row';

/** Two elements of BinConcrete or, in logit space, LogitBinConcrete in f64. See src/js/density/bin_concrete.ts. */
export abstract class BinConcrete {
  @inline static isInfinite(x: v128): v128 {
    return f64x2.eq(f64x2.abs(x), Constant.infinity<f64>());
  }

  /** All mass is at z: the logit is infinite too, of the same sign. */
  @inline static atMass(z: v128, logit: v128): v128 {
    return v128.and(f64x2.eq(z, logit), BinConcrete.isInfinite(z));
  }

  /** log (1 - x). */
  @inline static logRest(x: v128): v128 {
    return Double.log1p(f64x2.neg(x));
  }

  /** The log-density at z in logit space: log T - |d| - 2 log1p(exp -|d|), d = logit - T z. */
  static logitLogProb(z: v128, logit: v128, temperature: v128, logT: v128): v128 {
    const size = f64x2.abs(f64x2.sub(logit, f64x2.mul(temperature, z)));
    const tail = Double.log1p(Double.exp(f64x2.neg(size)));
    const p = f64x2.sub(f64x2.sub(logT, size), f64x2.mul(Constant.two<f64>(), tail));
    return v128.andnot(p, BinConcrete.atMass(z, logit));
  }

  /** The log-density at x in [0, 1]. */
  static logProb(x: v128, logit: v128, temperature: v128, logT: v128): v128 {
    const one = Constant.one<f64>(),
      negative = Constant.minusInfinity<f64>();
    const l = Double.log(x),
      rest = BinConcrete.logRest(x);
    const z = f64x2.sub(l, rest);
    const p = f64x2.sub(BinConcrete.logitLogProb(z, logit, temperature, logT), f64x2.add(l, rest));
    // the limit at 0 and 1
    const steep = Lane.select(f64x2.lt(temperature, one), Constant.infinity<f64>(), negative);
    const own = Lane.select(f64x2.eq(x, one), logit, f64x2.neg(logit));
    let limit = Lane.select(f64x2.eq(temperature, one), own, f64x2.add(own, steep));
    limit = Lane.select(BinConcrete.isInfinite(logit), negative, limit);
    limit = v128.andnot(limit, BinConcrete.atMass(z, logit));
    return Lane.select(BinConcrete.isInfinite(z), limit, p);
  }

  /** The gradients of dLogProb_i times the log-density, at values in [0, 1] (`unit`) or in logit space. */
  static gradients(
    value: usize,
    logits: usize,
    dLogProb: usize,
    dValue: usize,
    dLogits: usize,
    dTemperature: usize,
    count: i32,
    temperature: f64,
    unit: bool,
  ): void {
    const t = f64x2.splat(temperature),
      inverse = f64x2.splat(1 / temperature),
      tLessOne = f64x2.splat(temperature - 1),
      zero = Constant.zero<f64>(),
      one = Constant.one<f64>(),
      two = Constant.two<f64>();
    const end = (<usize>count) << 3;
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(value + i),
        logit = v128.load(logits + i),
        g = v128.load(dLogProb + i);
      const z = unit ? f64x2.sub(Double.log(x), BinConcrete.logRest(x)) : x;
      const d = f64x2.sub(logit, f64x2.mul(t, z));
      const below = f64x2.lt(d, zero);
      // h = -tanh(d/2), and small = sigmoid(-|d|)
      const e = Double.exp(f64x2.neg(f64x2.abs(d)));
      const whole = f64x2.add(one, e);
      const size = f64x2.div(f64x2.sub(one, e), whole);
      const h = Lane.select(below, size, f64x2.neg(size));
      let slope = f64x2.neg(f64x2.mul(t, h));
      if (unit) {
        // -T h + 2 x - 1, where at T = 1 nothing cancels on the side of the small probability
        const small = f64x2.div(e, whole),
          rest = f64x2.sub(one, x);
        const near = Lane.select(below, rest, x);
        const over = f64x2.add(tLessOne, f64x2.mul(two, f64x2.sub(near, f64x2.mul(t, small))));
        slope = f64x2.div(Lane.select(below, f64x2.neg(over), over), f64x2.mul(x, rest));
      }
      // what is not finite has no gradient; a point mass is a constant, and a NaN of g stays
      const finite = f64x2.lt(f64x2.abs(d), Constant.infinity<f64>());
      const other = Lane.select(BinConcrete.atMass(z, logit), f64x2.sub(g, g), Constant.nan<f64>());
      const byT = f64x2.mul(g, f64x2.sub(inverse, f64x2.mul(z, h)));
      Lane.storeUpTo<f64>(dValue + i, Lane.select(finite, f64x2.mul(g, slope), other), end - i);
      Lane.storeUpTo<f64>(dLogits + i, Lane.select(finite, f64x2.mul(g, h), other), end - i);
      Lane.storeUpTo<f64>(dTemperature + i, Lane.select(finite, byT, other), end - i);
    }
  }
}

@final
@unmanaged
class LogProb {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return BinConcrete.logProb(v128.load(x), v128.load(y), a, b);
  }
}

@final
@unmanaged
class LogitLogProb {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return BinConcrete.logitLogProb(v128.load(x), v128.load(y), a, b);
  }
}

/** dst = the BinConcrete log-density of x, element by element. */
export function bin_concrete_log_prob(x: usize, logits: usize, dst: usize, count: i32, temperature: f64): void {
  const t = f64x2.splat(temperature);
  Row.each<f64, LogProb>(x, logits, dst, count, t, Double.log(t));
}

/** dst = the log-density of z, the logit of a BinConcrete variable, element by element. */
export function logit_bin_concrete_log_prob(z: usize, logits: usize, dst: usize, count: i32, temperature: f64): void {
  const t = f64x2.splat(temperature);
  Row.each<f64, LogitLogProb>(z, logits, dst, count, t, Double.log(t));
}

/** The gradients of dLogProb times the BinConcrete log-density, at x, logits and T, element by element. */
export function bin_concrete_log_prob_vjp(
  x: usize,
  logits: usize,
  dLogProb: usize,
  dX: usize,
  dLogits: usize,
  dTemperature: usize,
  count: i32,
  temperature: f64,
): void {
  BinConcrete.gradients(x, logits, dLogProb, dX, dLogits, dTemperature, count, temperature, true);
}

/** The gradients of dLogProb times the log-density in logit space, at z, logits and T, element by element. */
export function logit_bin_concrete_log_prob_vjp(
  z: usize,
  logits: usize,
  dLogProb: usize,
  dZ: usize,
  dLogits: usize,
  dTemperature: usize,
  count: i32,
  temperature: f64,
): void {
  BinConcrete.gradients(z, logits, dLogProb, dZ, dLogits, dTemperature, count, temperature, false);
}
