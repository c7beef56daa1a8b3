import { Constant } from '../constant';
import { Maxes } from './maxes';
import { Project } from './project';
import { FiniteSupport } from './sparse';

/** p = [z - t]+; t = (sum of the support's z - 1) / its size. See src/js/max/sparsemax.ts. */
@final
@unmanaged
class Sparsemax {
  @inline of(z: v128, t: v128, alpha: v128): v128 {
    return f64x2.pmax(Constant.zero<f64>(), f64x2.sub(z, t));
  }

  @inline first(z: v128, t: v128): v128 {
    return v128.and(z, f64x2.gt(z, t));
  }

  @inline second(z: v128, t: v128): v128 {
    return v128.and(Constant.one<f64>(), f64x2.gt(z, t));
  }

  /** From the sum and the size of the support, which only shrinks: exact after finitely many steps (Michelot 1986). */
  @inline next(t: v128, sum: v128, size: v128): v128 {
    return f64x2.div(f64x2.sub(sum, Constant.one<f64>()), size);
  }

  /** Whether t is the last one already: spares a single row the division. */
  @inline settled(size: v128, last: v128): bool {
    return f64x2.extract_lane(size, 0) == f64x2.extract_lane(last, 0);
  }
}

/** dst = the vector-Jacobian product of sparsemax at its output p. `scratch`: room for a row. */
export function sparsemax_vjp<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  Project.vjp<T>(p, dp, dst, rows, n, temperature, 2, scratch);
}

/** dst = sparsemax(src / T), row by row. `scratch`: room for n + 8 f64. */
export function sparsemax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, FiniteSupport<Sparsemax>>(src, dst, rows, n, temperature, scratch, 2);
}
