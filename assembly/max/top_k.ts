import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Thinned } from '../sample/categorical';

/**
 * The elements of a row in order: value descending, index ascending, -0 as 0. See src/js/max/top_k.ts.
 *
 * t, that k of the blocks' maxima reach, is a lower bound of the k-th greatest element, and an element of t or more lies in a
 * block whose maximum is. Those blocks are read again; what reaches t goes to a list of values and indices, which is sorted.
 */
export abstract class Greatest {
  /** Of a list of up to n elements at `scratch`: its values. */
  @inline static values(scratch: usize): usize {
    return scratch + 4 * (c.TOP_K_BINS + 4);
  }

  @inline static room<T>(n: i32): usize {
    return ((<usize>n) << alignof<T>()) + 64;
  }

  /** Their indices. */
  @inline static indices<T>(scratch: usize, n: i32): usize {
    return Greatest.values(scratch) + 2 * Greatest.room<T>(n);
  }

  /** The maxima of the row's blocks. */
  @inline static tops<T>(scratch: usize, n: i32): usize {
    return Greatest.indices<T>(scratch, n) + 2 * Greatest.room<i32>(n);
  }

  @inline static at<T>(p: usize, i: i32): usize {
    return p + ((<usize>i) << alignof<T>());
  }

  /** The bin of what is in none. */
  static outside<T>(): v128 {
    return Lane.splat<T>(memory.data<T>([<T>c.TOP_K_BINS]));
  }

  /** The bins of a vector: BINS where it is not between low and high. */
  @inline static bin<T>(v: v128, low: v128, high: v128, scale: v128, inside: v128): v128 {
    const within = v128.and(inside, v128.and(v128.ge<T>(v, low), v128.le<T>(v, high)));
    const x = Lane.select(within, v128.mul<T>(v128.sub<T>(high, v), scale), Greatest.outside<T>());
    return sizeof<T>() == 4 ? i32x4.trunc_sat_f32x4_s(x) : i32x4.trunc_sat_f64x2_s_zero(x);
  }

  @inline static count(bins: usize, bin: i32): void {
    const p = Greatest.at<i32>(bins, bin);
    store<i32>(p, load<i32>(p) + 1);
  }

