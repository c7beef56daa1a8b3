import { Lane } from '../lane';
import { Maxes } from './maxes';
import { Sparse } from './sparse';

/** p = [z - t]+; t = (sum of the support's z - 1) / its size. See src/js/max/sparsemax.ts. */
@final
@unmanaged
class Sparsemax {
  @inline hot<T>(): T {
    return 1;
  }

  @inline cold<T>(): T {
    return 0;
  }

  @inline of(z: v128, t: v128, alpha: v128): v128 {
    return f64x2.pmax(Sparse.zero<f64>(), f64x2.sub(z, t));
  }

  /** Newton from the left, exact after finitely many steps: the support only shrinks (Michelot 1986). */
  @inline threshold(z: usize, end: usize, alpha: f64): f64 {
    let t: f64 = -1,
      size = i32.MAX_VALUE;
    while (true) {
      const tau = f64x2.splat(t);
      let s0 = Sparse.zero<f64>(),
        s1 = s0,
        k = s0;
      for (let p = z; p < end; p += 32) {
        const z0 = v128.load(p),
          z1 = v128.load(p, 16);
        const in0 = f64x2.gt(z0, tau),
          in1 = f64x2.gt(z1, tau);
        s0 = f64x2.add(s0, v128.and(z0, in0));
        s1 = f64x2.add(s1, v128.and(z1, in1));
        k = i64x2.sub(k, i64x2.add(in0, in1));
      }
      const count = Lane.sumBits(k);
      if (count >= size) return t;
      size = count;
      t = (Lane.sum(f64x2.add(s0, s1)) - 1) / count;
    }
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Sparse.row<T, Sparsemax>(x, dst, n, max, temperature, scratch, alpha);
  }
}

/** 1 on the support of p. */
@final
@unmanaged
class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const p = v128.load(x);
    return Lane.select(v128.gt<T>(p, Sparse.zero<T>()), Sparse.one<T>(), p);
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
  Maxes.vjp<T, Weight>(p, dp, dst, rows, n, temperature, scratch);
}

/** dst = sparsemax(src / T), row by row. `scratch`: room for n + 8 f64. */
export function sparsemax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, Sparsemax>(src, dst, rows, n, temperature, scratch, 2);
}
