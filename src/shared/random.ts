/**
 * The numbers of random words and noise: all of them value-breaking to change.
 */

// ---- random words (Philox4x32-10: Salmon et al. 2011; xoshiro128++: Blackman and Vigna 2019) ----

export const PHILOX_M0 = 0xd2511f53;
export const PHILOX_M1 = 0xcd9e8d57;
export const PHILOX_W0 = 0x9e3779b9;
export const PHILOX_W1 = 0xbb67ae85;
/** Words in a block: one Philox seeding, then 128 steps of eight generators. Value-breaking to change. */
export const BLOCK_WORDS = 1024;

/** The last word of the Philox counter: one number for each use, so that no two uses of a key ever share a counter. */
export const DOMAIN_WORDS = 0;
export const DOMAIN_EXTENSION = 1;
export const DOMAIN_SPLIT = 2;
export const DOMAIN_FOLD_IN = 3;
export const DOMAIN_RNG = 4;
export const DOMAIN_STRING = 5;
export const DOMAIN_CATEGORICAL = 6;
export const DOMAIN_FOLD_IN_STRING = 7;

/** An f32 draw whose distance from its end of the word's range is below this is refined by an extension word. */
export const EXTEND_BELOW = 256;

// ---- the normal quantile y = Q(v), a = 1 - 2 v, w = -log(4 v (1 - v)): a P(w) below w = 4.5, P(sqrt(w)) above ----

/** The w from which the tail's polynomial is taken: y = 2.77. */
export const NORMAL_TAIL_FROM = 4.5;
/** The middles of the intervals of w, sqrt(w) and sqrt(w), around which the polynomials are. */
export const NORMAL_CENTRE_AT = 2.25;
export const NORMAL_TAIL_AT = 3.0;
export const NORMAL_FAR_AT = 5.25;
