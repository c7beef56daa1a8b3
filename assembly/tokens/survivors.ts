import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Scores } from '../max/scores';
import { Exponentials } from '../max/softmax';
import { Greatest } from '../max/top_k';
import { Thinned } from '../sample/categorical';

/** What is left of a row, and the steps that remove the rest. See src/js/tokens/survivors.ts. */
@final
@unmanaged
export class Left {
  /** The row at this address: as it was given, or without what nSigma has removed. */
  row: usize;
  /** Regions: indices in order, their exponentials, room for a row, room for two lists. */
  list: usize;
  masses: usize;
  copy: usize;
  spare: usize;
  lists: usize;
  n: i32;
  /** How many of the row are not masked. */
  m: i32;
  keep: i32;
  /** The indices from `from` up to `count` of the list are left. */
  from: i32;
  count: i32;
  /** Whether instead all of the row is left, but for the list's first `from`. */
  whole: bool;
  /** Whether elements behind the list are left. */
  open: bool;
  /** Whether the mass of all that is left is taken from the row. */
  byRow: bool;
  max: f64;
  temperature: f64;
  rowTotal: f64;

  /** At `scratch`. */
  static at<T>(scratch: usize, n: i32): Left {
    const left = changetype<Left>(scratch),
      lists = scratch + 128;
    left.n = n;
    left.lists = lists;
    left.list = Greatest.indices<T>(lists, n);
    left.masses = Greatest.tops<T>(lists, n) + Greatest.room<T>(n);
    left.copy = left.masses + Greatest.room<f64>(n);
    left.spare = left.copy + Greatest.room<T>(n);
    return left;
  }

  @inline static of(p: usize, i: i32): f64 {
    return load<f64>(p + ((<usize>i) << 3));
  }

  /** z = (v - max) / T in f64. */
  @inline static score(v: f64, max: f64, temperature: f64): f64 {
    const scale = Scores.scale<f64>(temperature);
    return (v * scale - max * scale) / (temperature * scale);
  }

  /** How many elements of a row are not masked. */
  static count<T>(x: usize, n: i32): i32 {
    return Left.reaching<T>(x, n, sizeof<T>() == 4 ? <T>-c.GREATEST_F32 : <T>-c.GREATEST_F64);
  }

