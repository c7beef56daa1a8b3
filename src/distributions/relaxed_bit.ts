import type { Density, DensityOptions } from '../density/log_prob.ts';
import { type Floats, kindOf } from '../engine/check.ts';
import { checkDraws } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, rounded, sigmoid } from '../max/elementary.ts';
import { logit, shiftKl } from './logistic.ts';
import { Relaxed } from './relaxed.ts';

/** A relaxed bit: z = (logits + l) / T, l logistic noise, as it is or, `inUnit`, as sigmoid(z). */
export abstract class RelaxedBit<A extends Floats> extends Relaxed<A> {
  readonly #inUnit: boolean;

  /** @internal */
  protected constructor(
    density: Density,
    inUnit: boolean,
    logits: number | Values<A>,
    options: DensityOptions | undefined,
  ) {
    super(density, logits, 1, options);
    this.#inUnit = inUnit;
  }

  /** P(x < value) = sigmoid(T z - logits). NaN at an end where all mass is there. In f64, rounded once, as icdf. */
  cdf(value: Values<A>): A {
    const { logits, temperature } = this;
    const x = this.#doubles(value),
      z = this.#inUnit ? logit(x) : x;
    return rounded(sigmoid(z.map((v, i) => temperature * v - logits[i % logits.length]!)), kindOf(logits));
  }

  /** The x with cdf(x) = value, of which z = (logits + log value - log(1 - value)) / T; NaN outside [0, 1]. */
  icdf(value: Values<A>): A {
    const { logits, temperature } = this;
    const z = logit(this.#doubles(value)).map((l, i) => (logits[i % logits.length]! + l) / temperature);
    return rounded(this.#inUnit ? sigmoid(z) : z, kindOf(logits));
  }

  /** KL(this || q): see klDivergence. */
  kl(q: this): A {
    const { logits } = this;
    const { length } = q.logits;
    return rounded(shiftKl(doubles(logits.length, (i) => logits[i]! - q.logits[i % length]!)), kindOf(logits));
  }

  #doubles(value: Values<A>): Float64Array {
    return checkDraws(value, kindOf(this.logits), this.logits.length);
  }
}
