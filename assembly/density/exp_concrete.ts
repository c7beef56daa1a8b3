import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exp } from '../math/exp';
import { Lgamma } from '../math/lgamma';
import { Row } from '../row';
import { Concrete } from './concrete';

/** exp(x - max). a = max. */
@final
@unmanaged
class Shifted {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Exp.bounded<T>(v128.sub<T>(v128.load(x), a));
  }
}

abstract class ExpConcrete {
  /** The log-density of one row. `w`: room for n + 2 f64. See src/js/density/exp_concrete.ts. */
  @inline static row(y: usize, logits: usize, n: i32, temperature: f64, logT: f64, w: usize): f64 {
    const bytes = (<usize>n) << 3;
    const t = f64x2.splat(temperature),
      negative = Constant.minusInfinity<f64>();
    let sum = Constant.zero<f64>(),
      kept = sum,
      left = sum;
    // w = logits - T y; summed over what is above -Infinity
    for (let i: usize = 0; i < bytes; i += 16) {
      const a = v128.load(logits + i),
        b = v128.load(y + i);
      const inRow = Lane.upTo<f64>(bytes - i);
      const leftOut = v128.and(v128.and(f64x2.eq(a, negative), f64x2.eq(b, negative)), inRow);
      let v = Lane.select(leftOut, negative, f64x2.sub(a, f64x2.mul(t, b)));
      v = Lane.select(f64x2.eq(a, Constant.infinity<f64>()), Constant.nan<f64>(), v);
      const counts = v128.and(f64x2.gt(v, negative), inRow);
      sum = f64x2.add(sum, v128.and(v, counts));
      kept = i64x2.sub(kept, counts);
      left = i64x2.sub(left, leftOut);
      v128.store(w + i, v);
    }
    const m = <f64>Lane.sumBits(kept);
    const max = Row.max<f64>(w, n),
      top = f64x2.extract_lane(max, 0);
    if (top == Infinity) return -Infinity;
    if (!isFinite<f64>(top)) return NaN;
    if (m + <f64>Lane.sumBits(left) < <f64>n) return -Infinity;
    if (m == 1) return 0;
    const logSum = Double.logOf(Row.total<f64, Shifted>(w, w, n, max));
    return Lgamma.ofInteger(m) + (m - 1) * logT + (Lane.sum(sum) - m * top) - m * logSum;
  }
}

/** dst_r = the ExpConcrete log-density of row r of y. `scratch`: room for n + 2 f64. */
export function exp_concrete_log_prob(
  y: usize,
  logits: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  scratch: usize,
): void {
  const logT = Double.logOf(temperature);
  for (let r = 0; r < rows; r++) {
    store<f64>(dst, ExpConcrete.row(y, logits, n, temperature, logT, scratch));
    y += (<usize>n) << 3;
    logits += (<usize>n) << 3;
    dst += 8;
  }
}

/** The gradients of dLogProb_r times that, at y, logits and T. `scratch`: room for 2 n + 6 f64. */
export function exp_concrete_log_prob_vjp(
  y: usize,
  logits: usize,
  dLogProb: usize,
  dY: usize,
  dLogits: usize,
  dTemperature: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  scratch: usize,
): void {
  Concrete.gradients(y, logits, dLogProb, dY, dLogits, dTemperature, rows, n, temperature, scratch, false);
}
