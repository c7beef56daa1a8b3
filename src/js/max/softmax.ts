import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { log1p } from '../math/double.ts';
import * as Exp from '../math/exp.ts';
import * as Exponents from '../math/exponents.ts';
import * as Row from '../row.ts';
import * as Maxes from './maxes.ts';
import * as Scores from './scores.ts';

/** dst = exp((x - max) / T) */
function fill(x: number, dst: number, n: number, max: number, temperature: number): void {
  const scale = Scores.scaleOf(temperature),
    m = max * scale,
    t = temperature * scale;
  for (let i = 0; i < n; i++) {
    const v = round(heap[x + i]! * scale);
    // d + low = x - max without error (Knuth's two-sum, of which only d is rounded)
    const d = round(v - m),
      e = d - v,
      low = v - (d - e) - (m + e);
    heap[dst + i] = Exp.compensated(round(d / t), round(low / t));
  }
}

/**
 * dst = the exponentials of a row up to a factor, which is 1 for its maximum where the row is not within reach of
 * Exponents; returns their sum. The call has begun with Exponents.open.
 */
export function expSum(x: number, dst: number, n: number, max: number, temperature: number): number {
  if (Exponents.reach(max)) Exponents.fill(x, dst, n, max);
  else fill(x, dst, n, max, temperature);
  return Row.sum(dst, n);
}

/** That of the maximum. */
export function ofMax(max: number): number {
  return Exponents.reach(max) ? Exponents.ofMax(max) : 1;
}

/**
 * log sum exp((x - max) / T) as log1p of the sum without the first maximum, which is taken out of the row meanwhile:
 * nothing beside a dominant class is lost. `scratch`: room for the row.
 */
export function logSum(x: number, n: number, max: number, temperature: number, scratch: number): number {
  const at = Row.find(x, max),
    value = heap[at]!;
  heap[at] = -Infinity;
  const rest = expSum(x, scratch / BYTES, n, max, temperature);
  heap[at] = value;
  return log1p(rest * (1 / ofMax(max)));
}

const Softmax: Maxes.Max = {
  hot: 1,
  cold: 0,
  row(x, dst, n, max, temperature) {
    const sum = expSum(x, dst, n, max, temperature),
      scale = round(1 / sum),
      values = heap;
    // nothing beside the maximum: it gets a probability of 1, which a product with 1 / sum might miss
    if (sum < 1.5 * Exponents.factor && sum === ofMax(max)) for (let i = 0; i < n; i++) values[dst + i]! /= sum;
    else for (let i = 0; i < n; i++) values[dst + i]! *= scale;
  },
};

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

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax(src: number, dst: number, rows: number, n: number, temperature: number, scratch: number): void {
  Exponents.open(temperature);
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
