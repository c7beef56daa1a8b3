import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { exp, log } from '../max/elementary.ts';
import { gumbel } from '../random/random.ts';
import * as c from '../shared/constants.ts';
import { type Law, LocationScale } from './location_scale.ts';

/** Euler's constant. */
const GAMMA = 0.5772156649015329;

function negated(x: Float64Array): Float64Array {
  return x.map((v) => -v);
}

/** log Gamma(x), x > 0, to about 1e-15 of the greatest term: Stirling's series at t = x + 12, minus the log of x (x + 1) ... (x + 11). */
function logGamma(x: Float64Array): Float64Array {
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

const LAW: Law = {
  noise: gumbel,
  logProb(z) {
    const e = exp(negated(z));
    return z.map((v, i) => (Math.abs(v) === Infinity ? -Infinity : -v - e[i]!));
  },
  score: (z) => exp(negated(z)).map((e) => e - 1),
  cdf: (z) => exp(negated(exp(negated(z)))),
  icdf: (u) => negated(log(negated(log(u)))),
  kl(loc, scale) {
    // the product in logGamma overflows above 1e25, where KL is Infinity anyway
    const gamma = logGamma(scale.map((s) => Math.min(1 + s, 1e20)));
    const e = exp(loc.map((d, i) => gamma[i]! - d)),
      logScale = log(scale);
    return scale.map((s, i) => GAMMA * (s - 1) - logScale[i]! + loc[i]! + e[i]! - 1);
  },
  mean: GAMMA,
  variance: 1.6449340668482264, // pi^2 / 6
  entropy: 1.5772156649015328, // 1 + gamma; a sum here would keep bundlers from dropping all this
};

/**
 * The Gumbel distribution: log-density -z - exp(-z) - log scale, z = (x - loc) / scale; that of the greatest of many.
 *
 * Source: Gumbel 1954. PyTorch: `Gumbel`; TFP: `Gumbel`.
 */
export class Gumbel<A extends Floats = Float32Array> extends LocationScale<A> {
  constructor(loc: number | Values<A>, scale: number | Values<A>) {
    super(LAW, loc, scale);
  }
}
