import { ACCUMULATORS } from './shared';
import { Constant } from './constant';
import { Lane } from './lane';

/**
 * Passes over a row. `Op` is a class without fields whose `map<T>(x, y, a, b, c)` gives one vector from the vectors at x
 * and y and up to three constants of the row. A pass walks the whole vectors, then the lanes that are left; these are loaded
 * whole as well (memory goes on behind a row) and the lanes that are not of the row never stored nor counted.
 * The mirror is src/js/row.ts; docs/reference/order-of-sums.md tells which lane adds which element.
 */
export abstract class Row {
  /** dst = map(x, y): four vectors of f32 at a time, whose chains of operations scripts/interleave.mjs lets take turns. */
  @inline static map<T, Op>(
    x: usize,
    y: usize,
    dst: usize,
    n: i32,
    a: v128 = i32x4.splat(0),
    b: v128 = i32x4.splat(0),
    c: v128 = i32x4.splat(0),
  ): void {
    const op = changetype<Op>(0);
    const bulk: usize = sizeof<T>() == 4 ? ((<usize>n) << 2) & ~63 : 0;
    let i: usize = 0;
    if (sizeof<T>() == 4) {
      for (; i < bulk; i += 64) {
        const v0 = op.map<T>(x + i, y + i, a, b, c),
          v1 = op.map<T>(x + i + 16, y + i + 16, a, b, c),
          v2 = op.map<T>(x + i + 32, y + i + 32, a, b, c),
          v3 = op.map<T>(x + i + 48, y + i + 48, a, b, c);
        v128.store(dst + i, v0);
        v128.store(dst + i, v1, 16);
        v128.store(dst + i, v2, 32);
        v128.store(dst + i, v3, 48);
      }
    }
    Row.each<T, Op>(x + i, y + i, dst + i, n - <i32>(i >> alignof<T>()), a, b, c);
  }

  /** The same one vector at a time: what is not hot takes a fourth of the code. */
  @inline static each<T, Op>(
    x: usize,
    y: usize,
    dst: usize,
    n: i32,
    a: v128 = i32x4.splat(0),
    b: v128 = i32x4.splat(0),
    c: v128 = i32x4.splat(0),
  ): void {
    const bytes = (<usize>n) << alignof<T>();
    for (let i: usize = 0; i < bytes; i += 16) {
      Lane.storeUpTo<T>(dst + i, changetype<Op>(0).map<T>(x + i, y + i, a, b, c), bytes - i);
    }
  }

  /** dst = map(x, y); returns its sum in f64: see src/js/row.ts. */
  @inline static sum<T, Op>(
    x: usize,
    y: usize,
    dst: usize,
    n: i32,
    a: v128 = i32x4.splat(0),
    b: v128 = i32x4.splat(0),
    c: v128 = i32x4.splat(0),
  ): f64 {
    return Row.add<T, Op>(x, y, dst, n, a, b, c, true);
  }

  /** The sum of map(x, y) in f64. */
  @inline static total<T, Op>(
    x: usize,
    y: usize,
    n: i32,
    a: v128 = i32x4.splat(0),
    b: v128 = i32x4.splat(0),
    c: v128 = i32x4.splat(0),
  ): f64 {
    return Row.add<T, Op>(x, y, 0, n, a, b, c, false);
  }

