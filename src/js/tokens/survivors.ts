import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap, integers, round } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import * as Scores from '../max/scores.ts';
import { expSum } from '../max/softmax.ts';
import { greatest } from '../max/top_k.ts';

/** Where things lie in the scratch of a row, as indices of the integers, the doubles and the heap. */
export interface Regions {
  /** Indices in order. */
  readonly list: number;
  /** The exponentials of those, the greatest of the row being 1. */
  readonly masses: number;
  /** Room for two rows. */
  readonly copy: number;
  readonly spare: number;
}

export function regionsOf(scratch: number, n: number): Regions {
  const room = (bytes: number): number => 16 * Math.ceil((n * bytes) / 16 + 4);
  const masses = scratch + room(4),
    copy = masses + room(8),
    spare = copy + room(BYTES);
  return { list: scratch / 4, masses: masses / 8, copy: copy / BYTES, spare: spare / BYTES };
}

/** What is left of a row. */
export interface Left {
  /** The row at this index: as it was given, or without what nSigma has removed. */
  readonly row: number;
  /** The indices from `from` up to `count` of the list: value descending, index ascending. */
  from: number;
  count: number;
  /** Whether instead all of the row is left, but for the list's first `from`. */
  whole: boolean;
}

/** z = (v - max) / T in f64. */
export function scoreOf(v: number, max: number, temperature: number): number {
  const scale = Scores.scaleOf(temperature);
  return (v * scale - max * scale) / (temperature * scale);
}

/** How many elements of a row are not masked. */
export function countOf(x: number, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (heap[x + i]! > -Infinity) count++;
  return count;
}

/**
 * max - s sd of what is not masked: the population's standard deviation, by d = x - max and then by its differences from
 * their mean; element i goes to partial sum i mod 4, the sum is (s0 + s2) + (s1 + s3).
 */
function leastBySigma(x: number, n: number, max: number, s: number): number {
  const sum = (f: number, of: (d: number) => number): number => {
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const v = heap[x + i]!;
      if (v > -Infinity) sums[i & 3]! += of(v * f - max * f);
    }
    return sums[0]! + sums[2]! + (sums[1]! + sums[3]!);
  };
  const count = countOf(x, n);
  const deviation = (f: number): number => {
    const mean = sum(f, (d) => d) / count;
    return Math.sqrt(sum(f, (d) => (d - mean) * (d - mean)) / count) / f;
  };
  const sd = deviation(1);
  return max - s * (sd < Infinity ? sd : deviation(c.SIGMA_SCALE));
}

/**
 * The steps of truncation over a row: nSigma, topK, typicalP, topP, minP, epsilon, eta, xtcThreshold. Each leaves `keep`
 * tokens at least. Probabilities are exponentials in f64 over what is left at that step, shares of them are rounded to f32.
 *
 * The steps see the first elements of the row in order. Where those may be too few to tell what a step removes, they begin
 * again with more.
 */
class Steps implements Left {
  from = 0;
  count = 0;
  whole: boolean;
  /** Whether elements behind the list are left. */
  private open = false;
  private rowTotal = NaN;

  constructor(
    readonly row: number,
    private readonly n: number,
    /** How many of the row are not masked. */
    private readonly m: number,
    private readonly max: number,
    private readonly temperature: number,
    private readonly keep: number,
    private readonly at: Regions,
    /** Whether the mass of all that is left is taken from the row. */
    private readonly byRow: boolean,
  ) {
    this.whole = byRow;
  }

