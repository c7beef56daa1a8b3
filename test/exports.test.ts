/** The public surface: a name comes or goes only on purpose. */
import * as anymax from 'anymax';
import { expect, test } from 'vitest';

test('the exported names', () => {
  expect(Object.keys(anymax).sort()).toEqual([
    'Rng',
    'alloc',
    'argmax',
    'backend',
    'binConcreteLogProb',
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
    'logSoftmax',
    'logSumExp',
    'logitBinConcrete',
    'logitBinConcreteLogProb',
    'random',
    'softmax',
    'sparsemax',
    'split',
    'supportSize',
  ]);
  expect(Object.keys(anymax.random).sort()).toEqual(['bits', 'exponential', 'gumbel', 'logistic', 'normal', 'uniform']);
});

test('the whole is usable right after import: the first call instantiates', () => {
  expect(anymax.backend()).toBe('wasm');
  expect(anymax.fallbackReason()).toBeUndefined();
});
