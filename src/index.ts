/** The public surface: the ops, and what is composed of them. */
export * from './ops.ts';
export { Bernoulli, type Bits } from './distributions/bernoulli.ts';
export { BinConcrete } from './distributions/bin_concrete.ts';
export { Categorical } from './distributions/categorical.ts';
export { Concrete } from './distributions/concrete.ts';
export { ExpConcrete } from './distributions/exp_concrete.ts';
export type { LogitsGradient } from './distributions/discrete.ts';
export { Gumbel } from './distributions/gumbel.ts';
export { type Closed, klDivergence } from './distributions/kl_divergence.ts';
export { Logistic } from './distributions/logistic.ts';
export type { LocationScaleGradient } from './distributions/location_scale.ts';
export { LogitBinConcrete } from './distributions/logit_bin_concrete.ts';
export { Normal } from './distributions/normal.ts';
export type { Like } from './distributions/types.ts';
export { binaryAnalyticElboTerm, binaryRelaxedElboTerm, binaryWeightedElboTerm } from './objectives/binary_terms.ts';
export { analyticElboTerm, relaxedElboTerm, weightedElboTerm } from './objectives/categorical_terms.ts';
export type { TermOptions } from './objectives/relaxed.ts';
export {
  semiSupervisedMarginal,
  type SemiSupervisedOptions,
  semiSupervisedSampled,
  type SampledGradientOptions,
} from './objectives/semi_supervised.ts';
