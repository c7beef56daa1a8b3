import { Constant } from '../constant';
import { Lane } from '../lane';
import { Exponents } from '../math/exponents';
import { Either } from './either';
import { Shares } from './shares';

/** Gradients of the semi-supervised objective, in f64 but for the exponentials. See src/js/density/semi_supervised.ts. */
abstract class Marginal {
  /** The losses plus the logits of classes i and i + 1, less those of the greatest class. */
  @inline static gap(losses: usize, logits: usize, i: i32, top: v128, max: v128, single: bool): v128 {
    return f64x2.add(f64x2.sub(Either.pair(losses, i, single), top), f64x2.sub(Either.pair(logits, i, single), max));
  }

  /** The gradients of d times the objective of a row. */
  static row(
    losses: usize,
    logits: usize,
    label: i32,
    d: f64,
    dLosses: usize,
    dLogits: usize,
    n: i32,
    weight: f64,
    scratch: usize,
    single: bool,
  ): void {
    const e = scratch + 16,
      at = single ? Shares.open<f32>(logits, e, n) : Shares.open<f64>(logits, e, n),
      valid = at >= 0 && label >= -1 && label < n,
      known = !valid || label >= 0,
      zero = Constant.zero<f64>();
    let scale = NaN,
      top = zero,
      max = zero,
      total = zero;
    if (valid) {
      scale = 1 / load<f64>(scratch);
      top = f64x2.splat(Either.load(losses, at, single));
      max = f64x2.splat(Either.load(logits, at, single));
      if (known) Either.store(e, label, 0, single);
    }
    for (let i = 0; i < n; i += 2) {
      let term = v128.and(Either.pair(e, i, single), Lane.upTo<f64>((<usize>(n - i)) << 3));
      if (!known) {
        const u = Marginal.gap(losses, logits, i, top, max, single);
        term = v128.and(f64x2.mul(term, u), f64x2.ne(term, zero));
      }
      total = f64x2.add(total, term);
    }
    const mean = Lane.sum(total) * scale,
      byLoss = f64x2.splat(known && valid ? 0 : d * scale),
      byLogit = f64x2.splat(d * scale * (known ? weight : 1)),
      m = f64x2.splat(mean);
    for (let i = 0; i < n; i += 2) {
      const p = Either.pair(e, i, single);
      let slope = f64x2.mul(p, byLogit);
      if (!known) {
        const u = Marginal.gap(losses, logits, i, top, max, single);
        slope = v128.and(f64x2.mul(slope, f64x2.sub(u, m)), f64x2.ne(p, zero));
      }
      Either.put(dLosses, i, f64x2.mul(p, byLoss), n - i, single);
      Either.put(dLogits, i, slope, n - i, single);
    }
    if (valid && known) {
      Either.store(dLosses, label, d, single);
      Either.store(dLogits, label, 0 - d * weight * mean, single);
    }
  }

  static rows(
    losses: usize,
    logits: usize,
    labels: usize,
    d: usize,
    dLosses: usize,
    dLogits: usize,
    rows: i32,
    n: i32,
    weight: f64,
    scratch: usize,
    single: bool,
  ): void {
    const width = (<usize>n) << (single ? 2 : 3);
    for (let r = 0; r < rows; r++) {
      const label = load<i32>(labels + ((<usize>r) << 2));
      Marginal.row(losses, logits, label, Either.load(d, r, single), dLosses, dLogits, n, weight, scratch, single);
      losses += width;
      logits += width;
      dLosses += width;
      dLogits += width;
    }
  }
}

/** The gradients of d_r times the objective of row r, by the losses of its classes and the logits. `scratch`: room for a row. */
export function semi_supervised_vjp<T>(
  losses: usize,
  logits: usize,
  labels: usize,
  d: usize,
  dLosses: usize,
  dLogits: usize,
  rows: i32,
  n: i32,
  weight: T,
  scratch: usize,
): void {
  Exponents.open<T>(1);
  Marginal.rows(losses, logits, labels, d, dLosses, dLogits, rows, n, weight, scratch, sizeof<T>() == 4);
}
