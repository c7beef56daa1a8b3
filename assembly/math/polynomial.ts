import { Lane } from '../lane';

export abstract class Polynomial {
  /** The sum of c_j t^j, j < terms, over the coefficients of T by Horner's scheme. The compiler decides what depends on `terms`. */
  @inline static of<T>(t: v128, f32s: StaticArray<f32>, f32Terms: i32, f64s: StaticArray<f64>, f64Terms: i32): v128 {
    const c = sizeof<T>() == 4 ? changetype<usize>(f32s) : changetype<usize>(f64s),
      terms = sizeof<T>() == 4 ? f32Terms : f64Terms;
    return Polynomial.rest<T>(Lane.splat<T>(c + ((<usize>terms - 1) << alignof<T>())), t, c, terms);
  }

  /** t^terms and that sum, in f32. */
  @inline static monic(t: v128, f32s: StaticArray<f32>, terms: i32): v128 {
    const c = changetype<usize>(f32s);
    return Polynomial.rest<f32>(v128.add<f32>(t, Lane.splat<f32>(c + ((<usize>terms - 1) << 2))), t, c, terms);
  }

  /** The same sum in f64 as p(t^2) + t q(t^2), square = t^2: a step of one waits for none of the other. */
  @inline static halves(t: v128, square: v128, f64s: StaticArray<f64>, terms: i32): v128 {
    const c = changetype<usize>(f64s),
      last = c + ((<usize>terms - 2) << 3);
    const p = Polynomial.rest<f64>(Lane.splat<f64>(last), square, c, terms >> 1, 16),
      q = Polynomial.rest<f64>(Lane.splat<f64>(last + 8), square, c + 8, terms >> 1, 16);
    return Lane.madd<f64>(q, t, p);
  }

  /** The scheme from c_(terms - 2) on, after p. `step`: bytes from one coefficient to the next. */
  @inline static rest<T>(p: v128, t: v128, c: usize, terms: i32, step: usize = sizeof<T>()): v128 {
    if (terms > 19) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 18 * step));
    if (terms > 18) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 17 * step));
    if (terms > 17) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 16 * step));
    if (terms > 16) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 15 * step));
    if (terms > 15) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 14 * step));
    if (terms > 14) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 13 * step));
    if (terms > 13) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 12 * step));
    if (terms > 12) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 11 * step));
    if (terms > 11) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 10 * step));
    if (terms > 10) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 9 * step));
    if (terms > 9) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 8 * step));
    if (terms > 8) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 7 * step));
    if (terms > 7) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 6 * step));
    if (terms > 6) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 5 * step));
    if (terms > 5) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 4 * step));
    if (terms > 4) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 3 * step));
    if (terms > 3) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 2 * step));
    if (terms > 2) p = Lane.madd<T>(p, t, Lane.splat<T>(c + 1 * step));
    if (terms > 1) p = Lane.madd<T>(p, t, Lane.splat<T>(c));
    return p;
  }
}
