import { Constant } from '../constant';
import { Row } from '../row';
import { Minus } from '../vocabulary';
import { Argmax } from './argmax';
import { Tsallis } from './entmax_vjp';
import { Project } from './project';

/** x slope(x), 0 where x is. a = alpha - 1. */
@final
@unmanaged
class Inner {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const p = v128.load(x);
    return v128.and(f64x2.mul(p, Tsallis.slope(p, a)), f64x2.ne(p, Constant.zero<f64>()));
  }
}

/** x (y - b - slope(x) / c), 0 where x is. a = alpha - 1, b = centre, c = alpha. */
@final
@unmanaged
class Surplus {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const p = v128.load(x);
    const gain = f64x2.sub(f64x2.sub(v128.load(y), b), f64x2.div(Tsallis.slope(p, a), c));
    return v128.and(f64x2.mul(p, gain), f64x2.ne(p, Constant.zero<f64>()));
  }
}

/** -H(p) of a row, H the Tsallis entropy of alpha. */
function negentropy(p: usize, n: i32, alpha: f64): f64 {
  return Row.total<f64, Inner>(p, p, n, f64x2.splat(alpha - 1)) / alpha;
}

/** dst_r = the Tsallis entropy of row r. */
export function tsallis_entropy(p: usize, dst: usize, rows: i32, n: i32, alpha: f64, scratch: usize): void {
  for (let r = 0; r < rows; r++) {
    store<f64>(dst, 0 - negentropy(p, n, alpha));
    p += (<usize>n) << 3;
    dst += 8;
  }
}

/** dst_r = the Fenchel-Young loss of scores x, whose max is p, at the target y. See src/js/max/fenchel_young.ts. */
export function fenchel_young_loss(
  x: usize,
  p: usize,
  y: usize,
  dst: usize,
  rows: i32,
  n: i32,
  alpha: f64,
  scratch: usize,
): void {
  const width = (<usize>n) << 3,
    d = f64x2.splat(alpha - 1);
  for (let r = 0; r < rows; r++) {
    const given = Project.dot<f64>(y, x, n),
      masked = given !== given,
      centre = f64x2.splat(masked ? 0 : given);
    const surplus = Row.total<f64, Surplus>(p, x, n, d, centre, f64x2.splat(alpha));
    const loss = surplus + negentropy(y, n, alpha) + (masked ? Infinity : 0);
    store<f64>(dst, loss < 0 ? 0 : loss);
    x += width;
    p += width;
    y += width;
    dst += 8;
  }
}

/** dst = p - y, its gradient by the scores. */
export function fenchel_young_gradient(p: usize, y: usize, dst: usize, count: i32): void {
  Row.each<f64, Minus>(p, y, dst, count);
}

/** dst = the one-hot rows of class indices; a NaN row for one outside [0, n). */
export function one_hot(target: usize, dst: usize, rows: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    const at = load<i32>(target);
    if (<u32>at < <u32>n) Argmax.place<f64>(dst, n, at, 1, 0);
    else Row.fill<f64>(dst, n, Row.nan<f64>());
    target += 4;
    dst += (<usize>n) << 3;
  }
}
