import * as c from '../../shared/constants.ts';
import { doubles, heap, integers } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import { expSum } from '../max/exponentials.ts';
import { countOf } from './deviation.ts';
import { type Regions, scoreOf } from './regions.ts';

/**
 * The masses of a row and of a list of its first elements, exponentials in f64, that of the greatest being 1. That of all
 * of a row with more than MASS_LIST tokens is the sum of its exponentials in the dtype.
 */
export class Masses {
  /** The indices from `from` up to `count` of the list are left: value descending, index ascending. */
  count = 0;
  from = 0;
  /** Whether instead all of the row is left, but for the list's first `from`. */
  whole = true;
  private m = -1;
  private rowTotal = NaN;

  constructor(
    readonly row: number,
    protected readonly n: number,
    protected readonly max: number,
    protected readonly temperature: number,
    protected readonly keep: number,
    protected readonly at: Regions,
  ) {}

  /** How many of the row are not masked. */
  unmasked(): number {
    if (this.m < 0) this.m = countOf(this.row, this.n);
    return this.m;
  }

  /** Whether they are more than MASS_LIST, which the first of a long row tell as a rule. */
  many(): boolean {
    return countOf(this.row, Math.min(this.n, 2 * c.MASS_LIST)) > c.MASS_LIST || this.unmasked() > c.MASS_LIST;
  }

  protected value(i: number): number {
    return heap[this.row + integers[this.at.list + i]!]!;
  }

  protected mass(i: number): number {
    return doubles[this.at.masses + i]!;
  }

  /** The mass of what is left, that of the greatest being 1. */
  protected total(): number {
    if (this.whole) return (this.rowTotal = Number.isNaN(this.rowTotal) ? this.ofRow() : this.rowTotal);
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.mass(i);
    return sum;
  }

  /** That of the row, whose exponentials stay at `spare`. */
  private ofRow(): number {
    const { row, n, max, temperature, at } = this;
    if (temperature === Infinity) return this.unmasked();
    Exponents.open(temperature);
    return expSum(row, at.spare, n, max, temperature) / this.factor();
  }

  /** What the row's exponentials are multiplied by. */
  private factor(): number {
    const { max, temperature } = this;
    if (!Exponents.reach(max)) return 1;
    const N = Exponents.exponent(max);
    return Exponents.factor * exp(max / temperature - N * c.LN2_HIGH_F64 - N * c.LN2_LOW_F64);
  }

  /** The entropy of what is left, whose mass is `total`. Of a row element i goes to partial sum i mod 4, as in `leastBySigma`. */
  protected entropy(total: number): number {
    const { row, n, max, temperature, at } = this;
    let sum = 0;
    if (!this.whole) {
      for (let i = 0; i < this.count; i++) {
        const e = this.mass(i);
        if (e > 0) sum += e * scoreOf(this.value(i), max, temperature);
      }
    } else if (temperature < Infinity) {
      const sums = [0, 0, 0, 0];
      for (let i = 0; i < n; i++) {
        const e = heap[at.spare + i]!;
        if (e > 0) sums[i & 3]! += e * scoreOf(heap[row + i]!, max, temperature);
      }
      sum = (sums[0]! + sums[2]! + (sums[1]! + sums[3]!)) / this.factor();
    }
    return log(total) - sum / total;
  }
}
