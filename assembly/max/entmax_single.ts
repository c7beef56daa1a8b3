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

/** u = 1 + (a + b) z, the high part `a` of 12 bits: with one rounding, of u itself. See src/js/max/entmax_single.ts. */
abstract class Base {
  @inline static whole(z: v128, a: v128): v128 {
    return f32x4.add(f32x4.mul(a, Single.high(z)), Constant.one<f32>());
  }

  /** What `whole` leaves out. */
  @inline static rest(z: v128, a: v128, b: v128, whole: v128): v128 {
    const high = Single.high(z),
      rest = f32x4.add(f32x4.mul(a, f32x4.sub(z, high)), f32x4.mul(b, z));
    return f32x4.add(f32x4.add(f32x4.sub(Constant.one<f32>(), whole), f32x4.mul(a, high)), rest);
  }

  @inline static of(z: v128, a: v128, b: v128): v128 {
    const whole = Base.whole(z, a);
    return f32x4.add(whole, Base.rest(z, a, b, whole));
  }
}

/** u+^c: exp(c log u). */
@final
@unmanaged
export class Power {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const z = v128.load(x),
      whole = Base.whole(z, a),
      rest = Base.rest(z, a, b, whole),
      u = f32x4.add(whole, rest),
      low = f32x4.add(f32x4.sub(whole, u), rest);
    const e = Log.exponent<f32>(u),
      down = i32x4.sub(Constant.one<f32>(), e);
    const log = Log.rebuild<f32>(Log.count<f32>(e), Log.fraction<f32>(u, e), f32x4.mul(low, down));
    return v128.and(Exp.bounded<f32>(f32x4.mul(c, log)), f32x4.gt(u, Single.tiny()));
  }
}

/** c = 4, alpha = 1.25: by two squarings. */
@final
@unmanaged
export class Fourth {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const u = f32x4.pmax(Base.of(v128.load(x), a, b), Constant.zero<f32>()),
      square = f32x4.mul(u, u);
    return f32x4.mul(square, square);
  }
}

/** x / u. */
@final
@unmanaged
class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f32x4.div(v128.load(x), f32x4.pmax(Base.of(v128.load(y), a, b), Single.tiny()));
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
  static twelveBits(): v128 {
    return Lane.splat<u32>(memory.data<u32>([0xfffff000]));
  }

  /** Below -1, where p is 0 for any root. */
  static bound(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.ENTMAX_BOUND]));
  }

  @inline static z(x: v128, max: v128, scale: v128): v128 {
    return f32x4.pmax(f32x4.mul(f32x4.sub(x, max), scale), Single.bound());
  }

  /** The slope of the bases in two parts, the first of 12 bits. */
  @inline static high(slope: v128): v128 {
    return v128.and(slope, Single.twelveBits());
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

  /** Whether the excess of the next root, judged by the last two, is of no account. */
  @inline static settled(root: v128, excess: v128, last: v128): v128 {
    const least = f64x2.mul(root, f64x2.splat(c.ENTMAX_EXCESS_F32));
    return v128.or(f64x2.lt(excess, least), f64x2.lt(f64x2.mul(excess, excess), f64x2.mul(least, last)));
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

  /** p of n candidates, or of four rows side by side, times what they share; returns their sum. */
  static values<M>(z: usize, p: usize, n: i32, a: v128, b: v128, exponent: v128): f64 {
    return Row.eachSum<f32, M>(z, z, p, n, a, b, exponent);
  }

  /** dst = p / u of them; returns their sum. */
  static weights(p: usize, z: usize, dst: usize, n: i32, a: v128, b: v128): f64 {
    return Row.eachSum<f32, Weight>(p, z, dst, n, a, b);
  }

  /** The p of the n candidates z at `p`, the weights behind them; returns their sum. */
  static solve<M>(z: usize, p: usize, n: i32, reach: f64, d: f64): f64 {
    const exponent = f32x4.splat(<f32>(1 / d)),
      minus = f64x2.splat(-d),
      w = p + ((<usize>n) << 2);
    let root: f64 = 1,
      last: f64 = 0,
      settled = false,
      step = 0;
    while (true) {
      const slope = 1 / (reach * root),
        a = Single.high(f32x4.splat(<f32>slope)),
        b = f32x4.splat(<f32>(slope - <f64>f32x4.extract_lane(a, 0)));
      const sum = Single.values<M>(z, p, n, a, b, exponent);
      if (settled || step++ == c.ENTMAX_STEPS) return sum;
      const at = f64x2.splat(root),
        sums = f64x2.splat(sum),
        excess = Single.excess(at, sums, minus);
      const above = f64x2.extract_lane(excess, 0);
      if (!(above > 0)) return sum;
      settled = v128.any_true(Single.settled(at, excess, f64x2.splat(last)));
      last = above;
      root = f64x2.extract_lane(Single.next(at, excess, sums, f64x2.splat(Single.weights(p, z, w, n, a, b))), 0);
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
      w = p + ((<usize>vectors) << 4),
      sums = w + ((<usize>vectors) << 4);
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
      zero = Constant.zero<f64>(),
      E = f64x2.splat(reach);
    let low = Constant.one<f64>(),
      high = low,
      lastLow = zero,
      lastHigh = zero,
      doneLow = zero,
      doneHigh = zero,
      step = 0;
    while (true) {
      const slopeLow = f64x2.div(Constant.one<f64>(), f64x2.mul(E, low)),
        slopeHigh = f64x2.div(Constant.one<f64>(), f64x2.mul(E, high)),
        a = Single.high(Four.singles(slopeLow, slopeHigh)),
        b = Four.singles(
          f64x2.sub(slopeLow, f64x2.promote_low_f32x4(a)),
          f64x2.sub(slopeHigh, f64x2.promote_low_f32x4(v128.shuffle<i32>(a, a, 2, 3, 0, 1))),
        );
      Single.values<M>(z, p, count, a, b, exponent);
      Four.addUp(p, vectors, sums);
      const sumLow = Four.sum(sums, n),
        sumHigh = Four.sum(sums + 8, n);
      if (i64x2.all_true(v128.and(doneLow, doneHigh)) || step++ == c.ENTMAX_STEPS) {
        const one = Constant.one<f64>();
        Row.each<f32, Scaled>(p, p, z, count, Four.singles(f64x2.div(one, sumLow), f64x2.div(one, sumHigh)));
        return;
      }
      Single.weights(p, z, w, count, a, b);
      Four.addUp(w, vectors, sums);
      const excessLow = Single.excess(low, sumLow, minus),
        excessHigh = Single.excess(high, sumHigh, minus),
        stayLow = v128.or(doneLow, f64x2.le(excessLow, zero)),
        stayHigh = v128.or(doneHigh, f64x2.le(excessHigh, zero));
      doneLow = v128.or(stayLow, Single.settled(low, excessLow, lastLow));
      doneHigh = v128.or(stayHigh, Single.settled(high, excessHigh, lastHigh));
      lastLow = excessLow;
      lastHigh = excessHigh;
      low = Lane.select(stayLow, low, Single.next(low, excessLow, sumLow, Four.sum(sums, n)));
      high = Lane.select(stayHigh, high, Single.next(high, excessHigh, sumHigh, Four.sum(sums + 8, n)));
    }
  }
}
