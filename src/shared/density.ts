/** Thresholds of the densities. */

/** Laws of the kernels `log_prob`: bit 0 says that values are in the unit interval and not their logarithms or logits, bit 1 bits. */
export const DENSITY_EXP_CONCRETE = 0;
export const DENSITY_CONCRETE = 1;
export const DENSITY_LOGIT_BIN_CONCRETE = 2;
export const DENSITY_BIN_CONCRETE = 3;

/** A row of f32 is done with f32 exponentials where none is above exp DENSITY_REACH: they are taken from the first element. */
export const DENSITY_REACH = 50.0;
/** A density of more than SHORT_ROW classes is computed anew in f64 if it is below so much a class: its terms cancel. */
export const DENSITY_CANCELS = 0.5;

/** Below such a log-ratio a term of a divergence is taken by its series: 2^-8, where the difference has lost 17 bits. */
export const CONTRAST_NEAR_F32 = 0.00390625;
export const CONTRAST_NEAR_F64 = 1.0;
/** From such a difference on two rows of f32 are far from each other: weighted log-ratios take the logarithms of both sums. */
export const CONTRAST_FAR = 0.25;
/** 2^-100: a probability of f32 from which on it is taken in f64; and minus the log-ratio above which a term is. */
export const CONTRAST_DEEP = 7.888609052210118e-31;
export const CONTRAST_REACH = 60.0;
/** The share of the greatest term of a row of f32 from which on all are taken in f64: of less, errors make up for each other. */
export const CONTRAST_MOST = 0.125;

/** Functions of the kernel `law`: the log-densities, from which log scale goes, first; of bits by their logits the entropy. */
export const LAW_NORMAL = 0;
export const LAW_LOGISTIC = 1;
export const LAW_GUMBEL = 2;
export const LAW_GUMBEL_LOG_CDF = 3;
export const LAW_GUMBEL_CDF = 4;
export const LAW_SIGMOID = 5;
export const LAW_LOG_SIGMOID = 6;
export const LAW_BIT_ENTROPY = 7;
export const LAW_EXP = 8;
/** An entropy wants exponentials from the second greatest on where their sum beside the first is below this, 2^-60. */
export const ENTROPY_LEAST = 8.673617379884035e-19;
/** An exponential so far below the greatest is 0. */
export const ENTROPY_DEPTH = 1000.0;
/** Where the exponential of f64 ends: below, it is the square of that of one half. */
export const LAW_DEEP = -707.0;

/** From such a log-ratio on the rest of a ranking takes its logarithm by itself: exp(-300) is nothing beside 1. */
export const RANKING_FAR = 300.0;
/** Odds above which the logarithm of a product is taken, 2^500: times the exponential of RANKING_FAR they are within the range. */
export const RANKING_ODDS = 3.273390607896142e150;
