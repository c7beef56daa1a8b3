import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Lgamma } from '../math/lgamma';
import { Either } from './either';

/** Rows of ExpConcrete or Concrete (`simplex`), of f32 (`single`) or f64, in f64. See src/js/density/concrete.ts. */
export abstract class Concrete {
  static constant(m: f64, temperature: f64): f64 {
    return Lgamma.ofInteger(m) + (m - 1) * Double.logOf(temperature);
  }

  /** Where log x of a row lies in scratch, behind the two results of `row`. */
  @inline static logs(scratch: usize): usize {
    return scratch + 16;
  }

  /** Where w, and then exp(w - max), lies. */
  @inline static exps(scratch: usize, n: i32): usize {
    return scratch + ((<usize>n + 4) << 3);
  }

  /** The log-density. `constant`: that of n classes. */
  static logProb(
    value: usize,
    logits: usize,
    n: i32,
    temperature: f64,
    constant: f64,
    scratch: usize,
    single: bool,
    simplex: bool,
  ): f64 {
    const sum = Concrete.row(value, logits, n, temperature, scratch, single, simplex),
      m = load<f64>(scratch),
      expSum = load<f64>(scratch, 8);
    if (expSum != expSum) return sum;
    return (m == <f64>n ? constant : Concrete.constant(m, temperature)) + (sum - m * Double.logOf(expSum));
  }

  /** sum (w - max); then m, sum exp(w - max), log x and the exponentials are in `scratch`. */
  static row(value: usize, logits: usize, n: i32, temperature: f64, scratch: usize, single: bool, simplex: bool): f64 {
    const l = Concrete.logs(scratch),
      w = Concrete.exps(scratch, n),
      end = (<usize>n) << 3;
    const t = f64x2.splat(temperature),
      low = Constant.minusInfinity<f64>(),
      zero = Constant.zero<f64>();
    let top = low,
      wrong = zero;
    for (let i = 0; i < n; i += 2) {
      const at = (<usize>i) << 3,
        inRow = Lane.upTo<f64>(end - at);
      let v = Either.pair(value, i, single);
      if (simplex) v = Double.log(v);
      const u = f64x2.sub(Either.pair(logits, i, single), f64x2.mul(t, v)),
        own = Lane.select(inRow, u, low);
      top = f64x2.pmax(top, own);
      wrong = v128.or(wrong, v128.and(inRow, f64x2.sub(u, u)));
      v128.store(l + at, v);
      v128.store(w + at, own);
    }
    store<f64>(scratch, n);
    if (n < 2 || v128.any_true(wrong)) {
      const decided = Concrete.special(logits, n, temperature, scratch, single, simplex),
        result = load<f64>(scratch, 8);
      store<f64>(scratch, NaN, 8);
      if (decided) return result;
      top = f64x2.splat(result);
    }
    const max = Lane.max<f64>(top),
      minus = f64x2.splat(simplex ? 1 : 0);
    let sum = zero,
      total = zero;
    for (let i: usize = 0; i < end; i += 16) {
      const u = v128.load(w + i),
        d = f64x2.sub(u, max),
        e = Exp.bounded<f64>(d);
      const term = f64x2.sub(d, f64x2.mul(minus, v128.load(l + i)));
      sum = f64x2.add(sum, v128.and(term, f64x2.ne(u, low)));
      total = f64x2.add(total, e);
      v128.store(w + i, e);
    }
    const all = Lane.sum(sum);
    store<f64>(scratch, isFinite(all) ? Lane.sum(total) : NaN, 8);
    return all;
  }

