import { checkOptions, checkPositiveTemperature, checkRows } from '../engine/check.ts';
import { checkDraws, checkParameters } from '../engine/check_distributions.ts';
import { type Dtype, type Floats, kindOf } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import { type Density, type DensityOptions, gradients, logProb } from '../density/log_prob.ts';
import { repeated, summed } from './arrays.ts';
import type { Like } from './types.ts';

/**
 * A relaxation, by its logits, rows of n or elements (n = 1), and its temperature: that of a distribution over points y. A
 * value is one draw of each row, or several, concatenated.
 */
export abstract class Relaxed<A extends Floats> {
  /** Unnormalised log-probabilities; of bits, log-odds. */
  readonly logits: A;
  /** T, rounded to the dtype. */
  readonly temperature: number;

  /**
   *
   * @internal its classes are made by their own constructors
   * @throws TypeError for another kind of array or an unknown option; RangeError for a length that is not a multiple of n,
   *   a temperature that is not finite and positive.
   */
  protected constructor(logits: number | Input<A>, n: number, options: DensityOptions | undefined) {
    [this.logits] = checkParameters({ logits }) as [A];
    checkRows('logits', this.logits.length, n);
    checkOptions(options, ['temperature']);
    this.temperature = checkPositiveTemperature(options?.temperature, kindOf(this.logits) as Dtype);
  }

  /** The density and the length of a row. A method and not fields, so that it works behind a Proxy too. @internal */
  protected abstract form(): { readonly density: Density; readonly n: number };

  /**
   * The log-density of each row, with the special values of the function of that name.
   *
   * @param value Samples, of one draw or of several.
   * @returns One value per distribution and draw.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logProb(value: Like<A>): A {
    const { temperature } = this,
      { density, n } = this.form();
    return logProb<Floats>(density, value, logitsFor(this.logits, value), n, { temperature }) as A;
  }

  /**
   * The gradients of sum_i dLogProb_i logProb_i: value like the value; logits, and temperature as one value per row, over
   * all draws.
   *
   * @param value Samples, of one draw or of several.
   * @param dLogProb The gradient by each log-probability, as long as `logProb` of the value.
   * @returns The gradients by name, those of the parameters summed over the draws.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  vjp(value: Like<A>, dLogProb: Like<A>): { value: A; logits: A; temperature: A } {
    const { logits, temperature } = this,
      { density, n } = this.form();
    const [dValue, dLogits, dTemperature] = gradients<Floats>(density, value, logitsFor(logits, value), dLogProb, n, {
      temperature,
    });
    return {
      value: dValue as A,
      logits: summed(dLogits, logits),
      temperature: summed(dTemperature, logits, logits.length / n),
    };
  }
}

function logitsFor<A extends Floats>(logits: A, value: unknown): A {
  const { length } = checkDraws(value, [kindOf(logits)], logits.length);
  return length === 0 ? (logits.slice(0, 0) as A) : repeated(logits, length / logits.length);
}
