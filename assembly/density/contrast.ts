import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Exponents } from '../math/exponents';
import { Exponentials } from '../max/exponentials';
import { Row } from '../row';
import * as c from '../shared';
import { Either } from './either';
import { Shares } from './shares';

/** Two rows of logits beside each other, in f64 but for the exponentials of the first. See src/js/density/contrast.ts. */
abstract class Contrast {
  /** [of f64, of f32] */
  static near(single: bool): v128 {
    return v128.load64_splat(memory.data<f64>([c.CONTRAST_NEAR_F64, c.CONTRAST_NEAR_F32]) + ((<usize>single) << 3));
  }

  static deep(single: bool): v128 {
    return v128.load64_splat(memory.data<f64>([0, c.CONTRAST_DEEP]) + ((<usize>single) << 3));
  }

  static reach(): v128 {
    return Lane.splat<f32>(memory.data<f32>([<f32>c.CONTRAST_REACH]));
  }

  /** a - b, 0 where they are equal. */
  @inline static apart(a: v128, b: v128): v128 {
    return v128.and(f64x2.sub(a, b), f64x2.ne(a, b));
  }

  /** What rounding took from d = a - b of f64, 0 where that is not finite: of f32 nothing. */
  static lost(a: v128, b: v128, d: v128, single: bool): v128 {
    if (single) return Constant.zero<f64>();
    const t = f64x2.sub(d, a);
    const low = f64x2.sub(f64x2.sub(a, f64x2.sub(d, t)), f64x2.add(b, t));
    return v128.and(low, f64x2.eq(low, low));
  }

  /** a - b - base; low: what rounding took from base. */
  @inline static from(a: v128, b: v128, base: v128, low: v128, single: bool): v128 {
    const d = Contrast.apart(a, b),
      u = f64x2.sub(d, base);
    return single ? u : f64x2.add(u, f64x2.sub(Contrast.lost(a, b, d, single), low));
  }

  /** The sum over a long row of f32; NaN if the row wants f64. */
  static quick(a: usize, b: usize, e: usize, n: i32, base: v128, m: v128, sum: f64): f64 {
    const zero = Constant.zero<f64>(),
      deep = f32x4.splat(<f32>(c.CONTRAST_DEEP * sum));
    let total = zero,
      most = zero,
      slow = zero;
    for (let i: usize = 0, end = (<usize>n) << 2; i < end; i += 16) {
      const inRow = Lane.upTo<f32>(end - i),
        v = v128.load(b + i),
        own = v128.load(a + i),
        one = Constant.one<f32>();
      const first = Contrast.from(f64x2.promote_low_f32x4(own), f64x2.promote_low_f32x4(v), base, zero, true),
        second = Contrast.from(
          f64x2.promote_low_f32x4(Four.others(own)),
          f64x2.promote_low_f32x4(Four.others(v)),
          base,
          zero,
          true,
        );
      const u = Four.singles(f64x2.sub(first, m), f64x2.sub(second, m)),
        minus = f32x4.neg(u),
        share = v128.load(e + i);
      const wants = v128.or(f32x4.le(share, deep), f32x4.gt(minus, Contrast.reach()));
      slow = v128.or(slow, v128.and(wants, inRow));
      const near = f32x4.mul(f32x4.mul(u, u), Exp.phi<f32>(minus)),
        far = f32x4.add(Exp.bounded<f32>(minus), f32x4.sub(u, one)),
        term = v128.and(f32x4.mul(share, Lane.select(f32x4.lt(f32x4.abs(u), one), near, far)), inRow);
      most = f32x4.pmax(most, term);
      total = f64x2.add(total, f64x2.promote_low_f32x4(term));
      total = f64x2.add(total, f64x2.promote_low_f32x4(Four.others(term)));
    }
    const even = <f64>f32x4.extract_lane(Lane.max<f32>(most), 0) < c.CONTRAST_MOST * Lane.sum(total);
    return even && !v128.any_true(slow) ? Lane.sum(f64x2.mul(total, f64x2.splat(1 / sum))) : NaN;
  }

  /** log sum exp x less its maximum, behind the exponentials of a row. */
  static logSum<T>(x: usize, n: i32, scratch: usize): f64 {
    return Exponentials.logSum<T>(x, n, Row.max<T>(x, n), 1, scratch + ((<usize>n) << alignof<T>()) + 16);
  }

