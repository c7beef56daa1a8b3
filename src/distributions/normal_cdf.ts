import { doubles, exp, log, log1p, negated } from '../math/float64.ts';
import { HALF_LOG_2PI } from '../shared/constants.ts';

/** sqrt(2 pi) and its inverse. */
const ROOT_2PI = 2.5066282746310002;
const INVERSE = 0.3989422804014327;

/** (Phi(y) - 1/2) / phi(y) = y + y^3 / 3 + y^5 / (3 5) + ...: Abramowitz and Stegun 26.2.11, for |y| < 3/4. */
function central(y: number): number {
  let sum = y;
  for (let term = y, k = 3, before = 0; sum !== before; k += 2) {
    before = sum;
    term *= (y * y) / k;
    sum += term;
  }
  return sum;
}

/**
 * Phi(-y) / phi(y) = 1 / (y + 1 / (y + 2 / (y + 3 / ...))): Laplace's continued fraction, Abramowitz and Stegun 26.2.14,
 * for y >= 3/4. From the end, which is near the fixed point of its last step; measured: that many are right to 2^-51.
 */
function mills(y: number): number {
  let k = 10 + Math.floor(250 / (y * y));
  let rest = (y + Math.sqrt(y * y + 4 * k)) / 2;
  while (--k > 0) rest = y + k / rest;
  return 1 / rest;
}

/** Phi(z) = P(N(0, 1) < z): within 8 ULP, subnormal results included. */
export function cdf(z: Float64Array): Float64Array {
  // exp(-y^2 / 2) in factors: the greatest, with an exact exponent, as a square, which may be subnormal; rounded at y = 37,
  // the exponent would be off by 300 ULP
  const y = z.map((v) => Math.min(Math.abs(v), 40)),
    head = y.map(Math.fround);
  const root = exp(head.map((h) => (-h * h) / 4)),
    fine = exp(y.map((v, i) => ((head[i]! - v) * (head[i]! + v)) / 2));
  return z.map((v, i) => {
    const density = (of: number): number => INVERSE * fine[i]! * of * root[i]! * root[i]!;
    const lower = y[i]! < 0.75 ? 0.5 - density(central(y[i]!)) : density(mills(y[i]!));
    return v > 0 ? 1 - lower : lower;
  });
}

/** log Phi(z), within 8 ULP at every z. */
export function logCdf(z: Float64Array): Float64Array {
  const isTail = (v: number): boolean => v <= -0.75;
  const near = cdf(z.map((v) => (v > 0 ? -v : v))),
    above = log1p(negated(near)),
    below = log(z.map((v, i) => (isTail(v) ? mills(-v) : near[i]!)));
  return z.map((v, i) => (v >= 0 ? above[i]! : isTail(v) ? below[i]! - (v * v) / 2 - HALF_LOG_2PI : below[i]!));
}

/** The z with Phi(z) = u: Halley's iteration on Phi(-y) = q, the smaller of u and 1 - u, from Abramowitz and Stegun 26.2.22. */
export function icdf(u: Float64Array): Float64Array {
  const q = u.map((p) => Math.min(p, 1 - p));
  let y = log(q).map((l) => {
    const t = Math.sqrt(-2 * l);
    return t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t));
  });
  // off by 3e-3; each step cubes that
  for (let step = 0; step < 3; step++) {
    const root = exp(y.map((v) => (v * v) / 4));
    y = y.map((v, i) => {
      // a number over phi(y), whose exponential is taken in two halves, for the sake of a subnormal q
      const over = (a: number): number => a * root[i]! * root[i]! * ROOT_2PI;
      const f = v < 0.75 ? over(0.5 - q[i]!) - central(v) : mills(v) - over(q[i]!);
      return v + f / (1 - (f * v) / 2);
    });
  }
  return doubles(u.length, (i) => {
    const end = q[i] === 0 ? Infinity : q[i] === 0.5 ? 0 : y[i]!;
    return u[i]! < 0.5 ? -end : end;
  });
}
