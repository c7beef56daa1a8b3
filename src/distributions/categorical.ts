import { checkRows, newArray } from '../engine/check.ts';
import { checkCopy, checkDraws, checkSame } from '../engine/check_distributions.ts';
import { type Dtype, type Floats, kindOf, I32 } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import { leaders } from '../math/classes.ts';
import { rounded } from '../math/float64.ts';
import { entropyOfLogits } from '../density/categorical.ts';
import { argmax } from '../max/argmax.ts';
import { logSoftmax } from '../max/log_softmax.ts';
import { softmax } from '../max/softmax.ts';
import type { Source } from '../random/rng.ts';
import { categorical } from '../sample/categorical.ts';
import { logitsOfProbs } from './arrays.ts';
import { Discrete, type LogitsGradient } from './discrete.ts';
import type { Like } from './types.ts';

/**
 * The categorical distribution of each row: class k with probability p = softmax(logits)_k. Logits rows x n. A value is an
 * index per row (Int32Array), or several draws of all rows, concatenated; a number counts for each row.
 *
 * Special values: as for logSoftmax; a class at -Infinity is never drawn.
 *
 * PyTorch: `Categorical(logits=...)`; TFP:
 * `Categorical(logits=...)`.
 *
 * @example
 * const c = new Categorical(Float32Array.of(2, 1, 0), 3);
 * c.logProb(0); // [-0.408]
 * c.entropy(); // [0.832]
 * c.sample(key(1), 5); // [1, 0, 0, 0, 0]
 */
export class Categorical<A extends Floats = Float32Array> extends Discrete<A> {
  /** Classes: the length of a row. */
  readonly n: number;

  /**
   * Makes the distribution from its parameters.
   *
   * @param logits Unnormalised log-probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @throws TypeError for another kind of array; RangeError for a length that is not a multiple of n.
   */
  constructor(logits: Input<A>, n: number) {
    super(checkCopy('logits', logits));
    checkRows('logits', this.logits.length, n);
    this.n = n;
  }

  /** @internal */
  protected width(): number {
    return this.n;
  }

  /**
   * From probabilities, rows x n. A sum may be off by n 2^-24, which a loop in float32 loses, or by 1e-6 where that is more.
   *
   * @param probs Probabilities, rows x n.
   * @param n The number of classes: the length of a row.
   * @returns The distribution.
   * @throws RangeError for a negative probability or a row of another sum.
   */
  static fromProbs<A extends Floats>(probs: Input<A>, n: number): Categorical<A> {
    return fromProbs(probs, n);
  }

  /**
   * `draws` classes per row by `categorical`, one draw of all rows behind the other; -1 as in gumbelMax.
   *
   * @param source A Key, or an Rng, which gives its next key.
   * @param draws How many; 1 if absent.
   * @returns The draws, concatenated: all of the first draw, then all of the second.
   * @throws TypeError for what is not a source; RangeError for draws that are not a positive integer.
   */
  sample(source: Source, draws = 1): Int32Array {
    const byRow = categorical(source, this.logits, this.n, { draws });
    const rows = byRow.length / draws;
    return byRow.map((_, i) => byRow[(i % rows) * draws + Math.floor(i / rows)]!);
  }