  /** How many are at least t. */
  static reaching<T>(x: usize, n: i32, t: T): i32 {
    const end = x + ((<usize>n) << alignof<T>()),
      least = v128.splat<T>(t);
    let count = i32x4.splat(0);
    for (; x + 16 <= end; x += 16) count = Lane.subBits<T>(count, v128.ge<T>(v128.load(x), least));
    if (x < end) {
      count = Lane.subBits<T>(count, v128.and(v128.ge<T>(v128.load(x), least), Lane.upTo<T>(end - x)));
    }
    if (sizeof<T>() == 8) return Lane.sumBits(count);
    count = i32x4.add(count, v128.shuffle<i32>(count, count, 2, 3, 0, 1));
    return i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1);
  }

  /** d = x - max, or (d - mean)^2, of two elements; 0 for what is masked. All but x times a factor. */
  @inline static two<T>(p: usize, factor: v128, max: v128, mean: v128, squares: bool): v128 {
    const v = sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
    let d = f64x2.sub(f64x2.mul(v, factor), max);
    if (squares) {
      d = f64x2.sub(d, mean);
      d = f64x2.mul(d, d);
    }
    return v128.and(d, f64x2.gt(v, Constant.minusInfinity<f64>()));
  }

  /** The sum of those of a row. */
  static sum<T>(x: usize, n: i32, max: f64, f: f64, mean: f64, squares: bool): f64 {
    const end = x + ((<usize>n) << alignof<T>()),
      half: usize = 2 * sizeof<T>(),
      factor = f64x2.splat(f),
      top = f64x2.splat(max * f),
      middle = f64x2.splat(mean);
    let even = f64x2.splat(0),
      odd = even;
    for (; x + 2 * half <= end; x += 2 * half) {
      even = f64x2.add(even, Left.two<T>(x, factor, top, middle, squares));
      odd = f64x2.add(odd, Left.two<T>(x + half, factor, top, middle, squares));
    }
    // the last elements, with zeros behind the row
    for (let i = 0; x < end; i++, x += half) {
      const inside = Lane.upTo<f64>(end - x < half ? 8 : 16),
        d = v128.and(Left.two<T>(x, factor, top, middle, squares), inside);
      if (i == 0) even = f64x2.add(even, d);
      else odd = f64x2.add(odd, d);
    }
    return Lane.sum(f64x2.add(even, odd));
  }

  static deviation<T>(x: usize, n: i32, max: f64, count: i32, f: f64): f64 {
    const mean = Left.sum<T>(x, n, max, f, 0, false) / count;
    return sqrt<f64>(Left.sum<T>(x, n, max, f, mean, true) / count) / f;
  }

  /** max - s sd of what is not masked. */
  static leastBySigma<T>(x: usize, n: i32, max: f64, s: f64): f64 {
    const count = Left.count<T>(x, n);
    let sd = Left.deviation<T>(x, n, max, count, 1);
    if (!(sd < Infinity)) sd = Left.deviation<T>(x, n, max, count, c.SIGMA_SCALE);
    return max - s * sd;
  }

  /** The least number of T that is not below x. */
  @inline static ceil<T>(x: f64): T {
    const y = <T>x;
    if (sizeof<T>() == 8 || !(<f64>y < x)) return y;
    const bits = reinterpret<i32>(<f32>y);
    return <T>reinterpret<f32>(y < 0 ? bits - 1 : y > 0 ? bits + 1 : 1);
  }

  /** copy = the row, masked below t, with the maxima of its blocks. */
  mask<T>(x: usize, t: T): void {
    const low = Constant.minusInfinity<T>(),
      least = v128.splat<T>(t),
      bytes = (<usize>this.n) << alignof<T>(),
      to = this.copy;
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = v128.load(x + i);
      v128.store(to + i, Lane.select(v128.lt<T>(v, least), low, v));
    }
    this.row = to;
    Thinned.tops<T>(to, Greatest.tops<T>(this.lists, this.n), this.n);
  }

  /** What the parameters at p leave of a row whose greatest element is finite. The maxima of its blocks are there. */
  survive<T>(x: usize, greatest: T, p: usize, temperature: f64): void {
    const n = this.n,
      keep = <i32>min<f64>(max<f64>(Left.of(p, c.MIN_KEEP), 1), n),
      sigma = Left.of(p, c.N_SIGMA),
      k = Left.of(p, c.TOP_K);
    let limit = n;
    this.keep = keep;
    this.row = x;
    this.max = <f64>greatest;
    this.temperature = temperature;
    this.from = 0;
    this.count = 0;
    this.whole = true;
    this.rowTotal = NaN;
    if (sigma > 0 && sigma < Infinity) {
      const t = Left.ceil<T>(Left.leastBySigma<T>(x, n, <f64>greatest, sigma)),
        // what is not comparable removes nothing
        kept = t > -Infinity ? Left.reaching<T>(x, n, t) : n;
      if (kept > c.MASS_LIST && kept >= keep) {
        if (kept < n) this.mask<T>(x, t);
      } else {
        limit = max(kept, keep);
      }
    }
    if (k > 0 && k < n) limit = min(limit, max(<i32>k, keep));
    const byOrder =
      <f32>Left.of(p, c.TYPICAL_P) < 1 ||
      <f32>Left.of(p, c.TOP_P) < 1 ||
      Left.of(p, c.MIN_P) > 0 ||
      Left.of(p, c.EPSILON) > 0 ||
      Left.of(p, c.ETA) > 0;
    // one token has all of the mass
    if (temperature == 0 && byOrder) limit = min(limit, keep);
    const steps = temperature > 0 && (byOrder || Left.of(p, c.XTC_THRESHOLD) <= 0.5);
    if (!steps) {
      // at T = 0 all have a probability of at least 0
      const last = temperature == 0 && Left.of(p, c.XTC_THRESHOLD) == 0 && keep == 1;
      if (limit == n && !last) return;
      this.count = Greatest.list<T>(this.row, n, limit, this.lists);
      if (last) this.from = this.count - 1;
      // or there is no more
      this.whole = !last && this.count < limit;
      return;
    }
    const m = limit > c.MASS_LIST ? Left.count<T>(this.row, n) : 0;
    this.m = m;
    this.byRow = m > c.MASS_LIST && limit >= m;
    // typicalP begins in the middle
    let count = this.byRow ? (<f32>Left.of(p, c.TYPICAL_P) < 1 ? m : c.FIRST_LIST) : limit;
    while (!this.run<T>(p, count)) count = min(c.LONGER_LIST * count, m);
  }

  /** Takes the first so many of the row; false where they do not tell what is left. */
  run<T>(p: usize, count: i32): bool {
    this.open = this.byRow && count < this.m;
    this.whole = this.byRow;
    this.from = 0;
    this.count = Greatest.list<T>(this.row, this.n, count, this.lists);
    this.exponentials<T>();
    const typicalP = <f32>Left.of(p, c.TYPICAL_P),
      topP = <f32>Left.of(p, c.TOP_P),
      minP = Left.of(p, c.MIN_P),
      epsilon = Left.of(p, c.EPSILON),
      eta = Left.of(p, c.ETA),
      threshold = Left.of(p, c.XTC_THRESHOLD);
    if (typicalP < 1) {
      if (this.open) return false;
      this.typical<T>(typicalP);
    }
    if (topP < 1) this.top<T>(topP);
    if (minP > 0) this.min<T>(minP);
    if (this.open && (topP < 1 || minP > 0)) return false;
    if (epsilon > 0) {
      this.atLeast<T>(epsilon);
      if (this.open) return false;
    }
    if (eta > 0) {
      const H = this.entropy<T>(this.total<T>());
      this.atLeast<T>(min<f64>(eta, sqrt<f64>(eta) * Double.expOf(-H)));
      if (this.open) return false;
    }
    return !(threshold <= 0.5) || this.xtc<T>(threshold);
  }

  @inline value<T>(i: i32): T {
    return load<T>(Greatest.at<T>(this.row, load<i32>(Greatest.at<i32>(this.list, i))));
  }

  @inline mass(i: i32): f64 {
    return Left.of(this.masses, i);
  }

  /** The scores of elements i and i + 1 of the list. */
  scores<T>(i: i32): v128 {
    const max = this.max,
      t = this.temperature,
      z = f64x2.splat(Left.score(<f64>this.value<T>(i), max, t));
    return i + 1 < this.count ? f64x2.replace_lane(z, 1, Left.score(<f64>this.value<T>(i + 1), max, t)) : z;
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

  /** That of the row, whose exponentials stay at `spare`. */
  ofRow<T>(): f64 {
    if (this.temperature == Infinity) return this.m;
    const t = <T>this.temperature;
    Exponents.open<T>(t);
    return Exponentials.sum<T>(this.row, this.spare, this.n, v128.splat<T>(<T>this.max), t) / this.factor<T>();
  }

  /** What the row's exponentials are multiplied by. */
  factor<T>(): f64 {
    const max = v128.splat<T>(<T>this.max);
    if (!Exponents.reach<T>(max)) return 1;
    const N = <f64>v128.extract_lane<T>(Exponents.exponent<T>(max), 0);
    return Double.expOf(this.max / this.temperature - N * c.LN2_HIGH_F64 - N * c.LN2_LOW_F64);
  }

  /** The entropy of what is left, whose mass is `total`. */
  entropy<T>(total: f64): f64 {
    const max = this.max,
      t = this.temperature;
    let sum: f64 = 0;
    if (!this.whole) {
      for (let i = 0; i < this.count; i++) {
        const e = this.mass(i);
        if (e > 0) sum += e * Left.score(<f64>this.value<T>(i), max, t);
      }
    } else if (t < Infinity) {
      for (let i = 0; i < this.n; i++) {
        const e = <f64>load<T>(Greatest.at<T>(this.spare, i));
        if (e > 0) sum += e * Left.score(<f64>load<T>(Greatest.at<T>(this.row, i)), max, t);
      }
      sum /= this.factor<T>();
    }
    return Double.logOf(total) - sum / total;
  }

  /** Whether the share of a mass, rounded once to f32, is below p. */
  @inline static below(mass: f64, total: f64, p: f32): bool {
    return <f32>(mass / total) < p;
  }

  /** Leaves the first so many of the list, all of it if there are no more. */
  cut(count: i32): void {
    if (count >= this.count) return;
    this.count = count;
    this.open = false;
    this.whole = false;
  }

  /** By |-log p - H| ascending, while the mass before is below t. */
  typical<T>(t: f32): void {
    const count = this.count,
      room = Greatest.room<f64>(this.n),
      distances = this.spare + Greatest.room<T>(this.n),
      order = distances + 2 * room,
      total = this.total<T>(),
      H = this.entropy<T>(total),
      logTotal = Double.logOf(total);
    for (let i = 0; i < count; i++) {
      const z = Left.score(<f64>this.value<T>(i), this.max, this.temperature);
      // negative, as the greatest come first
      store<f64>(Greatest.at<f64>(distances, i), -abs<f64>(logTotal - z - H));
      store<i32>(Greatest.at<i32>(order, i), i);
    }
    Greatest.sort<f64>(distances, order, count, distances + room, order + Greatest.room<i32>(this.n), this.lists);
    let before: f64 = 0,
      kept = 0;
    for (; kept < count && (kept < this.keep || Left.below(before, total, t)); kept++) {
      before += this.mass(load<i32>(Greatest.at<i32>(order, kept)));
    }
    for (let i = kept; i < count; i++) {
      store<f64>(Greatest.at<f64>(this.masses, load<i32>(Greatest.at<i32>(order, i))), -1);
    }
    for (let i = 0, to = 0; i < count; i++) {
      const e = this.mass(i);
      if (e < 0) continue;
      store<f64>(Greatest.at<f64>(this.masses, to), e);
      store<i32>(Greatest.at<i32>(this.list, to), load<i32>(Greatest.at<i32>(this.list, i)));
      to++;
    }
    this.cut(kept);
  }

  /** In order, while the mass before is below p. */
  top<T>(p: f32): void {
    const total = this.total<T>();
    let before: f64 = 0,
      kept = 0;
    while (kept < this.count && (kept < this.keep || Left.below(before, total, p))) before += this.mass(kept++);
    this.cut(kept);
  }

  /** p of m times the greatest one at least, by z >= log m. */
  min<T>(m: f64): void {
    const t = <T>this.temperature,
      scale = Scores.scale<T>(t),
      max = this.value<T>(0) * scale,
      least = <T>Double.logOf(m);
    let kept = 1;
    while (kept < this.count && (kept < this.keep || (this.value<T>(kept) * scale - max) / (t * scale) >= least))
      kept++;
    this.cut(kept);
  }

  /** p of e at least. */
  atLeast<T>(e: f64): void {
    this.cut(max(this.keep, this.reach<T>(e)));
  }

  /** How many of the list have a probability of at least p. */
  reach<T>(p: f64): i32 {
    const total = this.total<T>(),
      least = <f32>p;
    let i = 0;
    while (i < this.count && !Left.below(this.mass(i), total, least)) i++;
    return i;
  }

  /** Without those of probability t and more, but for the last of them. False if there may be more than the list shows. */
  xtc<T>(t: f64): bool {
    const those = this.reach<T>(t);
    if (those == this.count && this.open) return false;
    const left = this.whole ? this.m : this.count;
    if (those > 1 && left - (those - 1) >= this.keep) this.from = those - 1;
    return true;
  }

  /** Writes what is left of a row x, -Infinity elsewhere. */
  write<T>(x: usize, to: usize): void {
    const bytes = (<usize>this.n) << alignof<T>();
    if (this.whole) {
      if (this.row != to) memory.copy(to, this.row, bytes);
      for (let j = 0; j < this.from; j++) {
        store<T>(Greatest.at<T>(to, load<i32>(Greatest.at<i32>(this.list, j))), -Infinity);
      }
      return;
    }
    const low = Constant.minusInfinity<T>();
    for (let i: usize = 0; i < bytes; i += 16) Lane.storeUpTo<T>(to + i, low, bytes - i);
    for (let j = this.from; j < this.count; j++) {
      const index = load<i32>(Greatest.at<i32>(this.list, j));
      store<T>(Greatest.at<T>(to, index), load<T>(Greatest.at<T>(x, index)));
    }
  }
}
