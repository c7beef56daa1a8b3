import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { log } from '../math/log';
import { Row } from '../row';
import { Minus } from '../vocabulary';
import { Exponentials } from './exponentials';
import { Project } from './project';
import { Single } from './project_single';
import { Scores } from './scores';
import { logsOf, Tsallis } from './tsallis';

/** x slope(x), 0 where x is. a = alpha - 1. */
@final
@unmanaged
class Inner {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const p = v128.load(x);
    return Project.kept<f64>(p, f64x2.mul(p, Tsallis.slope<f64>(p, a)));
  }
}

/** -b (slope(x) + c), of x a logarithm where a is 0. a = alpha - 1, b = the gradient of the entropy, c = 1 / alpha. */
@final
@unmanaged
class Slope {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      w = v128.extract_lane<T>(a, 0) == 0 ? v : Tsallis.slope<T>(v, a);
    return v128.neg<T>(v128.mul<T>(b, v128.add<T>(w, c)));
  }
}

/** (x - a) / b; a and b have been multiplied by c = scale. */
@final
@unmanaged
class Centred {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Scores.z<f64>(v128.load(x), a, b, c);
  }
}

/** x (y - slope(x) / c), 0 where x is. a = alpha - 1, c = alpha. */
@final
@unmanaged
class Surplus {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const p = v128.load(x);
    const gain = f64x2.sub(v128.load(y), f64x2.div(Tsallis.slope<f64>(p, a), c));
    return v128.and(f64x2.mul(p, gain), f64x2.ne(p, Constant.zero<f64>()));
  }
}

/** exp(x) - y - y t, t = x - log y: the term of a divergence from log probabilities x to y. */
@final
@unmanaged
class Divergence {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const l = v128.load(x),
      q = v128.load(y),
      t = f64x2.sub(l, Double.log(q));
    const near = f64x2.mul(q, Double.expm1(t)),
      far = f64x2.sub(Double.exp(l), q);
    const change = v128.bitselect(near, far, f64x2.lt(f64x2.abs(t), Constant.one<f64>()));
    return f64x2.sub(change, Project.kept<f64>(q, f64x2.mul(q, t)));
  }
}

/** The sum of a row of terms, +Infinity where one is. See src/js/max/fenchel_young.ts. */
function whole(terms: usize, n: i32): f64 {
  const sum = Exponentials.add<f64>(terms, n);
  return sum == sum ? sum : f64x2.extract_lane(Row.max<f64>(terms, n), 0);
}

/** -H(p) of a row, H the Tsallis entropy of alpha. `terms`: room for a row. */
function negentropy(p: usize, n: i32, alpha: f64, terms: usize): f64 {
  Row.each<f64, Inner>(p, p, terms, n, f64x2.splat(alpha - 1));
  return Exponentials.add<f64>(terms, n) / alpha;
}

/** dst_r = the Tsallis entropy of row r. */
export function tsallis_entropy<T>(p: usize, dst: usize, rows: i32, n: i32, alpha: f64, scratch: usize): void {
  for (let r = 0; r < rows; r++) {
    let sum: f64;
    if (alpha == 1) sum = Project.dot<T>(p, logsOf<T>(p, scratch, r, rows, n), n);
    else if (sizeof<T>() == 4) sum = Single.inner(p, n, alpha) / (alpha == 2 ? 2 : 1.5);
    else sum = negentropy(p, n, alpha, scratch);
    store<T>(dst, <T>(0 - sum));
    p += (<usize>n) << alignof<T>();
    dst += sizeof<T>();
  }
}

/** dst = the gradient of d_r times that entropy; 0 where d_r is. */
export function tsallis_entropy_vjp<T>(p: usize, d: usize, dst: usize, rows: i32, n: i32, alpha: f64): void {
  if (alpha == 1) log<T>(p, dst, rows * n);
  for (let r = 0; r < rows; r++) {
    const v = Lane.splat<T>(d);
    if (load<T>(d) == 0) Row.fill<T>(dst, n, Constant.zero<T>());
    else {
      const by = alpha == 1 ? dst : p;
      Row.each<T, Slope>(by, by, dst, n, v128.splat<T>(<T>(alpha - 1)), v, v128.splat<T>(<T>(1 / alpha)));
    }
    p += (<usize>n) << alignof<T>();
    d += sizeof<T>();
    dst += (<usize>n) << alignof<T>();
  }
}

