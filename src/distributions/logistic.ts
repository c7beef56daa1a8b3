import type { Floats } from '../engine/kind.ts';
import { expMinusAbs, logit, negated, sigmoid } from '../math/float64.ts';
import { logistic } from '../random/random.ts';
import { LAW_LOG_SIGMOID, LAW_LOGISTIC, LAW_SIGMOID } from '../shared/constants.ts';
import type { Law } from './law.ts';
import { LocationScale } from './location_scale.ts';

/** From here on the closed forms of what follows no longer cancel. */
const FAR = 3;

/** sinh(x) / x - 1 of a square x^2: x^2 / 6 + x^4 / 120 + ... */
function sinhcMinus1(square: number): number {
  let sum = 0;
  for (let term = square / 6, j = 4, before = -1; sum !== before; j += 2) {
    before = sum;
    sum += term;
    term *= square / (j * (j + 1));
  }
  return sum;
}

/**
 * KL of two laws of scale 1 whose locations differ by d: d coth(d / 2) - 2. Up to |d| = 3 as a quotient of two series without
 * a negative term, with h = d / 2: 2 (h cosh h - sinh h) / sinh h.
 */
export function shiftKl(d: Float64Array): Float64Array {
  const e = expMinusAbs(d);
  return d.map((v, i) => {
    if (!(Math.abs(v) < FAR)) return (Math.abs(v) * (1 + e[i]!)) / (1 - e[i]!) - 2;
    const square = (v * v) / 4;
    let above = 0;
    for (let term = square / 6, j = 2, before = -1; above !== before; j += 2) {
      before = above;
      above += j * term;
      term *= square / ((j + 2) * (j + 3));
    }
    return (2 * above) / (1 + sinhcMinus1(square));
  });
}

/** The derivative of that, coth h - h / sinh(h)^2 = (sinh(2 h) / 2 - h) / sinh(h)^2. */
export function shiftKlSlope(d: Float64Array): Float64Array {
  const e = expMinusAbs(d);
  return d.map((v, i) => {
    if (v === 0) return 0;
    if (!(Math.abs(v) < FAR)) {
      const tail = 1 - e[i]!,
        end = e[i] === 0 ? 0 : 2 * Math.abs(v) * e[i]!;
      return (Math.sign(v) * (tail * (1 + e[i]!) - end)) / (tail * tail);
    }
    const sinhc = 1 + sinhcMinus1((v * v) / 4);
    return (2 * sinhcMinus1(v * v)) / (v * sinhc * sinhc);
  });
}

/** The derivative by the scale of the first law, at equal scales: (h / sinh h)^2 - 1. */
function scaleKlSlope(d: Float64Array): Float64Array {
  const e = expMinusAbs(d);
  return d.map((v, i) => {
    if (!(Math.abs(v) < FAR)) return e[i] === 0 ? -1 : (v / (1 - e[i]!)) * v * (e[i]! / (1 - e[i]!)) - 1;
    const more = sinhcMinus1((v * v) / 4);
    return (-more * (more + 2)) / ((1 + more) * (1 + more));
  });
}

const LAW: Law = {
  noise: logistic,
  logProb: LAW_LOGISTIC,
  score: (z) => sigmoid(z).map((s) => 1 - 2 * s),
  cdf: LAW_SIGMOID,
  logCdf: LAW_LOG_SIGMOID,
  icdf: logit,
  isf: (u) => negated(logit(u)),
  kl: ({ loc, excess }) => shiftKl(loc).map((v, i) => (excess[i] === 0 ? v : NaN)),
  klSlopes: ({ loc, excess }) => ({
    loc: shiftKlSlope(loc).map((v, i) => (excess[i] === 0 ? v : NaN)),
    scale: scaleKlSlope(loc).map((v, i) => (excess[i] === 0 ? v : NaN)),
  }),
  mean: 0,
  median: 0,
  mode: 0,
  variance: 3.289868133696453, // pi^2 / 3
  entropy: 2,
};

/**
 * The logistic distribution: log-density z - 2 log(1 + exp z) - log scale, z = (x - loc) / scale. The difference of two
 * Gumbels. The Concrete paper writes Logistic(mu, lambda) for (L + mu) / lambda: `new Logistic(mu / lambda, 1 / lambda)`.
 *
 * klDivergence has a closed form where the scales are equal, and is NaN elsewhere.
 *
 * Accuracy: cdf, sf and their logarithms within 4 ULP of their value at z, to the ends of the range, subnormal results
 * included; icdf and isf likewise, also near 1/2.
 *
 * PyTorch: none (a uniform through `SigmoidTransform().inv` and
 * `AffineTransform`); TFP: `Logistic`.
 *
 * @example
 * new Logistic(0, 1).cdf(Float32Array.of(1)); // [0.731]
 */
export class Logistic<A extends Floats = Float32Array> extends LocationScale<A> {
  /** @internal */
  protected law(): Law {
    return LAW;
  }
}
