import { divergence } from '../density/contrast.ts';
import { checkSame } from '../engine/check_distributions.ts';
import { type Floats, kindOf } from '../engine/kind.ts';
import { type Classes, classes, contrast, dotRows } from '../math/classes.ts';
import { negated, rounded } from '../math/float64.ts';
import { repeated, summed } from './arrays.ts';
import type { Like } from './types.ts';

/** The gradient by the logits. */
export interface LogitsGradient<A extends Floats> {
  readonly logits: A;
}

/** Classes by their logits: rows of n, or bits, which are rows of two classes at (logit, 0). */
export abstract class Discrete<A extends Floats> {
  /** Unnormalised log-probabilities; of bits, log-odds. */
  readonly logits: A;

  /** `logits` are the distribution's own copy. */
  protected constructor(logits: A) {
    this.logits = logits;
  }

  /** The length of a row, undefined for bits. A method and not a field, so that it works behind a Proxy too. @internal */
  protected abstract width(): number | undefined;

  /**
   * The gradient of sum_r d_r entropy_r: -p (log p + entropy) d, for each distribution.
   *
   * @param d One value per distribution.
   * @returns The gradient by each parameter.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  entropyVjp(d: Like<A>): LogitsGradient<A> {
    const own = classes(this.logits, this.width()),
      logP = own.logP();
    const entropy = dotRows(own.p, negated(logP), own.n);
    const by = checkSame('d', d, kindOf(this.logits), 'the entropy', entropy.length);
    return {
      logits: ofLogits(this.logits, own, (i, r) =>
        own.p[i] === 0 ? 0 : -own.p[i]! * (logP[i]! + entropy[r]!) * by[r]!,
      ),
    };
  }

  /**
   * KL(this || q): see klDivergence.
   *
   * @param q A distribution of the same class, as long as this one or single.
   * @returns One value per distribution.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  kl(q: this): A {
    const { logits } = this;
    return divergence(logits, repeated(q.logits, logits.length / q.logits.length), this.width());
  }

  /**
   * The gradients of sum_r d_r KL_r: see klDivergence.vjp.
   *
   * @param q A distribution of the same class, as long as this one or single.
   * @param d The gradient by each divergence, one value per distribution.
   * @returns `{ p, q }`: the gradients by the parameters of this one and of q.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  klVjp(q: this, d: Like<A>): { p: LogitsGradient<A>; q: LogitsGradient<A> } {
    const { own, ratio, difference, kl } = sides(this, q, this.width());
    const by = checkSame('d', d, kindOf(this.logits), 'the divergence', kl.length);
    const ofOther = ofLogits(this.logits, own, (i, r) => difference[i]! * by[r]!);
    return {
      p: {
        logits: ofLogits(this.logits, own, (i, r) => (own.p[i] === 0 ? 0 : own.p[i]! * (ratio[i]! - kl[r]!) * by[r]!)),
      },
      q: { logits: summed(ofOther, q.logits) },
    };
  }
}

/** The classes of p, and what they are beside those of q, which counts for every row where it is single. */
function sides<A extends Floats>(p: Discrete<A>, q: Discrete<A>, width: number | undefined) {
  const own = classes(p.logits, width);
  const draws = p.logits.length / q.logits.length;
  return { own, ...contrast(own, classes(repeated(q.logits, draws), width)) };
}

/** A gradient by the logits from what it is at each class i of row r; a bit's logit is that of its first class. */
function ofLogits<A extends Floats>(logits: A, { p, n }: Classes, of: (i: number, r: number) => number): A {
  const step = p.length / logits.length,
    gradient = new Float64Array(logits.length);
  for (let j = 0; j < gradient.length; j++) gradient[j] = of(step * j, Math.floor((step * j) / n));
  return rounded(gradient, kindOf(logits));
}
