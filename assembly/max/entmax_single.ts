import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Log } from '../math/log';
import { Row } from '../row';
import { Simplex } from './maxes';
import { Rescale } from './rescale';
import { FRONT, Sparse } from './sparse';
import { Steep } from './entmax_steep';

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

/** u+^c: exp(c log u), the argument in two parts. See src/js/max/entmax_single.ts. */
@final
@unmanaged
class Power {
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
class Fourth {
  @inline map(z: v128, low: v128, high: v128): v128 {
    return Four.singles(Fourth.of(Base.product(z, low)), Fourth.of(Base.product(Four.others(z), high)));
  }

  @inline static of(product: v128): v128 {
    const u = f64x2.pmax(f64x2.add(Constant.one<f64>(), product), Constant.zero<f64>()),
      square = f64x2.mul(u, u);
    return f64x2.mul(square, square);
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

/** Where the sums of p q^i, i < TERMS, q = (u - 1) / u, are: of two rows and of the two others, four times. */
const TERMS: usize = 6;
const HALF: usize = 16 * TERMS;
const SUMS: usize = memory.data(880, 16);
/** Behind them, of two rows and of the two others: which have passed the root. */
const PASSED: usize = 8 * HALF;

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

  /** (x - max) scale of the x >= least at `to`, one behind the other; returns their end. */
  static gather(x: usize, to: usize, n: i32, max: v128, least: v128, scale: v128): usize {
    const bulk = Lane.bulk<f32>(n),
      bytes = (<usize>n) << 2;
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
    return to;
  }

  /** dst = the p at `p` where x >= least, and 0 elsewhere. */
  static write(x: usize, dst: usize, n: i32, least: v128, p: usize): void {
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
        Lane.storeUpTo<f32>(dst + i, i8x16.swizzle(v128.load(p), v128.load(BACK + ((<usize>lanes) << 4))), bytes - i);
        p += (<usize>popcnt(lanes)) << 2;
      }
    }
  }

  /** p of the z up to `end`. */
  @inline static map<Op>(z: usize, end: usize, p: usize, low: v128, high: v128): void {
    for (; z < end; z += 16, p += 16) v128.store(p, changetype<Op>(0).map(v128.load(z), low, high));
  }

  static values(z: usize, end: usize, p: usize, low: v128, high: v128): void {
    if (load<f32>(CALL) == 4) Single.map<Fourth>(z, end, p, low, high);
    else Single.map<Power>(z, end, p, low, high);
  }