  /**
   * log p of each value; -Infinity for what is no class, NaN in a NaN row.
   *
   * Accuracy: relative, also near 0 where a class has nearly all.
   *
   * @param value Class indices, of one draw or of several; a number counts for each row.
   * @returns One value per distribution and draw.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  logProb(value: number | Values<Int32Array>): A {
    const { logits, n } = this;
    const chosen = classesOf(this, value),
      rows = logits.length / n,
      once = chosen.length === rows,
      index = new Int32Array(chosen.length);
    for (let i = 0; i < index.length; i++) index[i] = isClass(chosen[i]!, n) ? chosen[i]! : 0;
    const logP = once ? logSoftmax.at(logits, index, n) : logSoftmax(logits, n),
      result = once ? logP : (newArray(kindOf(logits) as Dtype, chosen.length) as A);
    for (let i = 0; i < result.length; i++) {
      const p = logP[once ? i : (i % rows) * n + index[i]!]!;
      // a NaN row is NaN everywhere
      result[i] = isClass(chosen[i]!, n) || p !== p ? p : -Infinity;
    }
    return result;
  }

  /**
   * The gradient of sum_i dLogProb_i logProb_i, over all draws: the one-hot vector of the value minus p, times dLogProb;
   * a NaN row for what is no class.
   *
   * @param value Class indices, of one draw or of several; a number counts for each row.
   * @param dLogProb The gradient by each log-probability, as long as `logProb` of the value.
   * @returns The gradients by name, those of the parameters summed over the draws.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  vjp(value: number | Values<Int32Array>, dLogProb: Like<A>): LogitsGradient<A> {
    const { logits, n } = this;
    const chosen = classesOf(this, value),
      d = checkSame('dLogProb', dLogProb, kindOf(logits), 'value', chosen.length);
    const p = softmax(logits, n),
      hits = new Float64Array(logits.length),
      mass = new Float64Array(logits.length / n);
    for (let i = 0; i < chosen.length; i++) {
      const r = i % mass.length,
        isOne = isClass(chosen[i]!, n);
      if (isOne) hits[r * n + chosen[i]!]! += d[i]!;
      mass[r]! += isOne ? d[i]! : NaN;
    }
    const { index, rest } = leaders(p, n);
    const gradient = newArray(kindOf(logits) as Dtype, logits.length) as A;
    for (let r = 0; r < mass.length; r++) {
      let elsewhere = 0;
      for (let k = 0; k < n; k++) {
        const i = r * n + k;
        gradient[i] = hits[i]! - p[i]! * mass[r]!;
        if (k !== index[r]) elsewhere += hits[i]!;
      }
      // where a class has nearly all, 1 - p is what the others have
      const top = r * n + index[r]!;
      if (index[r]! >= 0 && mass[r]! === mass[r]!) gradient[top] = hits[top]! * rest[r]! - p[top]! * elsewhere;
    }
    return { logits: gradient };
  }

  /**
   * P(class <= value): 0 below the first class, 1 from the last on.
   *
   * @param value Class indices, of one draw or of several; a number counts for each row.
   * @returns Probabilities, like the value.
   * @throws TypeError, RangeError for an argument of another kind or length.
   */
  cdf(value: number | Values<Int32Array>): A {
    const { logits, n } = this;
    const chosen = classesOf(this, value),
      p = softmax(logits, n);
    const sums = new Float64Array(p.length);
    for (let i = 0; i < p.length; i++) sums[i] = p[i]! + (i % n ? sums[i - 1]! : 0);
    const rows = p.length / n;
    return rounded(
      chosen.map((v, i) => {
        const start = (i % rows) * n,
          k = Math.floor(v);
        return sums[start]! !== sums[start]!
          ? NaN
          : k < 0
            ? 0
            : k < n - 1
              ? Math.min(1, sums[start + k]!)
              : v === v
                ? 1
                : NaN;
      }),
      kindOf(logits),
    );
  }

  /** The most probable class of each row, the first of several: argmax. */
  mode(): Int32Array {
    return argmax(this.logits, this.n);
  }

  /**
   * -sum p log p of each row, in nats.
   *
   * Accuracy: relative, also near 0 where a class has nearly all.
   */
  entropy(): A {
    return entropyOfLogits(this.logits, this.n);
  }
}

function fromProbs<A extends Floats>(probs: Input<A>, n: number): Categorical<A> {
  return new Categorical(logitsOfProbs(probs, n), n);
}

/** The classes of a value, any number of draws. */
function classesOf({ logits, n }: Categorical<Floats>, value: number | Values<Int32Array>): Float64Array {
  return checkDraws(value, [I32], logits.length / n);
}

const isClass = (k: number, n: number): boolean => Number.isInteger(k) && k >= 0 && k < n;
