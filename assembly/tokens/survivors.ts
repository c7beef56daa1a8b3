import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Greatest } from '../max/top_k';
import { Thinned } from '../sample/categorical';
import { Deviation } from './deviation';
import { Regions } from './regions';
import { Steps } from './steps';

/** What is left of a row. See src/js/tokens/survivors.ts. */
@final
@unmanaged
export class Left extends Steps {
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
      keep = <i32>min<f64>(max<f64>(Regions.of(p, c.MIN_KEEP), 1), n),
      sigma = Regions.of(p, c.N_SIGMA),
      k = Regions.of(p, c.TOP_K);
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
      const t = Deviation.ceil<T>(Deviation.leastBySigma<T>(x, n, <f64>greatest, sigma)),
        // what is not comparable removes nothing
        kept = t > -Infinity ? Deviation.reaching<T>(x, n, t) : n;
      if (kept > c.MASS_LIST && kept >= keep) {
        if (kept < n) this.mask<T>(x, t);
      } else {
        limit = max(kept, keep);
      }
    }
    if (k > 0 && k < n) limit = min(limit, max(<i32>k, keep));
    const byOrder =
      <f32>Regions.of(p, c.TYPICAL_P) < 1 ||
      <f32>Regions.of(p, c.TOP_P) < 1 ||
      Regions.of(p, c.MIN_P) > 0 ||
      Regions.of(p, c.EPSILON) > 0 ||
      Regions.of(p, c.ETA) > 0;
    // one token has all of the mass
    if (temperature == 0 && byOrder) limit = min(limit, keep);
    const steps = temperature > 0 && (byOrder || Regions.of(p, c.XTC_THRESHOLD) <= 0.5);
    if (!steps) {
      // at T = 0 all have a probability of at least 0
      const last = temperature == 0 && Regions.of(p, c.XTC_THRESHOLD) == 0 && keep == 1;
      if (limit == n && !last) return;
      this.count = Greatest.list<T>(this.row, n, limit, this.lists);
      if (last) this.from = this.count - 1;
      // or there is no more
      this.whole = !last && this.count < limit;
      return;
    }
    this.m = -1;
    this.byRow = limit > c.MASS_LIST && this.many<T>() && (limit == n || limit >= this.unmasked<T>());
    let count = this.byRow ? c.FIRST_LIST : limit,
      selects = false;
    while (!this.run<T>(p, count, selects)) {
      // what a list of that length does not tell is long
      selects = !selects && count == c.SELECTION_FROM;
      if (!selects) count *= c.LONGER_LIST;
      if (count > c.MASS_LIST) count = min(count, this.unmasked<T>());
    }
  }

  /** The list of the first so many of the row. */
  take<T>(count: i32): void {
    this.open = this.byRow && (count <= c.MASS_LIST || count < this.unmasked<T>());
    this.count = Greatest.list<T>(this.row, this.n, count, this.lists);
    this.exponentials<T>();
  }

  /** Of them, or of all of the row, those that typicalP leaves. */
  typically<T>(t: f32, count: i32, ordered: bool): void {
    if (!this.byRow) this.take<T>(count);
    const total = this.total<T>(),
      H = this.entropy<T>(total);
    if (this.byRow) {
      if (this.select<T>(t, total, Double.logOf(total), H, ordered)) return;
      this.take<T>(this.unmasked<T>());
    }
    this.typical<T>(t, total, H);
  }

  /** Takes the first so many of the row; false where they do not tell what is left. */
  run<T>(p: usize, count: i32, selects: bool): bool {
    this.whole = this.byRow;
    this.from = 0;
    const typicalP = <f32>Regions.of(p, c.TYPICAL_P),
      topP = <f32>Regions.of(p, c.TOP_P),
      minP = Regions.of(p, c.MIN_P),
      epsilon = Regions.of(p, c.EPSILON),
      eta = Regions.of(p, c.ETA),
      threshold = Regions.of(p, c.XTC_THRESHOLD);
    const after = minP > 0 || epsilon > 0 || eta > 0 || threshold <= 0.5;
    if (typicalP < 1) this.typically<T>(typicalP, count, topP < 1 || after);
    else this.take<T>(count);
    if (topP < 1) {
      if (!this.top<T>(topP)) return false;
      if (selects && this.open && !this.select<T>(topP, this.total<T>(), 0, 0, after)) return false;
    }
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
