import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Argmax } from '../max/argmax';
import { Scores } from '../max/scores';
import { Exponentials } from '../max/exponentials';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Draws } from '../random/draws';
import { Row } from '../row';
import { Weights } from './weights';

/** A row's envelope and the draws from it, by thinning. See src/js/sample/categorical.ts. */
export abstract class Thinned {
  /** Vectors that share an envelope vector. */
  @inline static width(n: i32): i32 {
    return n < c.THIN_FROM ? 1 : n < c.THIN_MORE_FROM ? 8 : 32;
  }

  /** Groups of 4 envelope vectors of a row. */
  @inline static groups<T>(n: i32): i32 {
    const elements = 4 * Lane.width<T>() * Thinned.width(n);
    return (n + elements - 1) / elements;
  }

  /**
   * tops = the greatest of each envelope lane's elements; returns the greatest of all, NaN if one is NaN. Only the last
   * vectors of the row are masked. The sum of all elements tells a NaN, and infinities, which are then looked at again.
   */
  static tops<T>(x: usize, tops: usize, n: i32): v128 {
    const low = Constant.minusInfinity<T>(),
      width = (<usize>Thinned.width(n)) << 4,
      bytes = (<usize>n) << alignof<T>(),
      end = x + bytes,
      whole = width > 16 ? end - (bytes % width) : x,
      last = tops + ((<usize>Thinned.groups<T>(n)) << 6);
    let p = x,
      greatest = low,
      s0 = Constant.zero<T>(),
      s1 = s0,
      s2 = s0,
      s3 = s0;
    for (; p < whole; tops += 16) {
      const stop = p + width;
      let t0 = v128.load(p),
        t1 = v128.load(p, 16),
        t2 = v128.load(p, 32),
        t3 = v128.load(p, 48);
      s0 = v128.add<T>(s0, t0);
      s1 = v128.add<T>(s1, t1);
      s2 = v128.add<T>(s2, t2);
      s3 = v128.add<T>(s3, t3);
      for (p += 64; p < stop; p += 64) {
        const v0 = v128.load(p),
          v1 = v128.load(p, 16),
          v2 = v128.load(p, 32),
          v3 = v128.load(p, 48);
        t0 = v128.pmax<T>(t0, v0);
        t1 = v128.pmax<T>(t1, v1);
        t2 = v128.pmax<T>(t2, v2);
        t3 = v128.pmax<T>(t3, v3);
        s0 = v128.add<T>(s0, v0);
        s1 = v128.add<T>(s1, v1);
        s2 = v128.add<T>(s2, v2);
        s3 = v128.add<T>(s3, v3);
      }
      t0 = v128.pmax<T>(v128.pmax<T>(t0, t1), v128.pmax<T>(t2, t3));
      greatest = v128.pmax<T>(greatest, t0);
      v128.store(tops, t0);
    }
    for (; tops < last; tops += 16) {
      let top = low;
      for (const stop = p + width; p < stop; p += 16) {
        if (p >= end) continue;
        const v = Lane.select(Lane.upTo<T>(end - p), v128.load(p), low);
        top = v128.pmax<T>(top, v);
        s0 = v128.add<T>(s0, v);
      }
      greatest = v128.pmax<T>(greatest, top);
      v128.store(tops, top);
    }
    s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3));
    return v128.any_true(v128.ne<T>(s0, s0)) ? Row.max<T>(x, n) : Lane.max<T>(greatest);
  }

  /**
   * The envelope over the tops takes their place; ends = its cumulative sums, a group's end each; returns the total. By
   * exponents it has the factor of Exponentials.
   */
  static accumulate<T>(tops: usize, ends: usize, groups: i32, max: v128, temperature: T): f64 {
    const last = tops + ((<usize>groups) << 6);
    Exponentials.sum<T>(tops, tops, <i32>((last - tops) >> alignof<T>()), max, temperature);
    let total: f64 = 0;
    for (; tops < last; tops += 64, ends += 8) {
      const low = f64x2.add(Lane.wide<T>(v128.load(tops)), Lane.wide<T>(v128.load(tops, 16))),
        high = f64x2.add(Lane.wide<T>(v128.load(tops, 32)), Lane.wide<T>(v128.load(tops, 48)));
      total += Lane.sum(f64x2.add(low, high));
      store<f64>(ends, total);
    }
    return total;
  }

  /** The first of `count` cumulative sums that is above target; count where none is. */
  @inline static above(ends: usize, count: i32, target: f64): i32 {
    let low = 0,
      high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (target < load<f64>(ends + ((<usize>middle) << 3))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The index that the words at p draw; -1 where they are rejected. */
  static attempt<T>(
    p: usize,
    x: usize,
    envelope: usize,
    ends: usize,
    groups: i32,
    n: i32,
    total: f64,
    max: T,
    temperature: T,
    most: f64,
  ): i32 {
    const target = Draws.uniform(p) * total;
    const g = Thinned.above(ends, groups, target);
    if (g == groups) return -1;
    const width = Thinned.width(n),
      perGroup = 4 * Lane.width<T>();
    let sum: f64 = g > 0 ? load<f64>(ends + ((<usize>g - 1) << 3)) : 0,
      e: f64 = 0;
    let i = g * perGroup;
    const end = i + perGroup;
    for (; i < end; i++) {
      e = <f64>load<T>(envelope + ((<usize>i) << alignof<T>()));
      sum += e;
      if (target < sum) break;
    }
    if (i == end) return -1;
    const lane = i % Lane.width<T>(),
      k = (<i32>load<u32>(p, 16)) & (width - 1);
    const index = (i - lane) * width + k * Lane.width<T>() + lane;
    if (index >= n) return -1;
    const bits = load<u32>(p, 32);
    if (width == 1 && bits < <u32>c.SQUEEZE) return index;
    const a = (<f64>(((<u64>bits) << 32) | load<u32>(p, 48)) + 0.5) / c.TWO_TO_64;
    const v = <f64>load<T>(x + ((<usize>index) << alignof<T>()));
    if (!(v > -Infinity)) return -1;
    const scale = Scores.scale<f64>(<f64>temperature);
    const z = (v * scale - <f64>max * scale) / (<f64>temperature * scale);
    const bound = a * (e / most) * (sizeof<T>() == 4 ? c.ENVELOPE_F32 : c.ENVELOPE_F64);
    return bound < f64x2.extract_lane(Double.exp(f64x2.splat(z)), 0) ? index : -1;
  }

  /** dst = `draws` classes of each row from number `draw` on. */
  static rows<T>(
    src: usize,
    dst: usize,
    rows: i32,
    n: i32,
    draws: i32,
    temperature: T,
    draw: u64,
    k0: u32,
    k1: u32,
    scratch: usize,
  ): void {
    const groups = Thinned.groups<T>(n),
      words = scratch + 64,
      ends = scratch + 128,
      tops = ends + (((<usize>groups + 1) & ~1) << 3);
    Exponents.open<T>(temperature);
    let block = u64.MAX_VALUE;
    for (; rows > 0; rows--, src += (<usize>n) << alignof<T>()) {
      const top = Thinned.tops<T>(src, tops, n),
        max = v128.extract_lane<T>(top, 0);
      const ordinary = temperature > 0 && isFinite<T>(max);
      const certain = ordinary || !(max > -Infinity) ? -1 : Argmax.index<T>(src, top);
      let total: f64 = 0,
        most: f64 = 1;
      if (ordinary) {
        most = Exponentials.ofMax<T>(top);
        total = Thinned.accumulate<T>(tops, ends, groups, top, temperature);
      }
      for (let d = 0; d < draws; d++, draw++, dst += 4) {
        let index = certain;
        if (ordinary) {
          if (draw >> 2 != block) {
            block = draw >> 2;
            Draws.first(scratch, block << 2, k0, k1);
          }
          const p = scratch + (((<usize>draw) & 3) << 2);
          index = Thinned.attempt<T>(p, src, tops, ends, groups, n, total, max, temperature, most);
          for (let attempt = 1; index < 0; attempt++) {
            if (attempt % 4 == 1) Draws.more(words, draw, attempt, k0, k1);
            const p = words + (((<usize>attempt - 1) & 3) << 2);
            index = Thinned.attempt<T>(p, src, tops, ends, groups, n, total, max, temperature, most);
          }
        }
        store<i32>(dst, index);
      }
    }
  }
}

/**
 * dst = `draws` classes of each row of logits, by weights or by thinning; -1 where no class can be drawn, the first +Infinity if
 * there is one. `scratch`: room for a row and 48 f64 more, and half as much again. See src/js/sample/categorical.ts.
 */
export function categorical<T>(
  src: usize,
  dst: usize,
  rows: i32,
  n: i32,
  draws: i32,
  temperature: T,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
): void {
  if (n == 1 && draws == 1) return Argmax.alone<T>(src, dst, rows);
  let draw = <u64>first;
  if (draws > 1 || !Weights.takes<T>(n, temperature)) {
    return Thinned.rows<T>(src, dst, rows, n, draws, temperature, draw, k0, k1, scratch);
  }
  const factor = v128.splat<T>(<T>(c.LOG2E / <f64>temperature)),
    row = (<usize>n) << alignof<T>(),
    p = sizeof<T>() == 4 ? scratch + 64 : scratch + 64 + ((<usize>n + 1) << 4);
  while (rows > 0) {
    let some: usize = rows >= 4 && (draw & 3) == 0 ? 4 : 1,
      x = src,
      by = factor;
    if (sizeof<T>() == 8) {
      x = scratch + 64;
      by = Constant.one<f32>();
      for (let r: usize = 0; r < some; r++) Weights.scores(src + r * row, x + r * (row >> 1), n, factor);
    }
    some = Weights.draw(x, dst, some, n, by, draw, k0, k1, p, scratch);
    if (some == 0) {
      const index = Weights.one<T>(src, p, n, temperature, draw, k0, k1, scratch);
      if (index < 0) Thinned.rows<T>(src, dst, 1, n, 1, temperature, draw, k0, k1, scratch);
      else store<i32>(dst, index);
      some = 1;
    }
    rows -= <i32>some;
    draw += some;
    dst += some << 2;
    src += some * row;
  }
}
