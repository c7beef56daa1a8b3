import * as c from '../shared';
import { Double } from './double';

export abstract class Lgamma {
  /** log (m - 1)! for an integer m >= 1: the product up to 18!, which is exact, Stirling's series beyond. */
  static ofInteger(m: f64): f64 {
    if (m <= 19) {
      let product: f64 = 1;
      for (let k: f64 = 2; k < m; k++) product *= k;
      return Double.logOf(product);
    }
    const r = 1 / m,
      r2 = r * r;
    const series =
      r * (c.STIRLING_1 + r2 * (c.STIRLING_3 + r2 * (c.STIRLING_5 + r2 * (c.STIRLING_7 + r2 * c.STIRLING_9))));
    return (m - 0.5) * Double.logOf(m) - m + (c.HALF_LOG_2PI + series);
  }
}
