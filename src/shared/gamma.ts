/** log (m - 1)!: Stirling's series, Abramowitz and Stegun 6.1.41. */
export const STIRLING_1 = 0.08333333333333333; // 1 / 12
export const STIRLING_3 = -0.002777777777777778; // -1 / 360
export const STIRLING_5 = 0.0007936507936507937; // 1 / 1260
export const STIRLING_7 = -0.0005952380952380953; // -1 / 1680
export const STIRLING_9 = 0.0008417508417508417; // 1 / 1188
/** log(2 pi) / 2 */
export const HALF_LOG_2PI = 0.9189385332046728;
