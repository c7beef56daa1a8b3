/**
 * Every numeric constant of the kernels, once. Plain literals only: this file is read by the TypeScript compiler
 * (src/js) and by the AssemblyScript compiler (assembly) alike.
 */

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

/**
 * exp(r) = 1 + (r + r^2 q(r)), q(r) = sum of EXP_F32_j r^j; |r| <= 0.3466.
 * Error 2^-27.78 of the power of two at or below exp(r) with these f32 values. scripts/coefficients.mjs
 */
export const EXP_F32_0 = 0.49999991059303284;
export const EXP_F32_1 = 0.1666652113199234;
export const EXP_F32_2 = 0.04166888818144798;
export const EXP_F32_3 = 0.008368671871721745;
export const EXP_F32_4 = 0.0013789492659270763;

/**
 * exp(r) = 1 + (r + r^2 q(r)), q(r) = sum of EXP_F64_j r^j; |r| <= 0.3466.
 * Error 2^-57.32 of the power of two at or below exp(r) with these f64 values. scripts/coefficients.mjs
 */
export const EXP_F64_0 = 0.5000000000000008;
export const EXP_F64_1 = 0.16666666666666302;
export const EXP_F64_2 = 0.04166666666654889;
export const EXP_F64_3 = 0.008333333333557983;
export const EXP_F64_4 = 0.0013888888939530635;
export const EXP_F64_5 = 0.00019841269380674252;
export const EXP_F64_6 = 0.000024801496775469565;
export const EXP_F64_7 = 0.000002755769073312161;
export const EXP_F64_8 = 2.762908388647157e-7;
export const EXP_F64_9 = 2.4969080623703922e-8;

// ---- log: x = 2^k m, m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f), z = s^2, log m = f - s (f - R(z)) ----

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

/**
 * log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = sum of LOG_F32_j z^j; |s| <= 0.1716.
 * Error 2^-30.21 of log1p(f) with these f32 values. scripts/coefficients.mjs
 */
export const LOG_F32_1 = 0.6666677594184875;
export const LOG_F32_2 = 0.39977583289146423;
export const LOG_F32_3 = 0.2987082898616791;

/**
 * log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = sum of LOG_F64_j z^j; |s| <= 0.1716.
 * Error 2^-59.50 of log1p(f) with these f64 values. scripts/coefficients.mjs
 */
export const LOG_F64_1 = 0.6666666666666734;
export const LOG_F64_2 = 0.39999999999416685;
export const LOG_F64_3 = 0.28571428742026383;
export const LOG_F64_4 = 0.2222219860367005;
export const LOG_F64_5 = 0.18183563021965726;
export const LOG_F64_6 = 0.15314077750638064;
export const LOG_F64_7 = 0.14795732346423196;

/** 2^52: its low bits hold an integer below 2^52 that is or-ed into them. */
export const TWO_TO_52 = 4503599627370496.0;

/** 2^84, above which the high 32 bits of a 64-bit integer are or-ed; 2^32, the scale of a word. */
export const TWO_TO_84 = 19342813113834066795298816.0;
export const TWO_TO_24 = 16777216.0;
export const TWO_TO_32 = 4294967296.0;
export const TWO_TO_64 = 18446744073709551616.0;

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

/** An f32 draw whose distance from its end of the word's range is below this is refined by an extension word. */
export const EXTEND_BELOW = 256;

// ---- the normal quantile y = Q(v), a = 1 - 2 v, w = -log(4 v (1 - v)): a P(w) below w = 4.5, P(sqrt(w)) above ----

/** The w from which the tail's polynomial is taken: y = 2.77. */
export const NORMAL_TAIL_FROM = 4.5;
/** The middles of the intervals of w, sqrt(w) and sqrt(w), around which the polynomials are. */
export const NORMAL_CENTRE_AT = 2.25;
export const NORMAL_TAIL_AT = 3.0;
export const NORMAL_FAR_AT = 5.25;

