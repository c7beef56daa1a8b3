import { Lane } from '../lane';
import { Maxes } from './maxes';
import { Sparse } from './sparse';

/** p = [z / 2 - t]+^2. See src/js/max/entmax15.ts. */
@final
@unmanaged
class Entmax15 {
  @inline hot<T>(): T {
    return 1;
  }

  @inline cold<T>(): T {
    return 0;
  }

  @inline of(z: v128, t: v128, alpha: v128): v128 {
    const h = f64x2.pmax(Sparse.zero<f64>(), f64x2.sub(f64x2.mul(z, Sparse.half()), t));
    return f64x2.mul(h, h);
  }

  /** Newton from the left on the norm of [z / 2 - t]+, which is convex and nearly linear in t. */
  @inline threshold(z: usize, end: usize, alpha: f64): f64 {
    const half = Sparse.half();
    let t: f64 = -1;
    while (true) {
      const tau = f64x2.splat(t),
        zero = Sparse.zero<f64>();
      let s0 = zero,
        s1 = zero,
        q0 = zero,
        q1 = zero;
      for (let p = z; p < end; p += 32) {
        const h0 = f64x2.pmax(zero, f64x2.sub(f64x2.mul(v128.load(p), half), tau));
        const h1 = f64x2.pmax(zero, f64x2.sub(f64x2.mul(v128.load(p, 16), half), tau));
        s0 = f64x2.add(s0, h0);
        s1 = f64x2.add(s1, h1);
        q0 = f64x2.add(q0, f64x2.mul(h0, h0));
        q1 = f64x2.add(q1, f64x2.mul(h1, h1));
      }
      const norm = sqrt(Lane.sum(f64x2.add(q0, q1)));
      const next = t + ((norm - 1) * norm) / Lane.sum(f64x2.add(s0, s1));
      if (!(next > t)) return t;
      t = next;
    }
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    Sparse.row<T, Entmax15>(x, dst, n, max, temperature, scratch, alpha);
  }
}

/** sqrt p. */
@final
@unmanaged
class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sqrt<T>(v128.load(x));
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
  Maxes.vjp<T, Weight>(p, dp, dst, rows, n, temperature, scratch);
}

/** dst = entmax15(src / T), row by row. `scratch`: room for n + 8 f64. */
export function entmax15<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, Entmax15>(src, dst, rows, n, temperature, scratch, 1.5);
}
