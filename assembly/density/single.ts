import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Log } from '../math/log';
import { Row } from '../row';
import * as c from '../shared';
import { Identity } from '../vocabulary';

/** log x. */
@final
@unmanaged
class Logarithm {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Log.every<T>(v128.load(x));
  }
}

/** Rows of f32 whose elements are all finite, in f64 but for exponentials and logarithms. See src/js/density/single.ts. */
export abstract class Single {
  static reach(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.DENSITY_REACH]));
  }

  /** l = log x; returns its sum. */
  static logs(x: usize, l: usize, n: i32): f64 {
    return Row.eachSum<f32, Logarithm>(x, x, l, n);
  }

  @inline static w(l: usize, logits: usize, t: v128): v128 {
    return f32x4.sub(v128.load(logits), f32x4.mul(t, v128.load(l)));
  }

  /** The greatest w of a row, rounded; NaN where one is not finite. */
  static top(l: usize, logits: usize, n: i32, temperature: f32): f32 {
    const t = f32x4.splat(temperature),
      low = Constant.minusInfinity<f32>();
    const bulk = Lane.bulk<f32>(n),
      bytes = (<usize>n) << 2;
    let m0 = low,
      m1 = low,
      wrong = Constant.zero<f32>();
    let i: usize = 0;
    for (; i < bulk; i += 32) {
      const w0 = Single.w(l + i, logits + i, t),
        w1 = Single.w(l + i + 16, logits + i + 16, t);
      m0 = f32x4.pmax(m0, w0);
      m1 = f32x4.pmax(m1, w1);
      wrong = v128.or(wrong, v128.or(f32x4.sub(w0, w0), f32x4.sub(w1, w1)));
    }
    m0 = f32x4.pmax(m0, m1);
    for (; i < bytes; i += 16) {
      const w = Single.w(l + i, logits + i, t),
        inRow = Lane.upTo<f32>(bytes - i);
      m0 = f32x4.pmax(m0, Lane.select(inRow, w, low));
      wrong = v128.or(wrong, v128.and(f32x4.sub(w, w), inRow));
    }
    return v128.any_true(wrong) ? NaN : f32x4.extract_lane(Lane.max<f32>(m0), 0);
  }

  /** d = w - top of the first two of four elements. */
  @inline static d(l: v128, logits: v128, t: v128, top: v128): v128 {
    const w = f64x2.sub(f64x2.promote_low_f32x4(logits), f64x2.mul(t, f64x2.promote_low_f32x4(l)));
    return f64x2.sub(w, top);
  }

  /** The last two of four elements before the first two. */
  @inline static others(v: v128): v128 {
    return v128.shuffle<i32>(v, v, 2, 3, 0, 1);
  }

  @inline static exp(low: v128, high: v128): v128 {
    return Exp.bounded<f32>(f32x4.pmin(Four.singles(low, high), Single.reach()));
  }

  /** e = exp d of a row; returns the sum of d. */
  static exps(l: usize, logits: usize, e: usize, n: i32, temperature: f32, top: f32): f64 {
    const t = f64x2.splat(<f64>temperature),
      m = f64x2.splat(<f64>top);
    const bulk = Lane.bulk<f32>(n),
      bytes = (<usize>n) << 2;
    let low = Constant.zero<f64>(),
      high = low;
    let i: usize = 0;
    for (; i < bulk; i += 64) {
      const a0 = v128.load(logits + i),
        a1 = v128.load(logits + i, 16),
        a2 = v128.load(logits + i, 32),
        a3 = v128.load(logits + i, 48);
      const l0 = v128.load(l + i),
        l1 = v128.load(l + i, 16),
        l2 = v128.load(l + i, 32),
        l3 = v128.load(l + i, 48);
      const p0 = Single.d(l0, a0, t, m),
        q0 = Single.d(Single.others(l0), Single.others(a0), t, m),
        e0 = Single.exp(p0, q0);
      const p1 = Single.d(l1, a1, t, m),
        q1 = Single.d(Single.others(l1), Single.others(a1), t, m),
        e1 = Single.exp(p1, q1);
      const p2 = Single.d(l2, a2, t, m),
        q2 = Single.d(Single.others(l2), Single.others(a2), t, m),
        e2 = Single.exp(p2, q2);
      const p3 = Single.d(l3, a3, t, m),
        q3 = Single.d(Single.others(l3), Single.others(a3), t, m),
        e3 = Single.exp(p3, q3);
      v128.store(e + i, e0);
      v128.store(e + i, e1, 16);
      v128.store(e + i, e2, 32);
      v128.store(e + i, e3, 48);
      low = f64x2.add(low, f64x2.add(f64x2.add(p0, p1), f64x2.add(p2, p3)));
      high = f64x2.add(high, f64x2.add(f64x2.add(q0, q1), f64x2.add(q2, q3)));
    }
    for (; i < bytes; i += 16) {
      const a = v128.load(logits + i),
        b = v128.load(l + i),
        inRow = Lane.upTo<f32>(bytes - i);
      const p = Single.d(b, a, t, m),
        q = Single.d(Single.others(b), Single.others(a), t, m);
      v128.store(e + i, Single.exp(p, q));
      low = f64x2.add(low, v128.and(p, i64x2.extend_low_i32x4_s(inRow)));
      high = f64x2.add(high, v128.and(q, i64x2.extend_high_i32x4_s(inRow)));
    }
    return Lane.sum(f64x2.add(low, high));
  }

  /** The log-density of a row at log x = l, minus `minus`; NaN where it wants f64. `scratch`: room for a row. */
  static row(l: usize, logits: usize, n: i32, temperature: f32, constant: f64, minus: f64, scratch: usize): f64 {
    const top = Single.top(l, logits, n, temperature);
    if (n < 2 || !isFinite<f32>(top)) return NaN;
    const total = Single.exps(l, logits, scratch, n, temperature, top),
      sum = Row.eachTotal<f32, Identity>(scratch, scratch, n);
    if (!(sum > c.DENSITY_LEAST_SUM && sum < c.DENSITY_GREATEST_SUM)) return NaN;
    const density = constant + (total - <f64>n * Double.logOf(sum)) - minus;
    return n > c.SHORT_ROW && abs(density) < c.DENSITY_CANCELS * <f64>n ? NaN : density;
  }
}
