import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { exp } from '../math/exp.ts';
import * as Row from '../row.ts';

/**
 * The log-density of a row of f32 at log x = l, for
 *
 *     constant + sum d - n log sum exp d, and on the simplex minus sum l        d = w - w_0, w = logits - T l
 *
 * d is the difference of two differences: rows that are shifted lose nothing. Sums are f64, so that what exp and d lose counts
 * once a class: of a density that is not small that is nothing. NaN where the row is to be done in f64: an element is not
 * finite (a mask), there is one class, the terms cancel, or w is far above its first. `scratch`: room for two rows.
 */
export function row(
  l: number,
  logits: number,
  n: number,
  temperature: number,
  constant: number,
  scratch: number,
  simplex: boolean,
): number {
  const values = heap,
    terms = scratch,
    exps = scratch + n,
    l0 = values[l]!,
    a0 = values[logits]!;
  for (let i = 0; i < n; i++) {
    const v = values[l + i]!,
      d = round(round(values[logits + i]! - a0) - round(temperature * round(v - l0)));
    values[terms + i] = simplex ? d - v : d;
    values[exps + i] = d > c.DENSITY_REACH ? c.DENSITY_REACH : d;
  }
  exp(exps * BYTES, exps * BYTES, n);
  const total = Row.sum(terms, n),
    sum = Row.sum(exps, n);
  if (n < 2 || total - total !== 0 || !(sum < c.DENSITY_GREATEST_SUM)) return NaN;
  const density = constant + (total - n * Double.log(sum));
  return n > c.SHORT_ROW && Math.abs(density) < c.DENSITY_CANCELS * n ? NaN : density;
}
