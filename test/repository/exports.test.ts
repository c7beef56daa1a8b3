/** The public surface: a name comes or goes only on purpose. */
import * as anymax from 'anymax';
import * as tokens from 'anymax/tokens';
import { build } from 'esbuild';
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
    'WeightTree',
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
    'gumbelGiven',
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
    'perRow',
    'plackettLuceLogProb',
    'random',
    'relaxedElboTerm',
    'semiSupervisedMarginal',
    'semiSupervisedSampled',
    'softmax',
    'sparsemax',
    'split',
    'supportSize',
    'topK',
    'vjp',
    'weightedElboTerm',
  ]);
  expect(Object.keys(anymax.random).sort()).toEqual(['bits', 'exponential', 'gumbel', 'logistic', 'normal', 'uniform']);
});

test('the names of anymax/tokens', () => {
  expect(Object.keys(tokens).sort()).toEqual(['addBias', 'allow', 'penalize', 'sampleTokens', 'truncate']);
});

test('anymax/tokens as it is built, in each form, shares the engine of the main entry', async () => {
  const dist = new URL('../../dist/', import.meta.url).pathname,
    { createRequire } = await import('node:module'),
    load = createRequire(import.meta.url);
  type Tokens = typeof tokens;
  type Package = typeof anymax;
  const logits = Float32Array.of(1, 3, 2);
  for (const [own, main] of [
    [await import(`${dist}index.tokens.js`), await import(`${dist}index.js`)],
    [await import(`${dist}js.tokens.js`), await import(`${dist}js.js`)],
    [load(`${dist}index.tokens.cjs`), load(`${dist}index.cjs`)],
    [load(`${dist}js.tokens.cjs`), load(`${dist}js.cjs`)],
  ] as [Tokens, Package][]) {
    expect(Object.keys(own).sort()).toEqual(Object.keys(tokens).sort());
    expect([...own.truncate(logits, 3, { topK: 2 })]).toEqual([-Infinity, 3, 2]);
    expect([...own.addBias(logits, 3, Int32Array.of(0), Float32Array.of(1))]).toEqual([2, 3, 2]);
    const resident = main.alloc(Float32Array, 3);
    resident.view.set(logits);
    expect([...own.sampleTokens(new main.Rng(1), resident, 3, { topK: 1 })]).toEqual([1]);
  }
});

test('the whole is usable right after import: the first call instantiates', () => {
  expect(anymax.backend()).toBe('wasm');
  expect(anymax.fallbackReason()).toBeUndefined();
});

test('an application bundles the distributions that it imports, and no others', async () => {
  const bundled = async (names: string): Promise<string> => {
    const resolveDir = new URL('../../dist', import.meta.url).pathname;
    const stdin = { contents: `import { ${names} } from './js.js'; console.log(${names});`, resolveDir };
    const result = await build({ stdin, bundle: true, format: 'esm', minify: true, write: false });
    return result.outputFiles[0]!.text;
  };
  // of the normal quantile, Gumbel's mean, the objectives' gradients
  const [normal, gumbel, objectives] = [/2\.30753/, /\.577215664/, /\bdTerm\b|\bdObjective\b/];
  for (const [names, kept] of [
    ['softmax', []],
    ['Normal', [normal]],
    ['Gumbel', [gumbel]],
    ['analyticElboTerm', [objectives]],
  ] as const) {
    const code = await bundled(names);
    for (const part of [normal, gumbel, objectives]) {
      expect(part.test(code), `${names}: ${part}`).toBe((kept as readonly RegExp[]).includes(part));
    }
  }
});