  /** Adds up at `to` the p q^i of every `step` bytes. */
  static sums(z: usize, end: usize, p: usize, step: usize, low: v128, high: v128, to: usize): void {
    let a0 = Constant.zero<f64>(),
      a1 = a0,
      a2 = a0,
      a3 = a0,
      a4 = a0,
      a5 = a0,
      b0 = a0,
      b1 = a0,
      b2 = a0,
      b3 = a0,
      b4 = a0,
      b5 = a0;
    for (; z < end; z += step, p += step) {
      const v = v128.load(z),
        w = v128.load(p);
      let q = Base.part(v, low),
        term = f64x2.promote_low_f32x4(w);
      a0 = f64x2.add(a0, term);
      a1 = f64x2.add(a1, (term = f64x2.mul(term, q)));
      a2 = f64x2.add(a2, (term = f64x2.mul(term, q)));
      a3 = f64x2.add(a3, (term = f64x2.mul(term, q)));
      a4 = f64x2.add(a4, (term = f64x2.mul(term, q)));
      a5 = f64x2.add(a5, f64x2.mul(term, q));
      q = Base.part(Four.others(v), high);
      term = f64x2.promote_low_f32x4(Four.others(w));
      b0 = f64x2.add(b0, term);
      b1 = f64x2.add(b1, (term = f64x2.mul(term, q)));
      b2 = f64x2.add(b2, (term = f64x2.mul(term, q)));
      b3 = f64x2.add(b3, (term = f64x2.mul(term, q)));
      b4 = f64x2.add(b4, (term = f64x2.mul(term, q)));
      b5 = f64x2.add(b5, f64x2.mul(term, q));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    v128.store(to, a4, 64);
    v128.store(to, a5, 80);
    v128.store(to, b0, 96);
    v128.store(to, b1, 112);
    v128.store(to, b2, 128);
    v128.store(to, b3, 144);
    v128.store(to, b4, 160);
    v128.store(to, b5, 176);
  }

  /** Adds up the sums of four rows, of which each was every fourth element, or those of the lanes of a row alone. */
  static total(alone: bool): void {
    for (let at = SUMS; at < SUMS + 2 * HALF; at += 16) {
      let sum = v128.load(at);
      if (alone) {
        if (at == SUMS + HALF) return;
        sum = Lane.total(f64x2.add(sum, v128.load(at, HALF)));
        v128.store(at, sum, HALF);
      } else {
        const others = f64x2.add(v128.load(at, 2 * HALF), v128.load(at, 6 * HALF));
        sum = f64x2.add(f64x2.add(sum, v128.load(at, 4 * HALF)), others);
      }
      v128.store(at, sum);
    }
  }

  /**
   * The next step of two lanes from `root`, whose sums are at `at`: there are the coefficients of `last` then, and the next root.
   * Returns which of them are to go on.
   */
  static go(at: usize, root: v128, d: f64): v128 {
    const one = Constant.one<f64>(),
      half = Constant.half<f64>(),
      slope = f64x2.splat(d),
      c2 = f64x2.splat((1 - d) * 0.5),
      c3 = f64x2.splat((1 - 2 * d) * c.THIRD),
      c4 = f64x2.splat((1 - 3 * d) * 0.25);
    const S = v128.load(at),
      Q = v128.load(at, 16),
      D = v128.load(at, 32),
      T = v128.load(at, 48),
      V = v128.load(at, 64);
    const over = f64x2.sub(root, Double.pow(S, f64x2.neg(slope))),
      newton = f64x2.sub(root, f64x2.div(f64x2.mul(S, over), f64x2.sub(S, Q)));
    let k = f64x2.div(f64x2.sub(f64x2.div(root, newton), one), slope);
    const fifth = f64x2.sub(f64x2.mul(S, Single.fifth(slope)), v128.load(at, 80)),
      above = f64x2.splat(c.ENTMAX_ABOVE),
      reach = f64x2.mul(S, f64x2.pmin(f64x2.mul(k, above), f64x2.splat(c.ENTMAX_NEAR))),
      passed = v128.or(v128.load(at, PASSED), f64x2.lt(over, Constant.zero<f64>())),
      small = v128.andnot(f64x2.le(f64x2.mul(Single.fifth(k), fifth), reach), passed);
    v128.store(at, passed, PASSED);
    if (v128.any_true(small)) {
      const g = f64x2.div(Double.log1p(f64x2.neg(f64x2.div(over, root))), slope),
        m1 = f64x2.div(Q, S),
        m2 = f64x2.div(f64x2.mul(c2, D), S),
        m3 = f64x2.div(f64x2.mul(f64x2.mul(c2, c3), T), S),
        m4 = f64x2.div(f64x2.mul(f64x2.mul(f64x2.mul(c2, c3), c4), V), S),
        square = f64x2.mul(m1, m1);
      const A = f64x2.sub(m1, one),
        B = f64x2.add(f64x2.sub(m2, f64x2.mul(square, half)), f64x2.splat(d * 0.5)),
        C = f64x2.add(
          f64x2.sub(m3, f64x2.mul(m1, m2)),
          f64x2.mul(f64x2.sub(f64x2.mul(square, m1), f64x2.splat(d * d)), f64x2.splat(c.THIRD)),
        ),
        E = f64x2.add(
          f64x2.sub(f64x2.sub(m4, f64x2.mul(m1, m3)), f64x2.mul(half, f64x2.mul(m2, m2))),
          f64x2.sub(
            f64x2.mul(square, m2),
            f64x2.mul(f64x2.sub(f64x2.mul(square, square), f64x2.splat(d * d * d)), f64x2.splat(0.25)),
          ),
        );
      for (let i = 0; i < 2; i++) {
        const t = f64x2.mul(k, E),
          u = f64x2.add(C, t),
          v = f64x2.add(B, f64x2.mul(k, u)),
          h = f64x2.add(A, f64x2.mul(k, v)),
          rise = f64x2.add(h, f64x2.mul(k, f64x2.add(v, f64x2.mul(k, f64x2.add(u, t)))));
        k = f64x2.sub(k, v128.and(f64x2.div(f64x2.sub(f64x2.mul(k, h), g), rise), small));
      }
    }
    const left = f64x2.mul(Single.fifth(k), fifth),
      f1 = v128.and(f64x2.mul(k, c2), small),
      f2 = f64x2.mul(f1, f64x2.mul(k, c3)),
      f3 = f64x2.mul(f2, f64x2.mul(k, c4));
    const sum = f64x2.add(Q, f64x2.add(f64x2.mul(f1, D), f64x2.add(f64x2.mul(f2, T), f64x2.mul(f3, V)))),
      scale = f64x2.div(one, f64x2.add(S, f64x2.mul(k, sum))),
      first = f64x2.mul(scale, k);
    v128.store(at, scale);
    v128.store(at, first, 16);
    v128.store(at, f64x2.mul(first, f1), 32);
    v128.store(at, f64x2.mul(first, f2), 48);
    v128.store(at, f64x2.mul(first, f3), 64);
    // what the step leaves, so that the next one comes from above
    const rest = f64x2.mul(f64x2.div(f64x2.mul(slope, left), S), v128.and(above, small));
    v128.store(at, f64x2.mul(f64x2.div(root, f64x2.add(one, f64x2.mul(k, slope))), f64x2.add(one, rest)), 80);
    const last = v128.and(small, f64x2.le(left, f64x2.mul(d > 0.2 ? one : S, f64x2.splat(c.ENTMAX_LEFT)))),
      excess = f64x2.mul(root, f64x2.splat(c.ENTMAX_EXCESS_F32 * (1 + 16 * d)));
    return v128.andnot(f64x2.ge(f64x2.abs(over), excess), last);
  }

  @inline static fifth(x: v128): v128 {
    const square = f64x2.mul(x, x);
    return f64x2.mul(f64x2.mul(square, square), x);
  }

  /** p of the next root, in the fourth order of its step, times the scale. */
  @inline static last(z: v128, p: v128, slope: v128, at: usize): v128 {
    const q = Base.part(z, slope);
    let factor = v128.load(at, 64);
    factor = f64x2.add(v128.load(at, 48), f64x2.mul(factor, q));
    factor = f64x2.add(v128.load(at, 32), f64x2.mul(factor, q));
    factor = f64x2.add(v128.load(at, 16), f64x2.mul(factor, q));
    factor = f64x2.add(v128.load(at), f64x2.mul(factor, q));
    return f64x2.pmax(Constant.zero<f64>(), f64x2.mul(f64x2.promote_low_f32x4(p), factor));
  }

  /** z becomes p: of one row, or of four side by side, up to `end`. */
  static solve(z: usize, end: usize, p: usize, alone: bool, reach: f64, d: f64): void {
    const one = Constant.one<f64>(),
      E = f64x2.splat(reach),
      groups: usize = alone ? 16 : 64;
    let low = one,
      high = one,
      step = 0;
    v128.store(SUMS, Constant.zero<f64>(), PASSED);
    v128.store(SUMS, Constant.zero<f64>(), PASSED + HALF);
    while (true) {
      const first = f64x2.div(one, f64x2.mul(E, low)),
        second = f64x2.div(one, f64x2.mul(E, high));
      Single.values(z, end, p, first, second);
      for (let i: usize = 0; i < groups; i += 16) {
        Single.sums(z + i, end, p + i, groups, first, second, SUMS + 2 * TERMS * i);
      }
      Single.total(alone);
      const goLow = Single.go(SUMS, low, d),
        goHigh = Single.go(SUMS + HALF, high, d);
      if (!v128.any_true(v128.or(goLow, goHigh)) || step++ == c.ENTMAX_STEPS) {
        for (; z < end; z += 16, p += 16) {
          const v = v128.load(z),
            w = v128.load(p),
            others = Single.last(Four.others(v), Four.others(w), second, SUMS + HALF);
          v128.store(z, Four.singles(Single.last(v, w, first, SUMS), others));
        }
        return;
      }
      low = Lane.select(goLow, v128.load(SUMS, 80), low);
      high = Lane.select(goHigh, v128.load(SUMS, HALF + 80), high);
    }
  }
}

/** alpha-entmax of f32 and 1 < alpha <= 2, in f32. See src/js/max/entmax_single.ts. */
@final
@unmanaged
export class EntmaxSingle extends Simplex {
  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    if (alpha > 2) {
      changetype<Steep>(0).row<T>(x, dst, n, max, temperature, scratch, alpha);
      return;
    }
    if (Rescale.takes<T>(temperature)) {
      x = Rescale.row<T>(x, dst, n, max, temperature);
      max = Constant.zero<T>();
      temperature = Rescale.temperature<T>(temperature);
    }
    const d = alpha - 1,
      reach = <f64>temperature / d,
      scale = Single.scale(reach);
    const least = f32x4.splat(Sparse.least<f32>(n, f32x4.extract_lane(max, 0), <f32>(1 / d), <f32>temperature));
    const end = Single.gather(x, scratch, n, max, least, f32x4.splat(<f32>scale));
    v128.store(end, Single.bound());
    Power.open(d);
    Single.solve(scratch, end, scratch + ((<usize>n + 8) << 2), true, reach * scale, d);
    Single.write(x, dst, n, least, scratch);
  }

  @inline four(z: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const bytes = (<usize>Four.vectors(n)) << 4,
      count = <i32>(bytes >> 2);
    const d = alpha - 1,
      reach = <f64>temperature / d,
      scale = Single.scale(reach);
    Row.each<f32, Centred>(z, z, z, count, max, f32x4.splat(<f32>scale));
    Power.open(d);
    Single.solve(z, z + bytes, z + bytes, false, reach * scale, d);
  }
}
