import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import * as Row from '../row.ts';
import { logSum } from './exponentials.ts';
import { log_softmax } from './log_softmax.ts';

/**
 * dst_r = log softmax(src_r / T) at a class index, the element that log_softmax gives there; with `op` 1 minus that, the loss
 * of softmax. NaN for an index outside [0, n). `scratch`: room for two rows.
 */
export function log_softmax_at(
  src: number,
  indices: number,
  dst: number,
  op: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const values = heap,
    perT = round(1 / temperature);
  Exponents.open(temperature);
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const at = integers[indices / 4 + r]!,
      max = Row.max(x, n);
    let y = NaN;
    if (at >= 0 && at < n) {
      if (Exponents.reach(max)) {
        const log = round(logSum(x, n, max, temperature, scratch));
        y = round(round(values[x + at]! - max) * perT) - log;
      } else {
        log_softmax(BYTES * x, scratch, 1, n, temperature, scratch + 8 * (n + 8));
        y = values[scratch / BYTES + at]!;
      }
    }
    values[dst / BYTES + r] = op === 0 ? y : 0 - y;
  }
}
