import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Lgamma } from '../math/lgamma';
import { Row } from '../row';
import { Either } from './either';
import { Single } from './single';

@final
@unmanaged
class Logarithm {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Double.log(v128.load(x));
  }
}

/** Rows of ExpConcrete or Concrete (`simplex`) in f64. See src/js/density/concrete.ts. */
export abstract class Concrete {
  /** The byte at which log x (0) and w (1) of a row begin in scratch, behind the two results of `row`. */
  @inline static place(scratch: usize, n: i32, i: usize): usize {
    return scratch + 16 + i * ((<usize>n + 2) << 3);
  }

  /** The address of log x: that of the values, or in scratch. */
  @inline static logs(value: usize, n: i32, scratch: usize, simplex: bool): usize {
    if (!simplex) return value;
    const l = Concrete.place(scratch, n, 0);
    Row.each<f64, Logarithm>(value, value, l, n);
    return l;
  }

  /** Two elements at p; behind the row -Infinity, a class that is left out. */
  @inline static load(p: usize, bytes: usize): v128 {
    return Lane.select(Lane.upTo<f64>(bytes), v128.load(p), Constant.minusInfinity<f64>());
  }

  /** The log-density at log x = l; then m, m / sum exp w and exp(w - max) are in `scratch`. */
  static row(l: usize, logits: usize, n: i32, temperature: f64, scratch: usize, simplex: bool): f64 {
    const w = Concrete.place(scratch, n, 1),
      end = (<usize>n) << 3;
    const t = f64x2.splat(temperature),
      negative = Constant.minusInfinity<f64>(),
      infinite = Constant.infinity<f64>(),
      zero = Constant.zero<f64>();
    let wrong = zero,
      outside = zero,
      kept = zero,
      edges = zero,
      top = negative,
      topAtEdge = negative;
    // w = logits - T log x, logits where x is 0; which classes count, and how
    for (let i: usize = 0; i < end; i += 16) {
      const a = Concrete.load(logits + i, end - i),
        v = Concrete.load(l + i, end - i);
      const atZero = f64x2.eq(v, negative),
        masked = f64x2.eq(a, negative);
      const u = f64x2.sub(a, f64x2.mul(t, v128.andnot(v, atZero)));
      const edge = v128.andnot(atZero, masked);
      wrong = v128.or(wrong, v128.not(v128.and(f64x2.lt(a, infinite), f64x2.lt(v, infinite))));
      outside = v128.or(outside, v128.andnot(f64x2.eq(u, negative), v128.and(atZero, masked)));
      kept = i64x2.sub(kept, v128.not(masked));
      edges = i64x2.sub(edges, edge);
      top = f64x2.pmax(top, u);
      topAtEdge = f64x2.pmax(topAtEdge, Lane.select(edge, u, negative));
      v128.store(w + i, u);
    }
    const m = <f64>Lane.sumBits(kept),
      j = <f64>Lane.sumBits(edges);
    store<f64>(scratch, m);
    store<f64>(scratch, NaN, 8);
    if (v128.any_true(wrong)) return NaN;
    if (v128.any_true(outside) || (j > 0 && !simplex)) return -Infinity;
    if (m < 2) return m == 1 ? 0 : NaN;
    if (j > 0) {
      const exponent = (m - j) * temperature - j;
      if (exponent != 0) return exponent < 0 ? Infinity : -Infinity;
      top = topAtEdge;
    }
    const max = Lane.max<f64>(top);
    if (f64x2.extract_lane(max, 0) == Infinity) return -Infinity;
    // w = exp(w - max); its sum, at the boundary over the zeros alone, and that of w - max, on the simplex minus log x
    const all = i64x2.splat(j > 0 ? 0 : -1),
      minus = f64x2.splat(simplex ? 1 : 0);
    let sum = zero,
      total = zero;
    for (let i: usize = 0; i < end; i += 16) {
      const u = v128.load(w + i),
        v = Concrete.load(l + i, end - i);
      const atZero = f64x2.eq(v, negative);
      const d = f64x2.sub(u, max),
        e = Exp.bounded<f64>(d);
      const term = f64x2.sub(d, f64x2.mul(minus, v128.andnot(v, atZero)));
      sum = f64x2.add(sum, v128.andnot(term, f64x2.eq(u, negative)));
      total = f64x2.add(total, v128.and(e, v128.or(atZero, all)));
      v128.store(w + i, e);
    }
    const expSum = Lane.sum(total);
    const constant = Lgamma.ofInteger(m) + (m - 1) * Double.logOf(temperature);
    const density = constant + (Lane.sum(sum) - m * Double.logOf(expSum));
    if (j == 0 && isFinite<f64>(density)) store<f64>(scratch, m / expSum, 8);
    return density;
  }

