import { type Floats, kindOf } from '../engine/check.ts';
import { checkEach, checkParameters } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, exp, rounded } from '../max/elementary.ts';
import { logProbs } from '../max/log_probs.ts';
import type { Source } from '../random/rng.ts';
import { gumbelSigmoid } from '../sample/gumbel_sigmoid.ts';
import { repeated } from './arrays.ts';
import { Discrete } from './discrete.ts';
import { logit } from './logistic.ts';

/**
 * The Bernoulli distribution of each element: 1 with probability sigmoid(logit), else 0. Logits are an array or a number (one float32 element). A value is a bit for each, 0 or 1 in the dtype of the logits, or several draws, one
 * behind the other.
 *
 * Special values: a logit of -Infinity is 0 for sure, +Infinity 1. PyTorch: `Bernoulli(logits=...)`; TFP:
 * `Bernoulli(logits=...)`.
 */
export class Bernoulli<A extends Floats = Float32Array> extends Discrete<A, A> {
  /** Errors: TypeError for another kind of array. */
  constructor(logits: number | Values<A>) {
    super(logits, undefined);
  }

  /** From the probabilities of 1. Errors: RangeError for one outside [0, 1]. */
  static fromProbs<A extends Floats = Float32Array>(probs: number | Values<A>): Bernoulli<A> {
    const [p] = checkParameters({ probs }) as [A];
    checkEach('probs', p, (v) => v >= 0 && v <= 1, 'in [0, 1]');
    return new Bernoulli(rounded<A>(logit(new Float64Array(p)), kindOf(p)));
  }

  /** `draws` bits for each element, one draw of all behind the other. */
  sample(source: Source, draws = 1): A {
    return gumbelSigmoid(source, repeated(this.logits, draws), { temperature: 0 });
  }

  /** p = sigmoid(logits) */
  mean(): A {
    return this.#each((p) => p);
  }

  /** p (1 - p) */
  variance(): A {
    return this.#each((p, rest) => p * rest);
  }

  #each(f: (p: number, rest: number) => number): A {
    const { logits } = this;
    const p = exp(logProbs(logits, undefined));
    return rounded(
      doubles(logits.length, (i) => f(p[2 * i]!, p[2 * i + 1]!)),
      kindOf(logits),
    );
  }
}
