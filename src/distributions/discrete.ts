import { checkRows, checkSame, type Floats, kindOf } from '../engine/check.ts';
import { checkDraws, checkParameters } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, exp, rounded } from '../max/elementary.ts';
import { dotRows, logProbs } from '../max/log_probs.ts';

/** Classes by their logits: rows of n, or bits (no n), which are rows of two classes, 1 first and 0 second. */
export abstract class Discrete<A extends Floats, V extends Int32Array | A> {
  /** Unnormalised log-probabilities; of bits, log-odds. */
  readonly logits: A;
  readonly #n: number | undefined;
  readonly #width: number;

  protected constructor(logits: number | Values<A>, n: number | undefined) {
    [this.logits] = checkParameters({ logits }) as [A];
    checkRows('logits', this.logits.length, n ?? 1);
    this.#n = n;
    this.#width = n ?? 2;
  }

  /** log p of each value; NaN for what is no class. In f64, rounded once, as all that follow. */
  logProb(value: Values<V>): A {
    const logP = this.#logP();
    return this.#round(this.#places(value).map((place) => logP[place]!));
  }

  /**
   * The gradient of sum_i dLogProb_i logProb_i, over all draws: the one-hot vector of the value minus p, times dLogProb;
   * a NaN row for what is no class.
   */
  vjp(value: Values<V>, dLogProb: Values<A>): { logits: A } {
    const { logits } = this;
    const at = this.#places(value),
      d = new Float64Array(checkSame('dLogProb', dLogProb, kindOf(logits), 'value', at.length));
    const p = exp(this.#logP());
    const hits = new Float64Array(p.length),
      mass = new Float64Array(p.length / this.#width);
    at.forEach((place, i) => {
      if (place >= 0) hits[place]! += d[i]!;
      mass[i % mass.length]! += place >= 0 ? d[i]! : NaN;
    });
    const step = p.length / logits.length; // a bit's logit is that of its first class
    return {
      logits: this.#round(
        doubles(logits.length, (i) => hits[step * i]! - p[step * i]! * mass[Math.floor((step * i) / this.#width)]!),
      ),
    };
  }

  /** -sum p log p of each row, in nats. */
  entropy(): A {
    return this.#expect(this.#logP().map((l) => -l));
  }

  /** KL(this || q): see klDivergence. */
  kl(q: this): A {
    const logQ = q.#logP();
    return this.#expect(this.#logP().map((l, i) => l - logQ[i % logQ.length]!));
  }

  #round(values: Float64Array): A {
    return rounded(values, kindOf(this.logits));
  }

  /** sum_k p_k h_k of each row. */
  #expect(h: Float64Array): A {
    return this.#round(dotRows(exp(this.#logP()), h, this.#width));
  }

  #logP(): Float64Array {
    return logProbs(this.logits, this.#n);
  }

  /** Where each value's class stands among the log-probabilities; NaN for what is no class. */
  #places(value: Values<V>): Float64Array {
    const { logits } = this;
    const bits = this.#n === undefined,
      rows = logits.length / (this.#n ?? 1);
    return checkDraws(value, bits ? kindOf(logits) : 'i32', rows).map((v, i) => {
      const k = bits ? 1 - v : v;
      return Number.isInteger(k) && k >= 0 && k < this.#width ? (i % rows) * this.#width + k : NaN;
    });
  }
}