  /**
   * The same of a row with an element that is not finite, or with one class: whether that decides it. If so the density is in
   * the place of the sum of exponentials, if not the greatest w, and log x is 0 where x is.
   */
  static special(logits: usize, n: i32, temperature: f64, scratch: usize, single: bool, simplex: bool): bool {
    const l = Concrete.logs(scratch),
      w = Concrete.exps(scratch, n);
    let wrong = false,
      outside = false,
      m: f64 = 0,
      j: f64 = 0,
      top = -Infinity,
      edge = -Infinity;
    for (let i = 0; i < n; i++) {
      const at = (<usize>i) << 3,
        a = Either.load(logits, i, single),
        v = load<f64>(l + at),
        atZero = v == -Infinity,
        masked = a == -Infinity,
        u = a - temperature * (atZero ? 0 : v);
      if (!(a < Infinity && v < Infinity)) wrong = true;
      if (u == -Infinity && !(atZero && masked)) outside = true;
      if (u > top) top = u;
      if (!masked) {
        m++;
        if (atZero) {
          j++;
          if (u > edge) edge = u;
        }
      }
      store<f64>(w + at, u);
    }
    const exponent = (m - j) * temperature - j;
    let sum: f64 = 0,
      total: f64 = 0;
    for (let i: usize = 0, end = (<usize>n) << 3; i < end; i += 8) {
      const v = load<f64>(l + i),
        d = load<f64>(w + i) - edge;
      if (v == -Infinity) {
        store<f64>(l + i, 0);
        total += Double.expOf(d);
      }
      if (d > -Infinity) sum += v == -Infinity ? d : d - v;
    }
    let result = top;
    if (wrong) result = NaN;
    else if (outside || (j > 0 && !simplex)) result = -Infinity;
    else if (m < 2) result = m == 1 ? 0 : NaN;
    else if (j > 0 && exponent != 0) result = exponent < 0 ? Infinity : -Infinity;
    else if (j > 0) result = Concrete.constant(m, temperature) + (sum - m * Double.logOf(total));
    else if (top == Infinity) result = -Infinity;
    store<f64>(scratch, m);
    store<f64>(scratch, result, 8);
    return wrong || outside || m < 2 || j > 0 || top == Infinity;
  }

  /** The gradients of g times the log-density of a row; returns that of T. */
  static gradient(
    value: usize,
    logits: usize,
    dValue: usize,
    dLogits: usize,
    n: i32,
    temperature: f64,
    g: f64,
    scratch: usize,
    single: bool,
    simplex: bool,
  ): f64 {
    const density = Concrete.row(value, logits, n, temperature, scratch, single, simplex),
      m = load<f64>(scratch),
      scale = m / load<f64>(scratch, 8),
      // one class: a constant, and a NaN of g stays
      fill = m == 1 && density == 0 ? g - g : NaN,
      l = Concrete.logs(scratch),
      w = Concrete.exps(scratch, n);
    const minusT = f64x2.splat(-temperature),
      scales = f64x2.splat(scale),
      factor = f64x2.splat(g);
    let sum = Constant.zero<f64>(),
      whole = scale == scale;
    for (let i = 0; i < n; i += 2) {
      const at = (<usize>i) << 3,
        one = Constant.one<f64>();
      const counts = v128.and(
        f64x2.ne(Either.pair(logits, i, single), Constant.minusInfinity<f64>()),
        Lane.upTo<f64>((<usize>(n - i)) << 3),
      );
      const h = f64x2.sub(one, f64x2.mul(v128.load(w + at), scales));
      sum = f64x2.add(sum, v128.and(f64x2.mul(v128.load(l + at), h), counts));
      let slope = f64x2.mul(minusT, h);
      if (simplex) slope = f64x2.div(f64x2.sub(slope, one), Either.pair(value, i, single));
      let x = v128.and(f64x2.mul(factor, slope), counts),
        a = v128.and(f64x2.mul(factor, h), counts);
      if (!whole) x = a = f64x2.splat(fill);
      Either.put(dValue, i, x, n - i, single);
      Either.put(dLogits, i, a, n - i, single);
    }
    return whole ? g * ((m - 1) / temperature - Lane.sum(sum)) : fill;
  }
}
