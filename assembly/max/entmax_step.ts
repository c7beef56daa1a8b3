import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Base } from './entmax_power';

/** Where the sums of p q^i, i < TERMS, q = (u - 1) / u, are: of two rows and of the two others, four times. */
export const TERMS: usize = 6;
export const HALF: usize = 16 * TERMS;
export const SUMS: usize = memory.data(880, 16);
/** Behind them, of two rows and of the two others: which have passed the root. */
export const PASSED: usize = 8 * HALF;

/** A step to the root. See src/js/max/entmax_step.ts. */
export abstract class Step {
  /** Adds up at `to` the p q^i of every `step` bytes. */
  static sums(z: usize, end: usize, p: usize, step: usize, low: v128, high: v128, to: usize): void {
    let a0 = Constant.zero<f64>(),
      a1 = a0,
      a2 = a0,
      a3 = a0,
      a4 = a0,
      a5 = a0,
      b0 = a0,
      b1 = a0,
      b2 = a0,
      b3 = a0,
      b4 = a0,
      b5 = a0;
    for (; z < end; z += step, p += step) {
      const v = v128.load(z),
        w = v128.load(p);
      let q = Base.part(v, low),
        term = f64x2.promote_low_f32x4(w);
      a0 = f64x2.add(a0, term);
      a1 = f64x2.add(a1, (term = f64x2.mul(term, q)));
      a2 = f64x2.add(a2, (term = f64x2.mul(term, q)));
      a3 = f64x2.add(a3, (term = f64x2.mul(term, q)));
      a4 = f64x2.add(a4, (term = f64x2.mul(term, q)));
      a5 = f64x2.add(a5, f64x2.mul(term, q));
      q = Base.part(Four.others(v), high);
      term = f64x2.promote_low_f32x4(Four.others(w));
      b0 = f64x2.add(b0, term);
      b1 = f64x2.add(b1, (term = f64x2.mul(term, q)));
      b2 = f64x2.add(b2, (term = f64x2.mul(term, q)));
      b3 = f64x2.add(b3, (term = f64x2.mul(term, q)));
      b4 = f64x2.add(b4, (term = f64x2.mul(term, q)));
      b5 = f64x2.add(b5, f64x2.mul(term, q));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    v128.store(to, a4, 64);
    v128.store(to, a5, 80);
    v128.store(to, b0, 96);
    v128.store(to, b1, 112);
    v128.store(to, b2, 128);
    v128.store(to, b3, 144);
    v128.store(to, b4, 160);
    v128.store(to, b5, 176);
  }

  /** Adds up the sums of four rows, of which each was every fourth element, or those of the lanes of a row alone. */
  static total(alone: bool): void {
    for (let at = SUMS; at < SUMS + 2 * HALF; at += 16) {
      let sum = v128.load(at);
      if (alone) {
        if (at == SUMS + HALF) return;
        sum = Lane.total(f64x2.add(sum, v128.load(at, HALF)));
        v128.store(at, sum, HALF);
      } else {
        const others = f64x2.add(v128.load(at, 2 * HALF), v128.load(at, 6 * HALF));
        sum = f64x2.add(f64x2.add(sum, v128.load(at, 4 * HALF)), others);
      }
      v128.store(at, sum);
    }
  }

  /**
   * The next step of two lanes from `root`, whose sums are at `at`: there are the coefficients of `last` then, and the next root.
   * Returns which of them are to go on.
   */
  static go(at: usize, root: v128, d: f64): v128 {
    const one = Constant.one<f64>(),
      half = Constant.half<f64>(),
      slope = f64x2.splat(d),
      c2 = f64x2.splat((1 - d) * 0.5),
      c3 = f64x2.splat((1 - 2 * d) * c.THIRD),
      c4 = f64x2.splat((1 - 3 * d) * 0.25);
    const S = v128.load(at),
      Q = v128.load(at, 16),
      D = v128.load(at, 32),
      T = v128.load(at, 48),
      V = v128.load(at, 64);
    const over = f64x2.sub(root, Double.pow(S, f64x2.neg(slope))),
      newton = f64x2.sub(root, f64x2.div(f64x2.mul(S, over), f64x2.sub(S, Q)));
    let k = f64x2.div(f64x2.sub(f64x2.div(root, newton), one), slope);
    const fifth = f64x2.sub(f64x2.mul(S, Step.fifth(slope)), v128.load(at, 80)),
      above = f64x2.splat(c.ENTMAX_ABOVE),
      reach = f64x2.mul(S, f64x2.pmin(f64x2.mul(k, above), f64x2.splat(c.ENTMAX_NEAR))),
      passed = v128.or(v128.load(at, PASSED), f64x2.lt(over, Constant.zero<f64>())),
      small = v128.andnot(f64x2.le(f64x2.mul(Step.fifth(k), fifth), reach), passed);
    v128.store(at, passed, PASSED);
    if (v128.any_true(small)) {
      const g = f64x2.div(Double.log1p(f64x2.neg(f64x2.div(over, root))), slope),
        m1 = f64x2.div(Q, S),
        m2 = f64x2.div(f64x2.mul(c2, D), S),
        m3 = f64x2.div(f64x2.mul(f64x2.mul(c2, c3), T), S),
        m4 = f64x2.div(f64x2.mul(f64x2.mul(f64x2.mul(c2, c3), c4), V), S),
        square = f64x2.mul(m1, m1);
      const A = f64x2.sub(m1, one),
        B = f64x2.add(f64x2.sub(m2, f64x2.mul(square, half)), f64x2.splat(d * 0.5)),
        C = f64x2.add(
          f64x2.sub(m3, f64x2.mul(m1, m2)),
          f64x2.mul(f64x2.sub(f64x2.mul(square, m1), f64x2.splat(d * d)), f64x2.splat(c.THIRD)),
        ),
        E = f64x2.add(
          f64x2.sub(f64x2.sub(m4, f64x2.mul(m1, m3)), f64x2.mul(half, f64x2.mul(m2, m2))),
          f64x2.sub(
            f64x2.mul(square, m2),
            f64x2.mul(f64x2.sub(f64x2.mul(square, square), f64x2.splat(d * d * d)), f64x2.splat(0.25)),
          ),
        );
      for (let i = 0; i < 2; i++) {
        const t = f64x2.mul(k, E),
          u = f64x2.add(C, t),
          v = f64x2.add(B, f64x2.mul(k, u)),
          h = f64x2.add(A, f64x2.mul(k, v)),
          rise = f64x2.add(h, f64x2.mul(k, f64x2.add(v, f64x2.mul(k, f64x2.add(u, t)))));
        k = f64x2.sub(k, v128.and(f64x2.div(f64x2.sub(f64x2.mul(k, h), g), rise), small));
      }
    }
    const left = f64x2.mul(Step.fifth(k), fifth),
      f1 = v128.and(f64x2.mul(k, c2), small),
      f2 = f64x2.mul(f1, f64x2.mul(k, c3)),
      f3 = f64x2.mul(f2, f64x2.mul(k, c4));
    const sum = f64x2.add(Q, f64x2.add(f64x2.mul(f1, D), f64x2.add(f64x2.mul(f2, T), f64x2.mul(f3, V)))),
      scale = f64x2.div(one, f64x2.add(S, f64x2.mul(k, sum))),
      first = f64x2.mul(scale, k);
    v128.store(at, scale);
    v128.store(at, first, 16);
    v128.store(at, f64x2.mul(first, f1), 32);
    v128.store(at, f64x2.mul(first, f2), 48);
    v128.store(at, f64x2.mul(first, f3), 64);
    // what the step leaves, so that the next one comes from above
    const rest = f64x2.mul(f64x2.div(f64x2.mul(slope, left), S), v128.and(above, small));
    v128.store(at, f64x2.mul(f64x2.div(root, f64x2.add(one, f64x2.mul(k, slope))), f64x2.add(one, rest)), 80);
    const last = v128.and(small, f64x2.le(left, f64x2.mul(d > 0.2 ? one : S, f64x2.splat(c.ENTMAX_LEFT)))),
      excess = f64x2.mul(root, f64x2.splat(c.ENTMAX_EXCESS_F32 * (1 + 16 * d)));
    return v128.andnot(f64x2.ge(f64x2.abs(over), excess), last);
  }

  @inline static fifth(x: v128): v128 {
    const square = f64x2.mul(x, x);
    return f64x2.mul(f64x2.mul(square, square), x);
  }

  /** p of the next root, in the fourth order of its step, times the scale. */
  @inline static last(z: v128, p: v128, slope: v128, at: usize): v128 {
    const q = Base.part(z, slope);
    let factor = v128.load(at, 64);
    factor = f64x2.add(v128.load(at, 48), f64x2.mul(factor, q));
    factor = f64x2.add(v128.load(at, 32), f64x2.mul(factor, q));
    factor = f64x2.add(v128.load(at, 16), f64x2.mul(factor, q));
    factor = f64x2.add(v128.load(at), f64x2.mul(factor, q));
    return f64x2.pmax(Constant.zero<f64>(), f64x2.mul(f64x2.promote_low_f32x4(p), factor));
  }
}
