import * as c from '../../shared/constants.ts';
import { heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import * as Exponents from '../math/exponents.ts';
import { expSum } from '../max/exponentials.ts';
import * as Row from '../row.ts';

const LN2 = c.LN2_HIGH_F64 + c.LN2_LOW_F64;

/**
 * The log-density of a row of f32 at log x = l, for
 *
 *     constant + sum d - n log sum exp d, and on the simplex minus sum l        d = w - w_0, w = logits - T l
 *
 * d is the difference of two differences: rows that are shifted lose nothing. Sums are f64, so that what exp and d lose counts
 * once a class: of a density that is not small that is nothing. NaN where the row is to be done in f64: an element is not
 * finite (a mask), there is one class, the terms cancel, or w is far above its first. `terms`: room for a row.
 */
export function row(
  l: number,
  logits: number,
  n: number,
  temperature: number,
  constant: number,
  terms: number,
  simplex: boolean,
): number {
  const values = heap,
    l0 = values[l]!,
    a0 = values[logits]!;
  for (let i = 0; i < n; i++) {
    values[terms + i] = round(round(values[logits + i]! - a0) - round(temperature * round(values[l + i]! - l0)));
  }
  const all = Row.sum(terms, n) - (simplex ? Row.sum(l, n) : 0),
    max = Row.max(terms, n);
  if (n < 2 || all - all !== 0 || max > c.DENSITY_REACH) return NaN;
  const logs = Exponents.exponent(max) * LN2 + Double.log(expSum(terms, terms, n, max, 1) / Exponents.factor),
    density = constant + (all - n * logs);
  return n > c.SHORT_ROW && Math.abs(density) < c.DENSITY_CANCELS * n ? NaN : density;
}
