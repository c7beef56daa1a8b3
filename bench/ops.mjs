/**
 * The table of what is measured: a line for each op, by the package `a` and by the loops of `plain/`, on the same arrays.
 * `out` is given wherever the package takes one, so that allocation is not measured. A line whose function the package
 * does not have is passed over. prettier leaves the lines alone (.prettierignore).
 */
import * as anymax from 'anymax';
import * as plain from './plain/index.mjs';

/**
 * @typedef {object} Op
 * @property {string} name as in tables: the public function, and how it is called
 * @property {string} of the public function
 * @property {Shape} shape
 * @property {(a: any, data: any) => any} package arrays of ./data.mjs in, an array out, or an object of arrays
 * @property {(data: any) => any} plain
 */

/**
 * What an op works on and gives.
 * @typedef {object} Shape
 * @property {boolean} byRow false where n has no meaning
 * @property {boolean} noisy whether the plain loop gives other values at each call
 * @property {'element' | 'row' | 'index' | 'bits' | 'gradients'} gives a float for each element, a float or indices for
 *   each row, a word for each element, new arrays of its own
 * @property {number} [draws] indices for each row: 1 if not given
 * @property {(x: any, n: number) => any} [max] whose output the gradients are of: softmax if not given
 */

/** @type {Shape} */
const each = { byRow: true, noisy: false, gives: 'element' };
const reduced = { ...each, gives: /** @type {const} */ ('row') };
const index = { ...each, gives: /** @type {const} */ ('index') };
const sampled = { ...each, noisy: true };
const drawn = { ...index, noisy: true };
const flat = { ...each, byRow: false };
const noise = { ...sampled, byRow: false };
const gradients = { ...each, gives: /** @type {const} */ ('gradients') };
const flatGradients = { ...gradients, byRow: false };
const byRow = gradients;
const ofEach = flatGradients;

const MANY = 100;
const TOP = 5;

/** @param {string} name @param {Shape} shape @param {Op['package']} run @param {Op['plain']} loop @returns {Op} */
const op = (name, shape, run, loop) => ({ name, of: /^[\w.]+/.exec(name)[0], shape, package: run, plain: loop });

/** @type {(max: any) => Shape} */
const at = (max) => ({ ...each, max });
const entmax125 = anymax.entmax(1.25);
/** The standard law of a kind, in the dtype of x, an array or a resident one: numbers are float32. @param {any} Law @param {any} x */
const standard = (Law, x) =>
  (x.view ?? x) instanceof Float32Array
    ? new Law(0, 1)
    : new Law(new Float64Array(x.length), new Float64Array(x.length).fill(1));

/** Draws from tables that are given back then. @param {any} tables @param {any} key @param {any} out */
function prepared(tables, key, out) {
  tables.draw(key, MANY, { out });
  tables.free();
  return out;
}