  /**
   * A number that k of the `count` values at p reach, and not many more: the lowest value of the bin with the k-th greatest
   * one. A bin of many is divided again. Less than every finite number if less than k are above -Infinity.
   */
  static least<T>(p: usize, count: i32, k: i32, bins: usize): T {
    const bytes = (<usize>count) << alignof<T>(),
      none = Constant.minusInfinity<T>();
    let high = none,
      low = none, // negative, as its bounds
      above = 0;
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = v128.load(p + i),
        inside = v128.and(v128.gt<T>(v, none), Lane.upTo<T>(bytes - i));
      above += popcnt(Lane.bitmask<T>(inside));
      high = v128.pmax<T>(high, Lane.select(inside, v, none));
      low = v128.pmax<T>(low, Lane.select(inside, v128.neg<T>(v), none));
    }
    if (above < k) return sizeof<T>() == 4 ? <T>-c.GREATEST_F32 : <T>-c.GREATEST_F64;
    while (true) {
      high = Lane.max<T>(high);
      low = v128.neg<T>(Lane.max<T>(low));
      const least = v128.extract_lane<T>(low, 0),
        factor = <T>(c.TOP_K_BINS - 1) / (v128.extract_lane<T>(high, 0) - least);
      if (!(factor > 0 && factor < <T>Infinity)) return least;
      const scale = v128.splat<T>(factor);
      memory.fill(bins, 0, 4 * (c.TOP_K_BINS + 1));
      for (let i: usize = 0; i < bytes; i += 16) {
        const b = Greatest.bin<T>(v128.load(p + i), low, high, scale, Lane.upTo<T>(bytes - i));
        Greatest.count(bins, i32x4.extract_lane(b, 0));
        Greatest.count(bins, i32x4.extract_lane(b, 1));
        if (sizeof<T>() == 4) {
          Greatest.count(bins, i32x4.extract_lane(b, 2));
          Greatest.count(bins, i32x4.extract_lane(b, 3));
        }
      }
      let bin = 0;
      for (let among = 0; (among = load<i32>(Greatest.at<i32>(bins, bin))) < k; bin++) k -= among;
      const those = i32x4.splat(bin),
        lowest = low,
        highest = high;
      high = none;
      low = none;
      for (let i: usize = 0; i < bytes; i += 16) {
        const v = v128.load(p + i),
          b = Greatest.bin<T>(v, lowest, highest, scale, Lane.upTo<T>(bytes - i));
        let inside = i32x4.eq(b, those);
        if (sizeof<T>() == 8) inside = i64x2.extend_low_i32x4_s(inside);
        high = v128.pmax<T>(high, Lane.select(inside, v, none));
        low = v128.pmax<T>(low, Lane.select(inside, v128.neg<T>(v), none));
      }
      if (load<i32>(Greatest.at<i32>(bins, bin)) <= k + c.TOP_K_SPARE) {
        return -v128.extract_lane<T>(Lane.max<T>(low), 0);
      }
    }
  }

  /** The list of what reaches t in a row, in the order of the row; returns its length. */
  static gather<T>(x: usize, n: i32, t: T, scratch: usize): i32 {
    const bytes = (<usize>n) << alignof<T>(),
      width = (<usize>Thinned.width(n)) << 4,
      values = Greatest.values(scratch),
      indices = Greatest.indices<T>(scratch, n),
      least = v128.splat<T>(t);
    let count = 0;
    for (let i: usize = 0, top = Greatest.tops<T>(scratch, n); i < bytes; i += width, top += 16) {
      if (!v128.any_true(v128.ge<T>(v128.load(top), least))) continue;
      const end = min(i + width, bytes);
      for (let j = i; j < end; j += 16) {
        const reached = v128.and(v128.ge<T>(v128.load(x + j), least), Lane.upTo<T>(bytes - j));
        for (let lanes = Lane.bitmask<T>(reached); lanes !== 0; lanes &= lanes - 1) {
          const index = <i32>(j >> alignof<T>()) + ctz(lanes);
          store<T>(Greatest.at<T>(values, count), load<T>(Greatest.at<T>(x, index)));
          store<i32>(Greatest.at<i32>(indices, count), index);
          count++;
        }
      }
    }
    return count;
  }

  /** Leaves of a list what reaches t; returns its length. */
  static keep<T>(values: usize, indices: usize, count: i32, t: T): i32 {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const v = load<T>(Greatest.at<T>(values, i));
      if (v < t) continue;
      store<T>(Greatest.at<T>(values, kept), v);
      store<i32>(Greatest.at<i32>(indices, kept), load<i32>(Greatest.at<i32>(indices, i)));
      kept++;
    }
    return kept;
  }

  /** Bits of a value, in an order that is descending in it; -0 as 0. */
  @inline static key<T>(v: T): u64 {
    if (sizeof<T>() == 8) {
      const bits = reinterpret<i64>(<f64>v + 0);
      return bits ^ (~(bits >> 63) & i64.MAX_VALUE);
    }
    const bits = reinterpret<i32>(<f32>v + 0);
    return <u32>(bits ^ (~(bits >> 31) & i32.MAX_VALUE));
  }

  /** Sorts a list: values descending; equal ones stay in their order. By insertion, or byte by byte of their keys. */
  static sort<T>(values: usize, indices: usize, count: i32, spare: usize, spareIndices: usize, bins: usize): void {
    if (count <= c.TOP_K_RUN) {
      for (let i = 1; i < count; i++) {
        const v = load<T>(Greatest.at<T>(values, i)),
          index = load<i32>(Greatest.at<i32>(indices, i));
        let j = i;
        for (; j > 0 && load<T>(Greatest.at<T>(values, j - 1)) < v; j--) {
          store<T>(Greatest.at<T>(values, j), load<T>(Greatest.at<T>(values, j - 1)));
          store<i32>(Greatest.at<i32>(indices, j), load<i32>(Greatest.at<i32>(indices, j - 1)));
        }
        store<T>(Greatest.at<T>(values, j), v);
        store<i32>(Greatest.at<i32>(indices, j), index);
      }
      return;
    }
    let v = values,
      at = indices;
    for (let shift: u64 = 0; shift < 8 * sizeof<T>(); shift += 8) {
      memory.fill(bins, 0, 1024);
      for (let i = 0; i < count; i++) {
        Greatest.count(bins, (<i32>(Greatest.key<T>(load<T>(Greatest.at<T>(v, i))) >> shift)) & 255);
      }
      // where the elements of each bin begin; nothing to do if all are in one
      let start = 0,
        bin = 0;
      for (; bin < 256; bin++) {
        const p = Greatest.at<i32>(bins, bin),
          among = load<i32>(p);
        if (among == count) break;
        store<i32>(p, start);
        start += among;
      }
      if (bin < 256) continue;
      const to = v == values ? spare : values,
        toIndex = v == values ? spareIndices : indices;
      for (let i = 0; i < count; i++) {
        const x = load<T>(Greatest.at<T>(v, i)),
          p = Greatest.at<i32>(bins, (<i32>(Greatest.key<T>(x) >> shift)) & 255),
          place = load<i32>(p);
        store<i32>(p, place + 1);
        store<T>(Greatest.at<T>(to, place), x);
        store<i32>(Greatest.at<i32>(toIndex, place), load<i32>(Greatest.at<i32>(at, i)));
      }
      v = to;
      at = toIndex;
    }
    if (v == values) return;
    memory.copy(values, v, Greatest.at<T>(0, count));
    memory.copy(indices, at, Greatest.at<i32>(0, count));
  }

  /** The list of the first k of a row, or of what is above -Infinity where that is less; returns its length. The maxima are there. */
  static list<T>(x: usize, n: i32, k: i32, scratch: usize): i32 {
    const values = Greatest.values(scratch),
      indices = Greatest.indices<T>(scratch, n);
    // at first of the maxima
    let t: T = sizeof<T>() == 4 ? <T>-c.GREATEST_F32 : <T>-c.GREATEST_F64;
    if (k < n) {
      const tops = 4 * Lane.width<T>() * Thinned.groups<T>(n);
      t = Greatest.least<T>(Greatest.tops<T>(scratch, n), tops, k, scratch);
    }
    let count = Greatest.gather<T>(x, n, t, scratch);
    if (count > 2 * k + c.TOP_K_SPARE) {
      count = Greatest.keep<T>(values, indices, count, Greatest.least<T>(values, count, k, scratch));
    }
    Greatest.sort<T>(values, indices, count, values + Greatest.room<T>(n), indices + Greatest.room<i32>(n), scratch);
    return min(count, k);
  }
}

