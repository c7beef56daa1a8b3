import type { Input } from '../engine/half.ts';
import { BIN_CONCRETE } from '../density/bin_concrete.ts';
import type { DensityOptions } from '../density/log_prob.ts';
import type { Floats } from '../engine/kind.ts';
import type { Source } from '../random/rng.ts';
import { gumbelSigmoid } from '../sample/gumbel_sigmoid.ts';
import { logitsOfBits, repeated } from './arrays.ts';
import { RelaxedBit } from './relaxed_bit.ts';

/**
 * The relaxed Bernoulli distribution of each element: sigmoid((logits + l) / T), l logistic noise; see gumbelSigmoid and
 * binConcreteLogProb. Logits are an array or a number (one float32 element).
 *
 * klDivergence has a closed form for equal temperatures.
 *
 * Source: Maddison et al. 2017, appendix B.
 *
 * PyTorch: `RelaxedBernoulli(temperature, logits=...)`; TFP: `RelaxedBernoulli`.
 *
 * @example
 * const q = new BinConcrete(Float32Array.of(2, -1), { temperature: 0.5 });
 * q.logProb(q.sample(key(7))); // [-1.639, -0.837]
 */
export class BinConcrete<A extends Floats = Float32Array> extends RelaxedBit<A> {
  /**
   * Makes the distribution from its parameters.
   *
   * @param logits The log-odds of each element; a number is one float32 element.
   * @param options `temperature`: finite and positive; 1 if absent.
   * @throws TypeError for another kind of array or an unknown option; RangeError for a wrong temperature.
   */
  constructor(logits: number, options?: DensityOptions);
  /**
   * Makes the distribution from its parameters.
   *
   * @param logits The log-odds of each element; a number is one float32 element.
   * @param options `temperature`: finite and positive; 1 if absent.
   * @throws TypeError for another kind of array or an unknown option; RangeError for a wrong temperature.
   */
  constructor(logits: number | Input<A>, options?: DensityOptions);
  constructor(logits: number | Input<A>, options?: DensityOptions) {
    super(logits, options);
  }

  /**
   * From the probabilities of 1.
   *
   * @param probs The probability of 1 of each element; a number is one float32 element.
   * @param options `temperature`: finite and above 0; 1 if absent.
   * @returns The distribution.
   * @throws RangeError for one outside [0, 1]; the others as for the constructor.
   */
  static fromProbs(probs: number, options?: DensityOptions): BinConcrete;
  /**
   * From the probabilities of 1.
   *
   * @param probs The probability of 1 of each element; a number is one float32 element.
   * @param options `temperature`: finite and above 0; 1 if absent.
   * @returns The distribution.
   * @throws RangeError for one outside [0, 1]; the others as for the constructor.
   */
  static fromProbs<A extends Floats>(probs: number | Input<A>, options?: DensityOptions): BinConcrete<A>;
  static fromProbs<A extends Floats>(probs: number | Input<A>, options?: DensityOptions): BinConcrete<A> {
    return fromProbs(probs, options);
  }

  /** @internal */
  protected form() {
    return { density: BIN_CONCRETE, n: 1 };
  }

  /** @internal */
  protected inUnit(): boolean {
    return true;
  }

  /**
   * `draws` relaxed bits for each element.
   *
   * @param source A Key, or an Rng, which gives its next key.
   * @param draws How many; 1 if absent.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws TypeError for what is not a source; RangeError for draws that are not a positive integer.
   */
  sample(source: Source, draws = 1): A {
    return gumbelSigmoid(source, repeated(this.logits, draws), { temperature: this.temperature });
  }
}

function fromProbs<A extends Floats>(probs: number | Input<A>, options: DensityOptions | undefined): BinConcrete<A> {
  return new BinConcrete(logitsOfBits(probs), options);
}
