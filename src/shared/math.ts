/** The numbers of exp, log and log (m - 1)!, and limits of the dtypes. */

// ---- exp: x = n ln2 + r, exp x = 2^n (1 + (r + r^2 q(r))) ----

/** 1 / ln 2, rounded once to each dtype. */
export const LOG2E = 1.4426950408889634;
/** 1.5 * 2^23: adding it rounds an f32 of magnitude below 2^22 to the nearest integer, which then sits in the low bits. */
export const MAGIC_F32 = 12582912.0;
/** 1.5 * 2^52, the same for f64. */
export const MAGIC_F64 = 6755399441055744.0;
/** ln 2 in two parts; the high part has 16 (f32) or 32 (f64) significant bits, so that n * high is exact. fdlibm e_exp.c, e_expf.c. */
export const LN2_HIGH_F32 = 0.693145751953125;
export const LN2_LOW_F32 = 0.000001428606765330187;
export const LN2_HIGH_F64 = 0.6931471803691238;
export const LN2_LOW_F64 = 1.9082149292705877e-10;
/** Results below 2^-125 (f64: 2^-1021) are +0: the least x of the dtype with exp x at or above it, -125 ln 2 rounded towards 0. */
export const EXP_LEAST_F32 = -86.64339447021484;
export const EXP_LEAST_F64 = -707.7032713517041;
/** The greatest x of the dtype with a finite exp: 128 ln 2 (1024 ln 2) rounded towards 0. */
export const EXP_GREATEST_F32 = 88.72283172607422;
export const EXP_GREATEST_F64 = 709.782712893384;

// ---- exponents: x = n T ln2 + r, exp(x / T) 2^-N = 2^(n - N) exp(r / T), N that of the row's maximum ----

/** What the exponent field of a number is above its exponent. */
export const EXPONENT_BIAS_F32 = 127;
export const EXPONENT_BIAS_F64 = 1023;
/**
 * Rows whose |max| is at most so many T go by exponents: n = round(x / (T ln2)) takes 12 bits then. T is between these
 * two, 2^-60 and 2^60 (f64: 2^-500 and 2^500), so that neither 1 / T nor the low part of T ln2 leaves the normal numbers.
 */
export const EXPONENTS_REACH = 2000;
export const EXPONENTS_FROM_F32 = 8.673617379884035e-19;
export const EXPONENTS_TO_F32 = 1152921504606846976.0;
export const EXPONENTS_FROM_F64 = 3.054936363499605e-151;
export const EXPONENTS_TO_F64 = 3.273390607896142e150;

// ---- log: x = 2^k m, m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f), z = s^2, log m = f - s (f - R(z)) ----

export const LN2 = 0.6931471805599453;
export const LN2_F32 = 0.6931471824645996;

/** sqrt(1/2) in each dtype: subtracting its bits from those of x moves the exponent's step from 1 to there. */
export const SQRT_HALF_F32 = 0.7071067690849304;
export const SQRT_HALF_F64 = 0.7071067811865476;
/** Their bits; of the f64, its two halves. */
export const SQRT_HALF_BITS_F32 = 0x3f3504f3;
export const SQRT_HALF_HIGH_BITS_F64 = 0x3fe6a09e;
export const SQRT_HALF_LOW_BITS_F64 = 0x667f3bcd;
/** f32 exponents are counted in units of the last exponent bit, 2^23, so that no shift is needed; f64 ones in ones. */
export const EXPONENT_UNIT_F32 = 8388608.0;
/** The least normal numbers, 2^-126 and 2^-1022; 2^24 and 2^54 lift the subnormals above them. */
export const LEAST_NORMAL_F32 = 1.1754943508222875e-38;
export const LEAST_NORMAL_F64 = 2.2250738585072014e-308;
export const LIFT_F32 = 16777216.0;
export const LIFT_F64 = 18014398509481984.0;

/** 2^52: its low bits hold an integer below 2^52 that is or-ed into them. */
export const TWO_TO_52 = 4503599627370496.0;

/** 2^84, above which the high 32 bits of a 64-bit integer are or-ed; 2^32, the scale of a word. */
export const TWO_TO_84 = 19342813113834066795298816.0;
export const TWO_TO_24 = 16777216.0;
export const TWO_TO_32 = 4294967296.0;
export const TWO_TO_64 = 18446744073709551616.0;

/** The greatest finite numbers of the dtypes. */
export const GREATEST_F32 = 3.4028234663852886e38;
export const GREATEST_F64 = 1.7976931348623157e308;
