import { lawAt } from '../density/law.ts';
import { newArray } from '../engine/check.ts';
import { checkDraws, checkedDraws } from '../engine/check_distributions.ts';
import { doubled, type Dtype, type Floats, kindOf, lengthOf, viewOf } from '../engine/kind.ts';
import { BLOCK, doubles, inBlocks, log, log1p, negated, rounded } from '../math/float64.ts';
import type { Source } from '../random/rng.ts';
import type { Like } from './types.ts';

type Each = (x: Float64Array) => Float64Array;
/** A function of z: a number of the kernel `law` (LAW_), or in f64 without a kernel of its own. */
export type Form = number | Each;

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
  /** In the kernel, which takes log scale from it. */
  readonly logProb: number;
  /** The derivative of logProb. */
  readonly score: Each;
  readonly cdf: Form;
  readonly logCdf: Form;
  /** Without it the law is symmetric, and those of the upper tail are the cdf and its logarithm at -z. */
  readonly sf?: Form;
  readonly logSf?: Form;
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

/** A parameter of so many draws. */
function tiled<A extends Floats>(parameter: A, draws: number): A {
  if (draws === 1) return parameter;
  const { length } = parameter,
    tile = newArray(kindOf(parameter) as Dtype, draws * length) as A;
  for (let i = 0; i < tile.length; i++) tile[i] = i < length ? parameter[i]! : tile[i - length]!;
  return tile;
}

/** z = (z - loc) / scale. A loop by itself: engines optimise it once, whatever the law. */
function quotients(z: Float64Array, loc: Floats, scale: Floats): Float64Array {
  for (let i = 0; i < z.length; i++) z[i] = quotient(z[i]!, loc[i]!, scale[i]!);
  return z;
}

/** A function of z = (value - loc) / scale; `upper`: of -z. By blocks, so that parameters of few elements are not repeated often. */
export function ofStandard<A extends Floats>(
  { loc, scale }: Parameters<A>,
  value: number | Like<A>,
  form: Form,
  upper = false,
): A {
  const kind = kindOf(loc) as Dtype,
    x = checkedDraws(value, [kind], loc.length) as A,
    draws = Math.min(x.length / loc.length, Math.ceil(BLOCK / loc.length)) || 1,
    size = draws * loc.length;
  const [l, s] = [tiled(loc, draws), tiled(scale, draws)];
  if (typeof form !== 'number') {
    return inBlocks(x, kind, (z) => form(upper ? negated(quotients(z, l, s)) : quotients(z, l, s)), size);
  }
  const result = newArray(kind, x.length) as A;
  for (let start = 0; start < x.length; start += size) {
    const length = Math.min(size, x.length - start);
    const view = (of: A, from = 0): A => (length === lengthOf(of) ? of : viewOf(of, from, length));
    const [at, from] = [view(x, start), view(l)];
    lawAt(form, upper ? from : at, upper ? at : from, view(s), view(result, start));
  }
  return result;
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