/**
 * y = a P(w - 2.25), P(t) = sum of NORMAL_CENTRE_F32_j t^j; |y| <= 2.78.
 * Error 2^-24.16 of y with these f32 values. scripts/coefficients.mjs
 */
export const NORMAL_CENTRE_F32_0 = 2.0357725620269775;
export const NORMAL_CENTRE_F32_1 = 0.35140442848205566;
export const NORMAL_CENTRE_F32_2 = -0.004462397191673517;
export const NORMAL_CENTRE_F32_3 = -0.0020837588235735893;
export const NORMAL_CENTRE_F32_4 = 0.0003127025265712291;
export const NORMAL_CENTRE_F32_5 = 0.0000016292265172523912;
export const NORMAL_CENTRE_F32_6 = -0.00000601281362833106;
export const NORMAL_CENTRE_F32_7 = 4.3042365405199234e-7;
export const NORMAL_CENTRE_F32_8 = 6.47988898094809e-8;

/**
 * y = a P(w - 2.25), P(t) = sum of NORMAL_CENTRE_F64_j t^j; |y| <= 2.78.
 * Error 2^-54.30 of y with these f64 values. scripts/coefficients.mjs
 */
export const NORMAL_CENTRE_F64_0 = 2.035772627252232;
export const NORMAL_CENTRE_F64_1 = 0.35140426042131656;
export const NORMAL_CENTRE_F64_2 = -0.004462370160905735;
export const NORMAL_CENTRE_F64_3 = -0.0020830638024475065;
export const NORMAL_CENTRE_F64_4 = 0.0003125914429689965;
export const NORMAL_CENTRE_F64_5 = 0.000001046352480295376;
export const NORMAL_CENTRE_F64_6 = -0.000005962283058829149;
export const NORMAL_CENTRE_F64_7 = 6.023578105414131e-7;
export const NORMAL_CENTRE_F64_8 = 5.662081296789713e-8;
export const NORMAL_CENTRE_F64_9 = -1.7833181965523595e-8;
export const NORMAL_CENTRE_F64_10 = 6.340603792522004e-10;
export const NORMAL_CENTRE_F64_11 = 3.025458036381398e-10;
export const NORMAL_CENTRE_F64_12 = -4.31641342081368e-11;
export const NORMAL_CENTRE_F64_13 = -2.011255825952864e-12;
export const NORMAL_CENTRE_F64_14 = 1.1047178795191867e-12;
export const NORMAL_CENTRE_F64_15 = -6.549569428966983e-14;
export const NORMAL_CENTRE_F64_16 = -1.7366053028234058e-14;
export const NORMAL_CENTRE_F64_17 = 2.8162074608381443e-15;
export const NORMAL_CENTRE_F64_18 = 1.3809535579964447e-16;
export const NORMAL_CENTRE_F64_19 = -4.731323320876012e-17;

/**
 * y = P(sqrt(w) - 3), P(t) = sum of NORMAL_TAIL_F32_j t^j; 2.77 <= y <= 5.295.
 * Error 2^-25.28 of y with these f32 values. scripts/coefficients.mjs
 */
export const NORMAL_TAIL_F32_0 = 4.0061869621276855;
export const NORMAL_TAIL_F32_1 = 1.4179786443710327;
export const NORMAL_TAIL_F32_2 = 0.009676341898739338;
export const NORMAL_TAIL_F32_3 = -0.00487118074670434;
export const NORMAL_TAIL_F32_4 = 0.0016338631976395845;
export const NORMAL_TAIL_F32_5 = -0.0003145828959532082;
export const NORMAL_TAIL_F32_6 = -0.00009518886508885771;
export const NORMAL_TAIL_F32_7 = 0.00008117280231090263;

/**
 * y = P(sqrt(w) - 3), P(t) = sum of NORMAL_TAIL_F64_j t^j; 2.77 <= y <= 5.295.
 * Error 2^-53.93 of y with these f64 values. scripts/coefficients.mjs
 */
