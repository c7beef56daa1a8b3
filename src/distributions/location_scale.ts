import { checkDraws, checkEach, checkParameters, checkSame, newDraws } from '../engine/check_distributions.ts';
import { type Floats, kindOf } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, log, log1p, negated, rounded } from '../math/float64.ts';
import type { Source } from '../random/rng.ts';
import { summed } from './arrays.ts';
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
  readonly logProb: Each;
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

/**
 * The law of x = loc + scale z. Parameters are arrays of one dtype and length, or numbers, which count for every element
 * (two numbers: one float32 distribution). A value holds one draw of each, or several, one behind the other; a number
 * counts for each element. Results have the length of the value, or of the parameters where there is none. All but samples
 * is computed in f64 and rounded once.
 */
export abstract class LocationScale<A extends Floats> {
  /** The location of each element. */
  readonly loc: A;
  /** The scale of each element: not the variance. */
  readonly scale: A;

  /** Errors: TypeError for other kinds or two dtypes; RangeError for two lengths, a loc that is not finite, a scale that is not finite and positive. */
  protected constructor(loc: number | Values<A>, scale: number | Values<A>) {
    [this.loc, this.scale] = checkParameters({ loc, scale }) as [A, A];
    checkEach('loc', this.loc, Number.isFinite, 'finite');
    checkEach('scale', this.scale, (v) => v > 0 && v < Infinity, 'finite and positive');
  }

  /** A method and not a field, so that it works behind a Proxy too. @internal */
  protected abstract law(): Law;

  /**
   * Draws of each element: loc + scale times the noise of `random`.
   *
   * @param source a Key, or an Rng, which gives one key
   * @param draws how many; one draw of all elements behind the other
   * @throws RangeError for draws that are no positive integer, or more than there is room for
   */
  sample(source: Source, draws = 1): A {
    const { loc } = this;
    return shift(this, this.law().noise(source, newDraws(kindOf(loc), draws, loc.length) as A));
  }

  /** The log-density of each value; -Infinity at +-Infinity, NaN for a NaN. */
  logProb(value: number | Like<A>): A {
    const logScale = log(new Float64Array(this.scale));
    const standard = this.law().logProb(standardize(this, value));
    return round(
      this,
      standard.map((l, i) => l - logScale[i % logScale.length]!),
    );
  }

  /** The gradients of sum_i dLogProb_i logProb_i: value like the value; loc and scale like them, over all draws. */
  vjp(value: number | Like<A>, dLogProb: Like<A>): { value: A; loc: A; scale: A } {
    const { loc, scale } = this;
    const z = standardize(this, value),
      d = checkSame('dLogProb', dLogProb, kindOf(loc), 'value', z.length);
    const score = this.law().score(z),
      g = z.map((_, i) => d[i]! / scale[i % scale.length]!);
    return {
      value: round(
        this,
        g.map((v, i) => v * score[i]!),
      ),
      loc: summed(
        g.map((v, i) => -v * score[i]!),
        loc,
      ),
      scale: summed(
        g.map((v, i) => -v * (1 + z[i]! * score[i]!)),
        loc,
      ),
    };
  }

  /** P(x <= value). */
  cdf(value: number | Like<A>): A {
    return round(this, this.law().cdf(standardize(this, value)));
  }

  /** log P(x <= value), right also where the probability itself is 0 or 1. */
  logCdf(value: number | Like<A>): A {
    return round(this, this.law().logCdf(standardize(this, value)));
  }

  /** P(x > value), the survival function, with full relative accuracy where cdf is 1. */
  sf(value: number | Like<A>): A {
    return round(this, this.law().sf(standardize(this, value)));
  }

  /** log P(x > value), right also where the probability itself is 0 or 1. */
  logSf(value: number | Like<A>): A {
    return round(this, this.law().logSf(standardize(this, value)));
  }

  /** The x with cdf(x) = value: +-Infinity at the ends, NaN outside [0, 1]. */
  icdf(value: number | Like<A>): A {
    return shift(this, this.law().icdf(checkDraws(value, [kindOf(this.loc)], this.loc.length)));
  }

  /** The x with sf(x) = value: +-Infinity at the ends, NaN outside [0, 1]. */
  isf(value: number | Like<A>): A {
    return shift(this, this.law().isf(checkDraws(value, [kindOf(this.loc)], this.loc.length)));
  }

  /** The mean: loc, and for a Gumbel 0.5772 scale more. */
  mean(): A {
    return shiftAll(this, this.law().mean);
  }

  /** The median: loc, and for a Gumbel 0.3665 scale more. */
  median(): A {
    return shiftAll(this, this.law().median);
  }

  /** Where the density is greatest: loc. */
  mode(): A {
    return shiftAll(this, this.law().mode);
  }

