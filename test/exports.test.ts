/** The public surface: a name comes or goes only on purpose. */
import * as anymax from 'anymax';
import { expect, test } from 'vitest';

test('the exported names', () => {
  expect(Object.keys(anymax).sort()).toEqual([
    'Bernoulli',
    'BinConcrete',
    'Categorical',
    'Concrete',
    'ExpConcrete',
    'Gumbel',
    'Logistic',
    'LogitBinConcrete',
    'Normal',
    'Rng',
    'alloc',
    'analyticElboTerm',
    'argmax',
    'backend',
    'binConcreteLogProb',
    'binaryAnalyticElboTerm',
    'binaryRelaxedElboTerm',
    'binaryWeightedElboTerm',
    'categorical',
    'concreteLogProb',
    'entmax',
    'entmax15',
    'expConcrete',
    'expConcreteLogProb',
    'exponentialRace',
    'fallbackReason',
    'foldIn',
    'gumbelMax',
    'gumbelSigmoid',
    'gumbelSoftmax',
    'gumbelTopK',
    'hardmax',
    'init',
    'key',
    'klDivergence',
    'logSoftmax',
    'logSumExp',
    'logitBinConcrete',
    'logitBinConcreteLogProb',
    'random',
    'relaxedElboTerm',
    'semiSupervisedMarginal',
    'semiSupervisedSampled',
    'softmax',
    'sparsemax',
    'split',
    'supportSize',
    'weightedElboTerm',
  ]);
  expect(Object.keys(anymax.random).sort()).toEqual(['bits', 'exponential', 'gumbel', 'logistic', 'normal', 'uniform']);
});

test('the whole is usable right after import: the first call instantiates', () => {
  expect(anymax.backend()).toBe('wasm');
  expect(anymax.fallbackReason()).toBeUndefined();
});
