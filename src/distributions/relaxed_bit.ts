import type { DensityOptions } from '../density/log_prob.ts';
import { checkDraws, checkSame } from '../engine/check_distributions.ts';
import { type Floats, kindOf } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import { doubles, logit, logSigmoid, negated, rounded, sigmoid } from '../math/float64.ts';
import { apart, summed } from './arrays.ts';
import type { LogitsGradient } from './discrete.ts';
import { shiftKl, shiftKlSlope } from './logistic.ts';
import { Relaxed } from './relaxed.ts';
import type { Like } from './types.ts';

/** A relaxed bit: z = (logits + l) / T, l logistic noise, as it is or as sigmoid(z). A value that is a number counts for each element. */
export abstract class RelaxedBit<A extends Floats> extends Relaxed<A> {
  /** @internal */
  protected constructor(logits: number | Input<A>, options: DensityOptions | undefined) {
    super(logits, 1, options);
  }

  /** Whether the bit is sigmoid(z). @internal */
  protected abstract inUnit(): boolean;

  /**
   * P(x <= value) = sigmoid(T z - logits); an infinite logit puts all mass on one end. In f64, rounded once, as all here.
   *
   * @param value Samples, of one draw or of several.
   * @returns Probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  cdf(value: number | Like<A>): A {
    return tail(this, this.inUnit(), value, 1, sigmoid);
  }

  /**
   * log P(x <= value), right also where the probability itself is 0 or 1.
   *
   * @param value Samples, of one draw or of several.
   * @returns Log-probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logCdf(value: number | Like<A>): A {
    return tail(this, this.inUnit(), value, 1, logSigmoid);
  }

  /**
   * P(x > value), the survival function, with full relative accuracy where cdf is 1.
   *
   * @param value Samples, of one draw or of several.
   * @returns Probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  sf(value: number | Like<A>): A {
    return tail(this, this.inUnit(), value, -1, sigmoid);
  }

  /**
   * log P(x > value), right also where the probability itself is 0 or 1.
   *
   * @param value Samples, of one draw or of several.
   * @returns Log-probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logSf(value: number | Like<A>): A {
    return tail(this, this.inUnit(), value, -1, logSigmoid);
  }

  /**
   * The x with cdf(x) = value, of which z = (logits + log value - log(1 - value)) / T; NaN outside [0, 1].
   *
   * @param value Probabilities, of one draw or of several.
   * @returns Values, like the probabilities.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  icdf(value: number | Like<A>): A {
    return quantile(this, this.inUnit(), value, 1);
  }

  /**
   * The x with sf(x) = value; NaN outside [0, 1].
   *
   * @param value Probabilities, of one draw or of several.
   * @returns Values, like the probabilities.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  isf(value: number | Like<A>): A {
    return quantile(this, this.inUnit(), value, -1);
  }

  /** The median: that of z is logits / T. */
  median(): A {
    return this.icdf(0.5);
  }

  /**
   * KL(this || q): see klDivergence.
   *
   * @param q A distribution of the same class, as long as this one or single.
   * @returns One value per distribution.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  kl(q: this): A {
    return rounded(shiftKl(logitsApart(this, q)), kindOf(this.logits));
  }

  /**
   * The gradients of sum_i d_i KL_i: see klDivergence.vjp.
   *
   * @param q A distribution of the same class, as long as this one or single.
   * @param d The gradient by each divergence, one value per distribution.
   * @returns `{ p, q }`: the gradients by the parameters of this one and of q.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  klVjp(q: this, d: Like<A>): { p: LogitsGradient<A>; q: LogitsGradient<A> } {
    const { logits } = this;
    const by = checkSame('d', d, kindOf(logits), 'the divergence', logits.length);
    const slope = shiftKlSlope(logitsApart(this, q)).map((v, i) => v * by[i]!);
    return { p: { logits: rounded(slope, kindOf(logits)) }, q: { logits: summed(negated(slope), q.logits) } };
  }
}

type Law<A extends Floats> = Pick<Relaxed<A>, 'logits' | 'temperature'>;

/** f(T z - logits), the lower tail, or with sign -1 the upper one. */
function tail<A extends Floats>(
  { logits, temperature }: Law<A>,
  inUnit: boolean,
  value: number | Like<A>,
  sign: 1 | -1,
  f: (x: Float64Array) => Float64Array,
): A {
  const kind = kindOf(logits),
    x = checkDraws(value, [kind], logits.length),
    z = inUnit ? logit(x.map((v) => (v < 0 ? 0 : v > 1 ? 1 : v))) : x;
  const at = (i: number): number => {
    const [own, l] = [temperature * z[i]!, logits[i % logits.length]!];
    // at the end where all mass is, nothing is above the value
    return sign * (own === l && own - l !== 0 ? Infinity : own - l);
  };
  return rounded(f(doubles(z.length, at)), kind);
}

/** The value with that lower tail, or with sign -1 that upper one. */
function quantile<A extends Floats>(
  { logits, temperature }: Law<A>,
  inUnit: boolean,
  value: number | Like<A>,
  sign: 1 | -1,
): A {
  const kind = kindOf(logits),
    z = logit(checkDraws(value, [kind], logits.length));
  for (let i = 0; i < z.length; i++) {
    const l = logits[i % logits.length]!;
    // a point mass has one quantile
    z[i] = (Math.abs(l) === Infinity && z[i] === z[i] ? l : l + sign * z[i]!) / temperature;
  }
  return rounded(inUnit ? sigmoid(z) : z, kind);
}

function logitsApart(p: Law<Floats>, q: Law<Floats>): Float64Array {
  const { length } = q.logits;
  return doubles(p.logits.length, (i) => apart(p.logits[i]!, q.logits[i % length]!));
}