  /** The variance: scale^2 times 1 (Normal), pi^2 / 6 (Gumbel) or pi^2 / 3 (Logistic). */
  variance(): A {
    const { scale } = this,
      { variance } = this.law();
    return round(
      this,
      doubles(scale.length, (i) => scale[i]! * scale[i]! * variance),
    );
  }

  /** The standard deviation. */
  stddev(): A {
    const { scale } = this,
      root = Math.sqrt(this.law().variance);
    return round(
      this,
      doubles(scale.length, (i) => scale[i]! * root),
    );
  }

  /** The differential entropy, in nats. */
  entropy(): A {
    const { entropy } = this.law();
    return round(
      this,
      log(new Float64Array(this.scale)).map((l) => l + entropy),
    );
  }

  /**
   * The gradient of sum_i d_i entropy_i: d / scale by the scale, 0 by the location.
   *
   * @param d one value per element
   */
  entropyVjp(d: Like<A>): LocationScaleGradient<A> {
    const { loc, scale } = this;
    const by = checkSame('d', d, kindOf(loc), 'the entropy', loc.length);
    return {
      loc: round(this, new Float64Array(loc.length)),
      scale: round(
        this,
        doubles(by.length, (i) => by[i]! / scale[i]!),
      ),
    };
  }

  /** KL(this || q): see klDivergence. */
  kl(q: this): A {
    return round(this, this.law().kl(relative(this, q)));
  }

  /** The gradients of sum_i d_i KL_i: see klDivergence.vjp. */
  klVjp(q: this, d: Like<A>): { p: LocationScaleGradient<A>; q: LocationScaleGradient<A> } {
    const by = checkSame('d', d, kindOf(this.loc), 'the divergence', this.loc.length),
      beside = relative(this, q);
    const slopes = this.law().klSlopes(beside),
      { length } = q.loc;
    // d_i / scale_q, times the derivative by what is in units of scale_q
    const over = (of: (i: number) => number): Float64Array =>
      doubles(by.length, (i) => (of(i) * by[i]!) / q.scale[i % length]!);
    const loc = over((i) => slopes.loc[i]!);
    return {
      p: {
        loc: round(this, loc),
        scale: round(
          this,
          over((i) => slopes.scale[i]!),
        ),
      },
      q: {
        loc: summed(negated(loc), q.loc),
        scale: summed(
          over((i) => -(slopes.loc[i]! * beside.loc[i]! + slopes.scale[i]! * beside.scale[i]!)),
          q.loc,
        ),
      },
    };
  }
}

/** The gradient by the parameters. */
export interface LocationScaleGradient<A extends Floats> {
  readonly loc: A;
  readonly scale: A;
}

type Parameters<A extends Floats> = Pick<LocationScale<A>, 'loc' | 'scale'>;

function round<A extends Floats>({ loc }: Parameters<A>, values: Float64Array): A {
  return rounded(values, kindOf(loc));
}

/** loc + scale z, where a product that overflows may still be part of a finite sum. */
function shift<A extends Floats>(law: Parameters<A>, z: Floats): A {
  const { loc, scale } = law;
  const { length } = loc;
  return round(
    law,
    doubles(z.length, (i) => {
      const [l, s] = [loc[i % length]!, scale[i % length]!];
      const product = s * z[i]!;
      return Math.abs(product) === Infinity ? (l / 2 + (s / 2) * z[i]!) * 2 : l + product;
    }),
  );
}

function shiftAll<A extends Floats>(law: Parameters<A>, z: number): A {
  return shift(law, new Float64Array(law.loc.length).fill(z));
}

/** (value - loc) / scale */
function standardize<A extends Floats>({ loc, scale }: Parameters<A>, value: number | Like<A>): Float64Array {
  const { length } = loc;
  return checkDraws(value, [kindOf(loc)], length).map((x, i) => quotient(x, loc[i % length]!, scale[i % length]!));
}

/** (x - loc) / scale, where a difference that overflows may still have a finite quotient. */
function quotient(x: number, loc: number, scale: number): number {
  const difference = x - loc;
  return Math.abs(difference) === Infinity ? ((x / 2 - loc / 2) / scale) * 2 : difference / scale;
}

function relative(p: Parameters<Floats>, q: Parameters<Floats>): Relative {
  const { length } = q.loc;
  const each = (of: (i: number, j: number) => number): Float64Array => doubles(p.loc.length, (i) => of(i, i % length));
  const excess = each((i, j) => (p.scale[i]! - q.scale[j]!) / q.scale[j]!);
  const [near, own, other] = [log1p(excess), log(new Float64Array(p.scale)), log(new Float64Array(q.scale))];
  return {
    loc: each((i, j) => quotient(p.loc[i]!, q.loc[j]!, q.scale[j]!)),
    scale: each((i, j) => p.scale[i]! / q.scale[j]!),
    excess,
    logScale: each((i, j) => (Math.abs(excess[i]!) < 0.5 ? near[i]! : own[i]! - other[j]!)),
  };
}
