export type { Floats } from './engine/check.ts';
export { alloc } from './engine/alloc.ts';
export { backend, fallbackReason, init, type InitOptions } from './engine/backend.ts';
export type { Resident, Values } from './engine/resident.ts';
export { binConcreteLogProb, logitBinConcreteLogProb } from './density/bin_concrete.ts';
export { concreteLogProb } from './density/concrete.ts';
export { expConcreteLogProb } from './density/exp_concrete.ts';
export type { DensityOptions } from './density/log_prob.ts';
export { argmax, hardmax, supportSize } from './max/argmax.ts';
export { entmax } from './max/entmax.ts';
export { entmax15 } from './max/entmax15.ts';
export { logSoftmax, logSumExp } from './max/log_softmax.ts';
export type { Max, MaxOptions, OutOptions } from './max/max.ts';
export { softmax } from './max/softmax.ts';
export { sparsemax } from './max/sparsemax.ts';
export { foldIn, type Key, key, split } from './random/key.ts';
/** Noise of a key: an element depends on the key and on its own index alone, so a longer array begins with a shorter one. */
export * as random from './random/random.ts';
export { Rng, type RngState, type Source } from './random/rng.ts';
export { categorical, type CategoricalOptions, type Prepared } from './sample/categorical.ts';
export { expConcrete } from './sample/exp_concrete.ts';
export { exponentialRace } from './sample/exponential_race.ts';
export { gumbelMax, type IndexOptions } from './sample/gumbel_max.ts';
export { gumbelSigmoid, logitBinConcrete } from './sample/gumbel_sigmoid.ts';
export { gumbelSoftmax, type RelaxedOptions } from './sample/gumbel_softmax.ts';
export { gumbelTopK } from './sample/gumbel_top_k.ts';
export { Bernoulli } from './distributions/bernoulli.ts';
export { BinConcrete } from './distributions/bin_concrete.ts';
export { Categorical } from './distributions/categorical.ts';
export { Concrete } from './distributions/concrete.ts';
export { ExpConcrete } from './distributions/exp_concrete.ts';
export { Gumbel } from './distributions/gumbel.ts';
export { klDivergence } from './distributions/kl_divergence.ts';
export { Logistic } from './distributions/logistic.ts';
export { LogitBinConcrete } from './distributions/logit_bin_concrete.ts';
export { Normal } from './distributions/normal.ts';
export { binaryAnalyticElboTerm, binaryRelaxedElboTerm, binaryWeightedElboTerm } from './objectives/binary_terms.ts';
export { analyticElboTerm, relaxedElboTerm, weightedElboTerm } from './objectives/categorical_terms.ts';
export type { TermOptions } from './objectives/relaxed.ts';
export {
  semiSupervisedMarginal,
  type SemiSupervisedOptions,
  semiSupervisedSampled,
  type SampledGradientOptions,
} from './objectives/semi_supervised.ts';
