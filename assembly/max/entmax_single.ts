import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Log } from '../math/log';
import { Row } from '../row';
import { Scaled } from '../vocabulary';
import { Simplex } from './maxes';
import { Rescale } from './rescale';
import { FRONT, Sparse } from './sparse';

/** For each bit mask of four lanes, the bytes that move the front to the lanes set: FRONT backwards. */
const BACK: usize = memory.data<u8>(
  [
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2,
    3, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128,
    128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6,
    7, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    128, 128, 128, 128, 128, 0, 1, 2, 3, 0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 4, 5, 6, 7, 128, 128, 128,
    128, 0, 1, 2, 3, 128, 128, 128, 128, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 128, 128, 128, 128, 8, 9, 10, 11, 128, 128,
    128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 128, 128, 128, 128, 4, 5, 6, 7, 8, 9, 10, 11, 128,
    128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  ],
  16,
);

/**
 * u = 1 + slope z, added up in f64 and rounded once, of slopes in f64: `low` of the first two lanes, `high` of the others. See
 * src/js/max/entmax_single.ts.
 */
abstract class Base {
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

  /** u of a vector alone. */
  @inline static whole(z: v128, low: v128, high: v128): v128 {
    return Base.of(Base.product(z, low), Base.product(Four.others(z), high));
  }
}

/** Of the call: c, the parts of c and those of c ln2 / 2^23, the first of 12 bits. */
const CALL: usize = memory.data<f32>([0, 0, 0, 0, 0]);
const C: usize = 0,
  C_HIGH: usize = 1,
  C_LOW: usize = 2,
  LN2_HIGH: usize = 3,
  LN2_LOW: usize = 4;

/** u+^c: exp(c log u), the argument in two parts. See src/js/max/entmax_single.ts. */
@final
@unmanaged
export class Power {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const z = v128.load(x),
      first = Base.product(z, a),
      second = Base.product(Four.others(z), b),
      u = Base.of(first, second),
      low = Four.singles(Base.lost(u, first), Base.lost(Four.others(u), second));
    const e = Log.exponent<f32>(u),
      down = i32x4.sub(Constant.one<f32>(), e),
      k = Log.count<f32>(e),
      f = Log.fraction<f32>(u, e),
      high = Power.high(f);
    const whole = f32x4.mul(k, Power.call(LN2_HIGH)),
      part = f32x4.mul(high, Power.call(C_HIGH)),
      sum = f32x4.add(whole, part),
      lost = f32x4.add(f32x4.sub(whole, sum), part);
    const byLow = f32x4.add(f32x4.mul(k, Power.call(LN2_LOW)), f32x4.mul(f32x4.sub(f, high), Power.call(C_HIGH))),
      bent = f32x4.mul(f32x4.sub(f32x4.mul(low, down), Log.less<f32>(f)), Power.call(C)),
      rest = f32x4.add(f32x4.add(lost, byLow), f32x4.add(f32x4.mul(f, Power.call(C_LOW)), bent)),
      argument = f32x4.add(sum, rest);
    const power = Exp.compensated<f32>(argument, f32x4.add(f32x4.sub(sum, argument), rest));
    return v128.and(power, f32x4.gt(u, Single.tiny()));
  }

  static twelveBits(): v128 {
    return Lane.splat<u32>(memory.data<u32>([0xfffff000]));
  }

  /** The first 12 bits of numbers. */
  @inline static high(v: v128): v128 {
    return v128.and(v, Power.twelveBits());
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
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const z = v128.load(x);
    return Four.singles(Fourth.of(Base.product(z, a)), Fourth.of(Base.product(Four.others(z), b)));
  }

  @inline static of(product: v128): v128 {
    const u = f64x2.pmax(f64x2.add(Constant.one<f64>(), product), Constant.zero<f64>()),
      square = f64x2.mul(u, u);
    return f64x2.mul(square, square);
  }
}

/** x / u. */
@final
@unmanaged
class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f32x4.div(v128.load(x), f32x4.pmax(Base.whole(v128.load(y), a, b), Single.tiny()));
  }
}

/** (x - a) b, at least the bound. */
@final
@unmanaged
class Centred {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Single.z(v128.load(x), a, b);
  }
}

