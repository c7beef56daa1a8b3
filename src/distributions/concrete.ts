import type { Input } from '../engine/half.ts';
import { CONCRETE } from '../density/concrete.ts';
import type { DensityOptions } from '../density/log_prob.ts';
import { checkFloats } from '../engine/check_distributions.ts';
import type { Floats } from '../engine/kind.ts';
import type { Source } from '../random/rng.ts';
import { gumbelSoftmax } from '../sample/gumbel_softmax.ts';
import { logitsOfProbs, repeated } from './arrays.ts';
import { Relaxed } from './relaxed.ts';

/**
 * The Concrete or Gumbel-Softmax distribution of each row: softmax((logits + g) / T), g Gumbel noise, a point y of the
 * simplex; see gumbelSoftmax and concreteLogProb. Where T is small, y reaches the boundary: ExpConcrete does not.
 *
 * Source: Maddison et al. 2017; Jang et al. 2017.
 *
 * PyTorch: `RelaxedOneHotCategorical(temperature, logits=...)`; TFP: `RelaxedOneHotCategorical`.
 *
 * @example
 * const q = new Concrete(Float32Array.of(2, 1, 0), 3, { temperature: 0.5 });
 * q.sample(key(7)).length; // 3
 * q.logProb(Float32Array.of(0.6, 0.3, 0.1)); // [-0.282]
 */
export class Concrete<A extends Floats = Float32Array> extends Relaxed<A> {
  /**
   * Makes the distribution from its parameters.
   *
   * @param logits Unnormalised log-probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `temperature`: finite and above 0; 1 if absent.
   * @throws TypeError for another kind of array or an unknown option; RangeError for a length that is not a multiple of n, and for
   *   a wrong temperature.
   */
  constructor(
    logits: Input<A>,
    /** Classes: the length of a row. */
    readonly n: number,
    options?: DensityOptions,
  ) {
    super(checkFloats('logits', logits), n, options);
  }

  /**
   * From probabilities, rows of n as for Categorical.fromProbs.
   *
   * @param probs Probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `temperature`: finite and above 0; 1 if absent.
   * @returns The distribution.
   * @throws As there, and as for the constructor.
   */
  static fromProbs<A extends Floats>(probs: Input<A>, n: number, options?: DensityOptions): Concrete<A> {
    return fromProbs(probs, n, options);
  }

  /** @internal */
  protected form() {
    return { density: CONCRETE, n: this.n };
  }

  /**
   * `draws` points for each row, one draw of all rows behind the other.
   *
   * @param source A Key, or an Rng, which gives its next key.
   * @param draws How many; 1 if absent.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws TypeError for what is not a source; RangeError for draws that are not a positive integer.
   */
  sample(source: Source, draws = 1): A {
    return gumbelSoftmax(source, repeated(this.logits, draws), this.n, { temperature: this.temperature });
  }
}

function fromProbs<A extends Floats>(probs: Input<A>, n: number, options: DensityOptions | undefined): Concrete<A> {
  return new Concrete(logitsOfProbs(probs, n), n, options);
}
