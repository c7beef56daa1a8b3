import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Exp } from '../math/exp';
import { Row } from '../row';
import { Scaled } from '../vocabulary';
import { Project } from './project';
import { Rescale } from './rescale';

/** y, 0 where x is -Infinity. */
@final
@unmanaged
class Kept {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.and(v128.load(y), v128.ne<T>(v128.load(x), Constant.minusInfinity<T>()));
  }
}

/** (y - a exp x) b, 0 where x is -Infinity. */
@final
@unmanaged
class Projected {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const l = v128.load(x),
      d = v128.sub<T>(v128.load(y), v128.mul<T>(a, Exp.every<T>(l)));
    return v128.and(v128.mul<T>(d, b), v128.ne<T>(l, Constant.minusInfinity<T>()));
  }
}

/** x a b. */
@final
@unmanaged
class Rescaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.mul<T>(v128.load(x), a), b);
  }
}

/** dst = the product of one row from dLogP scale, divided by it; whether nothing overflowed. */
function projected<T>(logP: usize, dLogP: usize, dst: usize, n: i32, temperature: T, scale: T): bool {
  const bytes = (<usize>n) << alignof<T>(),
    by = Rescale.factor<T>(temperature),
    perT = v128.splat<T>(1 / (temperature * by));
  if (scale != 1) {
    Row.each<T, Scaled>(dLogP, dLogP, dst, n, v128.splat<T>(scale));
    dLogP = dst;
  }
  Row.each<T, Projected>(logP, dLogP, dst, n, v128.splat<T>(<T>Row.total<T, Kept>(logP, dLogP, n)), perT);
  if (by != 1 || scale != 1) Row.each<T, Rescaled>(dst, dst, dst, n, v128.splat<T>(by), v128.splat<T>(1 / scale));
  let odd = Constant.zero<T>();
  for (let i: usize = 0; i < bytes; i += 16) {
    const y = v128.load(dst + i);
    odd = v128.or(odd, v128.and(v128.sub<T>(y, y), Lane.upTo<T>(bytes - i)));
  }
  return !v128.any_true(odd);
}

/** The product of one row. See src/js/max/log_softmax_vjp.ts. */
function row<T>(logP: usize, dLogP: usize, dst: usize, n: i32, temperature: T): void {
  if (temperature != 0 && projected<T>(logP, dLogP, dst, n, temperature, 1)) return;
  const max = Row.max<T>(logP, n);
  if (temperature == 0 || v128.any_true(v128.ne<T>(max, max))) {
    Row.fill<T>(dst, n, v128.and(max, v128.ne<T>(max, max)));
    return;
  }
  projected<T>(logP, dLogP, dst, n, temperature, <T>c.SMALLER);
}

/** dst = the vector-Jacobian product of log softmax at its output log p. */
export function log_softmax_vjp<T>(logP: usize, dLogP: usize, dst: usize, rows: i32, n: i32, temperature: T): void {
  const width = (<usize>n) << alignof<T>();
  for (let r = 0; r < rows; r++) {
    row<T>(logP, dLogP, dst, n, temperature);
    logP += width;
    dLogP += width;
    dst += width;
  }
}

/** dst_r = the derivative by T of row r at its output log p, times dLogP. `scratch`: room for a row. */
export function log_softmax_vjp_temperature<T>(
  logP: usize,
  dLogP: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const width = (<usize>n) << alignof<T>(),
    scale = Rescale.factor<T>(temperature);
  for (let r = 0; r < rows; r++) {
    row<T>(logP, dLogP, scratch, n, temperature * scale);
    store<T>(dst, <T>((0 - Project.dot<T>(scratch, logP, n)) * <f64>scale));
    logP += width;
    dLogP += width;
    dst += sizeof<T>();
  }
}

/** a x / b. */
@final
@unmanaged
class Share {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.div<T>(v128.mul<T>(a, v128.load(x)), b);
  }
}

export abstract class Scale {
  /** dst = v dst / T of a row. See src/js/max/log_softmax_vjp.ts. */
  static row<T>(dst: usize, n: i32, v: T, temperature: T): void {
    const factor = v / temperature;
    if (isFinite(factor)) Row.each<T, Scaled>(dst, dst, dst, n, v128.splat<T>(factor));
    else Row.each<T, Share>(dst, dst, dst, n, v128.splat<T>(v), v128.splat<T>(temperature));
  }
}

/** dst_r = d_r dst_r / T, row by row; d = 0, no address, is 1 for every row. */
export function scale_rows<T>(d: usize, dst: usize, rows: i32, n: i32, temperature: T): void {
  for (let r = 0; r < rows; r++) {
    Scale.row<T>(dst, n, d == 0 ? 1 : load<T>(d + ((<usize>r) << alignof<T>())), temperature);
    dst += (<usize>n) << alignof<T>();
  }
}
