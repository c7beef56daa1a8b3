import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Exp from '../math/exp.ts';
import { log as logOfDouble } from '../math/double.ts';
import * as Row from '../row.ts';
import * as Maxes from './maxes.ts';
import * as Project from './project.ts';

/** dst = exp((x - max) / T); returns its sum. */
export function expSum(x: number, dst: number, n: number, max: number, temperature: number): number {
  for (let i = 0; i < n; i++) {
    const v = heap[x + i]!;
    // d + low = x - max without error (Knuth's two-sum, of which only d is rounded)
    let d = round(v - max);
    const t = d - v;
    let low = v - (d - t) - (max + t);
    if (temperature !== 1) {
      d = round(d / temperature);
      low = round(low / temperature);
    }
    heap[dst + i] = Exp.compensated(d, low);
  }
  return Row.sum(dst, n);
}

/** The logarithm of that sum. `scratch`: room for the row. */
function logSum(x: number, n: number, max: number, temperature: number, scratch: number): number {
  return logOfDouble(expSum(x, scratch / BYTES, n, max, temperature));
}

const Softmax: Maxes.Max = {
  hot: 1,
  cold: 0,
  row(x, dst, n, max, temperature) {
    const scale = round(1 / expSum(x, dst, n, max, temperature));
    for (let i = 0; i < n; i++) heap[dst + i] = heap[dst + i]! * scale;
  },
};

const LogSoftmax: Maxes.Max = {
  hot: 0,
  cold: -Infinity,
  row(x, dst, n, max, temperature, scratch) {
    const log = round(logSum(x, n, max, temperature, scratch));
    for (let i = 0; i < n; i++) heap[dst + i] = round(round(heap[x + i]! - max) / temperature) - log;
  },
};

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax(src: number, dst: number, rows: number, n: number, temperature: number, scratch: number): void {
  Maxes.forward(Softmax, src, dst, rows, n, temperature, scratch, 1);
}

/** dst = log softmax(src / T), row by row. `scratch`: room for a row. */
export function log_softmax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
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
  for (let r = 0, x = src / BYTES; r < rows; r++, x += n) {
    const max = Row.max(x, n);
    heap[dst / BYTES + r] = max - max === 0 ? max / temperature + logSum(x, n, max, temperature, scratch) : max;
  }
}

/** dst = the vector-Jacobian product of softmax at its output p, which is its own weights. */
export function softmax_vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  _scratch: number,
): void {
  for (let r = 0, x = p / BYTES, d = dp / BYTES, y = dst / BYTES; r < rows; r++, x += n, d += n, y += n) {
    Project.row(x, d, y, n, temperature);
  }
}
