import { LOGIT_BIN_CONCRETE } from '../density/bin_concrete.ts';
import type { DensityOptions } from '../density/log_prob.ts';
import { type Floats, kindOf } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { log, rounded } from '../max/elementary.ts';
import type { Source } from '../random/rng.ts';
import { logitBinConcrete } from '../sample/gumbel_sigmoid.ts';
import { repeated } from './arrays.ts';
import { RelaxedBit } from './relaxed_bit.ts';

/**
 * The distribution of the log-odds z = log y - log(1 - y) of BinConcrete(logits, T): (logits + l) / T, l logistic noise,
 * that is `new Logistic(logits / T, 1 / T)`, the Concrete paper's Logistic(logits, T); see logitBinConcreteLogProb.
 *
 * klDivergence has a closed form for equal temperatures. Source: Maddison et al. 2017, appendix B. PyTorch:
 * `LogitRelaxedBernoulli(temperature, logits=...)` (in `relaxed_bernoulli`); TFP: `Logistic`.
 */
export class LogitBinConcrete<A extends Floats = Float32Array> extends RelaxedBit<A> {
  constructor(logits: number | Values<A>, options?: DensityOptions) {
    super(LOGIT_BIN_CONCRETE, false, logits, options);
  }

  /** `draws` relaxed bits, as log-odds, for each element, one draw of all behind the other. */
  sample(source: Source, draws = 1): A {
    return logitBinConcrete(source, repeated(this.logits, draws), { temperature: this.temperature });
  }

  /** logits / T */
  mean(): A {
    return this.#each((logit) => logit / this.temperature);
  }

  /** pi^2 / (3 T^2) */
  variance(): A {
    return this.#each(() => 3.289868133696453 / (this.temperature * this.temperature)); // pi^2 / 3
  }

  /** The differential entropy, in nats. */
  entropy(): A {
    const [logT] = log(Float64Array.of(this.temperature));
    return this.#each(() => 2 - logT!);
  }

  #each(f: (logit: number) => number): A {
    return rounded(new Float64Array(this.logits).map(f), kindOf(this.logits));
  }
}
