import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { log } from '../max/elementary.ts';
import { normal } from '../random/random.ts';
import { HALF_LOG_2PI } from '../shared/constants.ts';
import { type Law, LocationScale } from './location_scale.ts';
import { cdf, icdf } from './normal_cdf.ts';

const LAW: Law = {
  noise: normal,
  logProb: (z) => z.map((v) => (-v * v) / 2 - HALF_LOG_2PI),
  score: (z) => z.map((v) => -v),
  cdf,
  icdf,
  kl(loc, scale) {
    const logScale = log(scale);
    return scale.map((s, i) => (s * s - 1 + loc[i]! * loc[i]!) / 2 - logScale[i]!);
  },
  mean: 0,
  variance: 1,
  entropy: 1.4189385332046727, // (1 + log(2 pi)) / 2; a sum here would keep bundlers from dropping all this
};

/**
 * The normal distribution N(loc, scale^2): log-density -z^2 / 2 - log(scale sqrt(2 pi)), z = (x - loc) / scale.
 *
 * Accuracy: cdf within 8 ULP in both tails, down to 2^-1021 (z = -37.5), then +0; icdf to all of it. PyTorch: `Normal`;
 * TFP: `Normal`.
 */
export class Normal<A extends Floats = Float32Array> extends LocationScale<A> {
  constructor(loc: number | Values<A>, scale: number | Values<A>) {
    super(LAW, loc, scale);
  }
}
