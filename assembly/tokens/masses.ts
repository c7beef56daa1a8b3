import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Scores } from '../max/scores';
import { Exponentials } from '../max/exponentials';
import { Greatest } from '../max/top_k';
import { Deviation } from './deviation';
import { Regions } from './regions';

/** The masses of a row and of a list of its first elements. See src/js/tokens/masses.ts. */
@unmanaged
export class Masses extends Regions {
  /** How many of the row are not masked. */
  unmasked<T>(): i32 {
    if (this.m < 0) this.m = Deviation.count<T>(this.row, this.n);
    return this.m;
  }

  /** Whether they are more than MASS_LIST, which the first of a long row tell as a rule. */
  many<T>(): bool {
    return Deviation.count<T>(this.row, min(this.n, 2 * c.MASS_LIST)) > c.MASS_LIST || this.unmasked<T>() > c.MASS_LIST;
  }

  @inline value<T>(i: i32): T {
    return load<T>(Greatest.at<T>(this.row, load<i32>(Greatest.at<i32>(this.list, i))));
  }

  @inline mass(i: i32): f64 {
    return Regions.of(this.masses, i);
  }

  /** The score of element i of the row. */
  scoreOf<T>(i: i32): f64 {
    return Regions.score(<f64>load<T>(Greatest.at<T>(this.row, i)), this.max, this.temperature);
  }

