/** Thresholds and bounds of the samplers. */

/**
 * A bound of Gumbel noise from the leading bits of its word: -log u <= (158 - floatbits(x >>> 1) 2^-23) ln 2 where
 * x >= EXTEND_BELOW, floatbits being the bits of the f32 as an integer; 2^-14 more than takes all roundings, 2 ULP of the
 * noise among them.
 */
export const GUMBEL_BOUND_SLOPE = 8.262958294867817e-8; // ln 2 / 2^23
export const GUMBEL_BOUND_AT_0 = 109.5173155636276; // 158 ln 2 + 2^-14

/** Elements of noise that several draws of a race from short rows take at a time: a block of words of f32. */
export const RACE_ELEMENTS = 1024;
/** 2^32 (1 + 2^-20): a word x whose x / 2^32 is not below a time by as much gives no shorter one. */
export const RACE_LIMIT = 4294971392.0;

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
/**
 * Integer weights of short rows: 2^WEIGHT_BITS K exp z, rounded, and 1 more, below 2^23. K = WEIGHT_F32_FACTOR. Times WEIGHT_BOUND =
 * (1 + 2^-13) / (2^WEIGHT_BITS K) they are at least exp z, and from WEIGHT_SURE on by less than a 2^-10th above: a draw is accepted
 * unseen below WEIGHT_SQUEEZE 2^-32 = 1 - 2^-10.
 */
export const WEIGHT_BITS = 18;
export const WEIGHT_SURE = 2048;
export const WEIGHT_SQUEEZE = 0xffc00000;
export const WEIGHT_BOUND = 2.1048640569190012e-7;
/** Draws from a row, as a fraction of its n, from which a table of it pays: measured. */
export const TABLE_FROM = 0.0625;
