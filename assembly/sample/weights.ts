import * as c from '../shared';
import { Constant } from '../constant';
import { Four } from '../four';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Weight } from '../math/weight';
import { Draws } from '../random/draws';
import { Row } from '../row';

/** Integer weights of scores: a = the greatest, b = log2(e) / T of what are no scores yet. */
@final
@unmanaged
class Weighed {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Weights.of(x, a, b);
  }
}

/** Draws from short rows by integer weights. See src/js/sample/weights.ts. */
export abstract class Weights {
  static squeeze(): v128 {
    return Lane.splat<u32>(memory.data<u32>([<u32>c.WEIGHT_SQUEEZE]));
  }

  /** Whether rows of n at a temperature have weights. */
  @inline static takes<T>(n: i32, t: T): bool {
    const from = sizeof<T>() == 4 ? c.EXPONENTS_FROM_F32 : c.EXPONENTS_FROM_F64,
      to = sizeof<T>() == 4 ? c.EXPONENTS_TO_F32 : c.EXPONENTS_TO_F64;
    return n <= c.SHORT_ROW && t > <T>from && <T>to > t;
  }

  /** The weights of four elements of f32. */
  @inline static of(x: usize, max: v128, factor: v128): v128 {
    return Weight.of(f32x4.mul(f32x4.sub(v128.load(x), max), factor));
  }

  /** dst = the weights of a row, or of four rows side by side. */
  static fill(x: usize, dst: usize, n: i32, max: v128, factor: v128): void {
    Row.each<f32, Weighed>(x, x, dst, n, max, factor);
  }

  /** dst = the scores of a row of f64, as f32. */
  static scores(x: usize, dst: usize, n: i32, factor: v128): void {
    const max = Row.top<f64>(x, n);
    for (const end = dst + ((<usize>n) << 2); dst < end; dst += 16, x += 32) {
      const low = f64x2.mul(f64x2.sub(v128.load(x), max), factor),
        high = f64x2.mul(f64x2.sub(v128.load(x, 16), max), factor);
      v128.store(dst, Four.singles(low, high));
    }
  }

  /** Their cumulative sums. */
  @inline static sums(w: v128): v128 {
    const zero = Constant.zero<f32>(),
      two = i32x4.add(w, v128.shuffle<i32>(zero, w, 3, 4, 5, 6));
    return i32x4.add(two, v128.shuffle<i32>(zero, two, 2, 3, 4, 5));
  }

  /** The last of them in every lane. */
  @inline static last(sums: v128): v128 {
    return v128.shuffle<i32>(sums, sums, 3, 3, 3, 3);
  }

  /** The cumulative weight that words 0 and 1 draw, floor(total x 64 bits / 2^64). */
  @inline static target(words: usize, total: u64): i32 {
    return <i32>((load<u32>(words) * total + ((load<u32>(words, 16) * total) >> 32)) >> 32);
  }

  /** Whether the weight at q is accepted unseen. */
  @inline static sure(q: usize, words: usize): bool {
    return load<i32>(q) >= c.WEIGHT_SURE && load<u32>(words, 32) < <u32>c.WEIGHT_SQUEEZE;
  }

  /** The greatest of at most 16 elements in every lane; those of the last vector are in the mask. */
  @inline static top(x: usize, n: i32, mask: v128): v128 {
    let max = Lane.select(mask, v128.load(x + ((<usize>((n - 1) >> 2)) << 4)), Constant.minusInfinity<f32>());
    if (n > 4) {
      max = f32x4.pmax(max, v128.load(x));
      if (n > 8) {
        max = f32x4.pmax(max, v128.load(x, 16));
        if (n > 12) max = f32x4.pmax(max, v128.load(x, 32));
      }
    }
    return Lane.max<f32>(max);
  }

  /** dst = what a draw gives from a row of at most 16, in registers; 0 where it may be another. At p: room for 16 weights. */
  static short(x: usize, p: usize, dst: usize, n: i32, factor: v128, words: usize): usize {
    const zero = Constant.zero<f32>(),
      mask = Lane.upTo<f32>((<usize>((n - 1) & 3) + 1) << 2),
      max = Weights.top(x, n, mask);
    let w0 = Weights.of(x, max, factor),
      w1 = zero,
      w2 = zero,
      w3 = zero;
    if (n <= 4) {
      w0 = v128.and(w0, mask);
    } else {
      w1 = Weights.of(x + 16, max, factor);
      if (n <= 8) {
        w1 = v128.and(w1, mask);
      } else {
        w2 = Weights.of(x + 32, max, factor);
        if (n <= 12) w2 = v128.and(w2, mask);
        else w3 = v128.and(Weights.of(x + 48, max, factor), mask);
      }
    }
    v128.store(p, w0);
    v128.store(p, w1, 16);
    v128.store(p, w2, 32);
    v128.store(p, w3, 48);
    if (v128.any_true(v128.and(v128.or(v128.or(w0, w1), v128.or(w2, w3)), Weight.beyond()))) return 0;
    w0 = Weights.sums(w0);
    w1 = i32x4.add(Weights.sums(w1), Weights.last(w0));
    w2 = i32x4.add(Weights.sums(w2), Weights.last(w1));
    w3 = i32x4.add(Weights.sums(w3), Weights.last(w2));
    const target = i32x4.splat(Weights.target(words, <u32>i32x4.extract_lane(w3, 3)));
    const above = i32x4.add(
      i32x4.add(i32x4.gt_s(w0, target), i32x4.gt_s(w1, target)),
      i32x4.add(i32x4.gt_s(w2, target), i32x4.gt_s(w3, target)),
    );
    const two = i32x4.add(above, v128.shuffle<i32>(above, above, 2, 3, 0, 1)),
      index = 16 + i32x4.extract_lane(i32x4.add(two, v128.shuffle<i32>(two, two, 1, 0, 3, 2)), 0);
    store<i32>(dst, index);
    return <usize>Weights.sure(p + ((<usize>index) << 2), words);
  }