export const NORMAL_TAIL_F64_0 = 4.006186986391613;
export const NORMAL_TAIL_F64_1 = 1.417978739914526;
export const NORMAL_TAIL_F64_2 = 0.00967843732213159;
export const NORMAL_TAIL_F64_3 = -0.004872008206128158;
export const NORMAL_TAIL_F64_4 = 0.0016156488682463727;
export const NORMAL_TAIL_F64_5 = -0.00031284799746582787;
export const NORMAL_TAIL_F64_6 = -0.00005172239148244391;
export const NORMAL_TAIL_F64_7 = 0.00007899405112396634;
export const NORMAL_TAIL_F64_8 = -0.00003406555956224009;
export const NORMAL_TAIL_F64_9 = 0.0000036079096656415356;
export const NORMAL_TAIL_F64_10 = 0.000004451999456230836;
export const NORMAL_TAIL_F64_11 = -0.0000028452946937241876;
export const NORMAL_TAIL_F64_12 = 5.374476793255128e-7;
export const NORMAL_TAIL_F64_13 = 2.6864821198179974e-7;
export const NORMAL_TAIL_F64_14 = -2.2584305697492318e-7;
export const NORMAL_TAIL_F64_15 = 5.424369777033787e-8;
export const NORMAL_TAIL_F64_16 = 2.0715851881888777e-8;
export const NORMAL_TAIL_F64_17 = -1.73930736877328e-8;
export const NORMAL_TAIL_F64_18 = 9.610894122826447e-10;
export const NORMAL_TAIL_F64_19 = 1.5446517915066395e-9;

/**
 * y = P(sqrt(w) - 5.25), P(t) = sum of NORMAL_FAR_F32_j t^j; 5.29 <= y <= 9.16.
 * Error 2^-25.38 of y with these f32 values. scripts/coefficients.mjs
 */
export const NORMAL_FAR_F32_0 = 7.215981960296631;
export const NORMAL_FAR_F32_1 = 1.4286311864852905;
export const NORMAL_FAR_F32_2 = -0.0003873817331623286;
export const NORMAL_FAR_F32_3 = -0.00020948491874150932;
export const NORMAL_FAR_F32_4 = 0.00007663469295948744;
export const NORMAL_FAR_F32_5 = -0.000022901340344105847;
export const NORMAL_FAR_F32_6 = 0.000005323546247382183;

/**
 * y = P(sqrt(w) - 5.25), P(t) = sum of NORMAL_FAR_F64_j t^j; 5.29 <= y <= 9.16.
 * Error 2^-53.95 of y with these f64 values. scripts/coefficients.mjs
 */
export const NORMAL_FAR_F64_0 = 7.2159819453867815;
export const NORMAL_FAR_F64_1 = 1.4286317203923444;
export const NORMAL_FAR_F64_2 = -0.0003879510663356906;
export const NORMAL_FAR_F64_3 = -0.00021219642747978155;
export const NORMAL_FAR_F64_4 = 0.00007799047012759928;
export const NORMAL_FAR_F64_5 = -0.000019828665791516734;
export const NORMAL_FAR_F64_6 = 0.000004405980682069752;
export const NORMAL_FAR_F64_7 = -9.09503263009306e-7;
export const NORMAL_FAR_F64_8 = 1.7862268295799602e-7;
export const NORMAL_FAR_F64_9 = -3.371635836311484e-8;
export const NORMAL_FAR_F64_10 = 6.12483801556609e-9;
export const NORMAL_FAR_F64_11 = -1.0399024955321552e-9;
export const NORMAL_FAR_F64_12 = 1.376790122020821e-10;
export const NORMAL_FAR_F64_13 = -7.283171325270353e-12;
export const NORMAL_FAR_F64_14 = -1.5669151217343275e-12;
export const NORMAL_FAR_F64_15 = 4.9992049580196295e-12;
export const NORMAL_FAR_F64_16 = -4.250319420863269e-12;
export const NORMAL_FAR_F64_17 = 1.036368352750502e-12;

// ---- reductions: see ARCHITECTURE.md, "Which lane adds which element". Value-breaking to change. ----