  /** KL(p || q) of a row or, with weights y, the sum of y (log q - log p). `scratch`: room for two rows. */
  static row(a: usize, b: usize, y: usize, ratio: usize, n: i32, scratch: usize, single: bool): f64 {
    const e = scratch + 16,
      at = single ? Shares.open<f32>(a, e, n) : Shares.open<f64>(a, e, n),
      other = single ? Shares.top<f32>(b, n) : Shares.top<f64>(b, n);
    if (at < 0 || !isFinite(other)) {
      if (ratio != 0) Row.fill<f64>(ratio, n, Row.nan<f64>());
      return NaN;
    }
    const sum = load<f64>(scratch),
      logSum = Double.logOf(sum / load<f64>(scratch, 8)),
      max = Either.load(a, at, single),
      top = f64x2.splat(max),
      low = f64x2.splat(Either.load(b, at, single)),
      zero = Constant.zero<f64>();
    let base = Contrast.apart(top, low),
      lost = Contrast.lost(top, low, base, single);
    let total = zero,
      spread = zero;
    for (let i = 0; i < n; i += 2) {
      const p = v128.and(Either.pair(e, i, single), Contrast.left(n - i)),
        d = Contrast.from(Either.pair(a, i, single), Either.pair(b, i, single), base, lost, single);
      const counts = f64x2.ne(p, zero);
      total = f64x2.add(total, v128.and(f64x2.mul(p, d), counts));
      spread = f64x2.pmax(spread, v128.and(f64x2.abs(d), counts));
    }
    const mean = Lane.sum(total) / sum,
      per = f64x2.splat(1 / sum),
      centre = f64x2.splat(logSum - mean),
      one = Constant.one<f64>(),
      little = Contrast.near(single),
      deep = Contrast.deep(single);
    let m = f64x2.splat(mean),
      drift = zero,
      kl: f64 = NaN;
    const far = single && y != 0 && f64x2.extract_lane(Lane.max<f64>(spread), 0) > c.CONTRAST_FAR;
    if (isFinite(mean) && !far) {
      total = zero;
      kl = single && n > c.SHORT_ROW ? Contrast.quick(a, b, e, n, base, m, sum) : NaN;
      const slow = kl != kl;
      for (let i = slow ? 0 : n; i < n; i += 2) {
        const v = Either.pair(b, i, single),
          own = Either.pair(a, i, single),
          u = f64x2.sub(Contrast.from(own, v, base, lost, single), m);
        let share = f64x2.mul(Either.pair(e, i, single), per);
        const none = f64x2.le(share, deep);
        if (single && v128.any_true(none)) {
          const exact = Double.exp(f64x2.sub(f64x2.sub(own, top), f64x2.splat(logSum)));
          share = Lane.select(none, exact, share);
        }
        const near = f64x2.lt(f64x2.abs(u), little);
        let term = total;
        if (v128.any_true(near)) term = f64x2.mul(f64x2.mul(share, f64x2.mul(u, u)), Double.phi(f64x2.neg(u)));
        if (!i64x2.all_true(near)) {
          const power = Double.exp(Lane.select(none, f64x2.sub(f64x2.sub(v, low), centre), f64x2.neg(u)));
          const rest = v128.and(f64x2.mul(share, f64x2.sub(u, one)), f64x2.ne(share, zero));
          term = Lane.select(near, term, f64x2.add(Lane.select(none, power, f64x2.mul(share, power)), rest));
        }
        const left = Contrast.left(n - i);
        total = f64x2.add(total, v128.and(term, left));
        if (!single) {
          const counts = v128.and(left, f64x2.ne(share, zero));
          drift = f64x2.add(drift, v128.and(f64x2.mul(share, u), counts));
        }
      }
      if (slow) kl = Lane.sum(total);
      kl = Double.log1pOf(kl);
    }
    const whole = isFinite(kl);
    if (whole && (y | ratio) == 0) return kl;
    let less = f64x2.splat(Lane.sum(drift) - kl);
    if (!whole) {
      m = base = lost = zero;
      const rest = single ? Contrast.logSum<f32>(b, n, e) : Contrast.logSum<f64>(b, n, e);
      less = f64x2.splat(max - other + (logSum - rest));
    }
    const weights = y == 0 ? e : y,
      negative = Constant.minusInfinity<f64>();
    total = zero;
    for (let i = 0; i < n; i += 2) {
      const v = Either.pair(a, i, single),
        o = Either.pair(b, i, single),
        w = v128.and(Either.pair(weights, i, single), Contrast.left(n - i));
      const masked = f64x2.eq(v, negative),
        d = v128.andnot(
          f64x2.sub(f64x2.sub(Contrast.from(v, o, base, lost, single), m), less),
          v128.and(masked, f64x2.eq(o, negative)),
        );
      if (ratio != 0) Either.put(ratio, i, d, n - i, false);
      const counts = v128.andnot(f64x2.ne(w, zero), masked);
      total = f64x2.add(total, v128.and(f64x2.mul(w, d), counts));
    }
    return y != 0 ? 0 - Lane.sum(total) : whole ? kl : Lane.sum(total) / sum;
  }

