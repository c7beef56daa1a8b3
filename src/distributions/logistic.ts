import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { expMinusAbs, log1p, logit, logSigmoid, negated, sigmoid } from '../math/float64.ts';
import { logistic } from '../random/random.ts';
import { type Law, LocationScale } from './location_scale.ts';

/**
 * KL of two laws of scale 1 whose locations differ by d: d coth(d / 2) - 2. Up to |d| = 3 as a quotient of two series without
 * a negative term, with h = d / 2: 2 (h cosh h - sinh h) / sinh h.
 */
export function shiftKl(d: Float64Array): Float64Array {
  const e = expMinusAbs(d);
  return d.map((v, i) => {
    if (!(Math.abs(v) < 3)) return (Math.abs(v) * (1 + e[i]!)) / (1 - e[i]!) - 2;
    const square = (v * v) / 4;
    let above = 0,
      below = 1;
    for (let term = square / 6, j = 2, before = -1; above !== before; j += 2) {
      before = above;
      above += j * term;
      below += term;
      term *= square / ((j + 2) * (j + 3));
    }
    return (2 * above) / below;
  });
}

const LAW: Law = {
  noise: logistic,
  logProb(z) {
    const tail = log1p(expMinusAbs(z));
    return z.map((v, i) => -Math.abs(v) - 2 * tail[i]!);
  },
  score: (z) => sigmoid(z).map((s) => 1 - 2 * s),
  cdf: sigmoid,
  logCdf: logSigmoid,
  sf: (z) => sigmoid(negated(z)),
  logSf: (z) => logSigmoid(negated(z)),
  icdf: logit,
  isf: (u) => negated(logit(u)),
  kl: ({ loc, excess }) => shiftKl(loc).map((v, i) => (excess[i] === 0 ? v : NaN)),
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
 * klDivergence has a closed form where the scales are equal, and is NaN elsewhere. Accuracy: cdf, sf and their logarithms
 * within 4 ULP of their value at z, to the ends of the range, subnormal results included; icdf and isf likewise, also near
 * 1/2. PyTorch: none (a uniform through `SigmoidTransform().inv` and `AffineTransform`); TFP: `Logistic`.
 */
export class Logistic<A extends Floats = Float32Array> extends LocationScale<A> {
  constructor(loc: number | Values<A>, scale: number | Values<A>) {
    super(loc, scale);
  }

  /** @internal */
  protected law(): Law {
    return LAW;
  }
}
