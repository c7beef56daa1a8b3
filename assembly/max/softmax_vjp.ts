import { Project } from './project';

/** p. */
@final
@unmanaged
class Own {
  @inline own(): void {}

  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.load(x);
  }
}

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
  Project.vjp<T, Own>(p, dp, dst, rows, n, temperature, scratch);
}