  /** Takes the first so many of the row; false where they do not tell what is left. */
  run(p: number, count: number): boolean {
    const { at, row, n, max, temperature } = this;
    greatest(row, n, count, at.list);
    this.count = count;
    this.open = count < this.m && this.byRow;
    this.whole = this.byRow;
    this.from = 0;
    for (let i = 0; i < count; i++) doubles[at.masses + i] = exp(scoreOf(this.value(i), max, temperature));
    const typicalP = Math.fround(doubles[p + c.TYPICAL_P]!),
      topP = Math.fround(doubles[p + c.TOP_P]!),
      minP = doubles[p + c.MIN_P]!,
      epsilon = doubles[p + c.EPSILON]!,
      eta = doubles[p + c.ETA]!,
      threshold = doubles[p + c.XTC_THRESHOLD]!;
    if (typicalP < 1) {
      if (this.open) return false;
      this.typical(typicalP);
    }
    if (topP < 1) this.top(topP);
    if (minP > 0) this.min(minP);
    if (this.open && (topP < 1 || minP > 0)) return false;
    if (epsilon > 0) {
      this.atLeast(epsilon);
      if (this.open) return false;
    }
    if (eta > 0) {
      this.atLeast(Math.min(eta, Math.sqrt(eta) * exp(-this.entropy(this.total()))));
      if (this.open) return false;
    }
    return !(threshold <= 0.5) || this.xtc(threshold);
  }

  private value(i: number): number {
    return heap[this.row + integers[this.at.list + i]!]!;
  }

  private mass(i: number): number {
    return doubles[this.at.masses + i]!;
  }

  /** The mass of what is left, that of the greatest being 1. */
  private total(): number {
    if (this.whole) return (this.rowTotal = Number.isNaN(this.rowTotal) ? this.ofRow() : this.rowTotal);
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.mass(i);
    return sum;
  }

  /** That of the row, whose exponentials stay at `spare`. */
  private ofRow(): number {
    const { row, n, max, temperature, at } = this;
    if (temperature === Infinity) return this.m;
    Exponents.open(temperature);
    return expSum(row, at.spare, n, max, temperature) / this.factor();
  }

  /** What the row's exponentials are multiplied by. */
  private factor(): number {
    const { max, temperature } = this;
    if (!Exponents.reach(max)) return 1;
    const N = Exponents.exponent(max);
    return exp(max / temperature - N * c.LN2_HIGH_F64 - N * c.LN2_LOW_F64);
  }

  /** The entropy of what is left, whose mass is `total`. */
  private entropy(total: number): number {
    const { row, n, max, temperature, at } = this;
    let sum = 0;
    if (!this.whole) {
      for (let i = 0; i < this.count; i++) {
        const e = this.mass(i);
        if (e > 0) sum += e * scoreOf(this.value(i), max, temperature);
      }
    } else if (temperature < Infinity) {
      for (let i = 0; i < n; i++) {
        const e = heap[at.spare + i]!;
        if (e > 0) sum += e * scoreOf(heap[row + i]!, max, temperature);
      }
      sum /= this.factor();
    }
    return log(total) - sum / total;
  }

  /** Whether the share of a mass, rounded once to f32, is below p. */
  private below(mass: number, total: number, p: number): boolean {
    return Math.fround(mass / total) < p;
  }

  /** Leaves the first so many of the list, all of it if there are no more. */
  private cut(count: number): void {
    if (count >= this.count) return;
    this.count = count;
    this.open = false;
    this.whole = false;
  }

  /** By |-log p - H| ascending, while the mass before is below t. */
  private typical(t: number): void {
    const { at, count, max, temperature } = this,
      total = this.total(),
      H = this.entropy(total),
      logTotal = log(total);
    const distance = Float64Array.from({ length: count }, (_, i) =>
      Math.abs(logTotal - scoreOf(this.value(i), max, temperature) - H),
    );
    const order = Array.from(distance.keys()).sort((a, b) => distance[a]! - distance[b]! || a - b);
    let before = 0,
      kept = 0;
    while (kept < count && (kept < this.keep || this.below(before, total, t))) before += this.mass(order[kept++]!);
    if (kept === count) return;
    for (const i of order.slice(kept)) doubles[at.masses + i] = -1;
    for (let i = 0, to = 0; i < count; i++) {
      if (this.mass(i) < 0) continue;
      doubles[at.masses + to] = this.mass(i);
      integers[at.list + to++] = integers[at.list + i]!;
    }
    this.cut(kept);
  }

