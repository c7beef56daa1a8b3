import type { Floats } from '../engine/kind.ts';
import { excess, negated } from '../math/float64.ts';
import { normal } from '../random/random.ts';
import { LAW_NORMAL } from '../shared/constants.ts';
import type { Law } from './law.ts';
import { LocationScale } from './location_scale.ts';
import { cdf, icdf, logCdf } from './normal_cdf.ts';

const LAW: Law = {
  noise: normal,
  logProb: LAW_NORMAL,
  score: (z) => z.map((v) => -v),
  cdf,
  logCdf,
  icdf,
  isf: (u) => negated(icdf(u)),
  // (s^2 - 1) / 2 - log s, which is (expm1(2 log s) - 2 log s) / 2
  kl: ({ loc, excess: more, logScale }) =>
    loc.map((d, i) => {
      const log = 2 * logScale[i]!;
      return ((Math.abs(log) < 1 ? excess(-log) : more[i]! * (more[i]! + 2) - log) + d * d) / 2;
    }),
  klSlopes: ({ loc, scale, excess: more }) => ({
    loc,
    scale: more.map((v, i) => (v * (v + 2)) / scale[i]!),
  }),
  mean: 0,
  median: 0,
  mode: 0,
  variance: 1,
  entropy: 1.4189385332046727, // (1 + log(2 pi)) / 2; a sum here would keep bundlers from dropping all this
};

/**
 * The normal distribution N(loc, scale^2): log-density -z^2 / 2 - log(scale sqrt(2 pi)), z = (x - loc) / scale.
 *
 * Accuracy: cdf and sf within 8 ULP in both tails, to the least subnormal number (z = -38.5); logCdf and logSf within 8 ULP
 * at every z; icdf and isf to all of it.
 *
 * PyTorch: `Normal`; TFP: `Normal`.
 *
 * @example
 * const posterior = new Normal(Float32Array.of(0.5, -1), Float32Array.of(1, 0.5));
 * posterior.logProb(Float32Array.of(0, 0)); // [-1.044, -2.226]
 * posterior.sample(key(1), 3).length; // 6
 */
export class Normal<A extends Floats = Float32Array> extends LocationScale<A> {
  /** @internal */
  protected law(): Law {
    return LAW;
  }
}
