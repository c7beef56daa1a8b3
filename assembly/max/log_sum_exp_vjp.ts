import * as c from '../shared';
import { Four } from '../four';
import { Lane } from '../lane';
import { Row } from '../row';
import { Scaled } from '../vocabulary';
import { Scale } from './log_softmax_vjp';
import { Project } from './project';
import { softmax } from './softmax';

const SMALLER: usize = memory.data<f64>([c.SMALLER]);

/** dst = x in f64. */
function widen(x: usize, dst: usize, n: i32): void {
  for (const end = dst + ((<usize>n) << 3); dst < end; dst += 16, x += 8) v128.store(dst, Four.pair(x));
}

/** dst = x in f32. */
function narrow(x: usize, dst: usize, n: i32): void {
  const bytes = (<usize>n) << 2;
  for (let i: usize = 0; i < bytes; i += 16, x += 32) {
    Lane.storeUpTo<f32>(dst + i, Four.singles(v128.load(x), v128.load(x, 16)), bytes - i);
  }
}

/**
 * dst = d_r softmax(x / T) / T, row by row: the vector-Jacobian product of log sum exp, in f64 for either dtype. `scratch`: room for
 * a row.
 */
export function log_sum_exp_vjp<T>(
  x: usize,
  d: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const single = sizeof<T>() == 4,
    width = (<usize>n) << alignof<T>();
  for (let r = 0; r < rows; r++) {
    const y = single ? scratch : dst;
    if (single) widen(x, y, n);
    softmax<f64>(single ? y : x, y, 1, n, <f64>temperature, 0);
    Scale.row<f64>(y, n, <f64>load<T>(d), <f64>temperature);
    if (single) narrow(y, dst, n);
    x += width;
    d += sizeof<T>();
    dst += width;
  }
}

/** dst_r = the derivative by T of log sum exp(x_r / T) times d_r: -sum x dx / T. `scratch`: room for a row. */
export function log_sum_exp_vjp_temperature(
  x: usize,
  d: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  scratch: usize,
): void {
  for (let r = 0; r < rows; r++) {
    log_sum_exp_vjp<f64>(x, d, scratch, 1, n, temperature, 0);
    let sum = Project.dot<f64>(scratch, x, n) / temperature;
    if (!isFinite(sum)) {
      softmax<f64>(x, scratch, 1, n, temperature, 0);
      Row.each<f64, Scaled>(scratch, scratch, scratch, n, Lane.splat<f64>(SMALLER));
      sum = ((Project.dot<f64>(scratch, x, n) / temperature / temperature) * load<f64>(d)) / c.SMALLER;
    }
    store<f64>(dst, 0 - sum);
    x += (<usize>n) << 3;
    d += 8;
    dst += 8;
  }
}
