import type { Input } from '../engine/half.ts';
import { EXP_CONCRETE } from '../density/exp_concrete.ts';
import type { DensityOptions } from '../density/log_prob.ts';
import { checkFloats } from '../engine/check_distributions.ts';
import type { Floats } from '../engine/kind.ts';
import type { Source } from '../random/rng.ts';
import { expConcrete } from '../sample/exp_concrete.ts';
import { logitsOfProbs, repeated } from './arrays.ts';
import { Relaxed } from './relaxed.ts';

/**
 * The distribution of log y, y of Concrete(logits, T): nothing underflows; see expConcrete and expConcreteLogProb.
 *
 * Source: Maddison et al. 2017, appendix C.3.
 *
 * PyTorch: `ExpRelaxedCategorical` (in `relaxed_categorical`); TFP:
 * `ExpRelaxedOneHotCategorical`.
 *
 * @example
 * const q = new ExpConcrete(Float32Array.of(2, 1, 0), 3, { temperature: 0.5 });
 * q.logProb(q.sample(key(7))); // [-5.141]
 */
export class ExpConcrete<A extends Floats = Float32Array> extends Relaxed<A> {
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
  static fromProbs<A extends Floats>(probs: Input<A>, n: number, options?: DensityOptions): ExpConcrete<A> {
    return fromProbs(probs, n, options);
  }

  /** @internal */
  protected form() {
    return { density: EXP_CONCRETE, n: this.n };
  }

  /**
   * `draws` log-samples for each row, one draw of all rows behind the other.
   *
   * @param source A Key, or an Rng, which gives its next key.
   * @param draws How many; 1 if absent.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws TypeError for what is not a source; RangeError for draws that are not a positive integer.
   */
  sample(source: Source, draws = 1): A {
    return expConcrete(source, repeated(this.logits, draws), this.n, { temperature: this.temperature });
  }
}

function fromProbs<A extends Floats>(probs: Input<A>, n: number, options: DensityOptions | undefined): ExpConcrete<A> {
  return new ExpConcrete(logitsOfProbs(probs, n), n, options);
}
