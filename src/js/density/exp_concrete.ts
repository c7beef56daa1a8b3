import { gradients, logProbs } from './concrete.ts';

/** dst_r = the ExpConcrete log-density of row r of y. `scratch`: room for 4 n + 12 f64. */
export function exp_concrete_log_prob(
  y: number,
  logits: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  logProbs(y, logits, dst, rows, n, temperature, scratch, false);
}

/** The gradients of dLogProb_r times that, at y, logits and T. `scratch`: room for 4 n + 12 f64. */
export function exp_concrete_log_prob_vjp(
  y: number,
  logits: number,
  dLogProb: number,
  dY: number,
  dLogits: number,
  dTemperature: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  gradients(y, logits, dLogProb, dY, dLogits, dTemperature, rows, n, temperature, scratch, false);
}
