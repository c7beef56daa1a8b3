import { doubles, excess, log } from '../math/float64.ts';
import * as c from '../shared/constants.ts';

/** Euler's constant. */
export const GAMMA = 0.5772156649015329;

/** Terms of the series of `shape`: as many as |x| = 1 takes. */
const TERMS = 56;

/** zeta(k) - 1 for k = 2, 3, ..., made at the first use. */
let zeta: Float64Array | undefined;

/** The sum of m^-k over m = 2, 3, ...: up to 31 one by one, from 32 on by Euler and Maclaurin, the next term of which is below 2^-60. */
function zetaMinus1(k: number): number {
  const inverse = (m: number): number => {
    let power = 1;
    for (let i = 0; i < k; i++) power /= m;
    return power;
  };
  const from = 32,
    last = inverse(from),
    square = from * from;
  const third = (k * (k + 1) * (k + 2)) / 720 / (from * square),
    fifth = (k * (k + 1) * (k + 2) * (k + 3) * (k + 4)) / 30240 / (from * square * square);
  let sum = last * (from / (k - 1) + 0.5 + k / 12 / from - third + fifth);
  for (let m = from - 1; m > 1; m--) sum += inverse(m);
  return sum;
}

/** log Gamma(x), x >= 1, to about 1e-15 of the greatest term: Stirling's series at t = x + 12, minus the log of x (x + 1) ... (x + 11). */
function logGammaFrom1(x: Float64Array): Float64Array {
  const logT = log(x.map((v) => v + 12)),
    logProduct = log(
      x.map((v) => {
        let product = v;
        for (let k = 1; k < 12; k++) product *= v + k;
        return product;
      }),
    );
  return x.map((v, i) => {
    const t = v + 12,
      r = 1 / (t * t);
    const series = c.STIRLING_1 + r * (c.STIRLING_3 + r * (c.STIRLING_5 + r * (c.STIRLING_7 + r * c.STIRLING_9)));
    return (t - 0.5) * logT[i]! - t + c.HALF_LOG_2PI + series / t - logProduct[i]!;
  });
}

/**
 * log Gamma(1 + s) and shape = log Gamma(s) + gamma (s - 1), which is 0 at s = 1 and positive elsewhere, from s, x = s - 1
 * and log s. For s <= 2 by the series of log Gamma(1 + x), with its first part summed:
 *
 *     shape = x - log s + sum_{k >= 2} (zeta(k) - 1) (-x)^k / k
 *
 * Source: Abramowitz and Stegun 6.1.33.
 */
export function gammaTerms(
  s: Float64Array,
  x: Float64Array,
  logS: Float64Array,
): { shape: Float64Array; logGamma: Float64Array } {
  const zetas = (zeta ??= doubles(TERMS, (j) => zetaMinus1(j + 2)));
  // the product overflows above 1e25, where both are as good as infinite
  const far = logGammaFrom1(s.map((v) => Math.min(1 + v, 1e20)));
  const shape = s.map((v, i) => {
    if (!(v <= 2)) return far[i]! - logS[i]! + GAMMA * x[i]!;
    let sum = 0;
    for (let j = TERMS - 1; j >= 0; j--) sum = zetas[j]! / (j + 2) - x[i]! * sum;
    const l = logS[i]!;
    return (Math.abs(l) < 1 ? excess(-l) : x[i]! - l) + sum * x[i]! * x[i]!;
  });
  return { shape, logGamma: s.map((v, i) => (v <= 2 ? shape[i]! + logS[i]! - GAMMA * x[i]! : far[i]!)) };
}
