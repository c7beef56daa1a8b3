/** What is claimed of the numbers: one row for every op of each dtype. Read by accuracy.test.ts and by ../exhaustive.mjs. */

export type Dtype = 'f32' | 'f64';

/** What an error is measured in; y is the exact result, z = (x - max x) / T. */
export type Unit =
  | 'ULP' // of y
  | 'ULP of max(1, |y|)'
  | 'ULP of max(|y|, |max / T|)'
  | 'ULP (5 + 2 |z|)' // ULP of y
  | 'ULP of max p' // of the row
  | 'max p' // of the row
  | 'ULP of s |dp| / T' // the greatest of the row, s = p^(2 - alpha)
  | 'ULP of terms' // the sum of the terms' absolute values; for a loss in f64 at least 1
  | '1' // |sum of the row - 1|
  | '1 + k max p' // the same; k: the size of the support
  | 'ULP (1 + w)' // ULP of y; w: the scores' own size, see below
  | 'ULP of 1 (1 + w)'
  | 'max(|y|, term)' // term: the mean of the absolute terms of the density
  | 'max(|y|, n term)';

export interface Claim {
  readonly op: string;
  readonly dtype: Dtype;
  readonly unit: Unit;
  /** The greatest error, in that unit. */
  readonly bound: number;
}

const claim = (op: string, dtype: Dtype, unit: Unit, bound: number): Claim => ({ op, dtype, unit, bound });

/**
 * In the order of docs/reference/accuracy.md. Where a bound has no comment it is a promise of the package; the others
 * follow from the kernels' roundings as told. e is 2^-24 (f64: 2^-53), the relative error of one rounding; 1 ULP is up to
 * 2 e, and a relative error of 1 e is 1/2 to 1 ULP.
 */
