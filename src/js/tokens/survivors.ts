import * as c from '../../shared/constants.ts';
import { doubles, heap, integers } from '../lane.ts';
import { exp } from '../math/double.ts';
import { greatest } from '../max/top_k.ts';
import { leastBySigma } from './deviation.ts';
import { type Regions, scoreOf } from './regions.ts';
import { Steps } from './steps.ts';

/**
 * What is left of a row, by the steps nSigma, topK, typicalP, topP, minP, epsilon, eta, xtcThreshold. The steps see the first
 * elements of the row in order. Where those may be too few to tell what a step removes, they begin again with more.
 */
export class Left extends Steps {
  /** Whether the mass of all that is left is taken from the row. */
  private byRow = false;

  /** Runs the steps over the first `limit` of the row. */
  steps(p: number, limit: number): void {
    this.byRow = limit > c.MASS_LIST && this.many() && (limit === this.n || limit >= this.unmasked());
    // typicalP begins in the middle
    let count = c.FIRST_LIST;
    if (!this.byRow) count = limit > c.MASS_LIST ? Math.min(limit, this.unmasked()) : limit;
    else if (Math.fround(doubles[p + c.TYPICAL_P]!) < 1) count = this.unmasked();
    while (!this.run(p, count)) {
      count *= c.LONGER_LIST;
      if (count > c.MASS_LIST) count = Math.min(count, this.unmasked());
    }
  }

  /** Takes the first so many of the row, less if there are no more. */
  take(count: number): void {
    const { at, row, n } = this;
    greatest(row, n, count, at.list);
    while (count > 0 && this.value(count - 1) === -Infinity) count--;
    this.count = count;
    this.from = 0;
  }

  /** Takes the first so many of the row; false where they do not tell what is left. */
  private run(p: number, limit: number): boolean {
    const { at, max, temperature } = this;
    this.take(limit);
    this.open = this.byRow && (limit <= c.MASS_LIST || limit < this.unmasked());
    this.whole = this.byRow;
    const { count } = this;
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
  const left = new Left(row, n, max, temperature, keep, at);
  if (steps) {
    left.steps(p, limit);
    return left;
  }
  // at T = 0 all have a probability of at least 0
  const last = temperature === 0 && of(c.XTC_THRESHOLD) === 0 && keep === 1;
  if (limit === n && !last) return left;
  left.take(limit);
  if (last) left.from = left.count - 1;
  // or there is no more
  left.whole = !last && left.count < limit;
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
