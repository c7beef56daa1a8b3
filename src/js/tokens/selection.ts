import { doubles, integers } from '../lane.ts';
import { Masses } from './masses.ts';

/** Of a list the first by a key, here by a sort of it. */
export class Selection extends Masses {
  /** Whether the share of a mass, rounded once to f32, is below p. */
  protected below(mass: number, total: number, p: number): boolean {
    return Math.fround(mass / total) < p;
  }

  /** Puts those at the head of the list, in its order, that come first by their keys while the mass before is below t. How many. */
  protected select(keys: Float64Array, t: number, total: number): number {
    const { at, count } = this,
      order = Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
    let before = 0,
      kept = 0;
    while (kept < count && (kept < this.keep || this.below(before, total, t))) before += this.mass(order[kept++]!);
    for (const i of order.slice(kept)) doubles[at.masses + i] = -1;
    for (let i = 0, to = 0; i < count; i++) {
      if (this.mass(i) < 0) continue;
      doubles[at.masses + to] = this.mass(i);
      integers[at.list + to++] = integers[at.list + i]!;
    }
    return kept;
  }
}
