import { round } from '../lane.ts';
import { log } from '../math/double.ts';
import * as Scores from '../max/scores.ts';
import { scoreOf } from './regions.ts';
import { Selection } from './selection.ts';

/** The steps that remove tokens of a list. Each leaves `keep` at least. Shares of the mass at that step are rounded to f32. */
export class Steps extends Selection {
  /** Whether elements behind the list are left. */
  protected open = false;

  /** Leaves the first so many of the list, all of it if there are no more. */
  private cut(count: number): void {
    if (count >= this.count) return;
    this.count = count;
    this.open = false;
    this.whole = false;
  }

  /** By |-log p - H| ascending, while the mass before is below t. */
  protected typical(t: number): void {
    const { count, max, temperature } = this,
      total = this.total(),
      H = this.entropy(total),
      logTotal = log(total);
    const distance = Float64Array.from({ length: count }, (_, i) =>
      Math.abs(logTotal - scoreOf(this.value(i), max, temperature) - H),
    );
    this.cut(this.select(distance, t, total));
  }

  /** In order, while the mass before is below p. */
  protected top(p: number): void {
    const total = this.total();
    let before = 0,
      kept = 0;
    while (kept < this.count && (kept < this.keep || this.below(before, total, p))) before += this.mass(kept++);
    this.cut(kept);
  }

  /** p of m times the greatest one at least, by z >= log m. */
  protected min(m: number): void {
    const { temperature } = this,
      scale = Scores.scaleOf(temperature),
      max = this.value(0) * scale,
      t = temperature * scale,
      least = round(log(m));
    let kept = 1;
    while (kept < this.count && (kept < this.keep || Scores.z(this.value(kept), max, t, scale) >= least)) kept++;
    this.cut(kept);
  }

  /** p of e at least. */
  protected atLeast(e: number): void {
    this.cut(Math.max(this.keep, this.reach(e)));
  }

  /** How many of the list have a probability of at least p. */
  private reach(p: number): number {
    const total = this.total(),
      least = Math.fround(p);
    let i = 0;
    while (i < this.count && !this.below(this.mass(i), total, least)) i++;
    return i;
  }

  /** Without those of probability t and more, but for the last of them. False if there may be more than the list shows. */
  protected xtc(t: number): boolean {
    const those = this.reach(t);
    if (those === this.count && this.open) return false;
    const left = this.whole ? this.unmasked() : this.count;
    if (those > 1 && left - (those - 1) >= this.keep) this.from = those - 1;
    return true;
  }
}
