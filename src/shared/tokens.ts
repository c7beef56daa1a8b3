/** Numbers of anymax/tokens: what is said of a row, as f64 values one behind the other, and where a form ends. */

export const TEMPERATURE = 0;
export const TOP_K = 1;
export const TOP_P = 2;
export const MIN_P = 3;
export const TYPICAL_P = 4;
export const N_SIGMA = 5;
export const EPSILON = 6;
export const ETA = 7;
export const XTC_THRESHOLD = 8;
export const MIN_KEEP = 9;
/** Of the draw. */
export const DRAW_TEMPERATURE = 10;
export const PARAMETERS = 11;

/**
 * Value-breaking to change: up to so many tokens are left, their mass is the sum of their exponentials in order, in f64; of
 * more, that of the row's exponentials in the dtype.
 */
export const MASS_LIST = 4096;
/** The length of the first list in which the steps are hoped to end, and how many times longer each next one is. */
export const FIRST_LIST = 64;
export const LONGER_LIST = 4;
/** Where less than one token of so many is left, the noise of each is made alone; elsewhere that of the row: measured. */
export const NOISE_SHARE = 64;
/** 2^-540: rows whose squares leave the range of f64 are taken times it. */
export const SIGMA_SCALE = 2.778448436856347e-163;

/**
 * A straight line between two powers of two is 1 to 1.0615 times the exponential there; sums of f32 and what the exponent is
 * rounded by take 2^-9 at most. The margin is for the roundings of what is compared.
 */
export const INTERPOLATED_LOW = 0.9402;
export const INTERPOLATED_HIGH = 1.001953125;
export const INTERPOLATED_MARGIN = 3.814697265625e-6;
/** The temperatures of that, the bits below the exponent, and the bytes that are summed up in the dtype. */
export const INTERPOLATED_FROM = 0.0009765625;
export const INTERPOLATED_TO = 1024;
export const INTERPOLATED_BITS_F32 = 16384;
export const INTERPOLATED_BITS_F64 = 1099511627776;
export const INTERPOLATED_BLOCK = 65536;

/** The list behind which a nucleus is selected. Bins of keys, so many in a distance of 1, that gather mass; and of a sum in any order what may be lost, by its length. */
export const SELECTION_FROM = 1024;
export const SELECTION_BINS = 2048;
export const SELECTION_PER_KEY = 64;
export const SELECTION_MARGIN = 4.440892098500626e-16;
