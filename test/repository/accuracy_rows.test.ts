/** Every figure of accuracy that a docstring promises has a row that measures it: a docstring without one fails here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { claims } from '../accuracy/table.ts';
import { CLASS_CORNERS } from '../corners/classes.ts';
import { DENSITY_CORNERS } from '../corners/densities.ts';
import { FAMILY_CORNERS } from '../corners/family.ts';
import { GRADIENT_CORNERS } from '../corners/gradients.ts';
import { LAW_CORNERS } from '../corners/laws.ts';

/** What measures a figure: rows of test/accuracy/table.ts and of test/corners by their names, or a test with bounds of its own. */
type Place = readonly [place: string, ...rows: string[]];

const law = (name: string): string[] => ['cdf', 'sf', 'logCdf', 'logSf', 'icdf', 'isf'].map((f) => `${name}.${f}`);
const laws = ['Gumbel', 'Logistic', 'Normal'];

/** In the order of the files, by what is declared behind the docstring. */
const PLACES: readonly Place[] = [
  ['density/bin_concrete.ts: vjp', 'binConcreteLogProb.vjp by y, T 1', 'binConcreteLogProb.vjp by logits, T 1'],
  ['density/bin_concrete.ts: binConcreteLogProb', 'binConcreteLogProb'],
  ['density/bin_concrete.ts: vjp', 'logitBinConcreteLogProb.vjp by z, T 1'],
  ['density/bin_concrete.ts: logitBinConcreteLogProb', 'logitBinConcreteLogProb'],
  ['density/categorical.ts: entropyOfLogits', 'Categorical.entropy'],
  ['density/concrete.ts: vjp', 'concreteLogProb.vjp'],
  ['density/concrete.ts: concreteLogProb', 'concreteLogProb'],
  ['density/contrast.ts: divergence', 'klDivergence', 'KL of Categorical'],
  ['density/contrast.ts: weightedRatio', 'weightedElboTerm'],
  ['density/exp_concrete.ts: vjp', 'expConcreteLogProb.vjp'],
  ['density/exp_concrete.ts: expConcreteLogProb', 'expConcreteLogProb'],
  ['density/plackett_luce.ts: vjp', 'plackettLuceLogProb.vjp'],
  ['density/plackett_luce.ts: plackettLuceLogProb', 'plackettLuceLogProb'],
  ['distributions/categorical.ts: logProb', 'Categorical.logProb'],
  ['distributions/categorical.ts: entropy', 'Categorical.entropy'],
  ['distributions/gamma.ts: logGammaFrom1', 'KL of Gumbel'],
  ['distributions/gumbel.ts: Gumbel', ...law('Gumbel'), 'Gumbel.logProb'],
  ['distributions/kl_divergence.ts: klDivergence', ...laws.flatMap((name) => [`KL of ${name}`, `klDivergence.vjp of ${name}, loc of p`]), 'KL of Categorical', 'klDivergence.vjp of Categorical', 'KL of Bernoulli', 'klDivergence.vjp of Bernoulli, p'], // prettier-ignore
  ['distributions/logistic.ts: Logistic', ...law('Logistic')],
  ['distributions/normal.ts: Normal', ...law('Normal')],
  ['distributions/normal_cdf.ts: cdf', 'Normal.cdf'],
  ['distributions/normal_cdf.ts: logCdf', 'Normal.logCdf', 'Normal.logSf'],
  ['math/float64.ts: elementary', 'exp', 'log', 'log1p'],
  ['math/float64.ts: exp', 'exp'],
  ['max/entmax.ts: entmax', 'entmax', 'entmax sum', 'test/max/entmax.test.ts'],
  ['max/entmax15.ts: entmax15', 'entmax15', 'entmax15 sum'],
  ['max/log_softmax.ts: vjp', 'logSoftmax.vjp'],
  ['max/log_softmax.ts: vjpTemperature', 'logSoftmax.vjpTemperature'],
  ['max/log_softmax.ts: logSoftmax', 'logSoftmax', 'logSoftmax far'],
  ['max/log_softmax.ts: vjp', 'logSumExp.vjp'],
  ['max/log_softmax.ts: vjpTemperature', 'logSumExp.vjpTemperature'],
  ['max/log_softmax.ts: logSumExp', 'logSumExp', 'logSumExp far'],
  ['max/loss.ts: vjp', 'entmax(1.5).lossGradient', 'Categorical.vjp'],
  ['max/softmax.ts: softmax', 'softmax', 'softmax far'],
  ['max/sparsemax.ts: sparsemax', 'sparsemax', 'sparsemax sum'],
  ['max/types.ts: A', 'entropy', 'softmax.entropy'],
  ['max/types.ts: vjp', 'softmax.entropy.vjp', 'entmax(1.5).entropy.vjp', 'entmax(2).entropy.vjp'],
  ['max/types.ts: vjpTemperature', 'vjpTemperature', 'softmax.vjpTemperature'],
  ['max/types.ts: vjpAlpha', 'vjpAlpha', 'softmax.vjpAlpha'],
  ['max/types.ts: loss', 'loss', 'softmax loss', 'test/max/loss_corners.test.ts'],
  ['objectives/binary_terms.ts: binaryWeightedElboTerm', 'test/objectives/objectives.test.ts'],
  ['objectives/categorical_terms.ts: relaxedElboTerm', 'test/objectives/objectives.test.ts'],
  ['objectives/categorical_terms.ts: weightedElboTerm', 'weightedElboTerm', 'test/objectives/objectives.test.ts'],
  [
    'objectives/semi_supervised.ts: semiSupervisedMarginal',
    'semiSupervisedMarginal',
    'test/distributions/relative_accuracy.test.ts',
  ],
  ['random/random.ts: exponential', 'exponential'],
  ['random/random.ts: gumbel', 'gumbel'],
  ['random/random.ts: logistic', 'logistic'],
  ['random/random.ts: normal', 'test/kernels/normal.test.ts'],
  ['sample/categorical.ts: categorical', 'test/sample/statistics.test.ts'],
  ['sample/gumbel_given.ts: gumbelGiven', 'gumbelGiven'],
  ['sample/gumbel_max.ts: gumbelMax', 'gumbel'],
  ['sample/gumbel_sigmoid.ts: vjp', 'gumbelSigmoid.vjp, T 1'],
  ['sample/weight_tree.ts: WeightTree', 'test/sample/weight_tree.test.ts'],
];

