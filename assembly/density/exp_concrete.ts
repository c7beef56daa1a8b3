import { Concrete } from './concrete';

/** dst_r = the ExpConcrete log-density of row r of y. `scratch`: room for 4 n + 12 f64. */
export function exp_concrete_log_prob<T>(
  y: usize,
  logits: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  Concrete.logProbs(y, logits, dst, rows, n, temperature, scratch, sizeof<T>() == 4, false);
}

/** The gradients of dLogProb_r times that, at y, logits and T. `scratch`: room for 4 n + 12 f64. */
export function exp_concrete_log_prob_vjp<T>(
  y: usize,
  logits: usize,
  dLogProb: usize,
  dY: usize,
  dLogits: usize,
  dTemperature: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const single = sizeof<T>() == 4;
  Concrete.gradients(y, logits, dLogProb, dY, dLogits, dTemperature, rows, n, temperature, scratch, single, false);
}