  /** What a draw gives from a row whose weights are at p; -1 where one is of NaN. */
  static one<T>(x: usize, p: usize, n: i32, temperature: T, draw: u64, k0: u32, k1: u32, words: usize): i32 {
    const max = <f64>v128.extract_lane<T>(Row.top<T>(x, n), 0),
      end = p + ((<usize>n) << 2);
    let total: u64 = 0,
      q = p;
    for (; q < end; q += 4) {
      const w = load<u32>(q);
      if (w >> 24) return -1;
      total += w;
    }
    let attempt = 0,
      kept: bool;
    do {
      Draws.one(words, draw, attempt++, k0, k1);
      let left = Weights.target(words, total);
      q = p;
      for (; left >= load<i32>(q); q += 4) left -= load<i32>(q);
      const a = (<f64>(((<u64>load<u32>(words, 32)) << 32) | load<u32>(words, 48)) + 0.5) / c.TWO_TO_64,
        z = (<f64>load<T>(x + (q - p) * (sizeof<T>() / 4)) - max) / <f64>temperature;
      kept = Weights.sure(q, words) || a * (<f64>load<i32>(q) * c.WEIGHT_BOUND) < Double.expOf(z);
    } while (!kept);
    return <i32>((q - p) >> 2);
  }

  /** dst = what four draws give from four rows side by side at p; false where one may be another. */
  static four(words: usize, p: usize, dst: usize, n: i32, max: v128, factor: v128): bool {
    const end = p + ((<usize>n) << 4),
      zero = Constant.zero<f32>();
    Weights.fill(p, p, 4 * Four.vectors(n), max, factor);
    let total = zero,
      seen = zero;
    for (let q = p; q < end; q += 16) {
      const w = v128.load(q);
      seen = v128.or(seen, w);
      total = i32x4.add(total, w);
    }
    const high = v128.load(words),
      low = v128.load(words, 16);
    const first = i64x2.add(
        i64x2.extmul_low_i32x4_u(high, total),
        i64x2.shr_u(i64x2.extmul_low_i32x4_u(low, total), 32),
      ),
      others = i64x2.add(
        i64x2.extmul_high_i32x4_u(high, total),
        i64x2.shr_u(i64x2.extmul_high_i32x4_u(low, total), 32),
      ),
      target = v128.shuffle<i32>(first, others, 1, 3, 5, 7);
    let index = i32x4.splat(n);
    total = zero;
    for (let q = p; q < end; q += 16) {
      total = i32x4.add(total, v128.load(q));
      index = i32x4.add(index, i32x4.gt_s(total, target));
    }
    v128.store(dst, index);
    for (let lane: usize = 0; lane < 16; lane += 4) {
      if (load<i32>(p + lane + ((<usize>load<u32>(dst + lane)) << 4)) < c.WEIGHT_SURE) return false;
    }
    const unseen = i32x4.lt_u(v128.load(words, 32), Weights.squeeze());
    return i32x4.all_true(unseen) && !v128.any_true(v128.and(seen, Weight.beyond()));
  }

  /** dst = what draws give from `rows` rows of f32, four or one; returns how many it gives, 0 where the first may be another. */
  static draw(
    x: usize,
    dst: usize,
    rows: usize,
    n: i32,
    factor: v128,
    draw: u64,
    k0: u32,
    k1: u32,
    p: usize,
    words: usize,
  ): usize {
    if (rows == 4) {
      const max = Four.open(x, p, n);
      Draws.first(words, draw, k0, k1);
      if (Weights.four(words, p, dst, n, max, factor)) return 4;
    }
    if (n > 16) {
      Weights.fill(x, p, n, Row.top<f32>(x, n), factor);
      return 0;
    }
    Draws.one(words, draw, 0, k0, k1);
    return Weights.short(x, p, dst, n, factor, words);
  }
}
