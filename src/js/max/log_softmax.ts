import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import * as Row from '../row.ts';
import { logSum } from './exponentials.ts';
import * as Maxes from './maxes.ts';
import * as Scores from './scores.ts';

const LogSoftmax: Maxes.Max = {
  hot: 0,
  cold: -Infinity,
  row(x, dst, n, max, temperature, scratch) {
    const log = round(logSum(x, n, max, temperature, scratch));
    if (Exponents.reach(max)) {
      const perT = round(1 / temperature),
        values = heap;
      for (let i = 0; i < n; i++) values[dst + i] = round(round(values[x + i]! - max) * perT) - log;
    } else {
      const scale = Scores.scaleOf(temperature),
        m = max * scale,
        t = temperature * scale;
      for (let i = 0; i < n; i++) heap[dst + i] = Scores.z(heap[x + i]!, m, t, scale) - log;
    }
  },
};

/** dst = log softmax(src / T), row by row. `scratch`: room for a row. */
export function log_softmax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Exponents.open(temperature);
  Maxes.forward(LogSoftmax, src, dst, rows, n, temperature, scratch, 1);
}

/** dst_r = log sum exp(src_r / T), 0 < T < Infinity. `scratch`: room for a row. */
export function log_sum_exp(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Exponents.open(temperature);
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const max = Row.max(x, n);
    const rest = n === 1 || max - max !== 0 ? 0 : logSum(x, n, max, temperature, scratch);
    heap[dst / BYTES + r] = max / temperature + rest;
  }
}
