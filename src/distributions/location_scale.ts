import { checkSame, type Floats, kindOf } from '../engine/check.ts';
import { checkDraws, checkEach, checkParameters } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, log, rounded } from '../max/elementary.ts';
import type { Source } from '../random/rng.ts';
import { repeated, summed } from './arrays.ts';

/** A law at location 0 and scale 1, in f64. */
export interface Law {
  noise<A extends Floats>(source: Source, out: A): A;
  logProb(z: Float64Array): Float64Array;
  /** The derivative of logProb. */
  score(z: Float64Array): Float64Array;
  cdf(z: Float64Array): Float64Array;
  icdf(u: Float64Array): Float64Array;
  /** KL(p || q), where q is the law at 0 and 1 and p has this location and scale. */
  kl(loc: Float64Array, scale: Float64Array): Float64Array;
  readonly mean: number;
  readonly variance: number;
  readonly entropy: number;
}

/**
 * The law of x = loc + scale z. Parameters are arrays of one dtype and length, or numbers, which count for every element
 * (two numbers: one float32 distribution). A value holds one draw of each, or several, one behind the other; results have
 * the length of the value, or of the parameters where there is none. All but samples is computed in f64, rounded once.
 */
export abstract class LocationScale<A extends Floats> {
  /** The location of each element. */
  readonly loc: A;
  /** The scale of each element: not the variance. */
  readonly scale: A;
  readonly #law: Law;

  /** Errors: TypeError for other kinds or two dtypes; RangeError for two lengths, a loc that is not finite, a scale that is not finite and positive. */
  protected constructor(law: Law, loc: number | Values<A>, scale: number | Values<A>) {
    [this.loc, this.scale] = checkParameters({ loc, scale }) as [A, A];
    checkEach('loc', this.loc, Number.isFinite, 'finite');
    checkEach('scale', this.scale, (v) => v > 0 && v < Infinity, 'finite and positive');
    this.#law = law;
  }

  /** `draws` draws of each element, one draw of all behind the other: loc + scale times the noise of `random`. */
  sample(source: Source, draws = 1): A {
    return this.#shift(this.#law.noise(source, repeated(this.loc, draws)));
  }

  /** The log-density of each value; -Infinity at +-Infinity, NaN for a NaN. */
  logProb(value: Values<A>): A {
    const logScale = this.#logScale();
    return this.#round(this.#law.logProb(this.#standard(value)).map((l, i) => l - logScale[i % logScale.length]!));
  }

  /** The gradients of sum_i dLogProb_i logProb_i: value like the value; loc and scale like them, over all draws. */
  vjp(value: Values<A>, dLogProb: Values<A>): { value: A; loc: A; scale: A } {
    const { loc, scale } = this;
    const z = this.#standard(value),
      d = checkSame('dLogProb', dLogProb, kindOf(loc), 'value', z.length);
    const score = this.#law.score(z),
      g = z.map((_, i) => d[i]! / scale[i % scale.length]!);
    return {
      value: this.#round(g.map((v, i) => v * score[i]!)),
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

  /** P(x < value). */
  cdf(value: Values<A>): A {
    return this.#round(this.#law.cdf(this.#standard(value)));
  }

  /** The x with cdf(x) = value: +-Infinity at the ends, NaN outside [0, 1]. */
  icdf(value: Values<A>): A {
    return this.#shift(this.#law.icdf(checkDraws(value, kindOf(this.loc), this.loc.length)));
  }

  /** The mean: loc, and for a Gumbel 0.5772 scale more. */
  mean(): A {
    return this.#shift(doubles(this.loc.length, () => this.#law.mean));
  }

  /** The variance: scale^2 times 1 (Normal), pi^2 / 6 (Gumbel) or pi^2 / 3 (Logistic). */
  variance(): A {
    const { scale } = this;
    return this.#round(doubles(scale.length, (i) => scale[i]! * scale[i]! * this.#law.variance));
  }

  /** The differential entropy, in nats. */
  entropy(): A {
    return this.#round(this.#logScale().map((l) => l + this.#law.entropy));
  }

  /** KL(this || q): see klDivergence. */
  kl(q: this): A {
    const { loc, scale } = this;
    const { length } = q.loc;
    return this.#round(
      this.#law.kl(
        doubles(loc.length, (i) => (loc[i]! - q.loc[i % length]!) / q.scale[i % length]!),
        doubles(loc.length, (i) => scale[i]! / q.scale[i % length]!),
      ),
    );
  }

  #round(values: Float64Array): A {
    return rounded(values, kindOf(this.loc));
  }

  #logScale(): Float64Array {
    return log(new Float64Array(this.scale));
  }

  /** loc + scale z */
  #shift(z: Floats): A {
    const { loc, scale } = this;
    return this.#round(doubles(z.length, (i) => loc[i % loc.length]! + scale[i % loc.length]! * z[i]!));
  }

  /** (value - loc) / scale */
  #standard(value: Values<A>): Float64Array {
    const { loc, scale } = this;
    return checkDraws(value, kindOf(loc), loc.length).map(
      (x, i) => (x - loc[i % loc.length]!) / scale[i % loc.length]!,
    );
  }
}
