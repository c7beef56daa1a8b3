import * as c from '../../shared/constants.ts';
import { log } from './double.ts';

/** log (m - 1)! for an integer m >= 1: the product up to 18!, which is exact, Stirling's series beyond. */
export function ofInteger(m: number): number {
  if (m <= 19) {
    let product = 1;
    for (let k = 2; k < m; k++) product *= k;
    return log(product);
  }
  const r = 1 / m,
    r2 = r * r;
  const series =
    r * (c.STIRLING_1 + r2 * (c.STIRLING_3 + r2 * (c.STIRLING_5 + r2 * (c.STIRLING_7 + r2 * c.STIRLING_9))));
  return (m - 0.5) * log(m) - m + (c.HALF_LOG_2PI + series);
}