/** Rows of at most this many elements are summed a vector at a time (also what four rows side by side can give). */
export const SHORT_ROW = 32;
/** Vectors of a longer row that are added up in the dtype before their sum goes to the f64 total. */
export const ACCUMULATORS = 4;

// ---- samplers ----

/** The greatest finite numbers of the dtypes. */
export const GREATEST_F32 = 3.4028234663852886e38;
export const GREATEST_F64 = 1.7976931348623157e308;

/**
 * A bound of Gumbel noise from the leading bits of its word: -log u <= (158 - floatbits(x >>> 1) 2^-23) ln 2 where
 * x >= EXTEND_BELOW, floatbits being the bits of the f32 as an integer; 2^-14 more than takes all roundings, 2 ULP of the
 * noise among them.
 */
export const GUMBEL_BOUND_SLOPE = 8.262958294867817e-8; // ln 2 / 2^23
export const GUMBEL_BOUND_AT_0 = 109.5173155636276; // 158 ln 2 + 2^-14

/** Scores that a top-k looks through at a time: of n / 64 blocks and 64 in the best one. */
export const TOP_K_BLOCK = 64;

/** Elements that share an envelope in categorical: 1 below the first length, 32 from the second on, 8 between. */
export const THIN_FROM = 256;
export const THIN_MORE_FROM = 32768;
/**
 * 1 + 2^-16 and 1 + 2^-41: what the envelope exp z is widened by, more than the roundings of z take where exp z is not 0.
 * Below SQUEEZE 2^-32 = 1 - 2^-14, more than that and its square away from 1, a draw is accepted unseen.
 */
export const ENVELOPE_F32 = 1.0000152587890625;
export const ENVELOPE_F64 = 1.0000000000004547;
export const SQUEEZE = 0xfffc0000;
/** Draws from a row, as a fraction of its n, from which a table of it pays: measured. */
export const TABLE_FROM = 0.0625;

// ---- sparsemax and entmax ----

/** 1 + 2^-20 and 1 + 2^-49: what the reach of the candidates is widened by, more than the roundings of z can take. */
export const MARGIN_F32 = 1.00000095367431640625;
export const MARGIN_F64 = 1.0000000000000017763568394002504646778106689453125;

// ---- log (m - 1)!: Stirling's series, Abramowitz and Stegun 6.1.41 ----

export const STIRLING_1 = 0.08333333333333333; // 1 / 12
export const STIRLING_3 = -0.002777777777777778; // -1 / 360
export const STIRLING_5 = 0.0007936507936507937; // 1 / 1260
export const STIRLING_7 = -0.0005952380952380953; // -1 / 1680
export const STIRLING_9 = 0.0008417508417508417; // 1 / 1188
/** log(2 pi) / 2 */
export const HALF_LOG_2PI = 0.9189385332046728;
/** Steps after which entmax stops: Newton takes 5 to 16 for alpha <= 2, the bracket halves at least every other step. */
export const ENTMAX_STEPS = 120;

// ---- the derivative of entmax by alpha: phi(t) = (expm1 t - t) / t^2, Taylor's series (error 2^-51 at PHI_BELOW) ----

export const PHI_BELOW = 0.015625;
export const PHI_0 = 0.5;
export const PHI_1 = 0.16666666666666666; // 1 / 6
export const PHI_2 = 0.041666666666666664; // 1 / 24
export const PHI_3 = 0.008333333333333333; // 1 / 120
export const PHI_4 = 0.001388888888888889; // 1 / 720
export const PHI_5 = 0.0001984126984126984; // 1 / 5040

// ---- gradients of maxes ----

/** 2^-100 and 2^100: a T between them may be multiplied by as 1 / T, which loses no digits in either dtype. */
export const LEAST_SCALE = 7.888609052210118e-31;
export const GREATEST_SCALE = 1.2676506002282294e30;
/** 2^-40: a row times it has no difference or sum that overflows. */
export const SMALLER = 9.094947017729282e-13;
