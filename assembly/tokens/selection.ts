import * as c from '../shared';
import { Double } from '../math/double';
import { Greatest } from '../max/top_k';
import { Masses } from './masses';

/**
 * Of a long row the first by a key, while the mass before is below a bound, without a sort of the row. The mirror sorts.
 *
 * Bins of the key gather mass by the row's exponentials. The bin in which the bound is met is sorted; what is in the bins
 * before it is added up as in the sorted row, but for the order of the sum: where that could decide, nothing is done.
 */
@unmanaged
export class Selection extends Masses {
  /** Whether the share of a mass, rounded once to f32, is below p. */
  @inline static below(mass: f64, total: f64, p: f32): bool {
    return <f32>(mass / total) < p;
  }

  /** 1 where it is below p, 0 where it is not, -1 where the order of the sum may decide. */
  certain(mass: f64, total: f64, p: f32): i32 {
    const margin = <f64>this.n * c.SELECTION_MARGIN,
      below = Selection.below(mass * (1 - margin), total, p);
    return below == Selection.below(mass * (1 + margin), total, p) ? <i32>below : -1;
  }

  /** |a - z - b| of two scores. */
  @inline static keys(z: v128, a: f64, b: f64): v128 {
    return f64x2.abs(f64x2.sub(f64x2.sub(f64x2.splat(a), z), f64x2.splat(b)));
  }

  /** Their bins, BINS for what is in none. */
  @inline static bins(z: v128, a: f64, b: f64): v128 {
    const bins = f64x2.mul(Selection.keys(z, a, b), f64x2.splat(c.SELECTION_PER_KEY));
    return i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(bins), i32x4.splat(c.SELECTION_BINS));
  }

  /** The bin in which the mass reaches the share p of the total; BINS where none is. */
  crossing<T>(p: f32, total: f64, a: f64, b: f64): i32 {
    const n = this.n,
      bins = Greatest.values(this.lists),
      all = total * this.factor<T>();
    memory.fill(bins, 0, 8 * (c.SELECTION_BINS + 1));
    for (let i = 0; i < n; i += 2) {
      const at = Greatest.at<T>(this.spare, i),
        first = <f64>load<T>(at),
        second = i + 1 < n ? <f64>load<T>(at, sizeof<T>()) : 0;
      if (first + second == 0) continue;
      const two = Selection.bins(this.two<T>(i), a, b),
        p0 = Greatest.at<f64>(bins, i32x4.extract_lane(two, 0));
      store<f64>(p0, load<f64>(p0) + first);
      const p1 = Greatest.at<f64>(bins, i32x4.extract_lane(two, 1));
      store<f64>(p1, load<f64>(p1) + second);
    }
    let bin = 0;
    for (let before: f64 = 0; bin < c.SELECTION_BINS; bin++) {
      before += load<f64>(Greatest.at<f64>(bins, bin));
      if (!Selection.below(before, all, p)) break;
    }
    return bin;
  }

  /**
   * Leaves the first by |a - z - b|, in the order of tokens if they are few or `ordered`, else with the greatest at the head
   * of the list. False, and nothing changed but the list, where a sort has to tell them.
   */
  select<T>(p: f32, total: f64, a: f64, b: f64, ordered: bool): bool {
    const n = this.n,
      flags = this.masses,
      values = Greatest.values(this.lists),
      room = Greatest.room<f64>(n),
      keys = this.spare + Greatest.room<T>(n),
      those = keys + 2 * room;
    if (!(this.temperature < Infinity)) return false;
    const bin = this.crossing<T>(p, total, a, b);
    if (bin == c.SELECTION_BINS) return false;
    let before: f64 = 0,
      kept = 0,
      some = 0;
    for (let i = 0; i < n; i += 2) {
      const z = this.two<T>(i),
        bins = Selection.bins(z, a, b),
        first = i32x4.extract_lane(bins, 0),
        second = i + 1 < n ? i32x4.extract_lane(bins, 1) : c.SELECTION_BINS;
      store<i32>(Greatest.at<i32>(flags, i), <i32>(first < bin));
      store<i32>(Greatest.at<i32>(flags, i + 1), <i32>(second < bin));
      if (min(first, second) > bin) continue;
      const e = Double.exp(z);
      if (first < bin) {
        before += f64x2.extract_lane(e, 0);
        kept++;
      }
      if (second < bin) {
        before += f64x2.extract_lane(e, 1);
        kept++;
      }
      for (let lane = 0; lane < 2; lane++) {
        if ((lane == 0 ? first : second) != bin) continue;
        store<T>(Greatest.at<T>(values, some), load<T>(Greatest.at<T>(this.row, i + lane)));
        store<i32>(Greatest.at<i32>(those, some++), i + lane);
      }
    }
    if (this.certain(before, total, p) != 1) return false;
    const other = those + Greatest.room<i32>(n);
    Greatest.sort<T>(values, those, some, values + Greatest.room<T>(n), other, this.lists);
    for (let j = 0; j < some; j++) {
      const z = f64x2.splat(this.scoreOf<T>(load<i32>(Greatest.at<i32>(those, j))));
      // negative, as the greatest come first
      store<f64>(Greatest.at<f64>(keys, j), -f64x2.extract_lane(Selection.keys(z, a, b), 0));
    }
    Greatest.sort<f64>(keys, those, some, keys + room, other, this.lists);
    for (let j = 0; ; j++) {
      const below = this.certain(before, total, p);
      if (below < 0) return false;
      if (below == 0) break;
      if (j == some) return false;
      const i = load<i32>(Greatest.at<i32>(those, j));
      store<i32>(Greatest.at<i32>(flags, i), 1);
      before += Double.expOf(this.scoreOf<T>(i));
      kept++;
    }
    if (kept < this.keep || kept == this.unmasked<T>()) return false;
    const best = this.flagged<T>(flags);
    this.count = kept;
    this.open = false;
    this.whole = false;
    if (ordered || kept <= c.MASS_LIST) {
      const more = values + Greatest.room<T>(n);
      Greatest.sort<T>(values, this.list, kept, more, this.list + Greatest.room<i32>(n), this.lists);
      this.exponentials<T>();
    } else {
      const head = load<i32>(this.list);
      store<i32>(this.list, load<i32>(Greatest.at<i32>(this.list, best)));
      store<i32>(Greatest.at<i32>(this.list, best), head);
    }
    return true;
  }

  /** The list of the elements that have a flag, with their values; returns the place of the first of the greatest. */
  flagged<T>(flags: usize): i32 {
    const values = Greatest.values(this.lists);
    let count = 0,
      best = 0;
    for (let i = 0; i < this.n; i++) {
      if (load<i32>(Greatest.at<i32>(flags, i)) == 0) continue;
      const v = load<T>(Greatest.at<T>(this.row, i));
      store<T>(Greatest.at<T>(values, count), v);
      store<i32>(Greatest.at<i32>(this.list, count), i);
      if (v > load<T>(Greatest.at<T>(values, best))) best = count;
      count++;
    }
    return best;
  }
}