  /**
   * dst_r = the log-density of row r. `scratch`: room for 4 n + 12 f64. Of f32 (`single`) the rows that Single leaves are
   * done with in f64: they and what becomes of them lie behind the scratch of a row.
   */
  static logProbs(
    value: usize,
    logits: usize,
    dst: usize,
    rows: i32,
    n: i32,
    temperature: f64,
    scratch: usize,
    single: bool,
    simplex: bool,
  ): void {
    const shift = single ? 2 : 3,
      width = (<usize>n) << shift,
      x = Concrete.place(scratch, n, 2),
      a = Concrete.place(scratch, n, 3);
    const constant = Lgamma.ofInteger(n) + <f64>(n - 1) * Double.logOf(temperature);
    for (let r = 0; r < rows; r++) {
      let density: f64 = NaN;
      if (single) {
        const l = simplex ? Concrete.place(scratch, n, 1) : value,
          minus = simplex ? Single.logs(value, l, n) : 0;
        density = Single.row(l, logits, n, <f32>temperature, constant, minus, scratch);
      }
      if (density != density) {
        Either.widen(value, x, n, single);
        Either.widen(logits, a, n, single);
        density = Concrete.row(Concrete.logs(x, n, scratch, simplex), a, n, temperature, scratch, simplex);
      }
      Either.store(dst, density, single);
      value += width;
      logits += width;
      dst += (<usize>1) << shift;
    }
  }

  /** The gradients of dLogProb_r times the log-density of row r, which lies in scratch: they take its place. */
  static gradients(
    value: usize,
    logits: usize,
    dLogProb: usize,
    dValue: usize,
    dLogits: usize,
    dTemperature: usize,
    rows: i32,
    n: i32,
    temperature: f64,
    scratch: usize,
    single: bool,
    simplex: bool,
  ): void {
    const shift = single ? 2 : 3,
      width = (<usize>n) << shift,
      x = Concrete.place(scratch, n, 2),
      a = Concrete.place(scratch, n, 3);
    for (let r: usize = 0; r < <usize>rows; r++) {
      Either.widen(value, x, n, single);
      Either.widen(logits, a, n, single);
      const g = Either.load(dLogProb + (r << shift), single);
      Either.store(dTemperature + (r << shift), Concrete.gradient(x, a, n, temperature, g, scratch, simplex), single);
      Either.narrow(x, dValue, n, single);
      Either.narrow(a, dLogits, n, single);
      value += width;
      logits += width;
      dValue += width;
      dLogits += width;
    }
  }

  /** The gradients of g times the log-density of a row, in the place of value and logits; returns that of T. */
  static gradient(value: usize, logits: usize, n: i32, temperature: f64, g: f64, scratch: usize, simplex: bool): f64 {
    const l = Concrete.logs(value, n, scratch, simplex),
      w = Concrete.place(scratch, n, 1),
      end = (<usize>n) << 3;
    const density = Concrete.row(l, logits, n, temperature, scratch, simplex);
    const m = load<f64>(scratch),
      scale = load<f64>(scratch, 8);
    if (scale != scale) {
      // one class: a constant, and a NaN of g stays
      const fill = m == 1 && density == 0 ? g - g : NaN,
        both = f64x2.splat(fill);
      Row.fill<f64>(value, n, both);
      Row.fill<f64>(logits, n, both);
      return fill;
    }
    const negative = Constant.minusInfinity<f64>(),
      minusT = f64x2.splat(-temperature),
      scales = f64x2.splat(scale),
      factor = f64x2.splat(g);
    let sum = Constant.zero<f64>();
    for (let i: usize = 0; i < end; i += 16) {
      const v = Concrete.load(l + i, end - i),
        one = Constant.one<f64>();
      const counts = f64x2.ne(v, negative);
      const h = f64x2.sub(one, f64x2.mul(v128.load(w + i), scales));
      sum = f64x2.add(sum, v128.and(f64x2.mul(v, h), counts));
      let slope = f64x2.mul(minusT, h);
      if (simplex) slope = f64x2.div(f64x2.sub(slope, one), v128.load(value + i));
      v128.store(value + i, v128.and(f64x2.mul(factor, slope), counts));
      v128.store(logits + i, v128.and(f64x2.mul(factor, h), counts));
    }
    return g * ((m - 1) / temperature - Lane.sum(sum));
  }
}

/** dst_r = the Concrete log-density of row r of x. `scratch`: room for 4 n + 12 f64. */
export function concrete_log_prob<T>(
  x: usize,
  logits: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  Concrete.logProbs(x, logits, dst, rows, n, temperature, scratch, sizeof<T>() == 4, true);
}

/** The gradients of dLogProb_r times that, at x, logits and T. `scratch`: room for 4 n + 12 f64. */
export function concrete_log_prob_vjp<T>(
  x: usize,
  logits: usize,
  dLogProb: usize,
  dX: usize,
  dLogits: usize,
  dTemperature: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const single = sizeof<T>() == 4;
  Concrete.gradients(x, logits, dLogProb, dX, dLogits, dTemperature, rows, n, temperature, scratch, single, true);
}
