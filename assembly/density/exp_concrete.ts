import { Lane } from '../lane';
import { Exp } from '../math/exp';
import { Lgamma } from '../math/lgamma';
import { Row } from '../row';

const F64: usize = memory.data<f64>([-Infinity, Infinity, NaN, 0]);
const NEGATIVE_INFINITY: usize = 0,
  INFINITE: usize = 1,
  NOT_A_NUMBER: usize = 2,
  ZERO: usize = 3;

/** exp((x - max) + y): x and y are the high and low parts of w. a = max. */
@final
@unmanaged
class Shifted {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    const d = v128.sub<T>(v, a);
    const t = v128.sub<T>(d, v);
    const low = v128.sub<T>(v128.sub<T>(v, v128.sub<T>(d, t)), v128.add<T>(a, t));
    return Exp.compensated<T>(d, v128.add<T>(low, v128.load(y)));
  }
}

export abstract class ExpConcrete {
  @inline static k(i: usize): v128 {
    return Lane.constant<f64>(0, F64, i);
  }

  /** The log-density of one row. `scratch`: room for 2 n + 8 values. See src/js/density/exp_concrete.ts. */
  @inline static row<T>(y: usize, logits: usize, n: i32, temperature: T, logT: f64, scratch: usize): f64 {
    const high = scratch,
      low = scratch + ((((<usize>n) << alignof<T>()) + 31) & ~15);
    const bytes = (<usize>n) << alignof<T>();
    const t = f64x2.splat(temperature),
      negative = ExpConcrete.k(NEGATIVE_INFINITY);
    let s0 = ExpConcrete.k(ZERO),
      s1 = s0,
      kept = s0,
      left = s0;
    // w = logits - T y in f64, two at a time, kept as high + low; summed over what is above -Infinity
    for (let i: usize = 0; i < bytes; i += 2 * sizeof<T>()) {
      const a = Lane.pair<T>(logits + i),
        b = Lane.pair<T>(y + i);
      const inRow = Lane.upTo<f64>((bytes - i) << (3 - alignof<T>()));
      const leftOut = v128.and(v128.and(f64x2.eq(a, negative), f64x2.eq(b, negative)), inRow);
      let w = Lane.select(leftOut, negative, f64x2.sub(a, f64x2.mul(t, b)));
      w = Lane.select(f64x2.eq(a, ExpConcrete.k(INFINITE)), ExpConcrete.k(NOT_A_NUMBER), w);
      const counts = v128.and(f64x2.gt(w, negative), inRow);
      const s = f64x2.add(s0, v128.and(w, counts));
      s0 = s1;
      s1 = s;
      kept = i64x2.sub(kept, counts);
      left = i64x2.sub(left, leftOut);
      Lane.storePair<T>(high + i, w);
      Lane.storePair<T>(low + i, f64x2.sub(w, Lane.pair<T>(high + i)));
    }
    const m = <f64>Lane.sumBits(kept);
    const max = Row.max<T>(high, n),
      top = <f64>v128.extract_lane<T>(max, 0);
    if (top == Infinity) return -Infinity;
    if (!isFinite<f64>(top)) return NaN;
    if (m + <f64>Lane.sumBits(left) < <f64>n) return -Infinity;
    const logSum = Lgamma.log(Row.sum<T, Shifted>(high, low, high, n, max, max, max));
    return Lgamma.ofInteger(m) + (m - 1) * logT + (Lane.sum<f64>(f64x2.add(s0, s1)) - m * top) - m * logSum;
  }
}

/** dst_r = the ExpConcrete log-density of row r of y. `scratch`: room for 2 n + 8 values. */
export function exp_concrete_log_prob<T>(
  y: usize,
  logits: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const logT = Lgamma.log(temperature);
  for (let r = 0; r < rows; r++) {
    store<T>(dst, <T>ExpConcrete.row<T>(y, logits, n, temperature, logT, scratch));
    y += (<usize>n) << alignof<T>();
    logits += (<usize>n) << alignof<T>();
    dst += sizeof<T>();
  }
}
