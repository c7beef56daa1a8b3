import { Lane } from '../lane';
import { Double } from '../math/double';
import { Lgamma } from '../math/lgamma';
import { Pairs } from '../pairs';
import { Row } from '../row';

const F64: usize = memory.data<f64>([-Infinity, Infinity, 0]);
const NEGATIVE_INFINITY: usize = 0,
  INFINITE: usize = 1,
  ZERO: usize = 2;

/** A value as it is. */
@final
@unmanaged
class Itself {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    return Lane.pair<T>(x);
  }
}

@final
@unmanaged
class Logarithm {
  @inline pair<T>(x: usize, y: usize, a: v128, b: v128): v128 {
    return Double.log(Lane.pair<T>(x));
  }
}

/**
 * One row of ExpConcrete or Concrete (`simplex`) in f64, whatever the dtype: only `load` and `copy` are built twice.
 * See src/js/density/concrete.ts.
 */
export abstract class Concrete {
  @inline static k(i: usize): v128 {
    return v128.load64_splat(F64 + (i << 3));
  }

  /** The byte at which values (0), their logarithms (1) and w (2) of a row begin, behind the two results of `row`. */
  @inline static place(scratch: usize, n: i32, i: usize): usize {
    return scratch + 16 + i * ((<usize>n + 2) << 3);
  }

  static copy<T, R>(src: usize, dst: usize, n: i32): void {
    const none = Concrete.k(ZERO);
    Pairs.map<T, R, Itself>(src, src, dst, n, none, none);
  }

  /** A row in f64: values, their logarithms and logits, and behind an odd one a class that is left out. */
  static load<T>(value: usize, logits: usize, n: i32, scratch: usize, simplex: bool): void {
    const x = Concrete.place(scratch, n, 0),
      l = Concrete.place(scratch, n, 1),
      w = Concrete.place(scratch, n, 2);
    Concrete.copy<T, f64>(value, simplex ? x : l, n);
    const none = Concrete.k(ZERO);
    if (simplex) Pairs.map<f64, f64, Logarithm>(x, x, l, n, none, none);
    Concrete.copy<T, f64>(logits, w, n);
    store<f64>(l + ((<usize>n) << 3), -Infinity);
    store<f64>(w + ((<usize>n) << 3), -Infinity);
  }

  /** The log-density of the row that `load` has left; then m, m / sum exp w and exp(w - max) are in `scratch`. */
  static row(scratch: usize, n: i32, temperature: f64, simplex: bool): f64 {
    const l = Concrete.place(scratch, n, 1),
      w = Concrete.place(scratch, n, 2),
      end = (<usize>n) << 3;
    const t = f64x2.splat(temperature),
      negative = Concrete.k(NEGATIVE_INFINITY),
      infinite = Concrete.k(INFINITE),
      zero = Concrete.k(ZERO);
    let wrong = zero,
      outside = zero,
      kept = zero,
      edges = zero,
      top = negative,
      topAtEdge = negative;
    // w = logits - T log x, logits where x is 0; which classes count, and how
    for (let i: usize = 0; i < end; i += 16) {
      const a = v128.load(w + i),
        v = v128.load(l + i);
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
    // w = exp(w - max); its sum, at the boundary over the zeros alone, and that of w - max - log x
    const all = i64x2.splat(j > 0 ? 0 : -1);
    let sum = zero,
      total = zero;
    for (let i: usize = 0; i < end; i += 16) {
      const u = v128.load(w + i),
        v = v128.load(l + i);
      const atZero = f64x2.eq(v, negative);
      const d = f64x2.sub(u, max),
        e = Double.exp(d);
      sum = f64x2.add(sum, v128.andnot(f64x2.sub(d, v128.andnot(v, atZero)), f64x2.eq(u, negative)));
      total = f64x2.add(total, v128.and(e, v128.or(atZero, all)));
      v128.store(w + i, e);
    }
    const expSum = Lane.sum(total);
    const constant = Lgamma.ofInteger(m) + (m - 1) * Double.logOf(temperature);
    const density = constant + (Lane.sum(sum) - m * Double.logOf(expSum));
    if (j == 0 && isFinite<f64>(density)) store<f64>(scratch, m / expSum, 8);
    return density;
  }

  /** The gradients of g times that log-density: of the values at place 1, of the logits at 2; returns that of T. */
  static gradient(scratch: usize, n: i32, temperature: f64, g: f64, simplex: bool): f64 {
    const x = Concrete.place(scratch, n, 0),
      l = Concrete.place(scratch, n, 1),
      w = Concrete.place(scratch, n, 2),
      end = (<usize>n) << 3;
    const density = Concrete.row(scratch, n, temperature, simplex);
    const m = load<f64>(scratch),
      scale = load<f64>(scratch, 8);
    if (scale != scale) {
      // one class: a constant, and a NaN of g stays
      const fill = m == 1 && density == 0 ? g - g : NaN;
      Row.fill<f64>(l, n, fill);
      Row.fill<f64>(w, n, fill);
      return fill;
    }
    const negative = Concrete.k(NEGATIVE_INFINITY),
      minusT = f64x2.splat(-temperature),
      one = f64x2.splat(1),
      factor = f64x2.splat(g);
    let sum = Concrete.k(ZERO);
    for (let i: usize = 0; i < end; i += 16) {
      const v = v128.load(l + i),
        e = v128.load(w + i);
      const counts = f64x2.ne(v, negative);
      const h = f64x2.sub(one, f64x2.mul(e, f64x2.splat(scale)));
      sum = f64x2.add(sum, v128.and(f64x2.mul(v, h), counts));
      let slope = f64x2.mul(minusT, h);
      if (simplex) slope = f64x2.div(f64x2.sub(slope, one), v128.load(x + i));
      v128.store(l + i, v128.and(f64x2.mul(factor, slope), counts));
      v128.store(w + i, v128.and(f64x2.mul(factor, h), counts));
    }
    return g * ((m - 1) / temperature - Lane.sum(sum));
  }

  /** `gradient` of every row, rounded once. */
  static gradients<T>(
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
    simplex: bool,
  ): void {
    for (let r: usize = 0; r < <usize>rows; r++) {
      const at = (r * n) << alignof<T>(),
        one = r << alignof<T>();
      Concrete.load<T>(value + at, logits + at, n, scratch, simplex);
      const g = <f64>load<T>(dLogProb + one);
      store<T>(dTemperature + one, <T>Concrete.gradient(scratch, n, temperature, g, simplex));
      Concrete.copy<f64, T>(Concrete.place(scratch, n, 1), dValue + at, n);
      Concrete.copy<f64, T>(Concrete.place(scratch, n, 2), dLogits + at, n);
    }
  }
}

/** dst_r = the Concrete log-density of row r of x. `scratch`: room for 3 n + 8 f64. */
export function concrete_log_prob<T>(
  x: usize,
  logits: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  for (let r: usize = 0; r < <usize>rows; r++) {
    const at = (r * n) << alignof<T>();
    Concrete.load<T>(x + at, logits + at, n, scratch, true);
    store<T>(dst + (r << alignof<T>()), <T>Concrete.row(scratch, n, <f64>temperature, true));
  }
}

/** The gradients of dLogProb_r times that, at x, logits and T. `scratch`: room for 3 n + 8 f64. */
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
  const t = <f64>temperature;
  Concrete.gradients<T>(x, logits, dLogProb, dX, dLogits, dTemperature, rows, n, t, scratch, true);
}
