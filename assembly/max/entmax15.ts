import { Constant } from '../constant';
import { Maxes } from './maxes';
import { Project } from './project';
import { FiniteSupport } from './sparse';

/** p = [z / 2 - t]+^2. See src/js/max/entmax15.ts. */
@final
@unmanaged
class Entmax15 {
  @inline of(z: v128, t: v128, alpha: v128): v128 {
    return this.second(z, t);
  }

  @inline first(z: v128, t: v128): v128 {
    return f64x2.pmax(Constant.zero<f64>(), f64x2.sub(f64x2.mul(z, Constant.half<f64>()), t));
  }

  @inline second(z: v128, t: v128): v128 {
    const h = this.first(z, t);
    return f64x2.mul(h, h);
  }

  /** On the norm of [z / 2 - t]+, which is convex and nearly linear in t. */
  @inline next(t: v128, sum: v128, squares: v128): v128 {
    const norm = f64x2.sqrt(squares);
    return f64x2.add(t, f64x2.div(f64x2.mul(f64x2.sub(norm, Constant.one<f64>()), norm), sum));
  }

  @inline settled(squares: v128, last: v128): bool {
    return false;
  }
}

/** dst = the vector-Jacobian product of entmax15 at its output p. `scratch`: room for a row. */
export function entmax15_vjp<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  Project.vjp<T>(p, dp, dst, rows, n, temperature, 1.5, scratch);
}

/** dst = entmax15(src / T), row by row. `scratch`: room for n + 8 f64. */
export function entmax15<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, FiniteSupport<Entmax15>>(src, dst, rows, n, temperature, scratch, 1.5);
}