abstract class Single {
  /** Below -1, where p is 0 for any root. */
  static bound(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.ENTMAX_BOUND]));
  }

  @inline static z(x: v128, max: v128, scale: v128): v128 {
    return f32x4.pmax(f32x4.mul(f32x4.sub(x, max), scale), Single.bound());
  }

  static tiny(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.LEAST_NORMAL_F32]));
  }

  /** A power of two: (max of its z) times it is in [1/2, 1). */
  @inline static scale(reach: f64): f64 {
    return reinterpret<f64>((2045 - (reinterpret<u64>(reach) >>> 52)) << 52);
  }

  /** How far the root is above what its sum asks for. */
  @inline static excess(root: v128, sum: v128, minus: v128): v128 {
    return f64x2.sub(root, Double.pow(sum, minus));
  }

  /** Newton's step on the norm of the bases. */
  @inline static next(root: v128, excess: v128, sum: v128, weights: v128): v128 {
    return f64x2.sub(root, f64x2.div(f64x2.mul(sum, excess), weights));
  }

  /** Whether the excess is more than the root is taken with. */
  @inline static more(root: v128, excess: v128, d: f64): v128 {
    return f64x2.ge(f64x2.abs(excess), f64x2.mul(root, f64x2.splat(c.ENTMAX_EXCESS_F32 * (1 + 16 * d))));
  }

  /** (x - max) scale of the x >= least at `to`, one behind the other; returns how many. */
  static gather(x: usize, to: usize, n: i32, max: v128, least: v128, scale: v128): i32 {
    const bulk = Lane.bulk<f32>(n),
      bytes = (<usize>n) << 2,
      start = to;
    for (let i: usize = 0; i < bytes;) {
      if (i < bulk && !Sparse.any<f32>(x + i, least)) {
        i += 64;
        continue;
      }
      for (const end = i < bulk ? i + 64 : bytes; i < end; i += 16) {
        const v = v128.load(x + i),
          lanes = i32x4.bitmask(v128.and(f32x4.ge(v, least), Lane.upTo<f32>(bytes - i)));
        v128.store(to, i8x16.swizzle(Single.z(v, max, scale), v128.load(FRONT + ((<usize>lanes) << 4))));
        to += (<usize>popcnt(lanes)) << 2;
      }
    }
    return <i32>((to - start) >> 2);
  }

  /** dst = the p at `p`, each times `scale`, where x >= least, and 0 elsewhere. */
  static write(x: usize, dst: usize, n: i32, least: v128, p: usize, scale: v128): void {
    const bulk = Lane.bulk<f32>(n),
      bytes = (<usize>n) << 2;
    for (let i: usize = 0; i < bytes;) {
      const end = i < bulk ? i + 64 : bytes;
      if (i < bulk && !Sparse.any<f32>(x + i, least)) {
        for (; i < end; i += 16) v128.store(dst + i, Constant.zero<f32>());
        continue;
      }
      for (; i < end; i += 16) {
        const lanes = i32x4.bitmask(v128.and(f32x4.ge(v128.load(x + i), least), Lane.upTo<f32>(bytes - i)));
        const v = i8x16.swizzle(v128.load(p), v128.load(BACK + ((<usize>lanes) << 4)));
        Lane.storeUpTo<f32>(dst + i, f32x4.mul(v, scale), bytes - i);
        p += (<usize>popcnt(lanes)) << 2;
      }
    }
  }

  /** dst = map(x, z) of n candidates, in f32; returns their sum, of which f64 takes element i to partial sum i mod 4. */
  static map<Op>(x: usize, z: usize, dst: usize, n: i32, low: v128, high: v128, exponent: v128): f64 {
    const bytes = (<usize>n) << 2;
    let first = Constant.zero<f64>(),
      second = first;
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = changetype<Op>(0).map<f32>(x + i, z + i, low, high, exponent),
        term = v128.and(v, Lane.upTo<f32>(bytes - i));
      Lane.storeUpTo<f32>(dst + i, v, bytes - i);
      first = f64x2.add(first, f64x2.promote_low_f32x4(term));
      second = f64x2.add(second, f64x2.promote_low_f32x4(Four.others(term)));
    }
    return Lane.sum(f64x2.add(first, second));
  }

  /** The sums of two of four rows side by side, as `map` adds them up. */
  static sums(p: usize, vectors: i32): v128 {
    let s0 = Constant.zero<f64>(),
      s1 = s0,
      s2 = s0,
      s3 = s0;
    for (const end = p + ((<usize>vectors) << 4); p < end; p += 64) {
      s0 = f64x2.add(s0, Four.pair(p));
      s1 = f64x2.add(s1, Four.pair(p + 16));
      s2 = f64x2.add(s2, Four.pair(p + 32));
      s3 = f64x2.add(s3, Four.pair(p + 48));
    }
    return f64x2.add(f64x2.add(s0, s2), f64x2.add(s1, s3));
  }

  /** The p of the n candidates z at `p`, the weights behind them; returns their sum. */
  static solve<M>(z: usize, p: usize, n: i32, reach: f64, d: f64): f64 {
    const exponent = f32x4.splat(<f32>(1 / d)),
      minus = f64x2.splat(-d),
      w = p + ((<usize>n) << 2);
    let root = Constant.one<f64>(),
      step = 0;
    while (true) {
      const slope = f64x2.div(Constant.one<f64>(), f64x2.mul(f64x2.splat(reach), root)),
        sum = Single.map<M>(z, z, p, n, slope, slope, exponent),
        sums = f64x2.splat(sum),
        excess = Single.excess(root, sums, minus);
      if (!v128.any_true(Single.more(root, excess, d)) || step++ == c.ENTMAX_STEPS) return sum;
      root = Single.next(root, excess, sums, f64x2.splat(Single.map<Weight>(p, z, w, n, slope, slope, exponent)));
    }
  }
}