const LANES_F32: usize = memory.data<i32>([0, 1, 2, 3], 16),
  LANES_F64: usize = memory.data<i64>([0, 1], 16);

/** A short row in order, without a branch on its values: the place of an element is the number of those before it. */
abstract class Ranks {
  /** The mask of the lanes of v that the element at q, of index j, is before; `at` are the lanes' own indices. */
  @inline static before<T>(q: usize, j: i32, v: v128, at: v128): v128 {
    const other = Lane.splat<T>(q),
      later = sizeof<T>() == 4 ? i32x4.gt_s(at, i32x4.splat(j)) : i64x2.gt_s(at, i64x2.splat(j));
    return v128.or(v128.gt<T>(other, v), v128.and(v128.eq<T>(other, v), later));
  }

  /** list = the indices; returns whether there is a NaN. Behind the list one more is written. */
  static list<T>(x: usize, n: i32, list: usize): bool {
    const end = x + ((<usize>n) << alignof<T>());
    let nan = Constant.zero<T>();
    for (let p = x, i = 0; p < end; p += 16, i += Lane.width<T>()) {
      // what is behind the row comes last
      const v = Lane.select(Lane.upTo<T>(end - p), v128.load(p), Constant.minusInfinity<T>()),
        first = sizeof<T>() == 4 ? i32x4.splat(i) : i64x2.splat(i),
        at = Lane.addBits<T>(first, v128.load(sizeof<T>() == 4 ? LANES_F32 : LANES_F64));
      let place = Constant.zero<T>();
      for (let q = x, j = 0; q < end; q += sizeof<T>(), j++) {
        place = Lane.subBits<T>(place, Ranks.before<T>(q, j, v, at));
      }
      nan = v128.or(nan, v128.ne<T>(v, v));
      store<i32>(Greatest.at<i32>(list, i32x4.extract_lane(place, 0)), i);
      if (sizeof<T>() == 4) {
        store<i32>(Greatest.at<i32>(list, i32x4.extract_lane(place, 1)), i + 1);
        store<i32>(Greatest.at<i32>(list, i32x4.extract_lane(place, 2)), i + 2);
        store<i32>(Greatest.at<i32>(list, i32x4.extract_lane(place, 3)), i + 3);
      } else {
        store<i32>(Greatest.at<i32>(list, i32x4.extract_lane(place, 2)), i + 1);
      }
    }
    return v128.any_true(nan);
  }
}

/** dst = the indices of the k greatest elements of each row, best first. See src/js/max/top_k.ts. */
export function top_k<T>(src: usize, dst: usize, values: usize, rows: i32, n: i32, k: i32, scratch: usize): void {
  for (let r = 0; r < rows; r++) {
    const indices = Greatest.indices<T>(scratch, n);
    let nan = false;
    if (n <= c.TOP_K_RUN) {
      nan = Ranks.list<T>(src, n, indices);
    } else {
      const max = Thinned.tops<T>(src, Greatest.tops<T>(scratch, n), n);
      nan = v128.any_true(v128.ne<T>(max, max));
      let count = nan ? k : Greatest.list<T>(src, n, k, scratch);
      // then what is -Infinity
      for (let i = 0; count < k; i++) {
        if (load<T>(Greatest.at<T>(src, i)) == -Infinity) store<i32>(Greatest.at<i32>(indices, count++), i);
      }
    }
    for (let j = 0; j < k; j++, dst += 4) {
      const index = nan ? -1 : load<i32>(Greatest.at<i32>(indices, j));
      store<i32>(dst, index);
      if (values == 0) continue;
      store<T>(values, nan ? <T>NaN : load<T>(Greatest.at<T>(src, index)));
      values += sizeof<T>();
    }
    src += (<usize>n) << alignof<T>();
  }
}
