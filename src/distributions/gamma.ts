import { doubles, excess, log } from '../math/float64.ts';
import * as c from '../shared/constants.ts';

/** Euler's constant. */
export const GAMMA = 0.5772156649015329;

/** Terms of the series: as many as |x| = 1 takes. */
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

/** psi(1 + s), s > 2: Abramowitz and Stegun 6.3.18 at t = s + 13, minus 1 / (s + 1), ..., 1 / (s + 12). */
function digammaFrom2(s: Float64Array): Float64Array {
  const logT = log(s.map((v) => v + 13));
  return s.map((v, i) => {
    const t = v + 13,
      r = 1 / (t * t);
    let sum = logT[i]! - 0.5 / t - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))));
    for (let k = 1; k < 13; k++) sum -= 1 / (v + k);
    return sum;
  });
}

/** sum_{k >= 2} (zeta(k) - 1) (-x)^(k - 2) / k or, for its derivative, without the division. */
function zetaSeries(x: number, isDivided: boolean): number {
  const zetas = (zeta ??= doubles(TERMS, (j) => zetaMinus1(j + 2)));
  let sum = 0;
  for (let j = TERMS - 1; j >= 0; j--) sum = zetas[j]! / (isDivided ? j + 2 : 1) - x * sum;
  return sum;
}

/** s from x = s - 1 and log s, which have digits that s has not. */
export interface Shape {
  readonly scale: Float64Array;
  readonly excess: Float64Array;
  readonly logScale: Float64Array;
}

/**
 * log Gamma(1 + s) and shape = log Gamma(s) + gamma (s - 1), which is 0 at s = 1 and positive elsewhere. For s <= 2 by the
 * series of log Gamma(1 + x), with its first part summed:
 *
 *     shape = x - log s + sum_{k >= 2} (zeta(k) - 1) (-x)^k / k
 *
 * Source: Abramowitz and Stegun 6.1.33.
 */
export function gammaTerms({ scale, excess: x, logScale }: Shape): { shape: Float64Array; logGamma: Float64Array } {
  // the product overflows above 1e25, where both are as good as infinite
  const far = logGammaFrom1(scale.map((s) => Math.min(1 + s, 1e20)));
  const shape = scale.map((s, i) => {
    const [v, l] = [x[i]!, logScale[i]!];
    if (!(s <= 2)) return far[i]! - l + GAMMA * v;
    return (Math.abs(l) < 1 ? excess(-l) : v - l) + zetaSeries(v, true) * v * v;
  });
  return { shape, logGamma: scale.map((s, i) => (s <= 2 ? shape[i]! + logScale[i]! - GAMMA * x[i]! : far[i]!)) };
}

/** The derivatives of both by s. */
export function gammaSlopes({ scale, excess: x }: Shape): { shape: Float64Array; logGamma: Float64Array } {
  const far = digammaFrom2(scale);
  return {
    shape: scale.map((s, i) => (s <= 2 ? x[i]! / s + zetaSeries(x[i]!, false) * x[i]! : far[i]! - 1 / s + GAMMA)),
    logGamma: scale.map((s, i) => (s <= 2 ? 1 - GAMMA + zetaSeries(x[i]!, false) * x[i]! : far[i]!)),
  };
}