/** dst_r = the Fenchel-Young loss of scores x / T, whose max is p, at the target y. See src/js/max/fenchel_young.ts. */
export function fenchel_young_loss(
  x: usize,
  p: usize,
  y: usize,
  dst: usize,
  op: i32,
  rows: i32,
  n: i32,
  temperature: f64,
  alpha: f64,
  scratch: usize,
): void {
  const width = (<usize>n) << 3,
    d = f64x2.splat(alpha - 1),
    scale = Scores.scale<f64>(temperature),
    divisor = f64x2.splat(temperature * scale);
  for (let r = 0; r < rows; r++) {
    const at = op ? load<i32>(y) : 0,
      inside = <u32>at < <u32>n;
    const given = !op ? Project.dot<f64>(y, x, n) : inside ? load<f64>(x + ((<usize>at) << 3)) : 0,
      masked = !isFinite(given),
      centre = f64x2.splat((masked ? 0 : given) * scale);
    Row.each<f64, Centred>(x, x, scratch, n, centre, divisor, f64x2.splat(scale));
    Row.each<f64, Surplus>(p, scratch, scratch, n, d, d, f64x2.splat(alpha));
    const surplus = whole(scratch, n);
    const loss = surplus + (op ? 0 : negentropy(y, n, alpha, scratch)) + (masked ? Infinity : 0);
    store<f64>(dst, !inside ? NaN : loss < 0 ? 0 : loss);
    x += width;
    p += width;
    y += op ? 4 : width;
    dst += 8;
  }
}

/** dst_r = the loss of softmax at scores x / T, from log p, at the target y. See src/js/max/fenchel_young.ts. */
export function softmax_loss(
  x: usize,
  logP: usize,
  y: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  scratch: usize,
): void {
  const width = (<usize>n) << 3;
  for (let r = 0; r < rows; r++) {
    const excess = 1 - Exponentials.add<f64>(y, n);
    Row.each<f64, Divergence>(logP, y, scratch, n);
    let loss = whole(scratch, n);
    if (abs(excess) > n * c.SUM_ROUNDING) {
      const top = f64x2.extract_lane(Row.max<f64>(x, n), 0) / temperature;
      loss += (top - f64x2.extract_lane(Row.max<f64>(logP, n), 0) - 1) * excess;
    }
    store<f64>(dst, loss < 0 ? 0 : loss);
    x += width;
    logP += width;
    y += width;
    dst += 8;
  }
}

/** dst, p, becomes the gradient at a class index, where a NaN row stands for one outside [0, n). See src/js/max/fenchel_young.ts. */
export function class_gradient<T>(target: usize, dst: usize, rows: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    const at = load<i32>(target),
      own = dst + ((<usize>at) << alignof<T>());
    if (<u32>at >= <u32>n) Row.fill<T>(dst, n, Row.nan<T>());
    else {
      const p = load<T>(own);
      let less = p - 1;
      if (p > 0.5) {
        store<T>(own, 0);
        less = <T>(0 - Exponentials.add<T>(dst, n));
      }
      store<T>(own, less);
    }
    target += 4;
    dst += (<usize>n) << alignof<T>();
  }
}

/** dst = p - y, its gradient by the scores. */
export function fenchel_young_gradient(p: usize, y: usize, dst: usize, count: i32): void {
  Row.each<f64, Minus>(p, y, dst, count);
}

/** dst = 0 in the rows of n whose class index is `ignored`. */
export function ignore_rows<T>(target: usize, dst: usize, rows: i32, n: i32, ignored: f64): void {
  for (let r = 0; r < rows; r++) {
    if (<f64>load<i32>(target) == ignored) Row.fill<T>(dst, n, Constant.zero<T>());
    target += 4;
    dst += (<usize>n) << alignof<T>();
  }
}
