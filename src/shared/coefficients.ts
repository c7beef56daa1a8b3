// Written by scripts/coefficients.mjs. Two compilers read it: to tsc StaticArray is an array (assemblyscript.d.ts), in the
// wasm its values lie at an address that is a constant.

/**
 * exp(r) = 1 + (r + r^2 q(r)), q(r) = sum of EXP_F32[j] r^j; |r| <= 0.3466.
 * Error 2^-27.78 of the power of two at or below exp(r) with these f32 values.
 */
export const EXP_F32: StaticArray<f32> = [
  0.49999991059303284, 0.1666652113199234, 0.04166888818144798, 0.008368671871721745, 0.0013789492659270763,
];
/** How many they are. */
export const EXP_F32_TERMS = 5;

/**
 * exp(r) = 1 + (r + r^2 q(r)), q(r) = sum of EXP_F64[j] r^j; |r| <= 0.3466.
 * Error 2^-57.32 of the power of two at or below exp(r) with these f64 values.
 */
export const EXP_F64: StaticArray<f64> = [
  0.5000000000000008, 0.16666666666666302, 0.04166666666654889, 0.008333333333557983, 0.0013888888939530635,
  0.00019841269380674252, 0.000024801496775469565, 0.000002755769073312161, 2.762908388647157e-7, 2.4969080623703922e-8,
];
/** How many they are. */
export const EXP_F64_TERMS = 10;

/**
 * K exp(r) = r^5 + the sum of POWER_F32[j] r^j, K = POWER_F32_FACTOR; |r| <= 0.3466.
 * Error 2^-23.63 of K exp(r) with these f32 values.
 */
export const POWER_F32: StaticArray<f32> = [
  120.58489990234375, 120.58485412597656, 60.29110336303711, 20.098630905151367, 5.0544586181640625,
];
/** How many they are. */
export const POWER_F32_TERMS = 5;
/** K. */
export const POWER_F32_FACTOR = 120.584891;

/**
 * K 2^f = f^3 + the sum of WEIGHT_F32[j] f^j, K = WEIGHT_F32_FACTOR; |f| <= 0.5.
 * Error 2^-13.71 of K 2^f with these f32 values.
 */
export const WEIGHT_F32: StaticArray<f32> = [18.124156951904297, 12.565675735473633, 4.397435665130615];
/** How many they are. */
export const WEIGHT_F32_TERMS = 3;
/** K. */
export const WEIGHT_F32_FACTOR = 18.12546;

/**
 * exp(t) = 1 + t + t^2 phi(t), phi(t) = sum of PHI_F32[j] t^j; |t| <= 1.
 * Error 2^-28.31 of t^2 with these f32 values.
 */
export const PHI_F32: StaticArray<f32> = [
  0.5, 0.1666666716337204, 0.04166670888662338, 0.00833332072943449, 0.0013886031229048967, 0.00019840171444229782,
  0.00002531997779442463, 0.0000027994403808406787,
];
/** How many they are. */
export const PHI_F32_TERMS = 8;

/**
 * exp(t) = 1 + t + t^2 phi(t), phi(t) = sum of PHI_F64[j] t^j; |t| <= 1.
 * Error 2^-60.11 of t^2 with these f64 values.
 */
export const PHI_F64: StaticArray<f64> = [
  0.5, 0.16666666666666666, 0.041666666666666664, 0.008333333333333552, 0.0013888888888889195, 0.00019841269841131839,
  0.000024801587301460386, 0.000002755731925488623, 2.755731924135383e-7, 2.5052107425440694e-8, 2.087675809976437e-9,
  1.605848140528398e-10, 1.1470214168745733e-11, 7.722003670297099e-13, 4.8296538817535127e-14,
];
/** How many they are. */
export const PHI_F64_TERMS = 15;

/**
 * log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = z times the sum of LOG_F32[j] z^j; |s| <= 0.1716.
 * Error 2^-30.21 of log1p(f) with these f32 values.
 */
export const LOG_F32: StaticArray<f32> = [0.6666677594184875, 0.39977583289146423, 0.2987082898616791];
/** How many they are. */
export const LOG_F32_TERMS = 3;

/**
 * log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = z times the sum of LOG_F64[j] z^j; |s| <= 0.1716.
 * Error 2^-59.50 of log1p(f) with these f64 values.
 */
export const LOG_F64: StaticArray<f64> = [
  0.6666666666666734, 0.39999999999416685, 0.28571428742026383, 0.2222219860367005, 0.18183563021965726,
  0.15314077750638064, 0.14795732346423196,
];
/** How many they are. */
export const LOG_F64_TERMS = 7;

/**
 * log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = z times the sum of LOG_RATIO[j] z^j; |s| <= 0.2003.
 * Error 2^-28.40 of log1p(f) with these f64 values.
 */
export const LOG_RATIO: StaticArray<f64> = [0.666669488964291, 0.39957648334215434, 0.3036468202130769];
/** How many they are. */
export const LOG_RATIO_TERMS = 3;

