import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { exp, log, log1p, sigmoid } from '../max/elementary.ts';
import { logistic } from '../random/random.ts';
import { type Law, LocationScale } from './location_scale.ts';

/** log u - log(1 - u) */
export function logit(u: Float64Array): Float64Array {
  const rest = log1p(u.map((v) => -v));
  return log(u).map((l, i) => l - rest[i]!);
}

/** KL of two laws of scale 1 whose locations differ by d: d coth(d / 2) - 2. */
export function shiftKl(d: Float64Array): Float64Array {
  const e = exp(d.map((v) => -Math.abs(v)));
  // |d| as -log e where 1 - e cancels: what rounding did to e then cancels too
  const back = log(e);
  return e.map((v, i) => (v === 1 ? 0 : ((v < 0.5 ? Math.abs(d[i]!) : -back[i]!) * (1 + v)) / (1 - v) - 2));
}

const LAW: Law = {
  noise: logistic,
  logProb(z) {
    const size = z.map(Math.abs);
    const tail = log1p(exp(size.map((v) => -v)));
    return size.map((v, i) => -v - 2 * tail[i]!);
  },
  score: (z) => sigmoid(z).map((s) => 1 - 2 * s),
  cdf: sigmoid,
  icdf: logit,
  kl: (loc, scale) => shiftKl(loc).map((v, i) => (scale[i] === 1 ? v : NaN)),
  mean: 0,
  variance: 3.289868133696453, // pi^2 / 3
  entropy: 2,
};

/**
 * The logistic distribution: log-density z - 2 log(1 + exp z) - log scale, z = (x - loc) / scale. The difference of two
 * Gumbels. The Concrete paper writes Logistic(mu, lambda) for (L + mu) / lambda: `new Logistic(mu / lambda, 1 / lambda)`.
 *
 * klDivergence has a closed form where the scales are equal, and is NaN elsewhere. PyTorch: none (a uniform through
 * `SigmoidTransform().inv` and `AffineTransform`); TFP: `Logistic`.
 */
export class Logistic<A extends Floats = Float32Array> extends LocationScale<A> {
  constructor(loc: number | Values<A>, scale: number | Values<A>) {
    super(LAW, loc, scale);
  }
}