  /** The lanes that are of the row, k elements of it left. */
  @inline static left(k: i32): v128 {
    return Lane.upTo<f64>((<usize>k) << 3);
  }

  static rows(
    a: usize,
    b: usize,
    y: usize,
    dst: usize,
    ratio: usize,
    rows: i32,
    n: i32,
    scratch: usize,
    single: bool,
  ): void {
    const row = (<usize>n) << (single ? 2 : 3);
    for (let r = 0; r < rows; r++) {
      Either.store(dst, r, Contrast.row(a, b, y, ratio, n, scratch, single), single);
      a += row;
      b += row;
      if (y != 0) y += row;
      if (ratio != 0) ratio += row;
    }
  }
}

/**
 * dst_r = KL(p || q) of p = softmax(a_r), q = softmax(b_r) or, with weights y (0: none), the sum of y log(q / p). ratio (of f64
 * alone; 0: none) = log p - log q. `scratch`: room for two rows.
 */
export function contrast<T>(
  a: usize,
  b: usize,
  y: usize,
  dst: usize,
  ratio: usize,
  rows: i32,
  n: i32,
  scratch: usize,
): void {
  Exponents.open<T>(1);
  Contrast.rows(a, b, y, dst, ratio, rows, n, scratch, sizeof<T>() == 4);
}

/** Bits beside each other, in f64. */
abstract class Bits {
  /** log(1 + exp x), where tail = log(1 + exp -|x|). */
  @inline static softplus(x: v128, tail: v128): v128 {
    return f64x2.add(f64x2.pmax(Constant.zero<f64>(), x), tail);
  }

  @inline static power(x: v128): v128 {
    return Double.exp(f64x2.neg(f64x2.abs(x)));
  }

  /** w d, 0 where w is 0 or the class is masked. */
  @inline static term(w: v128, d: v128, masked: v128): v128 {
    return v128.and(f64x2.mul(w, d), v128.andnot(f64x2.ne(w, Constant.zero<f64>()), masked));
  }

  /** KL(p || q) of bits with the logits a and b or, with y, y log(q / p) + (1 - y) log((1 - q) / (1 - p)). */
  @inline static of(a: v128, b: v128, y: v128, weighted: bool, single: bool): v128 {
    const one = Constant.one<f64>(),
      zero = Constant.zero<f64>();
    const e = Bits.power(a),
      ta = Double.log1p(e),
      tb = Double.log1p(Bits.power(b)),
      whole = f64x2.add(one, e),
      above = f64x2.ge(a, zero);
    const p = f64x2.div(Lane.select(above, one, e), whole),
      rest = f64x2.div(Lane.select(above, e, one), whole),
      apart = Contrast.apart(a, b),
      near = f64x2.lt(f64x2.abs(apart), Contrast.near(single));
    let d1 = f64x2.sub(Bits.softplus(f64x2.neg(b), tb), Bits.softplus(f64x2.neg(a), ta)),
      d0 = f64x2.sub(Bits.softplus(b, tb), Bits.softplus(a, ta));
    let kl = f64x2.add(Bits.term(p, d1, zero), Bits.term(rest, d0, zero));
    if (v128.any_true(near)) {
      const u = f64x2.mul(apart, rest),
        v = f64x2.mul(apart, p);
      const s = f64x2.add(
        f64x2.mul(f64x2.mul(p, f64x2.mul(u, u)), Double.phi(f64x2.neg(u))),
        f64x2.mul(f64x2.mul(rest, f64x2.mul(v, v)), Double.phi(v)),
      );
      kl = Lane.select(near, Double.log1p(s), kl);
      d1 = Lane.select(near, f64x2.add(kl, u), d1);
      d0 = Lane.select(near, f64x2.sub(kl, v), d0);
    }
    if (!weighted) return kl;
    const negative = Constant.minusInfinity<f64>();
    return f64x2.sub(
      zero,
      f64x2.add(
        Bits.term(y, d1, f64x2.eq(a, negative)),
        Bits.term(f64x2.sub(one, y), d0, f64x2.eq(a, Constant.infinity<f64>())),
      ),
    );
  }

  static all(a: usize, b: usize, y: usize, dst: usize, count: i32, single: bool): void {
    for (let i = 0; i < count; i += 2) {
      const weight = y == 0 ? Constant.zero<f64>() : Either.pair(y, i, single);
      const value = Bits.of(Either.pair(a, i, single), Either.pair(b, i, single), weight, y != 0, single);
      Either.put(dst, i, value, count - i, single);
    }
  }
}

/** dst = the same of bits with the logits a and b, element by element: rows of two classes at (logit, 0). */
export function contrast_bits<T>(a: usize, b: usize, y: usize, dst: usize, count: i32): void {
  Bits.all(a, b, y, dst, count, sizeof<T>() == 4);
}