/**
 * log1p(f) = s times the sum of LOG_SHORT_F32[j] z^j, s = f / (2 + f), z = s^2; |s| <= 0.1716.
 * Error 2^-23.00 of log1p(f) with these f32 values.
 */
export const LOG_SHORT_F32: StaticArray<f32> = [2.000000238418579, 0.6665217876434326, 0.41298428177833557];
/** How many they are. */
export const LOG_SHORT_F32_TERMS = 3;

/**
 * y = a P(w - 2.25), P(t) = sum of NORMAL_CENTRE_F32[j] t^j; |y| <= 2.78.
 * Error 2^-24.16 of y with these f32 values.
 */
export const NORMAL_CENTRE_F32: StaticArray<f32> = [
  2.0357725620269775, 0.35140442848205566, -0.004462397191673517, -0.0020837588235735893, 0.0003127025265712291,
  0.0000016292265172523912, -0.00000601281362833106, 4.3042365405199234e-7, 6.47988898094809e-8,
];
/** How many they are. */
export const NORMAL_CENTRE_F32_TERMS = 9;

/**
 * y = a P(w - 2.25), P(t) = sum of NORMAL_CENTRE_F64[j] t^j; |y| <= 2.78.
 * Error 2^-54.30 of y with these f64 values.
 */
export const NORMAL_CENTRE_F64: StaticArray<f64> = [
  2.035772627252232, 0.35140426042131656, -0.004462370160905735, -0.0020830638024475065, 0.0003125914429689965,
  0.000001046352480295376, -0.000005962283058829149, 6.023578105414131e-7, 5.662081296789713e-8, -1.7833181965523595e-8,
  6.340603792522004e-10, 3.025458036381398e-10, -4.31641342081368e-11, -2.011255825952864e-12, 1.1047178795191867e-12,
  -6.549569428966983e-14, -1.7366053028234058e-14, 2.8162074608381443e-15, 1.3809535579964447e-16,
  -4.731323320876012e-17,
];
/** How many they are. */
export const NORMAL_CENTRE_F64_TERMS = 20;

/**
 * y = P(sqrt(w) - 3), P(t) = sum of NORMAL_TAIL_F32[j] t^j; 2.77 <= y <= 5.295.
 * Error 2^-25.28 of y with these f32 values.
 */
export const NORMAL_TAIL_F32: StaticArray<f32> = [
  4.0061869621276855, 1.4179786443710327, 0.009676341898739338, -0.00487118074670434, 0.0016338631976395845,
  -0.0003145828959532082, -0.00009518886508885771, 0.00008117280231090263,
];
/** How many they are. */
export const NORMAL_TAIL_F32_TERMS = 8;

/**
 * y = P(sqrt(w) - 3), P(t) = sum of NORMAL_TAIL_F64[j] t^j; 2.77 <= y <= 5.295.
 * Error 2^-53.93 of y with these f64 values.
 */
export const NORMAL_TAIL_F64: StaticArray<f64> = [
  4.006186986391613, 1.417978739914526, 0.00967843732213159, -0.004872008206128158, 0.0016156488682463727,
  -0.00031284799746582787, -0.00005172239148244391, 0.00007899405112396634, -0.00003406555956224009,
  0.0000036079096656415356, 0.000004451999456230836, -0.0000028452946937241876, 5.374476793255128e-7,
  2.6864821198179974e-7, -2.2584305697492318e-7, 5.424369777033787e-8, 2.0715851881888777e-8, -1.73930736877328e-8,
  9.610894122826447e-10, 1.5446517915066395e-9,
];
/** How many they are. */
export const NORMAL_TAIL_F64_TERMS = 20;

/**
 * y = P(sqrt(w) - 5.25), P(t) = sum of NORMAL_FAR_F32[j] t^j; 5.29 <= y <= 9.16.
 * Error 2^-25.38 of y with these f32 values.
 */
export const NORMAL_FAR_F32: StaticArray<f32> = [
  7.215981960296631, 1.4286311864852905, -0.0003873817331623286, -0.00020948491874150932, 0.00007663469295948744,
  -0.000022901340344105847, 0.000005323546247382183,
];
/** How many they are. */
export const NORMAL_FAR_F32_TERMS = 7;

/**
 * y = P(sqrt(w) - 5.25), P(t) = sum of NORMAL_FAR_F64[j] t^j; 5.29 <= y <= 9.16.
 * Error 2^-53.95 of y with these f64 values.
 */
export const NORMAL_FAR_F64: StaticArray<f64> = [
  7.2159819453867815, 1.4286317203923444, -0.0003879510663356906, -0.00021219642747978155, 0.00007799047012759928,
  -0.000019828665791516734, 0.000004405980682069752, -9.09503263009306e-7, 1.7862268295799602e-7, -3.371635836311484e-8,
  6.12483801556609e-9, -1.0399024955321552e-9, 1.376790122020821e-10, -7.283171325270353e-12, -1.5669151217343275e-12,
  4.9992049580196295e-12, -4.250319420863269e-12, 1.036368352750502e-12,
];
/** How many they are. */
export const NORMAL_FAR_F64_TERMS = 18;
