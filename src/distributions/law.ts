import { newArray } from '../engine/check.ts';
import { checkDraws, checkedDraws } from '../engine/check_distributions.ts';
import { doubled, type Dtype, type Floats, kindOf } from '../engine/kind.ts';
import { BLOCK, doubles, inBlocks, log, log1p, rounded } from '../math/float64.ts';
import type { Source } from '../random/rng.ts';
import type { Like } from './types.ts';

type Each = (x: Float64Array) => Float64Array;

/** Parameters of p in units of those of q: d = (loc_p - loc_q) / scale_q, s = scale_p / scale_q, s - 1 and log s. */
export interface Relative {
  readonly loc: Float64Array;
  readonly scale: Float64Array;
  readonly excess: Float64Array;
  readonly logScale: Float64Array;
}

/** A law at location 0 and scale 1, in f64. */
export interface Law {
  noise<A extends Floats>(source: Source, out: A): A;
  /** Less `minus`, element by element; it may take the place of z. */
  logProb(z: Float64Array, minus: Float64Array): Float64Array;
  /** The derivative of logProb. */
  readonly score: Each;
  readonly cdf: Each;
  readonly logCdf: Each;
  readonly sf: Each;
  readonly logSf: Each;
  readonly icdf: Each;
  readonly isf: Each;
  /** KL(p || q) from what p's parameters are where q is the law at 0 and 1. */
  kl(relative: Relative): Float64Array;
  /** The derivatives of that by both. */
  klSlopes(relative: Relative): { readonly loc: Float64Array; readonly scale: Float64Array };
  readonly mean: number;
  readonly median: number;
  readonly mode: number;
  readonly variance: number;
  readonly entropy: number;
}

/** The parameters of a distribution. */
export interface Parameters<A extends Floats> {
  readonly loc: A;
  readonly scale: A;
}

export function round<A extends Floats>({ loc }: Parameters<A>, values: Float64Array): A {
  return rounded(values, kindOf(loc));
}

/** A parameter of so many draws, in f64. */
function tiled(parameter: Floats, draws: number): Float64Array {
  const { length } = parameter,
    tile = new Float64Array(draws * length);
  tile.set(parameter);
  for (let i = length; i < tile.length; i++) tile[i] = tile[i - length]!;
  return tile;
}

/** z = (z - loc) / scale. A loop by itself: engines optimise it once, whatever the law. */
function quotients(z: Float64Array, loc: Float64Array, scale: Float64Array): void {
  for (let i = 0; i < z.length; i++) z[i] = quotient(z[i]!, loc[i]!, scale[i]!);
}

/** The function `of` of (value - loc) / scale; `minus` of the elements of each draw goes with it. */
export function ofStandard<A extends Floats>(
  { loc, scale }: Parameters<A>,
  value: number | Like<A>,
  of: (z: Float64Array, minus: Float64Array) => Float64Array,
  minus?: Float64Array,
): A {
  const x = checkedDraws(value, [kindOf(loc)], loc.length),
    draws = Math.min(x.length / loc.length, Math.ceil(BLOCK / loc.length));
  const [l, s, m] = [tiled(loc, draws), tiled(scale, draws), minus && tiled(minus, draws)];
  const each = (z: Float64Array): Float64Array => {
    quotients(z, l, s);
    return of(z, m!);
  };
  return inBlocks(x, kindOf(loc), each, draws * loc.length);
}

/** loc + scale z, where a product that overflows may still be part of a finite sum. */
export function shift<A extends Floats>({ loc, scale }: Parameters<A>, z: Floats): A {
  const result = newArray(kindOf(loc) as Dtype, z.length) as A;
  for (let i = 0, j = 0; i < z.length; i++) {
    const [l, s] = [loc[j]!, scale[j]!],
      product = s * z[i]!;
    result[i] = Math.abs(product) === Infinity ? (l / 2 + (s / 2) * z[i]!) * 2 : l + product;
    if (++j === loc.length) j = 0;
  }
  return result;
}

export function shiftAll<A extends Floats>(law: Parameters<A>, z: number): A {
  return shift(law, new Float64Array(law.loc.length).fill(z));
}

/** (value - loc) / scale */
export function standardize<A extends Floats>({ loc, scale }: Parameters<A>, value: number | Like<A>): Float64Array {
  const z = checkDraws(value, [kindOf(loc)], loc.length);
  for (let i = 0, j = 0; i < z.length; i++) {
    z[i] = quotient(z[i]!, loc[j]!, scale[j]!);
    if (++j === loc.length) j = 0;
  }
  return z;
}

/** (x - loc) / scale, where a difference that overflows may still have a finite quotient. */
function quotient(x: number, loc: number, scale: number): number {
  const difference = x - loc;
  return Math.abs(difference) === Infinity ? ((x / 2 - loc / 2) / scale) * 2 : difference / scale;
}

export function relative(p: Parameters<Floats>, q: Parameters<Floats>): Relative {
  const { length } = q.loc;
  const each = (of: (i: number, j: number) => number): Float64Array => doubles(p.loc.length, (i) => of(i, i % length));
  const excess = each((i, j) => (p.scale[i]! - q.scale[j]!) / q.scale[j]!);
  const [near, own, other] = [log1p(excess), log(doubled(p.scale)), log(doubled(q.scale))];
  return {
    loc: each((i, j) => quotient(p.loc[i]!, q.loc[j]!, q.scale[j]!)),
    scale: each((i, j) => p.scale[i]! / q.scale[j]!),
    excess,
    logScale: each((i, j) => (Math.abs(excess[i]!) < 0.5 ? near[i]! : own[i]! - other[j]!)),
  };
}
