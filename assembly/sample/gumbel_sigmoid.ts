import { Lane } from '../lane';
import { Exp } from '../math/exp';
import { logistic } from '../random/logistic';
import { Row } from '../row';

const F32: usize = memory.data<f32>([Infinity, 1, 0]);
const F64: usize = memory.data<f64>([Infinity, 1, 0]);
const INFINITE: usize = 0,
  ONE: usize = 1,
  ZERO: usize = 2;

/** (x + L) / T; an infinite sum stays at every T, and a zero one is c. x: logits, y: L, b = T. */
@final
@unmanaged
class Relaxed {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.add<T>(v128.load(x), v128.load(y));
    const infinite = v128.eq<T>(v128.abs<T>(s), Lane.constant<T>(F32, F64, INFINITE));
    const z = Lane.select(infinite, s, v128.div<T>(s, b));
    return Lane.select(v128.eq<T>(s, Lane.constant<T>(F32, F64, ZERO)), c, z);
  }
}

/** 1 / (1 + exp -x), through exp -|x|. */
@final
@unmanaged
class Sigmoid {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x),
      one = Lane.constant<T>(F32, F64, ONE);
    const e = Exp.bounded<T>(v128.neg<T>(v128.abs<T>(v)));
    const top = Lane.select(v128.ge<T>(v, Lane.constant<T>(F32, F64, ZERO)), one, e);
    return Lane.select(v128.eq<T>(v, v), v128.div<T>(top, v128.add<T>(one, e)), v);
  }
}

/** dst = (src + logistic noise) / T, element by element; dst is apart from src. At T = 0: +-Infinity, +Infinity for a tie. */
export function logit_bin_concrete<T>(
  src: usize,
  dst: usize,
  count: i32,
  temperature: T,
  first: f64,
  k0: u32,
  k1: u32,
  words: usize,
): void {
  const tie = v128.splat<T>(temperature == 0 ? <T>Infinity : 0);
  logistic<T>(dst, count, first, k0, k1, words);
  Row.each<T, Relaxed>(src, dst, dst, count, tie, v128.splat<T>(temperature), tie);
}

/** dst = sigmoid(src), element by element. */
export function sigmoid<T>(src: usize, dst: usize, count: i32): void {
  Row.each<T, Sigmoid>(src, src, dst, count);
}