/** alpha-entmax of f32 and 1 < alpha <= 2, in f32. `M` is u^c of one vector. See src/js/max/entmax_single.ts. */
@final
@unmanaged
export class EntmaxSingle<M> extends Simplex {
  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    if (Rescale.takes<T>(temperature)) {
      x = Rescale.row<T>(x, dst, n, max, temperature);
      max = Constant.zero<T>();
      temperature = Rescale.temperature<T>(temperature);
    }
    const d = alpha - 1,
      reach = <f64>temperature / d,
      scale = Single.scale(reach);
    const least = f32x4.splat(Sparse.least<f32>(n, f32x4.extract_lane(max, 0), <f32>(1 / d), <f32>temperature));
    const k = Single.gather(x, scratch, n, max, least, f32x4.splat(<f32>scale)),
      p = scratch + ((<usize>n + 8) << 2);
    const sum = Single.solve<M>(scratch, p, k, reach * scale, d);
    Single.write(x, dst, n, least, p, f32x4.splat(<f32>(1 / sum)));
  }

  /** Four rows side by side: the same step by step, in which a row that is done keeps its root. */
  @inline four(z: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const vectors = Four.vectors(n),
      count = 4 * vectors,
      p = z + ((<usize>vectors) << 4),
      w = p + ((<usize>vectors) << 4);
    if (Rescale.takes<f32>(temperature)) {
      Rescale.row<f32>(z, z, count, max, temperature);
      max = Constant.zero<f32>();
      temperature = Rescale.temperature<f32>(temperature);
    }
    const d = alpha - 1,
      scale = Single.scale(<f64>temperature / d),
      reach = (<f64>temperature / d) * scale;
    Row.each<f32, Centred>(z, z, z, count, max, f32x4.splat(<f32>scale));
    const exponent = f32x4.splat(<f32>(1 / d)),
      minus = f64x2.splat(-d),
      E = f64x2.splat(reach),
      one = Constant.one<f64>();
    let low = one,
      high = low,
      step = 0;
    while (true) {
      const slopeLow = f64x2.div(one, f64x2.mul(E, low)),
        slopeHigh = f64x2.div(one, f64x2.mul(E, high));
      Row.each<f32, M>(z, z, p, count, slopeLow, slopeHigh, exponent);
      const sumLow = Single.sums(p, vectors),
        sumHigh = Single.sums(p + 8, vectors),
        excessLow = Single.excess(low, sumLow, minus),
        excessHigh = Single.excess(high, sumHigh, minus),
        goLow = Single.more(low, excessLow, d),
        goHigh = Single.more(high, excessHigh, d);
      if (!v128.any_true(v128.or(goLow, goHigh)) || step++ == c.ENTMAX_STEPS) {
        Row.each<f32, Scaled>(p, p, z, count, Four.singles(f64x2.div(one, sumLow), f64x2.div(one, sumHigh)));
        return;
      }
      Row.each<f32, Weight>(p, z, w, count, slopeLow, slopeHigh);
      low = Lane.select(goLow, Single.next(low, excessLow, sumLow, Single.sums(w, vectors)), low);
      high = Lane.select(goHigh, Single.next(high, excessHigh, sumHigh, Single.sums(w + 8, vectors)), high);
    }
  }
}
