import { checkOptions, checkPositiveTemperature, checkRows, type Dtype, type Floats, kindOf } from '../engine/check.ts';
import { checkDraws, checkParameters } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { type Density, type DensityOptions, gradients, logProb } from '../density/log_prob.ts';
import { repeated, summed } from './arrays.ts';

/**
 * A relaxation, by its logits, rows of n or elements (n = 1), and its temperature: that of a distribution
 * over points y. A value is one draw of each row, or several, one behind the other.
 */
export abstract class Relaxed<A extends Floats> {
  /** Unnormalised log-probabilities; of bits, log-odds. */
  readonly logits: A;
  /** T, rounded to the dtype. */
  readonly temperature: number;
  readonly #density: Density;
  readonly #n: number;

  /**
   * Errors: TypeError for another kind of array or an unknown option; RangeError for a length that is not a multiple of
   * n, a temperature that is not finite and positive.
   *
   * @internal its classes are made by their own constructors
   */
  protected constructor(density: Density, logits: number | Values<A>, n: number, options: DensityOptions | undefined) {
    [this.logits] = checkParameters({ logits }) as [A];
    checkRows('logits', this.logits.length, n);
    checkOptions(options, ['temperature']);
    this.temperature = checkPositiveTemperature(options?.temperature, kindOf(this.logits) as Dtype);
    this.#density = density;
    this.#n = n;
  }

  /** The log-density of each row, with the special values of the function of that name. */
  logProb(value: Values<A>): A {
    const { temperature } = this;
    return logProb(this.#density, value, this.#logitsFor(value), this.#n, { temperature });
  }

  /**
   * The gradients of sum_i dLogProb_i logProb_i: value like the value; logits, and temperature as one value a row, over
   * all draws.
   */
  vjp(value: Values<A>, dLogProb: Values<A>): { value: A; logits: A; temperature: A } {
    const { logits, temperature } = this;
    const [dValue, dLogits, dTemperature] = gradients(this.#density, value, this.#logitsFor(value), dLogProb, this.#n, {
      temperature,
    });
    return {
      value: dValue,
      logits: summed(dLogits, logits),
      temperature: summed(dTemperature, logits, logits.length / this.#n),
    };
  }

  #logitsFor(value: Values<A>): A {
    const { logits } = this;
    const { length } = checkDraws(value, kindOf(logits), logits.length);
    return length === 0 ? (logits.slice(0, 0) as A) : repeated(logits, length / logits.length);
  }
}
