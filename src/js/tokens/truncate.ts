import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { doubles, heap } from '../lane.ts';
import * as Row from '../row.ts';
import { regionsOf } from './regions.ts';
import { survivors, write } from './survivors.ts';

/**
 * dst = the rows of src with -Infinity in the place of what the parameters of a row, PARAMETERS f64 values each, remove from
 * it. A row without a finite maximum stays as it is.
 */
export function truncate(src: number, parameters: number, dst: number, rows: number, n: number, scratch: number): void {
  const at = regionsOf(scratch, n);
  for (let r = 0, x = src / BYTES, to = dst / BYTES, p = parameters / 8; r < rows; r++) {
    const max = Row.max(x, n);
    if (max - max === 0) write(survivors(x, n, max, p, doubles[p + c.TEMPERATURE]!, at), x, to, n, at.list);
    else heap.copyWithin(to, x, x + n);
    x += n;
    to += n;
    p += c.PARAMETERS;
  }
}
