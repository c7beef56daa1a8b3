import { Project } from './project';

/** dst = the vector-Jacobian product of softmax at its output p, which is its own weights. */
export function softmax_vjp<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  Project.vjp<T>(p, dp, dst, rows, n, temperature, 1, scratch);
}
