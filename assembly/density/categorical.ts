import { Constant } from '../constant';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Argmax } from '../max/argmax';
import { Exponentials } from '../max/exponentials';
import { Row } from '../row';
import { TimesOrZero } from '../vocabulary';

/** x (a - y), 0 where x is. */
@final
@unmanaged
class Drop {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const e = v128.load(x);
    return v128.and(v128.mul<T>(e, v128.sub<T>(a, v128.load(y))), v128.ne<T>(e, Constant.zero<T>()));
  }
}

abstract class Entropy {
  /**
   * The objective of a row with finite maximum; `loss` is one, or those of its classes at `losses`. Without a loss or label
   * it is minus the entropy. `scratch`: room for the row. See src/js/density/categorical.ts.
   */
  static row<T>(x: usize, n: i32, max: v128, losses: usize, loss: f64, label: i32, weight: f64, scratch: usize): f64 {
    const at = Row.find<T>(x, max),
      v = v128.load(at),
      shift = alignof<T>(),
      top = <f64>v128.extract_lane<T>(max, 0);
    v128.store(at, Row.without<T>(v, max));
    const second = Row.max<T>(x, n),
      next = <f64>v128.extract_lane<T>(second, 0);
    let rest: f64 = 0,
      scale: f64 = 0;
    if (next - next == 0) {
      rest = Exponentials.sum<T>(x, scratch, n, second, 1);
      scale = Double.expOf(next - top) / Exponentials.ofMax<T>(second);
    }
    v128.store(at, v);
    if (next - next != 0 && next != -Infinity) return NaN;
    rest *= scale;
    const tail = Double.log1pOf(rest);
    if (label >= 0) {
      const own = (<usize>label) << shift;
      if (losses != 0) loss = <f64>load<T>(losses + own);
      return loss - weight * (<f64>load<T>(x + own) - top - tail);
    }
    // far below the maximum the differences may overflow, and count for nothing
    let drop: f64 = 0,
      mean: f64 = 0;
    if (scale != 0) drop = Row.total<T, Drop>(scratch, x, n, max) * scale;
    if (losses != 0) {
      if (scale != 0) mean = Row.total<T, TimesOrZero>(scratch, losses, n) * scale;
      loss = (<f64>load<T>(losses + ((<usize>Argmax.index<T>(x, max)) << shift)) + mean) / (1 + rest);
    }
    return loss - (tail + drop / (1 + rest));
  }
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row. */
export function categorical_entropy<T>(src: usize, dst: usize, rows: i32, n: i32, scratch: usize): void {
  const row = (<usize>n) << alignof<T>();
  Exponents.open<T>(1);
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(src, n),
      finite = isFinite<T>(v128.extract_lane<T>(max, 0));
    store<T>(dst, finite ? <T>(0 - Entropy.row<T>(src, n, max, 0, 0, -1, 0, scratch)) : <T>NaN);
    src += row;
    dst += sizeof<T>();
  }
}

/**
 * dst_r = the semi-supervised objective of row r of logits: losses of its classes (op 0) or one of the row (1); of a label k
 * loss_k - weight log q_k, of none (-1) the mean loss minus the entropy. `scratch`: room for a row.
 */
export function semi_supervised<T>(
  losses: usize,
  logits: usize,
  labels: usize,
  dst: usize,
  op: i32,
  rows: i32,
  n: i32,
  weight: T,
  scratch: usize,
): void {
  const row = (<usize>n) << alignof<T>();
  Exponents.open<T>(1);
  for (let r = 0; r < rows; r++) {
    const max = Row.max<T>(logits, n),
      label = load<i32>(labels);
    let objective: f64 = NaN;
    if (label >= -1 && label < n && isFinite<T>(v128.extract_lane<T>(max, 0))) {
      const loss = op ? <f64>load<T>(losses) : 0;
      objective = Entropy.row<T>(logits, n, max, op ? 0 : losses, loss, label, weight, scratch);
    }
    store<T>(dst, <T>objective);
    losses += op ? sizeof<T>() : row;
    logits += row;
    labels += 4;
    dst += sizeof<T>();
  }
}