  @inline static add<T, Op>(x: usize, y: usize, dst: usize, n: i32, a: v128, b: v128, c: v128, stores: bool): f64 {
    const op = changetype<Op>(0);
    const bytes = (<usize>n) << alignof<T>(),
      bulk: usize = sizeof<T>() == 4 ? bytes & ~(16 * ACCUMULATORS - 1) : 0;
    let total = f64x2.splat(0),
      rest = total,
      i: usize = 0;
    if (sizeof<T>() == 4) {
      for (; i < bulk; i += 16 * ACCUMULATORS) {
        const v0 = op.map<T>(x + i, y + i, a, b, c);
        const v1 = op.map<T>(x + i + 16, y + i + 16, a, b, c);
        const v2 = op.map<T>(x + i + 32, y + i + 32, a, b, c);
        const v3 = op.map<T>(x + i + 48, y + i + 48, a, b, c);
        if (stores) {
          v128.store(dst + i, v0);
          v128.store(dst + i, v1, 16);
          v128.store(dst + i, v2, 32);
          v128.store(dst + i, v3, 48);
        }
        total = f64x2.add(total, Lane.wide<T>(v128.add<T>(v128.add<T>(v0, v1), v128.add<T>(v2, v3))));
      }
    }
    // f32: the last group, with zeros behind the row; f64: everything, and `rest` is what rounding took
    let first = rest;
    for (let at: usize = 0; i < bytes; i += 16, at += 16) {
      const v = op.map<T>(x + i, y + i, a, b, c);
      if (stores) Lane.storeUpTo<T>(dst + i, v, bytes - i);
      const term = v128.and(v, Lane.upTo<T>(bytes - i));
      if (sizeof<T>() == 8) {
        const next = f64x2.add(total, term);
        rest = Row.lose(rest, total, term, next);
        total = next;
      } else if (at < 32) {
        first = v128.add<T>(first, term);
      } else {
        rest = v128.add<T>(rest, term);
      }
    }
    if (sizeof<T>() == 8) return Lane.sum(total) + Lane.sum(rest);
    return Lane.sum(f64x2.add(total, Lane.wide<T>(v128.add<T>(first, rest))));
  }

  /** `sum` one vector at a time: the same bits by a fifth of the code, for what is not hot. */
  @inline static eachSum<T, Op>(
    x: usize,
    y: usize,
    dst: usize,
    n: i32,
    a: v128 = i32x4.splat(0),
    b: v128 = i32x4.splat(0),
    c: v128 = i32x4.splat(0),
  ): f64 {
    return Row.addEach<T, Op>(x, y, dst, n, a, b, c, true);
  }

  /** `total` one vector at a time. */
  @inline static eachTotal<T, Op>(
    x: usize,
    y: usize,
    n: i32,
    a: v128 = i32x4.splat(0),
    b: v128 = i32x4.splat(0),
    c: v128 = i32x4.splat(0),
  ): f64 {
    return Row.addEach<T, Op>(x, y, 0, n, a, b, c, false);
  }

