/** Margins, steps and series of the maxes. */

/** 1 + 2^-20 and 1 + 2^-49: what the reach of the candidates is widened by, more than the roundings of z can take. */
export const MARGIN_F32 = 1.00000095367431640625;
export const MARGIN_F64 = 1.0000000000000017763568394002504646778106689453125;

/** Steps after which entmax stops: Newton takes 5 to 16 for alpha <= 2, the bracket halves at least every other step. */
export const ENTMAX_STEPS = 120;
/** 2^-48: a sum of p that is less above 1 needs no more steps, which come closer by its square. */
export const ENTMAX_EXCESS_F64 = 3.552713678800501e-15;
/** 2^-28: the excess of the root of f32 that is let be, as a part of it; 16 d times more, which is what values of f32 lose. */
export const ENTMAX_EXCESS_F32 = 3.725290298461914e-9;
/**
 * Steps of f32 go by the fourth order where the fifth is at most 2^-6 of the sum, and 2^-5 of the step; each leaves the root above
 * by 2^-5 of the fifth. The last one is that whose fifth order, 120 times what it leaves of p, is at most 2^-19.
 */
export const ENTMAX_NEAR = 0.015625;
export const ENTMAX_ABOVE = 0.03125;
export const ENTMAX_LEFT = 0.0000019073486328125;
export const THIRD = 0.3333333333333333;
/** The least z, of those scaled so that the support is above -1, that entmax in f32 tells from the others. */
export const ENTMAX_BOUND = -4.0;
/** 2^-60 and 2^60: entmax takes the scores of a T beyond them times powers of two. */
export const RESCALE_BELOW = 8.673617379884035e-19;
export const RESCALE_ABOVE = 1152921504606846976.0;

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

/** Bytes of the logarithms that are made for several short rows at a time. */
export const LOGS = 2048;

// ---- losses ----

/** 2^-52: what each class may add to |1 - sum y| of a target y that counts as a distribution. */
export const SUM_ROUNDING = 2.220446049250313e-16;

// ---- top-k ----

/** Bins that values are counted in, between the least and the greatest of them: a bin of more than k + TOP_K_SPARE is divided again. */
export const TOP_K_BINS = 512;
export const TOP_K_SPARE = 64;
/** The length up to which a list is sorted by insertion. */
export const TOP_K_RUN = 32;
