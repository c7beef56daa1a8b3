import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Argmax } from '../max/argmax';
import { Exponentials } from '../max/softmax';
import { Row } from '../row';
import * as c from '../shared';

/** Two rows of logits beside each other, in f64 but for the exponentials of the first. See src/js/density/contrast.ts. */
abstract class Contrast {
  static near<T>(): v128 {
    return Lane.splat<f64>(memory.data<f64>([sizeof<T>() == 4 ? c.CONTRAST_NEAR_F32 : c.CONTRAST_NEAR_F64]));
  }

  static deep<T>(): v128 {
    return Lane.splat<f64>(memory.data<f64>([sizeof<T>() == 4 ? c.CONTRAST_DEEP : 0]));
  }

  /** The lanes that are of the row, k elements of it left. */
  @inline static left(k: i32): v128 {
    return Lane.upTo<f64>((<usize>k) << 3);
  }

  /** a - b, 0 where they are equal. */
  @inline static apart(a: v128, b: v128): v128 {
    return v128.and(f64x2.sub(a, b), f64x2.ne(a, b));
  }

  /** What rounding took from d = a - b of f64, 0 where that is not finite: of f32 nothing. */
  @inline static lost<T>(a: v128, b: v128, d: v128): v128 {
    if (sizeof<T>() == 4) return Constant.zero<f64>();
    const t = f64x2.sub(d, a);
    const low = f64x2.sub(f64x2.sub(a, f64x2.sub(d, t)), f64x2.add(b, t));
    return v128.and(low, f64x2.eq(low, low));
  }

  /** a - b - base; low: what rounding took from base. */
  @inline static from<T>(a: v128, b: v128, base: v128, low: v128): v128 {
    const d = Contrast.apart(a, b),
      u = f64x2.sub(d, base);
    return sizeof<T>() == 4 ? u : f64x2.add(u, f64x2.sub(Contrast.lost<T>(a, b, d), low));
  }

