import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Row } from '../row';
import { Fourth, Power } from './entmax_power';
import { HALF, PASSED, Step, SUMS, TERMS } from './entmax_step';
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
    if (Power.exponent() == 4) Single.map<Fourth>(z, end, p, low, high);
    else Single.map<Power>(z, end, p, low, high);
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
        Step.sums(z + i, end, p + i, groups, first, second, SUMS + 2 * TERMS * i);
      }
      Step.total(alone);
      const goLow = Step.go(SUMS, low, d),
        goHigh = Step.go(SUMS + HALF, high, d);
      if (!v128.any_true(v128.or(goLow, goHigh)) || step++ == c.ENTMAX_STEPS) {
        for (; z < end; z += 16, p += 16) {
          const v = v128.load(z),
            w = v128.load(p),
            others = Step.last(Four.others(v), Four.others(w), second, SUMS + HALF);
          v128.store(z, Four.singles(Step.last(v, w, first, SUMS), others));
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