  /** In order, while the mass before is below p. */
  private top(p: number): void {
    const total = this.total();
    let before = 0,
      kept = 0;
    while (kept < this.count && (kept < this.keep || this.below(before, total, p))) before += this.mass(kept++);
    this.cut(kept);
  }

  /** p of m times the greatest one at least, by z >= log m. */
  private min(m: number): void {
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
  private atLeast(e: number): void {
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
  private xtc(t: number): boolean {
    const those = this.reach(t);
    if (those === this.count && this.open) return false;
    const left = this.whole ? this.m : this.count;
    if (those > 1 && left - (those - 1) >= this.keep) this.from = those - 1;
    return true;
  }
}

/** What the parameters at index p of the doubles leave of a row whose greatest element is finite. */
export function survivors(x: number, n: number, max: number, p: number, temperature: number, at: Regions): Left {
  const of = (i: number): number => doubles[p + i]!,
    keep = Math.min(Math.max(1, of(c.MIN_KEEP)), n),
    sigma = of(c.N_SIGMA);
  let row = x,
    limit = n;
  if (sigma > 0 && sigma < Infinity) {
    const least = leastBySigma(x, n, max, sigma),
      stays = (v: number): boolean => v > -Infinity && v >= least;
    let kept = 0;
    // what is not comparable removes nothing
    if (least > -Infinity) for (let i = 0; i < n; i++) kept += stays(heap[x + i]!) ? 1 : 0;
    else kept = n;
    if (kept > c.MASS_LIST && kept >= keep) {
      if (kept < n) {
        row = at.copy;
        for (let i = 0; i < n; i++) heap[row + i] = stays(heap[x + i]!) ? heap[x + i]! : -Infinity;
      }
    } else {
      limit = Math.max(kept, keep);
    }
  }
  const k = of(c.TOP_K);
  if (k > 0 && k < n) limit = Math.min(limit, Math.max(k, keep));
  const byOrder =
    Math.fround(of(c.TYPICAL_P)) < 1 ||
    Math.fround(of(c.TOP_P)) < 1 ||
    of(c.MIN_P) > 0 ||
    of(c.EPSILON) > 0 ||
    of(c.ETA) > 0;
  // one token has all of the mass
  if (temperature === 0 && byOrder) limit = Math.min(limit, keep);
  const steps = temperature > 0 && (byOrder || of(c.XTC_THRESHOLD) <= 0.5);
  const m = countOf(row, n);
  if (!steps) {
    // at T = 0 all have a probability of at least 0
    const last = temperature === 0 && of(c.XTC_THRESHOLD) === 0 && keep === 1,
      count = Math.min(limit, m);
    if (!last && (limit === n || m < limit)) return { row, from: 0, count: 0, whole: true };
    greatest(row, n, count, at.list);
    return { row, from: last ? count - 1 : 0, count, whole: false };
  }
  const byRow = limit >= m && m > c.MASS_LIST;
  const left = new Steps(row, n, m, max, temperature, keep, at, byRow);
  // typicalP begins in the middle
  let count = byRow && !(Math.fround(of(c.TYPICAL_P)) < 1) ? c.FIRST_LIST : Math.min(limit, m);
  while (!left.run(p, count)) count = Math.min(c.LONGER_LIST * count, m);
  return left;
}

/** Writes what is left of a row x at index `to`, -Infinity elsewhere. */
export function write(left: Left, x: number, to: number, n: number, list: number): void {
  const { row, from, count, whole } = left;
  if (whole) {
    if (row !== to) heap.copyWithin(to, row, row + n);
    for (let j = 0; j < from; j++) heap[to + integers[list + j]!] = -Infinity;
  } else {
    heap.fill(-Infinity, to, to + n);
    for (let j = from; j < count; j++) heap[to + integers[list + j]!] = heap[x + integers[list + j]!]!;
  }
}
