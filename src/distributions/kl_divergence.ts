import { checkPair } from '../engine/check_distributions.ts';
import type { Floats } from '../engine/kind.ts';

/** A distribution whose divergence is closed: Normal, Gumbel, Logistic, Categorical, Bernoulli, BinConcrete, LogitBinConcrete. */
export interface Closed {
  /** The divergence from this one to q. */
  kl(q: never): Floats;
  /** Its gradients, by the parameters of both. */
  klVjp(q: never, d: never): { readonly p: object; readonly q: object };
}

/** What `klDivergence` is. */
export interface KlDivergence {
  /**
   * KL(p || q) in nats, at least 0.
   *
   * @param p The distribution whose expectation is taken.
   * @param q The distribution that it is compared with: of the same class and dtype, as long as p or single.
   * @returns One value for each distribution of p.
   * @throws TypeError for a class without a closed divergence, and for two classes or dtypes; RangeError for two lengths, two n,
   *   two temperatures.
   */
  <D extends Closed>(p: D, q: D): ReturnType<D['kl']>;
  /**
   * The gradients of sum_i d_i KL_i by the parameters of p and of q: records of `loc` and `scale`, or of `logits`.
   *
   * @param p As for the divergence.
   * @param q As for the divergence.
   * @param d The gradient by each divergence: one value for each distribution of p.
   * @returns `{ p, q }`, like the parameters; those of a single q are summed over p. NaN where the divergence is.
   * @throws As the divergence; TypeError, RangeError for another kind or length of d.
   * @example
   * klDivergence.vjp(new Normal(1, 1), new Normal(0, 1), Float32Array.of(1)).p.loc; // [1]
   */
  vjp<D extends Closed>(p: D, q: D, d: Parameters<D['klVjp']>[1]): ReturnType<D['klVjp']>;
}

/**
 * The Kullback-Leibler divergence KL(p || q) = E_p[log p - log q], in nats, one value for each distribution of p.
 *
 *     Normal: (s^2 - 1 + d^2) / 2 - log s
 *     Gumbel: gamma (s - 1) - log s + d + exp(-d) Gamma(1 + s) - 1
 *     Logistic, s = 1: d coth(d / 2) - 2
 *     Categorical, Bernoulli: sum p (log p - log q)
 *     BinConcrete, LogitBinConcrete, one temperature: d coth(d / 2) - 2, d the difference of the logits
 *
 * with s = scale_p / scale_q, d = (loc_p - loc_q) / scale_q.
 *
 * Special values: +Infinity where q rules out what p does not; NaN for Logistics of two scales, where there is no closed
 * form; never below 0, and exactly 0 for equal parameters.
 *
 * Accuracy: computed in f64 as a sum of terms that are not negative, relative to 1e-14 also for nearly equal distributions,
 * rounded once; of float32 classes with their probabilities, and terms of long rows, in float32, within 4 ULP.
 *
 * Source: for Gumbel, Bauckhage 2014.
 *
 * PyTorch: `kl_divergence`; TFP: `kl_divergence`.
 *
 * @example
 * klDivergence(new Normal(1, 1), new Normal(0, 1)); // [0.5]
 */
export const klDivergence: KlDivergence = /* @__PURE__ */ Object.assign(
  function klDivergence<D extends Closed>(p: D, q: D): ReturnType<D['kl']> {
    checkPair(p, q);
    return p.kl(q as never) as ReturnType<D['kl']>;
  },
  {
    vjp<D extends Closed>(p: D, q: D, d: Parameters<D['klVjp']>[1]): ReturnType<D['klVjp']> {
      checkPair(p, q);
      return p.klVjp(q as never, d as never) as ReturnType<D['klVjp']>;
    },
  },
);
