import type { Values } from '../engine/resident.ts';
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
 * Source: Maddison et al. 2017, appendix C.3. PyTorch: `ExpRelaxedCategorical` (in `relaxed_categorical`); TFP:
 * `ExpRelaxedOneHotCategorical`.
 */
export class ExpConcrete<A extends Floats = Float32Array> extends Relaxed<A> {
  constructor(
    logits: Values<A>,
    /** Classes: the length of a row. */
    readonly n: number,
    options?: DensityOptions,
  ) {
    super(checkFloats('logits', logits), n, options);
  }

  /** From probabilities, rows of n as for Categorical.fromProbs. Errors: as there, and as for the constructor. */
  static fromProbs<A extends Floats>(probs: Values<A>, n: number, options?: DensityOptions): ExpConcrete<A> {
    return fromProbs(probs, n, options);
  }

  /** @internal */
  protected form() {
    return { density: EXP_CONCRETE, n: this.n };
  }

  /** `draws` log-samples for each row, one draw of all rows behind the other. */
  sample(source: Source, draws = 1): A {
    return expConcrete(source, repeated(this.logits, draws), this.n, { temperature: this.temperature });
  }
}

function fromProbs<A extends Floats>(probs: Values<A>, n: number, options: DensityOptions | undefined): ExpConcrete<A> {
  return new ExpConcrete(logitsOfProbs(probs, n), n, options);
}
