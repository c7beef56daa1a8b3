import { Constant } from '../constant';
import { Four } from '../four';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Row } from '../row';
import { Maxes, Simplex } from './maxes';
import { Project } from './project';

abstract class Difference {
  /** What rounding takes from d = v - max (Knuth's two-sum). */
  @inline static lost<T>(v: v128, max: v128, d: v128): v128 {
    const t = v128.sub<T>(d, v);
    return v128.sub<T>(v128.sub<T>(v, v128.sub<T>(d, t)), v128.add<T>(max, t));
  }
}

/** exp(x - max). a = max. Without the divisions, which take a third of the time. */
@final
@unmanaged
class Plain {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      d = v128.sub<T>(v, a);
    return Exp.compensated<T>(d, Difference.lost<T>(v, a, d));
  }
}

/** exp((x - max) / T). a = max, b = T. */
@final
@unmanaged
class Tempered {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      d = v128.sub<T>(v, a);
    return Exp.compensated<T>(v128.div<T>(d, b), v128.div<T>(Difference.lost<T>(v, a, d), b));
  }
}

/** a x. */
@final
@unmanaged
class Scaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.load(x), a);
  }
}

/** (x - max) / T - log sum. a = max, b = T, c = log sum. */
@final
@unmanaged
class LogScaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.div<T>(v128.sub<T>(v128.load(x), a), b), c);
  }
}

@unmanaged
export abstract class Softmax extends Simplex {
  /** dst = exp((x - max) / T); returns its sum. Of four rows side by side too, whose sums are Four.sum's. */
  static expSum<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T): f64 {
    if (temperature == 1) return Row.sum<T, Plain>(x, x, dst, n, max);
    return Row.sum<T, Tempered>(x, x, dst, n, max, v128.splat<T>(temperature));
  }

  /** The logarithm of that sum. `scratch`: room for the row. */
  static logSum<T>(x: usize, n: i32, max: v128, temperature: T, scratch: usize): f64 {
    return Double.logOf(Softmax.expSum<T>(x, scratch, n, max, temperature));
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    const scale = v128.splat<T>(<T>(1 / Softmax.expSum<T>(x, dst, n, max, temperature)));
    Row.map<T, Scaled>(dst, dst, dst, n, scale);
  }

  @inline four(p: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const vectors = Four.vectors(n),
      one = Constant.one<f64>();
    Softmax.expSum<f32>(p, p, 4 * vectors, max, temperature);
    const scale = Four.singles(f64x2.div(one, Four.sum(p, vectors)), f64x2.div(one, Four.sum(p + 8, vectors)));
    Four.map<Scaled>(p, vectors, scale);
  }
}

@final
@unmanaged
class LogSoftmax {
  @inline hot<T>(): T {
    return 0;
  }

  @inline cold<T>(): T {
    return -Infinity;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    const logSum = v128.splat<T>(<T>Softmax.logSum<T>(x, n, max, temperature, scratch));
    Row.map<T, LogScaled>(x, x, dst, n, max, v128.splat<T>(temperature), logSum);
  }

  @inline four(p: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const vectors = Four.vectors(n),
      e = p + ((<usize>vectors) << 4);
    Softmax.expSum<f32>(p, e, 4 * vectors, max, temperature);
    const logSum = Four.singles(Double.log(Four.sum(e, vectors)), Double.log(Four.sum(e + 8, vectors)));
    Four.map<LogScaled>(p, vectors, max, f32x4.splat(temperature), logSum);
  }
}

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, Softmax>(src, dst, rows, n, temperature, scratch, 1);
}

/** dst = log softmax(src / T), row by row. `scratch`: room for a row. */
export function log_softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, LogSoftmax>(src, dst, rows, n, temperature, scratch, 1);
}

/** dst_r = log sum exp(src_r / T), 0 < T < Infinity. `scratch`: room for a row. */
export function log_sum_exp<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n);
    let y = v128.extract_lane<T>(max, 0);
    if (isFinite<T>(y)) y = <T>(<f64>y / <f64>temperature + Softmax.logSum<T>(src, n, max, temperature, scratch));
    store<T>(dst, y);
    src += (<usize>n) << alignof<T>();
    dst += sizeof<T>();
  }
}

/** dst = the vector-Jacobian product of softmax at its output p, which is its own weights. */
export function softmax_vjp<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  for (let r = 0; r < rows; r++) {
    Project.row<T>(p, dp, dst, n, temperature);
    p += (<usize>n) << alignof<T>();
    dp += (<usize>n) << alignof<T>();
    dst += (<usize>n) << alignof<T>();
  }
}