  /** KL(p || q) of a row or, with weights y, the sum of y (log q - log p). `scratch`: room for two rows. */
  static row<T>(a: usize, b: usize, y: usize, ratio: usize, n: i32, scratch: usize): f64 {
    const shift = alignof<T>();
    const max = Row.max<T>(a, n),
      other = Row.max<T>(b, n);
    if (!isFinite<T>(v128.extract_lane<T>(v128.sub<T>(max, other), 0))) {
      if (sizeof<T>() == 8 && ratio != 0) Row.fill<T>(ratio, n, Row.nan<T>());
      return NaN;
    }
    const sum = Exponentials.sum<T>(a, scratch, n, max, 1),
      logSum = Double.logOf(sum / Exponentials.ofMax<T>(max));
    const at = (<usize>Argmax.index<T>(a, max)) << shift,
      top = f64x2.splat(<f64>load<T>(a + at)),
      low = f64x2.splat(<f64>load<T>(b + at));
    let base = Contrast.apart(top, low),
      lost = Contrast.lost<T>(top, low, base);
    let total = Constant.zero<f64>(),
      spread = total;
    for (let i = 0; i < n; i += 2) {
      const p = (<usize>i) << shift,
        e = v128.and(Double.load<T>(scratch + p), Contrast.left(n - i)),
        d = Contrast.from<T>(Double.load<T>(a + p), Double.load<T>(b + p), base, lost);
      const counts = f64x2.ne(e, Constant.zero<f64>());
      total = f64x2.add(total, v128.and(f64x2.mul(e, d), counts));
      if (sizeof<T>() == 4) spread = f64x2.pmax(spread, v128.and(f64x2.abs(d), counts));
    }
    const mean = Lane.sum(total) / sum,
      per = f64x2.splat(1 / sum),
      centre = f64x2.splat(logSum - mean),
      one = Constant.one<f64>();
    let m = f64x2.splat(mean),
      drift = Constant.zero<f64>(),
      kl: f64 = NaN;
    const far = sizeof<T>() == 4 && y != 0 && f64x2.extract_lane(Lane.max<f64>(spread), 0) > c.CONTRAST_FAR;
    if (isFinite(mean) && !far) {
      total = Constant.zero<f64>();
      for (let i = 0; i < n; i += 2) {
        const p = (<usize>i) << shift,
          v = Double.load<T>(b + p),
          own = Double.load<T>(a + p),
          u = f64x2.sub(Contrast.from<T>(own, v, base, lost), m);
        let share = f64x2.mul(Double.load<T>(scratch + p), per);
        const none = f64x2.le(share, Contrast.deep<T>());
        if (sizeof<T>() == 4 && v128.any_true(none)) {
          const exact = Double.exp(f64x2.sub(f64x2.sub(own, top), f64x2.splat(logSum)));
          share = Lane.select(none, exact, share);
        }
        const near = f64x2.lt(f64x2.abs(u), Contrast.near<T>());
        let term = total;
        if (v128.any_true(near)) term = f64x2.mul(f64x2.mul(share, f64x2.mul(u, u)), Double.phi(f64x2.neg(u)));
        if (!i64x2.all_true(near)) {
          const e = Double.exp(Lane.select(none, f64x2.sub(f64x2.sub(v, low), centre), f64x2.neg(u)));
          const rest = v128.and(f64x2.mul(share, f64x2.sub(u, one)), f64x2.ne(share, Constant.zero<f64>()));
          term = Lane.select(near, term, f64x2.add(Lane.select(none, e, f64x2.mul(share, e)), rest));
        }
        const left = Contrast.left(n - i);
        total = f64x2.add(total, v128.and(term, left));
        if (sizeof<T>() == 8) {
          const counts = v128.and(left, f64x2.ne(share, Constant.zero<f64>()));
          drift = f64x2.add(drift, v128.and(f64x2.mul(share, u), counts));
        }
      }
      kl = Double.log1pOf(Lane.sum(total));
    }
    const whole = isFinite(kl);
    if (whole && (y | ratio) == 0) return kl;
    let less = f64x2.splat(Lane.sum(drift) - kl);
    if (!whole) {
      m = base = lost = Constant.zero<f64>();
      const room = scratch + ((<usize>n) << shift) + 16;
      const rest = Exponentials.logSum<T>(b, n, other, 1, room);
      less = f64x2.splat(<f64>v128.extract_lane<T>(max, 0) - <f64>v128.extract_lane<T>(other, 0) + (logSum - rest));
    }
    const weights = y == 0 ? scratch : y,
      negative = Constant.minusInfinity<f64>();
    total = Constant.zero<f64>();
    for (let i = 0; i < n; i += 2) {
      const p = (<usize>i) << shift,
        v = Double.load<T>(a + p),
        o = Double.load<T>(b + p),
        w = v128.and(Double.load<T>(weights + p), Contrast.left(n - i));
      const masked = f64x2.eq(v, negative),
        d = v128.andnot(
          f64x2.sub(f64x2.sub(Contrast.from<T>(v, o, base, lost), m), less),
          v128.and(masked, f64x2.eq(o, negative)),
        );
      if (sizeof<T>() == 8 && ratio != 0) Lane.storeUpTo<f64>(ratio + p, d, (<usize>(n - i)) << 3);
      const counts = v128.andnot(f64x2.ne(w, Constant.zero<f64>()), masked);
      total = f64x2.add(total, v128.and(f64x2.mul(w, d), counts));
    }
    return y != 0 ? 0 - Lane.sum(total) : whole ? kl : Lane.sum(total) / sum;
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
  const row = (<usize>n) << alignof<T>();
  Exponents.open<T>(1);
  for (let r = 0; r < rows; r++) {
    store<T>(dst, <T>Contrast.row<T>(a, b, y, ratio, n, scratch));
    a += row;
    b += row;
    if (y != 0) y += row;
    dst += sizeof<T>();
    if (ratio != 0) ratio += row;
  }
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
  @inline static of<T>(a: v128, b: v128, y: v128, weighted: bool): v128 {
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
      near = f64x2.lt(f64x2.abs(apart), Contrast.near<T>());
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
}

/** dst = the same of bits with the logits a and b, element by element: rows of two classes at (logit, 0). */
export function contrast_bits<T>(a: usize, b: usize, y: usize, dst: usize, count: i32): void {
  for (let i = 0; i < count; i += 2) {
    const p = (<usize>i) << alignof<T>();
    const weight = y == 0 ? Constant.zero<f64>() : Double.load<T>(y + p);
    Double.store<T>(dst + p, Bits.of<T>(Double.load<T>(a + p), Double.load<T>(b + p), weight, y != 0), count - i);
  }
}
