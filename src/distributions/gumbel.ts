import type { Floats } from '../engine/kind.ts';
import { excess, exp, log, log1p, negated } from '../math/float64.ts';
import { gumbel } from '../random/random.ts';
import { LAW_GUMBEL, LAW_GUMBEL_CDF, LAW_GUMBEL_LOG_CDF } from '../shared/constants.ts';
import { GAMMA, gammaSlopes, gammaTerms } from './gamma.ts';
import type { Law } from './law.ts';
import { LocationScale } from './location_scale.ts';

/** 1 - exp(-e), e >= 0 */
function complement(e: Float64Array): Float64Array {
  const rest = exp(negated(e));
  return e.map((v, i) => (v < 1 ? v - excess(v) : 1 - rest[i]!));
}

/** w = log Gamma(1 + s) - d and exp(w) - 1. */
function tailOf(d: Float64Array, logGamma: Float64Array): { w: Float64Array; rise: Float64Array } {
  const w = logGamma.map((v, i) => v - d[i]!),
    e = exp(w);
  return { w, rise: w.map((v, i) => (Math.abs(v) < 1 ? excess(-v) + v : e[i]! - 1)) };
}

const LAW: Law = {
  noise: gumbel,
  logProb: LAW_GUMBEL,
  score: (z) => exp(negated(z)).map((e) => e - 1),
  cdf: LAW_GUMBEL_CDF,
  logCdf: LAW_GUMBEL_LOG_CDF,
  sf: (z) => complement(exp(negated(z))),
  logSf(z) {
    // log(1 - exp(-e)), e = exp(-z): for e < 1 it is -z + log((1 - exp(-e)) / e)
    const e = exp(negated(z)),
      rest = exp(negated(e));
    const logs = log1p(e.map((v, i) => (v < 1 ? (v === 0 ? 0 : -excess(v) / v) : 0 - rest[i]!)));
    return z.map((v, i) => (e[i]! < 1 ? logs[i]! - v : logs[i]!));
  },
  icdf: (u) => negated(log(negated(log(u)))),
  isf: (u) => negated(log(negated(log1p(negated(u))))),
  // (gamma (s - 1) + log Gamma(s)) + (expm1(w) - w), w = log Gamma(1 + s) - d: both at least 0
  kl(relative) {
    const { shape, logGamma } = gammaTerms(relative);
    const { w, rise } = tailOf(relative.loc, logGamma);
    return w.map(
      (v, i) => shape[i]! + (Math.abs(v) < 1 ? excess(-v) : rise[i]! === Infinity ? Infinity : rise[i]! - v),
    );
  },
  klSlopes(relative) {
    const { rise } = tailOf(relative.loc, gammaTerms(relative).logGamma),
      { shape, logGamma } = gammaSlopes(relative);
    return {
      loc: negated(rise),
      scale: shape.map((v, i) => v + rise[i]! * logGamma[i]!),
    };
  },
  mean: GAMMA,
  median: 0.36651292058166435, // -log log 2
  mode: 0,
  variance: 1.6449340668482264, // pi^2 / 6
  entropy: 1.5772156649015328, // 1 + gamma; a sum here would keep bundlers from dropping all this
};

/**
 * The Gumbel distribution: log-density -z - exp(-z) - log scale, z = (x - loc) / scale; that of the greatest of many.
 *
 * Accuracy: logCdf, sf, icdf and isf within 4 ULP of their value at z (quantiles: of max(1, |z|)), to the ends of the
 * range, subnormal results included; cdf and logSf within 4 ULP times max(1, exp(-z)).
 *
 * Source: Gumbel 1954.
 *
 * PyTorch: `Gumbel`; TFP: `Gumbel`.
 *
 * @example
 * new Gumbel(0, 1).cdf(0); // [0.368]
 */
export class Gumbel<A extends Floats = Float32Array> extends LocationScale<A> {
  /** @internal */
  protected law(): Law {
    return LAW;
  }
}
