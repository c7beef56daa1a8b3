import { LOGIT_BIN_CONCRETE } from '../density/bin_concrete.ts';
import type { DensityOptions } from '../density/log_prob.ts';
import { checkSame } from '../engine/check_distributions.ts';
import { doubled, type Floats, kindOf } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import { doubles, log, rounded } from '../math/float64.ts';
import type { Source } from '../random/rng.ts';
import { logitBinConcrete } from '../sample/gumbel_sigmoid.ts';
import { logitsOfBits, repeated } from './arrays.ts';
import { RelaxedBit } from './relaxed_bit.ts';
import type { Like } from './types.ts';

/**
 * The distribution of the log-odds z = log y - log(1 - y) of BinConcrete(logits, T): (logits + l) / T, l logistic noise,
 * that is `new Logistic(logits / T, 1 / T)`, the Concrete paper's Logistic(logits, T); see logitBinConcreteLogProb.
 *
 * klDivergence has a closed form for equal temperatures.
 *
 * Source: Maddison et al. 2017, appendix B.
 *
 * PyTorch: `LogitRelaxedBernoulli(temperature, logits=...)` (in
 * `relaxed_bernoulli`); TFP: `Logistic`.
 *
 * @example
 * const q = new LogitBinConcrete(Float32Array.of(2, -1), { temperature: 0.5 });
 * q.logProb(q.sample(key(7))); // [-3.039, -2.250]
 */
export class LogitBinConcrete<A extends Floats = Float32Array> extends RelaxedBit<A> {
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
  static fromProbs(probs: number, options?: DensityOptions): LogitBinConcrete;
  /**
   * From the probabilities of 1.
   *
   * @param probs The probability of 1 of each element; a number is one float32 element.
   * @param options `temperature`: finite and above 0; 1 if absent.
   * @returns The distribution.
   * @throws RangeError for one outside [0, 1]; the others as for the constructor.
   */
  static fromProbs<A extends Floats>(probs: number | Input<A>, options?: DensityOptions): LogitBinConcrete<A>;
  static fromProbs<A extends Floats>(probs: number | Input<A>, options?: DensityOptions): LogitBinConcrete<A> {
    return fromProbs(probs, options);
  }

  /** @internal */
  protected form() {
    return { density: LOGIT_BIN_CONCRETE, n: 1 };
  }

  /** @internal */
  protected inUnit(): boolean {
    return false;
  }

  /**
   * `draws` relaxed bits, as log-odds, for each element.
   *
   * @param source A Key, or an Rng, which gives its next key.
   * @param draws How many; 1 if absent.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws TypeError for what is not a source; RangeError for draws that are not a positive integer.
   */
  sample(source: Source, draws = 1): A {
    return logitBinConcrete(source, repeated(this.logits, draws), { temperature: this.temperature });
  }

  /** logits / T */
  mean(): A {
    return each(this, (l) => l / this.temperature);
  }

  /** Where the density is greatest: logits / T. */
  mode(): A {
    return this.mean();
  }

  /** pi^2 / (3 T^2) */
  variance(): A {
    return each(this, () => 3.289868133696453 / (this.temperature * this.temperature)); // pi^2 / 3
  }

  /** The standard deviation. */
  stddev(): A {
    return each(this, () => 1.8137993642342178 / this.temperature); // pi / sqrt 3
  }

  /** The differential entropy, in nats. */
  entropy(): A {
    const [logT] = log(Float64Array.of(this.temperature));
    return each(this, () => 2 - logT!);
  }

  /**
   * The gradient of sum_i d_i entropy_i: -d / T by each element's temperature, 0 by the logits.
   *
   * @param d One value per element.
   * @returns The gradient by each parameter.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  entropyVjp(d: Like<A>): { readonly logits: A; readonly temperature: A } {
    const { logits, temperature } = this;
    const by = checkSame('d', d, kindOf(logits), 'the entropy', logits.length);
    return {
      logits: each(this, () => 0),
      temperature: rounded(
        doubles(by.length, (i) => -by[i]! / temperature),
        kindOf(logits),
      ),
    };
  }
}

function fromProbs<A extends Floats>(
  probs: number | Input<A>,
  options: DensityOptions | undefined,
): LogitBinConcrete<A> {
  return new LogitBinConcrete(logitsOfBits(probs), options);
}

function each<A extends Floats>({ logits }: LogitBinConcrete<A>, f: (logit: number) => number): A {
  return rounded(doubled(logits).map(f), kindOf(logits));
}