const table = [
  // max
  op('softmax', each, (a, { x, n, out }) => a.softmax(x, n, { out }), ({ x, n, out }) => plain.softmax(x, n, 1, out)),
  op('softmax T=0.7', each, (a, { x, n, out }) => a.softmax(x, n, { temperature: 0.7, out }), ({ x, n, out }) => plain.softmax(x, n, 0.7, out)),
  op('logSoftmax', each, (a, { x, n, out }) => a.logSoftmax(x, n, { out }), ({ x, n, out }) => plain.logSoftmax(x, n, 1, out)),
  op('logSoftmax.at', reduced, (a, { x, target, n, out }) => a.logSoftmax.at(x, target, n, { out }), ({ x, target, n, out }) => plain.logSoftmaxAt(x, target, n, out)),
  op('logSumExp', reduced, (a, { x, n, out }) => a.logSumExp(x, n, { out }), ({ x, n, out }) => plain.logSumExp(x, n, out)),
  op('argmax', index, (a, { x, n, out }) => a.argmax(x, n, { out }), ({ x, n, out }) => plain.argmax(x, n, out)),
  op(`topK k=${TOP}`, { ...index, draws: TOP }, (a, { x, n, out }) => a.topK(x, n, TOP, { out }), ({ x, n, out }) => plain.topK(x, n, TOP, out)),
  op('hardmax', each, (a, { x, n, out }) => a.hardmax(x, n, { out }), ({ x, n, out }) => plain.hardmax(x, n, out)),
  op('sparsemax', each, (a, { x, n, out }) => a.sparsemax(x, n, { out }), ({ x, n, out }) => plain.sparsemax(x, n, out)),
  op('entmax15', each, (a, { x, n, out }) => a.entmax15(x, n, { out }), ({ x, n, out }) => plain.entmax15(x, n, out)),
  op('entmax(1.25)', each, (_, { x, n, out }) => entmax125(x, n, { out }), ({ x, n, out }) => plain.entmax(x, n, 1.25, out)),
  op('softmax.vjp', at(anymax.softmax), (a, { p, d, n, out }) => a.softmax.vjp(p, d, n, { out }), ({ p, d, n, out }) => plain.vjp(p, d, n, 1, out)),
  op('sparsemax.vjp', at(anymax.sparsemax), (a, { p, d, n, out }) => a.sparsemax.vjp(p, d, n, { out }), ({ p, d, n, out }) => plain.vjp(p, d, n, 2, out)),
  op('entmax15.vjp', at(anymax.entmax15), (a, { p, d, n, out }) => a.entmax15.vjp(p, d, n, { out }), ({ p, d, n, out }) => plain.vjp(p, d, n, 1.5, out)),
  op('entmax(1.25).vjp', at(entmax125), (_, { p, d, n, out }) => entmax125.vjp(p, d, n, { out }), ({ p, d, n, out }) => plain.vjp(p, d, n, 1.25, out)),
  op('softmax.vjpTemperature', reduced, (a, { p, d, n, out }) => a.softmax.vjpTemperature(p, d, n, { out }), ({ p, d, n, out }) => plain.softmaxVjpTemperature(p, d, n, out)),
  op('softmax.entropy', reduced, (a, { p, n, out }) => a.softmax.entropy(p, n, { out }), ({ p, n, out }) => plain.shannon(p, n, out)),
  op('softmax.entropy.vjp', each, (a, { p, perRow, n, out }) => a.softmax.entropy.vjp(p, perRow, n, { out }), ({ p, perRow, n, out }) => plain.shannonVjp(p, perRow, n, out)),
  op('entmax15.vjpTemperature', { ...reduced, max: anymax.entmax15 }, (a, { p, d, n, out }) => a.entmax15.vjpTemperature(p, d, n, { out }), ({ p, d, n, out }) => plain.vjpTemperature(p, d, n, 1.5, out)),
  op('sparsemax.vjpTemperature', { ...reduced, max: anymax.sparsemax }, (a, { p, d, n, out }) => a.sparsemax.vjpTemperature(p, d, n, { out }), ({ p, d, n, out }) => plain.vjpTemperature(p, d, n, 2, out)),
  op('entmax(1.25).vjpAlpha', { ...reduced, max: entmax125 }, (_, { p, d, n, out }) => entmax125.vjpAlpha(p, d, n, { out }), ({ p, d, n, out }) => plain.vjpAlpha(p, d, n, 1.25, out)),
  op('entmax15.entropy', { ...reduced, max: anymax.entmax15 }, (a, { p, n, out }) => a.entmax15.entropy(p, n, { out }), ({ p, n, out }) => plain.tsallis(p, n, 1.5, out)),
  op('sparsemax.entropy', { ...reduced, max: anymax.sparsemax }, (a, { p, n, out }) => a.sparsemax.entropy(p, n, { out }), ({ p, n, out }) => plain.tsallis(p, n, 2, out)),
  op('softmax.loss', reduced, (a, { x, target, n, out }) => a.softmax.loss(x, target, n, { out }), ({ x, target, n, out }) => plain.softmaxLoss(x, target, n, out)),
  op('softmax.lossGradient', each, (a, { x, target, n, out }) => a.softmax.lossGradient(x, target, n, { out }), ({ x, target, n, out }) => plain.softmaxLossGradient(x, target, n, out)),
  op('softmax.loss.vjp T=0.7', each, (a, { x, target, perRow, n, out }) => a.softmax.loss.vjp(x, target, perRow, n, { temperature: 0.7, out }), ({ x, target, perRow, n, out }) => plain.softmaxLossVjp(x, target, perRow, n, 0.7, out)),
  op('entmax15.loss', reduced, (a, { x, target, n, out }) => a.entmax15.loss(x, target, n, { out }), ({ x, target, n, out, space }) => plain.sparseLoss(x, target, n, 1.5, out, space)),
  op('sparsemax.loss', reduced, (a, { x, target, n, out }) => a.sparsemax.loss(x, target, n, { out }), ({ x, target, n, out, space }) => plain.sparseLoss(x, target, n, 2, out, space)),
  op('sparsemax.lossGradient', each, (a, { x, target, n, out }) => a.sparsemax.lossGradient(x, target, n, { out }), ({ x, target, n, out }) => plain.sparsemaxLossGradient(x, target, n, out)),
  op('logSoftmax.vjp', each, (a, { logY, d, n, out }) => a.logSoftmax.vjp(logY, d, n, { out }), ({ logY, d, n, out }) => plain.logSoftmaxVjp(logY, d, n, out)),
  op('logSumExp.vjp', each, (a, { x, perRow, n, out }) => a.logSumExp.vjp(x, perRow, n, { out }), ({ x, perRow, n, out }) => plain.logSumExpVjp(x, perRow, n, out)),
  op('supportSize', { ...index, max: anymax.sparsemax }, (a, { p, n, out }) => a.supportSize(p, n, { out }), ({ p, n, out }) => plain.supportSize(p, n, out)),

  // random
  op('random.bits', { ...noise, gives: 'bits' }, (a, { key, out }) => a.random.bits(key, out), ({ out }) => plain.bits(out)),
  op('random.uniform', noise, (a, { key, out }) => a.random.uniform(key, out), ({ out }) => plain.uniform(out)),
  op('random.exponential', noise, (a, { key, out }) => a.random.exponential(key, out), ({ out }) => plain.exponential(out)),
  op('random.gumbel', noise, (a, { key, out }) => a.random.gumbel(key, out), ({ out }) => plain.gumbel(out)),
  op('random.logistic', noise, (a, { key, out }) => a.random.logistic(key, out), ({ out }) => plain.logistic(out)),
  op('random.normal', noise, (a, { key, out }) => a.random.normal(key, out), ({ out }) => plain.normal(out)),

  // sample
  op('gumbelMax', drawn, (a, { key, x, n, out }) => a.gumbelMax(key, x, n, { out }), ({ x, n, out }) => plain.gumbelMax(x, n, out)),
  op('categorical', drawn, (a, { key, x, n, out }) => a.categorical(key, x, n, { out }), ({ x, n, out }) => plain.categorical(x, n, 1, out)),
  op(`categorical draws=${MANY}`, { ...drawn, draws: MANY }, (a, { key, x, n, out }) => a.categorical(key, x, n, { draws: MANY, out }), ({ x, n, out }) => plain.categorical(x, n, MANY, out)),
  op(`categorical.prepare draws=${MANY}`, { ...drawn, draws: MANY }, (a, { key, x, n, out }) => prepared(a.categorical.prepare(x, n), key, out), ({ x, n, out }) => plain.categorical(x, n, MANY, out)),
  op(`gumbelTopK k=${TOP}`, { ...drawn, draws: TOP }, (a, { key, x, n, out }) => a.gumbelTopK(key, x, n, TOP, { out }), ({ x, n, out }) => plain.gumbelTopK(x, n, TOP, out)),
  op('exponentialRace', drawn, (a, { key, weights, n, out }) => a.exponentialRace(key, weights, n, { out }), ({ weights, n, out }) => plain.exponentialRace(weights, n, out)),
  op(`exponentialRace draws=${MANY}`, { ...drawn, draws: MANY }, (a, { key, weights, n, out }) => a.exponentialRace(key, weights, n, { draws: MANY, out }), ({ weights, n, out }) => plain.exponentialRace(weights, n, out, MANY)),
  op('gumbelGiven', sampled, (a, { key, x, perRow, n, out }) => a.gumbelGiven(key, x, perRow, n, { out }), ({ x, perRow, n, out }) => plain.gumbelGiven(x, perRow, n, out)),
  op('gumbelSoftmax', sampled, (a, { key, x, n, out }) => a.gumbelSoftmax(key, x, n, { out }), ({ x, n, out }) => plain.gumbelSoftmax(x, n, 1, out)),
  op('gumbelSoftmax T=0.5', sampled, (a, { key, x, n, out }) => a.gumbelSoftmax(key, x, n, { temperature: 0.5, out }), ({ x, n, out }) => plain.gumbelSoftmax(x, n, 0.5, out)),
  op('gumbelSoftmax sparsemax', sampled, (a, { key, x, n, out }) => a.gumbelSoftmax(key, x, n, { max: a.sparsemax, out }), ({ x, n, out }) => plain.sparsemax(plain.perturb(x, out), n, out)),
  op('gumbelSoftmax.vjp', each, (a, { y, d, n, out }) => a.gumbelSoftmax.vjp(y, d, n, { out }), ({ y, d, n, out }) => plain.vjp(y, d, n, 1, out)),
  op('gumbelSoftmax.vjpTemperature', reduced, (a, { y, d, n, out }) => a.gumbelSoftmax.vjpTemperature(y, d, n, { out }), ({ y, d, n, out }) => plain.softmaxVjpTemperature(y, d, n, out)),
  op('expConcrete', sampled, (a, { key, x, n, out }) => a.expConcrete(key, x, n, { out }), ({ x, n, out }) => plain.expConcrete(x, n, 1, out)),
  op('expConcrete.vjp', each, (a, { logY, d, n, out }) => a.expConcrete.vjp(logY, d, n, { out }), ({ logY, d, n, out }) => plain.logSoftmaxVjp(logY, d, n, out)),
  op('expConcrete.vjpTemperature', reduced, (a, { logY, d, n, out }) => a.expConcrete.vjpTemperature(logY, d, n, { out }), ({ logY, d, n, out }) => plain.logSoftmaxVjpTemperature(logY, d, n, out)),
  op('gumbelSigmoid', noise, (a, { key, x, out }) => a.gumbelSigmoid(key, x, { out }), ({ x, out }) => plain.gumbelSigmoid(x, 1, out)),
  op('gumbelSigmoid.vjp', flat, (a, { bit, d, out }) => a.gumbelSigmoid.vjp(bit, d, { out }), ({ bit, d, out }) => plain.gumbelSigmoidVjp(bit, d, 1, out)),
  op('logitBinConcrete', noise, (a, { key, x, out }) => a.logitBinConcrete(key, x, { out }), ({ x, out }) => plain.logitBinConcrete(x, 1, out)),
  op('logitBinConcrete.vjp', flat, (a, { z, d, out }) => a.logitBinConcrete.vjp(z, d, { temperature: 0.5, out }), ({ z, d, out }) => plain.logitBinConcreteVjp(z, d, 0.5, out)),
  op('logitBinConcrete.vjpTemperature', flat, (a, { z, d, out }) => a.logitBinConcrete.vjpTemperature(z, d, { temperature: 0.5, out }), ({ z, d, out }) => plain.logitBinConcreteVjpTemperature(z, d, 0.5, out)),

  // density
  op('expConcreteLogProb', reduced, (a, { logY, x, n, out }) => a.expConcreteLogProb(logY, x, n, { out }), ({ logY, x, n, out }) => plain.expConcreteLogProb(logY, x, n, 1, out)),
  op('concreteLogProb', reduced, (a, { y, x, n, out }) => a.concreteLogProb(y, x, n, { out }), ({ y, x, n, out }) => plain.concreteLogProb(y, x, n, 1, out)),
  op(`plackettLuceLogProb k=${TOP}`, reduced, (a, { x, ranking, n, out }) => a.plackettLuceLogProb(x, ranking, n, TOP, { out }), ({ x, ranking, n, out }) => plain.plackettLuceLogProb(x, ranking, n, TOP, out)),
  op('binConcreteLogProb', flat, (a, { bit, x, out }) => a.binConcreteLogProb(bit, x, { out }), ({ bit, x, out }) => plain.binConcreteLogProb(bit, x, 1, out)),
  op('logitBinConcreteLogProb', flat, (a, { z, x, out }) => a.logitBinConcreteLogProb(z, x, { out }), ({ z, x, out }) => plain.logitBinConcreteLogProb(z, x, 1, out)),
  op('expConcreteLogProb.vjp', gradients, (a, { logY, x, perRow, n }) => a.expConcreteLogProb.vjp(logY, x, perRow, n), ({ logY, x, perRow, n }) => plain.expConcreteLogProbVjp(logY, x, perRow, n, 1)),
  op('concreteLogProb.vjp', gradients, (a, { y, x, perRow, n }) => a.concreteLogProb.vjp(y, x, perRow, n), ({ y, x, perRow, n }) => plain.concreteLogProbVjp(y, x, perRow, n, 1)),
  op('binConcreteLogProb.vjp', flatGradients, (a, { bit, x, d }) => a.binConcreteLogProb.vjp(bit, x, d), ({ bit, x, d }) => plain.binConcreteLogProbVjp(bit, x, d, 1)),
  op('logitBinConcreteLogProb.vjp', flatGradients, (a, { z, x, d }) => a.logitBinConcreteLogProb.vjp(z, x, d), ({ z, x, d }) => plain.logitBinConcreteLogProbVjp(z, x, d, 1)),

  // distributions: the results are new arrays
  op('Categorical.logProb', byRow, (a, { x, target, n }) => new a.Categorical(x, n).logProb(target), ({ x, target, n }) => plain.categoricalLogProb(x, target, n)),
  op('Categorical.entropy', byRow, (a, { x, n }) => new a.Categorical(x, n).entropy(), ({ x, n }) => plain.categoricalEntropy(x, n)),
  op('klDivergence Categorical', byRow, (a, { x, d, n }) => a.klDivergence(new a.Categorical(x, n), new a.Categorical(d, n)), ({ x, d, n }) => plain.categoricalDivergence(x, d, n)),
  op('Bernoulli.entropy', ofEach, (a, { x }) => new a.Bernoulli(x).entropy(), ({ x }) => plain.bernoulliEntropy(x)),
  op('Normal.logProb', ofEach, (a, { x }) => standard(a.Normal, x).logProb(x), ({ x }) => plain.normalLogProb(x)),
  op('Gumbel.logProb', ofEach, (a, { x }) => standard(a.Gumbel, x).logProb(x), ({ x }) => plain.gumbelLogProb(x)),
  op('Gumbel.cdf', ofEach, (a, { x }) => standard(a.Gumbel, x).cdf(x), ({ x }) => plain.gumbelCdf(x)),
  op('Logistic.logProb', ofEach, (a, { x }) => standard(a.Logistic, x).logProb(x), ({ x }) => plain.logisticLogProb(x)),
  op('Logistic.cdf', ofEach, (a, { x }) => standard(a.Logistic, x).cdf(x), ({ x }) => plain.logisticCdf(x)),

  // objectives: likewise
  op('relaxedElboTerm', byRow, (a, { logY, x, d, n }) => a.relaxedElboTerm(logY, x, d, n), ({ logY, x, d, n }) => plain.relaxedElboTerm(logY, x, d, n)),
  op('weightedElboTerm', byRow, (a, { y, x, d, n }) => a.weightedElboTerm(y, x, d, n), ({ y, x, d, n }) => plain.weightedElboTerm(y, x, d, n)),
  op('analyticElboTerm', byRow, (a, { x, d, n }) => a.analyticElboTerm(x, d, n), ({ x, d, n }) => plain.analyticElboTerm(x, d, n)),
  op('binaryRelaxedElboTerm', ofEach, (a, { z, x, d }) => a.binaryRelaxedElboTerm(z, x, d), ({ z, x, d }) => plain.binaryRelaxedElboTerm(z, x, d)),
  op('binaryWeightedElboTerm', ofEach, (a, { bit, x, d }) => a.binaryWeightedElboTerm(bit, x, d), ({ bit, x, d }) => plain.binaryWeightedElboTerm(bit, x, d)),
  op('binaryAnalyticElboTerm', ofEach, (a, { x, d }) => a.binaryAnalyticElboTerm(x, d), ({ x, d }) => plain.binaryAnalyticElboTerm(x, d)),
  op('semiSupervisedMarginal', byRow, (a, { d, x, labels, n }) => a.semiSupervisedMarginal(d, x, labels, n), ({ d, x, labels, n }) => plain.semiSupervisedMarginal(d, x, labels, n)),
  op('semiSupervisedMarginal.vjp', gradients, (a, { d, x, labels, perRow, n }) => a.semiSupervisedMarginal.vjp(d, x, labels, perRow, n), ({ d, x, labels, perRow, n }) => plain.semiSupervisedMarginalVjp(d, x, labels, perRow, n)),
  op('semiSupervisedSampled', byRow, (a, { perRow, x, labels, n }) => a.semiSupervisedSampled(perRow, x, labels, n), ({ perRow, x, labels, n }) => plain.semiSupervisedSampled(perRow, x, labels, n)),
];

/** The public function of that path, if the package has it. @param {string} path */
const find = (path) =>
  path.split('.').reduce((found, name) => found?.[name] ?? found?.prototype?.[name], /** @type {any} */ (anymax));

export const ops = table.filter(({ of }) => find(of) !== undefined);