  @inline static addEach<T, Op>(x: usize, y: usize, dst: usize, n: i32, a: v128, b: v128, c: v128, stores: bool): f64 {
    if (sizeof<T>() == 8) return Row.add<T, Op>(x, y, dst, n, a, b, c, stores);
    const bytes = (<usize>n) << 2;
    let total = f64x2.splat(0),
      first = total,
      rest = total;
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = changetype<Op>(0).map<T>(x + i, y + i, a, b, c);
      if (stores) Lane.storeUpTo<T>(dst + i, v, bytes - i);
      const term = v128.and(v, Lane.upTo<T>(bytes - i));
      if (i & 32) rest = f32x4.add(rest, term);
      else first = f32x4.add(first, term);
      if ((i & 48) == 48) {
        total = f64x2.add(total, Lane.wide<T>(f32x4.add(first, rest)));
        first = rest = f64x2.splat(0);
      }
    }
    return Lane.sum(f64x2.add(total, Lane.wide<T>(f32x4.add(first, rest))));
  }

  /** What rounding took from the sum next = total + term (Knuth's two-sum), added to what it had taken before. */
  @inline static lose(lost: v128, total: v128, term: v128, next: v128): v128 {
    const t = f64x2.sub(next, total);
    return f64x2.add(lost, f64x2.add(f64x2.sub(total, f64x2.sub(next, t)), f64x2.sub(term, t)));
  }

  /** NaN in every lane. */
  @inline static nan<T>(): v128 {
    return Constant.nan<T>();
  }

  /** dst = the lanes of v, over and over. */
  static fill<T>(dst: usize, n: i32, v: v128): void {
    const bytes = (<usize>n) << alignof<T>();
    for (let i: usize = 0; i < bytes; i += 16) Lane.storeUpTo<T>(dst + i, v, bytes - i);
  }

  /** The greatest element in every lane, -0 as +0, of what is no NaN; -Infinity if there is nothing. */
  static top<T>(x: usize, n: i32): v128 {
    const low = Constant.minusInfinity<T>();
    const bytes = (<usize>n) << alignof<T>(),
      bulk = bytes & ~63;
    let m0 = low,
      m1 = low,
      m2 = low,
      m3 = low;
    let i: usize = 0;
    for (; i < bulk; i += 64) {
      m0 = v128.pmax<T>(m0, v128.load(x + i));
      m1 = v128.pmax<T>(m1, v128.load(x + i, 16));
      m2 = v128.pmax<T>(m2, v128.load(x + i, 32));
      m3 = v128.pmax<T>(m3, v128.load(x + i, 48));
    }
    m0 = v128.pmax<T>(m0, m2);
    m1 = v128.pmax<T>(m1, m3);
    for (; i + 16 <= bytes; i += 16) m0 = v128.pmax<T>(m0, v128.load(x + i));
    if (i < bytes) m1 = v128.pmax<T>(m1, Lane.select(Lane.upTo<T>(bytes - i), v128.load(x + i), low));
    return v128.add<T>(Lane.max<T>(v128.pmax<T>(m0, m1)), Constant.zero<T>());
  }

  /** The vector of the row that holds its first element equal to `max`: there is one. */
  static find<T>(x: usize, max: v128): usize {
    while (true) {
      const v0 = v128.eq<T>(v128.load(x), max),
        v1 = v128.eq<T>(v128.load(x, 16), max),
        v2 = v128.eq<T>(v128.load(x, 32), max),
        v3 = v128.eq<T>(v128.load(x, 48), max);
      if (v128.any_true(v128.or(v128.or(v0, v1), v128.or(v2, v3)))) break;
      x += 64;
    }
    while (!v128.any_true(v128.eq<T>(v128.load(x), max))) x += 16;
    return x;
  }

  /** A vector with -Infinity in the place of its first element equal to `max`. */
  @inline static without<T>(v: v128, max: v128): v128 {
    const found = v128.eq<T>(v, max),
      end = (<usize>ctz(Lane.bitmask<T>(found)) + 1) << alignof<T>();
    return Lane.select(v128.and(found, Lane.upTo<T>(end)), Constant.minusInfinity<T>(), v);
  }

  /** The greatest element in every lane, -0 as +0; NaN if one is NaN. The order of comparison shows in no bit. */
  static max<T>(x: usize, n: i32): v128 {
    const low = Constant.minusInfinity<T>();
    const zero = Constant.zero<T>();
    const bulk = Lane.bulk<T>(n),
      bytes = (<usize>n) << alignof<T>();
    let m0 = low,
      m1 = low,
      m2 = low,
      m3 = low,
      nan = zero;
    let i: usize = 0;
    for (; i < bulk; i += 16 * ACCUMULATORS) {
      const v0 = v128.load(x + i),
        v1 = v128.load(x + i, 16),
        v2 = v128.load(x + i, 32),
        v3 = v128.load(x + i, 48);
      m0 = v128.pmax<T>(m0, v0);
      m1 = v128.pmax<T>(m1, v1);
      m2 = v128.pmax<T>(m2, v2);
      m3 = v128.pmax<T>(m3, v3);
      nan = v128.or(nan, v128.or(v128.ne<T>(v0, v0), v128.ne<T>(v1, v1)));
      nan = v128.or(nan, v128.or(v128.ne<T>(v2, v2), v128.ne<T>(v3, v3)));
    }
    m0 = v128.pmax<T>(v128.pmax<T>(m0, m1), v128.pmax<T>(m2, m3));
    for (; i < bytes; i += 16) {
      const v = Lane.select(Lane.upTo<T>(bytes - i), v128.load(x + i), low);
      m0 = v128.pmax<T>(m0, v);
      nan = v128.or(nan, v128.ne<T>(v, v));
    }
    if (v128.any_true(nan)) return Row.nan<T>();
    return v128.add<T>(Lane.max<T>(m0), zero);
  }
}
