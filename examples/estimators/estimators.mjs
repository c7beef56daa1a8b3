/**
 * Estimators of the gradient of E f(z) in the logits, z the one-hot of a class drawn from softmax(logits): on a problem
 * whose gradient is known, so that bias and variance can be measured.
 *
 * Every estimator gives one gradient a draw, rows x CLASSES, from draws x CLASSES logits.
 */
import { categorical, gumbelSoftmax, hardmax, logSoftmax, softmax } from 'anymax';

export const CLASSES = 4;
export const LOGITS = Float64Array.of(1, 0.5, 0, -0.5);
/** What each class is worth; f is the cube of the worth of z, so that its gradient differs between vertices and inside. */
export const WORTH = Float64Array.of(0, 0.5, 1, 1.5);

/** f(z) = (WORTH z)^3, one value per row. @param {Float64Array} z */
function f(z) {
  return worth(z).map((w) => w * w * w);
}

/** The gradient of f: 3 (WORTH z)^2 WORTH. @param {Float64Array} z */
function fGradient(z) {
  const w = worth(z);
  return z.map((_, i) => 3 * w[Math.floor(i / CLASSES)] ** 2 * WORTH[i % CLASSES]);
}

/** @param {Float64Array} z */
function worth(z) {
  const sums = new Float64Array(z.length / CLASSES);
  z.forEach((value, i) => (sums[Math.floor(i / CLASSES)] += value * WORTH[i % CLASSES]));
  return sums;
}

/** p and f of every class, and E f: by enumeration. */
function enumerate() {
  const p = softmax(LOGITS, CLASSES);
  const vertices = new Float64Array(CLASSES * CLASSES).map((_, i) => (i % (CLASSES + 1) === 0 ? 1 : 0));
  const values = f(vertices);
  return { p, values, mean: p.reduce((sum, share, k) => sum + share * values[k], 0) };
}

/** The gradient of E f(z) in the logits, p (f - E f). */
export function exactGradient() {
  const { p, values } = enumerate();
  return softmax.vjp(p, values, CLASSES);
}

/** @param {number} draws */
function repeat(draws) {
  return new Float64Array(draws * CLASSES).map((_, i) => LOGITS[i % CLASSES]);
}

/**
 * The score function estimator (REINFORCE), (f(z) - baseline) grad log p(z). Unbiased for every baseline that does not
 * depend on z; the one here is E f, which the running mean of f tends to. Source: Williams 1992.
 * @param {import('anymax').Source} source @param {number} draws
 */
export function scoreFunction(source, draws, { baseline = false } = {}) {
  const { values, mean } = enumerate();
  const dLogP = new Float64Array(draws * CLASSES);
  categorical(source, LOGITS, CLASSES, { draws }).forEach((k, row) => {
    dLogP[row * CLASSES + k] = values[k] - (baseline ? mean : 0);
  });
  return logSoftmax.vjp(logSoftmax(repeat(draws), CLASSES), dLogP, CLASSES);
}

/**
 * The pathwise gradient of the relaxed problem: that of f at the Gumbel-Softmax sample. Source: Maddison et al. 2017;
 * Jang et al. 2017.
 * @param {import('anymax').Source} source @param {number} draws @param {{ temperature: number }} options
 */
export function relaxed(source, draws, options) {
  const y = gumbelSoftmax(source, repeat(draws), CLASSES, options);
  return gumbelSoftmax.vjp(y, fGradient(y), CLASSES, options);
}

/**
 * Straight-through: f and its gradient at the one-hot of the sample, pulled back as if that had been the sample itself.
 * Source: Bengio et al. 2013; Jang et al. 2017, section 2.2.
 * @param {import('anymax').Source} source @param {number} draws @param {{ temperature: number }} options
 */
export function straightThrough(source, draws, options) {
  const y = gumbelSoftmax(source, repeat(draws), CLASSES, options);
  const z = hardmax(y, CLASSES); // forward
  return gumbelSoftmax.vjp(y, fGradient(z), CLASSES, options); // backward
}

/**
 * Bias: the norm of the mean gradient less the exact one. Variance: of one draw, summed over the logits. Each with its
 * standard error; a bias that is not well above its own may be 0.
 * @param {Float64Array} gradients
 */
export function biasAndVariance(gradients) {
  const draws = gradients.length / CLASSES;
  const exact = exactGradient();
  const mean = new Float64Array(CLASSES);
  gradients.forEach((g, i) => (mean[i % CLASSES] += g / draws));
  const squares = squaredNorms(gradients.map((g, i) => g - mean[i % CLASSES]));
  const variance = squares.reduce((a, b) => a + b) / draws;
  const spread = squares.reduce((sum, s) => sum + (s - variance) ** 2, 0) / draws;
  return {
    bias: Math.hypot(...mean.map((m, k) => m - exact[k])),
    biasError: Math.sqrt(variance / draws),
    variance,
    varianceError: Math.sqrt(spread / draws),
  };
}

/** The mean and the quartiles of the norm of one draw's gradient. @param {Float64Array} gradients */
export function normsOf(gradients) {
  const norms = squaredNorms(gradients).map(Math.sqrt).sort();
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => norms[Math.floor(share * norms.length)]);
  return { mean: norms.reduce((a, b) => a + b) / norms.length, lower, median, upper };
}

/** @param {Float64Array} rows */
function squaredNorms(rows) {
  const sums = new Float64Array(rows.length / CLASSES);
  rows.forEach((value, i) => (sums[Math.floor(i / CLASSES)] += value * value));
  return sums;
}