export const claims: readonly Claim[] = [
  claim('exp', 'f32', 'ULP', 1),
  claim('exp', 'f64', 'ULP', 1),
  claim('exp in f32', 'f64', 'ULP', 0.51),
  claim('log', 'f32', 'ULP', 1),
  claim('log', 'f64', 'ULP', 1),
  claim('log in f32', 'f64', 'ULP', 0.51),
  // log's own, and what 1 + x loses enters to first order: low / (1 + f) is taken as low, 0.41 of half an ULP amiss.
  claim('log1p', 'f32', 'ULP', 1.25),
  claim('log1p', 'f64', 'ULP', 1.25),
  // e / (1 + e): exp's 2 e, which counts by half at most in 1 + e, the sum and the quotient: 4 e, measured 2.2 ULP.
  claim('sigmoid', 'f32', 'ULP', 3),
  claim('sigmoid', 'f64', 'ULP', 3),
  // Rounded once, 0.5 ULP, but for what would round to 1: at most 1 ULP of the greatest number below 1, 2^-24 of f32.
  claim('uniform', 'f32', 'ULP', 1),
  claim('uniform', 'f64', 'ULP', 1),
  claim('exponential', 'f32', 'ULP', 1.1),
  claim('exponential', 'f64', 'ULP', 1.1),
  claim('gumbel', 'f32', 'ULP of max(1, |y|)', 2),
  claim('gumbel', 'f64', 'ULP of max(1, |y|)', 2),
  claim('logistic', 'f32', 'ULP of max(1, |y|)', 2),
  claim('logistic', 'f64', 'ULP of max(1, |y|)', 2),
  claim('softmax', 'f32', 'ULP', 5),
  claim('softmax', 'f64', 'ULP', 5),
  // T other than 1 and |max| > 2000 T: z is divided, which rounds it by up to |z| e
  claim('softmax far', 'f32', 'ULP (5 + 2 |z|)', 1),
  claim('softmax far', 'f64', 'ULP (5 + 2 |z|)', 1),
  // z and -log sum have the same sign, so that nothing cancels, and log1p of the sum without its greatest term is relative:
  // up to 4 e of that sum and of its logarithm, and the roundings of z and y.
  claim('logSoftmax', 'f32', 'ULP', 4),
  claim('logSoftmax', 'f64', 'ULP', 4),
  claim('logSoftmax far', 'f32', 'ULP of max(1, |y|)', 4),
  claim('logSoftmax far', 'f64', 'ULP of max(1, |y|)', 4),
  // As that logarithm; where max / T is negative, what the two have in common cancels.
  claim('logSumExp', 'f32', 'ULP of max(|y|, |max / T|)', 4),
  claim('logSumExp', 'f64', 'ULP of max(|y|, |max / T|)', 4),
  claim('logSumExp far', 'f32', 'ULP of max(|y|, |max / T|)', 4),
  claim('logSumExp far', 'f64', 'ULP of max(|y|, |max / T|)', 4),
  claim('sparsemax', 'f32', 'ULP of max p', 4),
  // z rounds twice; the threshold is a sum of up to k numbers below max p in four partial sums, divided by k. The worst
  // case grows with k, what is measured does not.
  claim('sparsemax', 'f64', 'ULP of max p', 4),
  claim('sparsemax sum', 'f32', '1', 2 ** -22),
  claim('sparsemax sum', 'f64', '1 + k max p', 2 ** -50),
  claim('entmax15', 'f32', 'ULP of max p', 4),
  claim('entmax15', 'f64', 'max p', 1e-12),
  claim('entmax15 sum', 'f32', '1', 2 ** -22),
  // alpha 1.1 to 4 here; 1 to 1000 in test/max/entmax.test.ts
  claim('entmax', 'f32', 'ULP of max p', 4),
  claim('entmax', 'f64', 'max p', 1e-12),
  claim('entmax sum', 'f32', '1', 2 ** -22),
  // s, s dp and s (dp - mean) / T round once each, the mean by its sum and its quotient: 6 e of s (|dp| + |mean|) / T.
  claim('vjp', 'f32', 'ULP of s |dp| / T', 4),
  claim('vjp', 'f64', 'ULP of s |dp| / T', 8),
  // A term rounds four times, w and dx have errors of their own; the sum is of f64.
  claim('vjpTemperature', 'f32', 'ULP of terms', 4),
  claim('vjpTemperature', 'f64', 'ULP of terms', 16),
  // In f64, rounded once: half an ULP, and what their terms lose in f64, of which f32 sees nothing.
  claim('vjpAlpha', 'f32', 'ULP of terms', 0.51),
  claim('entropy', 'f32', 'ULP of terms', 4),
  claim('entropy', 'f64', 'ULP of terms', 16),
  claim('loss', 'f32', 'ULP of terms', 0.51),
  // minus logSoftmax
  claim('softmax loss', 'f32', 'ULP of terms', 4),
  // Above alpha = 2 p is steep at 0: near it, p and so its sum are off by p^(2 - alpha) times the rounding of z.
  claim('loss', 'f64', 'ULP of terms', 64),
  // Of w_i = (|l_i - max l| + max(1, |g_i|)) / T and its mean over p, by which a change of the scores counts: the score
  // has Gumbel's 2 ULP = 4 e, e of the difference and e of the sum, 6 e w; softmax's error is the 1.
  claim('gumbelSoftmax', 'f32', 'ULP (1 + w)', 5),
  claim('gumbelSoftmax', 'f64', 'ULP (1 + w)', 5),
  // exp(l - max) / E over its sum, no score: 2 e of exp, 2.2 e of E and e of their quotient, as much of the sum by its
  // greatest terms, e of the rounded sum and e of the last quotient: 12 e at most, where all err the same way.
  claim('gumbelSoftmax T = 1', 'f32', 'ULP', 6),
  claim('gumbelSoftmax T = 1', 'f64', 'ULP', 6),
  claim('expConcrete', 'f32', 'ULP of 1 (1 + w)', 4),
  claim('expConcrete', 'f64', 'ULP of 1 (1 + w)', 4),
  // w = (|l| + max(1, |L|)) / T: the logistic's 4 e, e of the sum, e of the quotient; sigmoid's error is the 1.
  claim('gumbelSigmoid', 'f32', 'ULP (1 + w)', 4),
  claim('gumbelSigmoid', 'f64', 'ULP (1 + w)', 4),
  claim('expConcreteLogProb', 'f32', 'max(|y|, term)', 1e-6),
  // The terms cancel, in f64 as they are: n log sum exp has exp's 2 e and 2 e of the sum, n times.
  claim('expConcreteLogProb', 'f64', 'max(|y|, n term)', 2 ** -50),
  claim('concreteLogProb', 'f32', 'max(|y|, term)', 1e-6),
  claim('concreteLogProb', 'f64', 'max(|y|, n term)', 2 ** -50),
  claim('binConcreteLogProb', 'f32', 'max(|y|, term)', 1e-6),
  claim('binConcreteLogProb', 'f64', 'max(|y|, n term)', 2 ** -50),
  claim('logitBinConcreteLogProb', 'f32', 'max(|y|, term)', 1e-6),
  claim('logitBinConcreteLogProb', 'f64', 'max(|y|, n term)', 2 ** -50),
  // Exponentials of the dtype in p, at most 5 e of each; the rest is f64.
  claim('klDivergence', 'f32', 'ULP', 4),
  claim('klDivergence', 'f64', 'ULP', 4),
  // terms: y (|log p| + |log q|)
  claim('weightedElboTerm', 'f32', 'ULP of terms', 4),
  claim('weightedElboTerm', 'f64', 'ULP of terms', 4),
  // terms: q (|loss| + |log q|)
  claim('semiSupervisedMarginal', 'f32', 'ULP of terms', 4),
  claim('semiSupervisedMarginal', 'f64', 'ULP of terms', 4),
];