  /** Those of elements i and i + 1. */
  @inline two<T>(i: i32): v128 {
    const scale = Scores.scale<f64>(this.temperature),
      p = Greatest.at<T>(this.row, i),
      v = sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p),
      d = f64x2.sub(f64x2.mul(v, f64x2.splat(scale)), f64x2.splat(this.max * scale));
    return f64x2.div(d, f64x2.splat(this.temperature * scale));
  }

  /** The scores of elements i and i + 1 of the list. */
  scores<T>(i: i32): v128 {
    const max = this.max,
      t = this.temperature,
      z = f64x2.splat(Regions.score(<f64>this.value<T>(i), max, t));
    return i + 1 < this.count ? f64x2.replace_lane(z, 1, Regions.score(<f64>this.value<T>(i + 1), max, t)) : z;
  }

  /** The masses of the list. */
  exponentials<T>(): void {
    for (let i = 0; i < this.count; i += 2) {
      v128.store(Greatest.at<f64>(this.masses, i), Double.exp(this.scores<T>(i)));
    }
  }

  /** The mass of what is left, that of the greatest being 1. */
  total<T>(): f64 {
    if (this.whole) {
      if (isNaN(this.rowTotal)) this.rowTotal = this.ofRow<T>();
      return this.rowTotal;
    }
    let sum: f64 = 0;
    for (let i = 0; i < this.count; i++) sum += this.mass(i);
    return sum;
  }

  /**
   * Bounds of that: the list as it is, with the rest by interpolated powers of two, where all of the row is left and its
   * mass is not known yet.
   */
  bound<T>(): void {
    const t = this.temperature;
    if (!this.whole || !this.open || !isNaN(this.rowTotal) || !(t >= c.INTERPOLATED_FROM && t <= c.INTERPOLATED_TO)) {
      this.low = this.total<T>();
      this.high = this.low;
      return;
    }
    const last = this.value<T>(this.count - 1);
    let head: f64 = 0;
    for (let i = 0; i < this.count && this.value<T>(i) > last; i++) head += this.mass(i);
    const rest = this.interpolated<T>(last);
    this.low = (head + rest * c.INTERPOLATED_LOW) * (1 - c.INTERPOLATED_MARGIN);
    this.high = (head + rest * c.INTERPOLATED_HIGH) * (1 + c.INTERPOLATED_MARGIN);
  }

  /** The mass of the elements up to `last`, straight lines between powers of two in the place of exponentials. */
  interpolated<T>(last: T): f64 {
    const bits = <f64>(sizeof<T>() == 4 ? c.INTERPOLATED_BITS_F32 : c.INTERPOLATED_BITS_F64),
      exponents = sizeof<T>() == 4 ? <f64>127 : <f64>1023;
    // (x - max) / (T ln 2) in units of the bits below the exponent; the sum with `one` has those and the exponent in its last bits
    const max = v128.splat<T>(<T>this.max),
      units = v128.splat<T>(<T>(bits / (this.temperature * (c.LN2_HIGH_F64 + c.LN2_LOW_F64)))),
      least = v128.splat<T>(<T>((1 - exponents) * bits)),
      one = v128.splat<T>(<T>((sizeof<T>() == 4 ? <f64>8388608 : <f64>4503599627370496) + exponents * bits)),
      most = v128.splat<T>(last),
      end = this.row + ((<usize>this.n) << alignof<T>());
    let total: f64 = 0;
    for (let p = this.row; p < end;) {
      let s0 = Constant.zero<T>(),
        s1 = s0,
        s2 = s0,
        s3 = s0;
      const stop = min(end, p + c.INTERPOLATED_BLOCK);
      for (; p + 64 <= stop; p += 64) {
        s0 = v128.add<T>(s0, Masses.power<T>(v128.load(p), max, units, least, one, most));
        s1 = v128.add<T>(s1, Masses.power<T>(v128.load(p, 16), max, units, least, one, most));
        s2 = v128.add<T>(s2, Masses.power<T>(v128.load(p, 32), max, units, least, one, most));
        s3 = v128.add<T>(s3, Masses.power<T>(v128.load(p, 48), max, units, least, one, most));
      }
      for (; p < stop; p += 16) {
        const e = Masses.power<T>(v128.load(p), max, units, least, one, most);
        s0 = v128.add<T>(s0, v128.and(e, Lane.upTo<T>(stop - p)));
      }
      total += Lane.sum(Lane.wide<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3))));
    }
    return total;
  }

  @inline static power<T>(x: v128, max: v128, units: v128, least: v128, one: v128, most: v128): v128 {
    const z = v128.mul<T>(v128.sub<T>(x, max), units),
      sum = v128.add<T>(v128.pmax<T>(z, least), one);
    const e = sizeof<T>() == 4 ? i32x4.shl(sum, 9) : i64x2.shl(sum, 12);
    return v128.and(e, v128.le<T>(x, most));
  }

  /** That of the row, whose exponentials stay at `spare`. */
  ofRow<T>(): f64 {
    if (this.temperature == Infinity) return this.unmasked<T>();
    const t = <T>this.temperature;
    Exponents.open<T>(t);
    return Exponentials.sum<T>(this.row, this.spare, this.n, v128.splat<T>(<T>this.max), t) / this.factor<T>();
  }

  /** What the row's exponentials are multiplied by. */
  factor<T>(): f64 {
    const max = v128.splat<T>(<T>this.max);
    if (!Exponents.reach<T>(max)) return 1;
    const N = <f64>v128.extract_lane<T>(Exponents.exponent<T>(max), 0);
    return Exponents.factor<T>() * Double.expOf(this.max / this.temperature - N * c.LN2_HIGH_F64 - N * c.LN2_LOW_F64);
  }

  /** The entropy of what is left, whose mass is `total`. */
  entropy<T>(total: f64): f64 {
    const max = this.max,
      t = this.temperature;
    let sum: f64 = 0;
    if (!this.whole) {
      for (let i = 0; i < this.count; i++) {
        const e = this.mass(i);
        if (e > 0) sum += e * Regions.score(<f64>this.value<T>(i), max, t);
      }
    } else if (t < Infinity) {
      let even = f64x2.splat(0),
        odd = even;
      for (let i = 0; i < this.n; i += 4) {
        even = f64x2.add(even, this.terms<T>(i));
        odd = f64x2.add(odd, this.terms<T>(i + 2));
      }
      sum = Lane.sum(f64x2.add(even, odd)) / this.factor<T>();
    }
    return Double.logOf(total) - sum / total;
  }

  /** e z of elements i and i + 1 of the row, 0 for what has no mass or is behind it. */
  @inline terms<T>(i: i32): v128 {
    const p = Greatest.at<T>(this.spare, i),
      e = sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p),
      inside = Lane.upTo<f64>((<usize>max(this.n - i, 0)) << 3);
    return v128.and(f64x2.mul(e, this.two<T>(i)), v128.and(inside, f64x2.gt(e, Constant.zero<f64>())));
  }
}
