import { checkDraws, checkParameters, checkSame } from '../engine/check_distributions.ts';
import { doubled, type Floats, kindOf, I32 } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, expMinusAbs, logSigmoid, negated, ofLaw, rounded, sigmoid } from '../math/float64.ts';
import type { Source } from '../random/rng.ts';
import { gumbelSigmoid } from '../sample/gumbel_sigmoid.ts';
import { LAW_BIT_ENTROPY } from '../shared/constants.ts';
import { logitsOfBits, repeated, summed } from './arrays.ts';
import { Discrete, type LogitsGradient } from './discrete.ts';
import type { Like } from './types.ts';

/** A bit for each element, in the dtype of the logits or as an Int32Array; a number counts for each. */
export type Bits<A extends Floats> = number | Like<A> | Values<Int32Array>;

/**
 * The Bernoulli distribution of each element: 1 with probability sigmoid(logit), else 0. Logits are an array or a number
 * (one float32 element). A value is a bit for each, 0 or 1, or several draws, concatenated.
 *
 * All but samples is computed in f64 and rounded once.
 *
 * Special values: a logit of -Infinity is 0 for sure, +Infinity 1.
 *
 * PyTorch: `Bernoulli(logits=...)`; TFP:
 * `Bernoulli(logits=...)`.
 *
 * @example
 * const coin = Bernoulli.fromProbs(0.25);
 * coin.logProb(1); // [-1.386]
 * coin.variance(); // [0.1875]
 */
export class Bernoulli<A extends Floats = Float32Array> extends Discrete<A> {
  /**
   * Makes the distribution from its parameters.
   *
   * @param logits The log-odds of each element; a number is one float32 element.
   * @throws TypeError for another kind of array.
   */
  constructor(logits: number);
  /**
   * Makes the distribution from its parameters.
   *
   * @param logits The log-odds of each element; a number is one float32 element.
   * @throws TypeError for another kind of array.
   */
  constructor(logits: number | Input<A>);
  constructor(logits: number | Input<A>) {
    super(checkParameters({ logits })[0] as A);
  }

  /** @internal */
  protected width(): undefined {
    return undefined;
  }

  /**
   * From the probabilities of 1.
   *
   * @param probs The probability of 1 of each element; a number is one float32 element.
   * @returns The distribution.
   * @throws RangeError for one outside [0, 1].
   */
  static fromProbs(probs: number): Bernoulli;
  /**
   * From the probabilities of 1.
   *
   * @param probs The probability of 1 of each element; a number is one float32 element.
   * @returns The distribution.
   * @throws RangeError for one outside [0, 1].
   */
  static fromProbs<A extends Floats>(probs: number | Input<A>): Bernoulli<A>;
  static fromProbs<A extends Floats>(probs: number | Input<A>): Bernoulli<A> {
    return fromProbs(probs);
  }

  /**
   * `draws` bits for each element.
   *
   * @param source A Key, or an Rng, which gives its next key.
   * @param draws How many; 1 if absent.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws TypeError for what is not a source; RangeError for draws that are not a positive integer.
   */
  sample(source: Source, draws = 1): A {
    return gumbelSigmoid(source, repeated(this.logits, draws), { temperature: 0 });
  }

  /**
   * log p of each value; -Infinity for what is neither 0 nor 1, NaN for a NaN.
   *
   * @param value Bits, 0 or 1, of one draw or of several; a number counts for each element.
   * @returns One value per distribution and draw.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logProb(value: Bits<A>): A {
    const { logits } = this;
    const bits = bitsOf(this, value),
      logP = logSigmoid(signed(logits, bits));
    return rounded(
      bits.map((v, i) => (isBit(v) ? logP[i]! : v === v ? -Infinity : NaN)),
      kindOf(logits),
    );
  }

  /**
   * The gradient of sum_i dLogProb_i logProb_i, over all draws: (value - p) dLogProb; NaN for what is no bit.
   *
   * @param value Bits, 0 or 1, of one draw or of several; a number counts for each element.
   * @param dLogProb The gradient by each log-probability, as long as `logProb` of the value.
   * @returns The gradients by name, those of the parameters summed over the draws.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  vjp(value: Bits<A>, dLogProb: Like<A>): LogitsGradient<A> {
    const { logits } = this;
    const bits = bitsOf(this, value),
      d = checkSame('dLogProb', dLogProb, kindOf(logits), 'value', bits.length);
    const others = sigmoid(negated(signed(logits, bits)));
    return {
      logits: summed(
        bits.map((v, i) => (isBit(v) ? (2 * v - 1) * others[i]! * d[i]! : NaN)),
        logits,
      ),
    };
  }

  /**
   * P(bit <= value): 0 below 0, 1 - p from 0 on, 1 from 1 on.
   *
   * @param value Bits, 0 or 1, of one draw or of several; a number counts for each element.
   * @returns Probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  cdf(value: Bits<A>): A {
    const { logits } = this;
    const bits = bitsOf(this, value),
      none = sigmoid(doubles(bits.length, (i) => -logits[i % logits.length]!));
    return rounded(
      bits.map((v, i) => (none[i] !== none[i] || v !== v ? NaN : v < 0 ? 0 : v < 1 ? none[i]! : 1)),
      kindOf(logits),
    );
  }

  /** p = sigmoid(logits) */
  mean(): A {
    return sigmoid(this.logits);
  }

  /** The more probable bit: 1 where p > 1/2, else 0; NaN for a NaN. */
  mode(): A {
    return this.logits.map((l) => (l > 0 ? 1 : l <= 0 ? 0 : NaN)) as A;
  }

  /** p (1 - p) */
  variance(): A {
    return rounded(varianceOf(this.logits), kindOf(this.logits));
  }

  /** The standard deviation. */
  stddev(): A {
    return rounded(varianceOf(this.logits).map(Math.sqrt), kindOf(this.logits));
  }

  /** -p log p - (1 - p) log(1 - p), in nats: log(1 + e) + |logit| e / (1 + e), e = exp(-|logit|). */
  entropy(): A {
    return entropyOf(this.logits);
  }
}

const entropyOf = /* @__PURE__ */ ofLaw(LAW_BIT_ENTROPY);

function fromProbs<A extends Floats>(probs: number | Input<A>): Bernoulli<A> {
  return new Bernoulli(logitsOfBits(probs));
}

function bitsOf<A extends Floats>({ logits }: Bernoulli<A>, value: Bits<A>): Float64Array {
  return checkDraws(value, [kindOf(logits), I32], logits.length);
}

const isBit = (v: number): boolean => v === 0 || v === 1;

/** The log-odds of each bit: logit for 1, -logit for 0. */
function signed(logits: Floats, bits: Float64Array): Float64Array {
  return doubles(bits.length, (i) => (bits[i] === 1 ? 1 : -1) * logits[i % logits.length]!);
}

/** p (1 - p) = e / (1 + e)^2, e = exp(-|logit|). */
function varianceOf(logits: Floats): Float64Array {
  return expMinusAbs(doubled(logits)).map((e) => e / ((1 + e) * (1 + e)));
}
