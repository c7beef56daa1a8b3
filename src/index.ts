export type { Floats } from './engine/check.ts';
export { backend, fallbackReason, init, type InitOptions } from './engine/backend.ts';
export { binConcreteLogProb, logitBinConcreteLogProb } from './density/bin_concrete.ts';
export { concreteLogProb } from './density/concrete.ts';
export { expConcreteLogProb } from './density/exp_concrete.ts';
export type { DensityOptions } from './density/log_prob.ts';
export { argmax, hardmax } from './max/argmax.ts';
export { entmax } from './max/entmax.ts';
export { entmax15 } from './max/entmax15.ts';
export type { Max, MaxOptions } from './max/max.ts';
export { logSoftmax, logSumExp, softmax } from './max/softmax.ts';
export { sparsemax } from './max/sparsemax.ts';
export { foldIn, type Key, key, split } from './random/key.ts';
/** Noise of a key: an element depends on the key and on its own index alone, so a longer array begins with a shorter one. */
export * as random from './random/random.ts';
export { Rng, type RngState, type Source } from './random/rng.ts';
export { gumbelMax, type IndexOptions } from './sample/gumbel_max.ts';
export { gumbelSigmoid } from './sample/gumbel_sigmoid.ts';
export { expConcrete, gumbelSoftmax, type RelaxedOptions } from './sample/gumbel_softmax.ts';