/** Of call signatures: what they are in the interface that has them. */
const SIGNATURES: Readonly<Record<string, string>> = { A: 'entropy', vjp: 'entropy.vjp' };

/** The docstrings with a figure, by file and by what is declared behind them. Those of tokens tell what is compared. */
function places(): string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(js|shared|engine|threads|tfjs|tokens)\//.test(file))
    .sort();
  return files.flatMap((file) => {
    const text = readFileSync(`src/${file}`, 'utf8');
    return [...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*([^\n]*)/g)].flatMap(([, comment, code]) => {
      const words = comment!.replace(/\s*\n\s*\*\s?/g, ' ');
      if (!/\d ULP|1e-\d+ of|to 1e-\d|rounded once|Accuracy[^.]*(2\^-\d|roundings|relative)/.test(words)) return [];
      if (!/Accuracy|ULP|1e-/.test(words)) return [];
      const declared = /^(?:export |const |function |interface |class |readonly |static )*\W*(\w+)/.exec(code!)![1]!;
      return [`${file}: ${file === 'max/max.ts' ? (SIGNATURES[declared] ?? declared) : declared}`];
    });
  });
}

const names = [...claims.map(({ op }) => op), ...[...CLASS_CORNERS, ...DENSITY_CORNERS, ...FAMILY_CORNERS, ...GRADIENT_CORNERS, ...LAW_CORNERS].map(({ name }) => name)]; // prettier-ignore

test('every docstring with a figure is in the table, and nothing else', () => {
  expect(places()).toEqual(PLACES.map(([place]) => place));
});

test.each(PLACES)('%s is measured', (_, ...rows) => {
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.startsWith('test/') ? existsSync(row) : names.includes(row), row).toBe(true);
});
