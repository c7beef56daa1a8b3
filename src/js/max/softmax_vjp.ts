import * as Project from './project.ts';

/** dst = the vector-Jacobian product of softmax at its output p, which is its own weights. */
export function softmax_vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Project.vjp(p, dp, dst, rows, n, temperature, 1, scratch);
}
