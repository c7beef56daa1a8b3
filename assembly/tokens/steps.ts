import * as c from '../shared';
import { Double } from '../math/double';
import { Scores } from '../max/scores';
import { Greatest } from '../max/top_k';
import { Regions } from './regions';
import { Selection } from './selection';

/** The steps that remove tokens of a list. See src/js/tokens/steps.ts. */
@unmanaged
export class Steps extends Selection {
  /** Leaves the first so many of the list, all of it if there are no more. */
  cut(count: i32): void {
    if (count >= this.count) return;
    this.count = count;
    this.open = false;
    this.whole = false;
  }

  /** By |-log p - H| ascending, while the mass before is below t. */
  typical<T>(t: f32, total: f64, H: f64): void {
    const count = this.count,
      room = Greatest.room<f64>(this.n),
      distances = this.spare + Greatest.room<T>(this.n),
      order = distances + 2 * room,
      logTotal = Double.logOf(total);
    for (let i = 0; i < count; i++) {
      const z = Regions.score(<f64>this.value<T>(i), this.max, this.temperature);
      // negative, as the greatest come first
      store<f64>(Greatest.at<f64>(distances, i), -abs<f64>(logTotal - z - H));
      store<i32>(Greatest.at<i32>(order, i), i);
    }
    Greatest.sort<f64>(distances, order, count, distances + room, order + Greatest.room<i32>(this.n), this.lists);
    let before: f64 = 0,
      kept = 0;
    for (; kept < count && (kept < this.keep || Selection.below(before, total, t)); kept++) {
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

  /** In order, while the mass before is below p. False where a longer list may tell it without the mass of the row. */
  top<T>(p: f32): bool {
    this.bound<T>();
    let kept = this.nucleus(p, this.high);
    if (this.low < this.high && this.nucleus(p, this.low) != kept) {
      if (this.count < c.SELECTION_FROM) return false;
      kept = this.nucleus(p, this.total<T>());
    }
    this.cut(kept);
    return true;
  }

  /** How many are left then, of such a mass of all. */
  nucleus(p: f32, total: f64): i32 {
    let before: f64 = 0,
      kept = 0;
    while (kept < this.count && (kept < this.keep || Selection.below(before, total, p))) before += this.mass(kept++);
    return kept;
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
    const least = <f32>p;
    this.bound<T>();
    let count = this.reached(least, this.high);
    if (this.low < this.high && this.reached(least, this.low) != count) count = this.reached(least, this.total<T>());
    return count;
  }

  reached(least: f32, total: f64): i32 {
    let i = 0;
    while (i < this.count && !Selection.below(this.mass(i), total, least)) i++;
    return i;
  }

  /** Without those of probability t and more, but for the last of them. False if there may be more than the list shows. */
  xtc<T>(t: f64): bool {
    const those = this.reach<T>(t);
    if (those == this.count && this.open) return false;
    const left = this.whole ? this.unmasked<T>() : this.count;
    if (those > 1 && left - (those - 1) >= this.keep) this.from = those - 1;
    return true;
  }
}
