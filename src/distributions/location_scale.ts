import { checkDraws, checkEach, checkParameters, checkSame, newDraws } from '../engine/check_distributions.ts';
import { doubled, type Floats, kindOf } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import { doubles, log, negated } from '../math/float64.ts';
import type { Source } from '../random/rng.ts';
import { summed } from './arrays.ts';
import { type Law, ofStandard, relative, round, shift, shiftAll, standardize } from './law.ts';
import type { Like } from './types.ts';

/**
 * The law of x = loc + scale z. Parameters are arrays of one dtype and length, or numbers, which count for every element
 * (two numbers: one float32 distribution). A value holds one draw of each, or several, concatenated; a number
 * counts for each element. Results have the length of the value, or of the parameters where there is none. All but samples
 * is computed in f64 and rounded once.
 */
export abstract class LocationScale<A extends Floats> {
  /** The location of each element. */
  readonly loc: A;
  /** The scale of each element: not the variance. */
  readonly scale: A;

  /**
   * Makes the distribution from its parameters.
   *
   * @param loc The location of each element, finite.
   * @param scale The scale of each element, finite and positive; a number counts for all, two numbers are one float32
   *   element.
   * @throws TypeError for other kinds or two dtypes; RangeError for two lengths or a value out of range.
   */
  constructor(loc: number, scale: number);
  /**
   * Makes the distribution from its parameters.
   *
   * @param loc The location of each element, finite.
   * @param scale The scale of each element, finite and positive; a number counts for all, two numbers are one float32
   *   element.
   * @throws TypeError for other kinds or two dtypes; RangeError for two lengths or a value out of range.
   */
  constructor(loc: number | Input<A>, scale: number | Input<A>);
  constructor(loc: number | Input<A>, scale: number | Input<A>) {
    [this.loc, this.scale] = checkParameters({ loc, scale }) as [A, A];
    checkEach('loc', this.loc, Number.isFinite, 'finite');
    checkEach('scale', this.scale, (v) => v > 0 && v < Infinity, 'finite and positive');
  }

  /** A method and not a field, so that it works behind a Proxy too. @internal */
  protected abstract law(): Law;

  /**
   * Draws of each element: loc + scale times the noise of `random`.
   *
   * @param source A Key, or an Rng, which gives one key.
   * @param draws How many; one draw of all elements behind the other.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws RangeError for draws that are no positive integer, or more than there is room for.
   */
  sample(source: Source, draws = 1): A {
    const { loc } = this;
    return shift(this, this.law().noise(source, newDraws(kindOf(loc), draws, loc.length) as A));
  }

  /**
   * The log-density of each value; -Infinity at +-Infinity, NaN for a NaN.
   *
   * @param value Values of each element, of one draw or of several; a number counts for each element.
   * @returns One value per distribution and draw.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logProb(value: number | Like<A>): A {
    return ofStandard(this, value, this.law().logProb);
  }

  /**
   * The gradients of sum_i dLogProb_i logProb_i: value like the value; loc and scale like them, over all draws.
   *
   * @param value Values of each element, of one draw or of several; a number counts for each element.
   * @param dLogProb The gradient by each log-probability, as long as `logProb` of the value.
   * @returns The gradients by name, those of the parameters summed over the draws.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
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

  /**
   * P(x <= value).
   *
   * @param value Values of each element, of one draw or of several; a number counts for each element.
   * @returns Probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  cdf(value: number | Like<A>): A {
    return ofStandard(this, value, this.law().cdf);
  }

  /**
   * log P(x <= value), right also where the probability itself is 0 or 1.
   *
   * @param value Values of each element, of one draw or of several; a number counts for each element.
   * @returns Log-probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logCdf(value: number | Like<A>): A {
    return ofStandard(this, value, this.law().logCdf);
  }

  /**
   * P(x > value), the survival function, with full relative accuracy where cdf is 1.
   *
   * @param value Values of each element, of one draw or of several; a number counts for each element.
   * @returns Probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  sf(value: number | Like<A>): A {
    const { cdf, sf } = this.law();
    return ofStandard(this, value, sf ?? cdf, sf === undefined);
  }

  /**
   * log P(x > value), right also where the probability itself is 0 or 1.
   *
   * @param value Values of each element, of one draw or of several; a number counts for each element.
   * @returns Log-probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logSf(value: number | Like<A>): A {
    const { logCdf, logSf } = this.law();
    return ofStandard(this, value, logSf ?? logCdf, logSf === undefined);
  }

  /**
   * The x with cdf(x) = value: +-Infinity at the ends, NaN outside [0, 1].
   *
   * @param value Probabilities, of one draw or of several.
   * @returns Values, like the probabilities.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  icdf(value: number | Like<A>): A {
    return shift(this, this.law().icdf(checkDraws(value, [kindOf(this.loc)], this.loc.length)));
  }

  /**
   * The x with sf(x) = value: +-Infinity at the ends, NaN outside [0, 1].
   *
   * @param value Probabilities, of one draw or of several.
   * @returns Values, like the probabilities.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
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
      log(doubled(this.scale)).map((l) => l + entropy),
    );
  }

  /**
   * The gradient of sum_i d_i entropy_i: d / scale by the scale, 0 by the location.
   *
   * @param d One value per element.
   * @returns The gradient by each parameter.
   * @throws TypeError, RangeError for an argument of another kind or length.
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

  /**
   * KL(this || q): see klDivergence.
   *
   * @param q A distribution of the same class, as long as this one or single.
   * @returns One value per distribution.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  kl(q: this): A {
    return round(this, this.law().kl(relative(this, q)));
  }

  /**
   * The gradients of sum_i d_i KL_i: see klDivergence.vjp.
   *
   * @param q A distribution of the same class, as long as this one or single.
   * @param d The gradient by each divergence, one value per distribution.
   * @returns `{ p, q }`: the gradients by the parameters of this one and of q.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
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
