import { checkPair } from '../engine/check_distributions.ts';
import type { Floats } from '../engine/kind.ts';

/** A distribution whose divergence is closed: Normal, Gumbel, Logistic, Categorical, Bernoulli, BinConcrete, LogitBinConcrete. */
export interface Closed {
  /** The divergence from this one to q. */
  kl(q: never): Floats;
}

/**
 * The Kullback-Leibler divergence KL(p || q) = E_p[log p - log q], in nats, one value for each distribution of p.
 *
 *     Normal: (s^2 - 1 + d^2) / 2 - log s        Gumbel: gamma (s - 1) - log s + d + exp(-d) Gamma(1 + s) - 1
 *     Logistic, s = 1: d coth(d / 2) - 2         Categorical, Bernoulli: sum p (log p - log q)
 *     BinConcrete, LogitBinConcrete, one temperature: d coth(d / 2) - 2, d the difference of the logits
 *
 * with s = scale_p / scale_q, d = (loc_p - loc_q) / scale_q. Shapes: p and q of one class and dtype, q as long as p or of
 * a single distribution, which counts for all. Special values: +Infinity where q rules out what p does not; NaN for
 * Logistics of two scales, where there is no closed form. Errors: TypeError for what has no closed divergence, or for two
 * classes or dtypes; RangeError for two lengths, two n, two temperatures. Accuracy: computed in f64, to about 1e-14 of
 * the greatest term, rounded once. Source for Gumbel: Bauckhage 2014. PyTorch: `kl_divergence`; TFP: `kl_divergence`.
 */
export function klDivergence<D extends Closed>(p: D, q: D): ReturnType<D['kl']> {
  checkPair(p, q);
  return p.kl(q as never) as ReturnType<D['kl']>;
}
