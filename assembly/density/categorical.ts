import { Constant } from '../constant';
import { Four } from '../four';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Argmax } from '../max/argmax';
import { Exponentials } from '../max/exponentials';
import { Project } from '../max/project';
import { Row } from '../row';
import * as c from '../shared';

/** Bytes from sums of exponentials to those of what they drop: two groups. */
const DROPS: usize = 128;

/** x (a - y), y at least b. */
@final
@unmanaged
class Drop {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.load(x), v128.sub<T>(a, v128.pmax<T>(v128.load(y), b)));
  }
}

abstract class Entropy {
  /**
   * The objective of a row, NaN without a finite maximum; `loss` is one, or those of its classes at `losses`. Without a loss or label
   * it is minus the entropy. `scratch`: room for the row. See src/js/density/categorical.ts.
   */
  static row<T>(x: usize, n: i32, losses: usize, loss: f64, label: i32, weight: f64, scratch: usize): f64 {
    const max = Row.max<T>(x, n),
      top = <f64>v128.extract_lane<T>(max, 0);
    if (!isFinite(top)) return NaN;
    const at = Row.find<T>(x, max),
      v = v128.load(at),
      shift = alignof<T>();
    v128.store(at, Row.without<T>(v, max));
    let base = max,
      scale = 1 / Exponentials.ofMax<T>(max),
      rest = Exponentials.sum<T>(x, scratch, n, max, 1) * scale;
    if (!(rest >= c.ENTROPY_LEAST)) {
      base = Row.max<T>(x, n);
      scale = Double.expOf(<f64>v128.extract_lane<T>(base, 0) - top) / Exponentials.ofMax<T>(base);
      rest = Exponentials.sum<T>(x, scratch, n, base, 1) * scale;
    }
    v128.store(at, v);
    if (rest != rest) return NaN;
    const tail = Double.log1pOf(rest);
    if (label >= 0) {
      const own = (<usize>label) << shift;
      if (losses != 0) loss = <f64>load<T>(losses + own);
      return loss - weight * (<f64>load<T>(x + own) - top - tail);
    }
    // far below the maximum the differences may overflow, and count for nothing
    let drop: f64 = 0,
      mean: f64 = 0;
    if (scale != 0) {
      if (losses != 0) mean = Project.dot<T>(scratch, losses, n) * scale;
      Row.each<T, Drop>(scratch, x, scratch, n, max, v128.sub<T>(base, v128.splat<T>(<T>c.ENTROPY_DEPTH)));
      drop = Exponentials.add<T>(scratch, n) * scale;
    }
    if (losses != 0) {
      loss = (<f64>load<T>(losses + ((<usize>Argmax.index<T>(x, max)) << shift)) + mean) / (1 + rest);
    }
    return loss - (tail + drop / (1 + rest));
  }
}

/** Two of four rows side by side, whose maxima come first in `max`. */
abstract class Two {
  static sum(sums: usize, n: i32, max: v128): v128 {
    const most = f64x2.promote_low_f32x4(Exponents.ofMax<f32>(max));
    return f64x2.mul(Four.sum(sums, n), f64x2.div(Constant.one<f64>(), most));
  }

  static entropy(sums: usize, n: i32, max: v128): v128 {
    const rest = Two.sum(sums, n, max),
      mean = f64x2.div(Two.sum(sums + DROPS, n, max), f64x2.add(rest, Constant.one<f64>()));
    // NaN where the exponentials were too small
    return v128.or(f64x2.add(Double.log1p(rest), mean), f64x2.lt(rest, f64x2.splat(c.ENTROPY_LEAST)));
  }

  /** The entropies of the four rows at src; false, and nothing done, if one is special. */
  static both(src: usize, dst: usize, n: i32, scratch: usize): bool {
    const max = Four.open(src, scratch, n);
    if (!Exponents.reach<f32>(max)) return false;
    const vectors = Four.vectors(n),
      e = scratch + ((<usize>vectors) << 4),
      sums = Exponentials.four(scratch, n, max, 1);
    Row.each<f32, Drop>(e, scratch, e, 4 * vectors, max, f32x4.sub(max, f32x4.splat(<f32>c.ENTROPY_DEPTH)));
    Four.addUp(e, vectors, sums + DROPS);
    const h = Four.singles(Two.entropy(sums, n, max), Two.entropy(sums + 8, n, Four.others(max)));
    if (v128.any_true(f32x4.ne(h, h))) return false;
    v128.store(dst, h);
    return true;
  }
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row. */
export function categorical_entropy<T>(src: usize, dst: usize, rows: i32, n: i32, scratch: usize): void {
  const row = (<usize>n) << alignof<T>(),
    fours = sizeof<T>() == 4 && Four.takes(n) ? rows & ~3 : 0;
  Exponents.open<T>(1);
  for (let r = 0; r < rows; r++) {
    if (sizeof<T>() == 4 && r < fours && (r & 3) == 0 && Two.both(src, dst, n, scratch)) {
      r += 3;
      src += 4 * row;
      dst += 16;
      continue;
    }
    store<T>(dst, <T>(0 - Entropy.row<T>(src, n, 0, 0, -1, 0, scratch)));
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
    const label = load<i32>(labels);
    let objective: f64 = NaN;
    if (label >= -1 && label < n) {
      const loss = op ? <f64>load<T>(losses) : 0;
      objective = Entropy.row<T>(logits, n, op ? 0 : losses, loss, label, weight, scratch);
    }
    store<T>(dst, <T>objective);
    losses += op ? sizeof<T>() : row;
    logits += row;
    labels += 4;
    dst += sizeof<T>();
  }
}
