import { ACCUMULATORS, SHORT_ROW } from './shared';

/** 16 bytes of ones before 16 of zeros: a load that starts 16 - k bytes in has its first k bytes set. */
const MASKS: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0], 16);

/**
 * The SIMD vocabulary: what `v128.add<T>` and its kind leave to be said, generic in T (f32: four lanes, f64: two).
 * V8 rebuilds a `v128.const` at each use (measured: exp 1.7 times slower), so constants are splat from linear memory.
 */
export abstract class Lane {
  @inline static width<T>(): i32 {
    return 16 / sizeof<T>();
  }

  /** The value of T at an address, in every lane. */
  @inline static splat<T>(p: usize): v128 {
    return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p);
  }

  /** The i-th entry of the table of T as a vector; both tables hold the same constants in the same order. */
  @inline static constant<T>(f32s: usize, f64s: usize, i: usize): v128 {
    return sizeof<T>() == 4 ? v128.load32_splat(f32s + (i << 2)) : v128.load64_splat(f64s + (i << 3));
  }

  /** a b + c, two roundings. */
  @inline static madd<T>(a: v128, b: v128, c: v128): v128 {
    return v128.add<T>(v128.mul<T>(a, b), c);
  }

  /** c - a b, two roundings. */
  @inline static nmadd<T>(a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(c, v128.mul<T>(a, b));
  }

  /** mask ? a : b, lane by lane. */
  @inline static select(mask: v128, a: v128, b: v128): v128 {
    return v128.bitselect(a, b, mask);
  }

  /** Integer arithmetic on lanes of T's size. */
  @inline static addBits<T>(a: v128, b: v128): v128 {
    return sizeof<T>() == 4 ? i32x4.add(a, b) : i64x2.add(a, b);
  }

  @inline static subBits<T>(a: v128, b: v128): v128 {
    return sizeof<T>() == 4 ? i32x4.sub(a, b) : i64x2.sub(a, b);
  }

  /** Bit i set where lane i is. */
  @inline static bitmask<T>(mask: v128): i32 {
    return sizeof<T>() == 4 ? i32x4.bitmask(mask) : i64x2.bitmask(mask);
  }

  /** The lanes as f64, two sums of f32 lanes: (l0 + l2, l1 + l3), or (l0, l1). */
  @inline static wide<T>(v: v128): v128 {
    if (sizeof<T>() == 8) return v;
    return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 0, 1)));
  }

  /** The sum of two f64. */
  @inline static sum(v: v128): f64 {
    return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
  }

  /** The sum of the two lanes of 64-bit counts. */
  @inline static sumBits(v: v128): i32 {
    return <i32>(i64x2.extract_lane(v, 0) + i64x2.extract_lane(v, 1));
  }

  /** The sum of two f64 in both lanes. */
  @inline static total(v: v128): v128 {
    return f64x2.add(v, v128.shuffle<i64>(v, v, 1, 0));
  }

  /** The greatest lane, in every lane. */
  @inline static max<T>(v: v128): v128 {
    if (sizeof<T>() == 4) v = f32x4.pmax(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
    return v128.pmax<T>(v, sizeof<T>() == 4 ? v128.shuffle<i32>(v, v, 1, 0, 3, 2) : v128.shuffle<i64>(v, v, 1, 0));
  }

  /** A mask of the lanes in the first `bytes` bytes, bytes > 0. */
  @inline static upTo<T>(bytes: usize): v128 {
    return v128.load(MASKS + 16 - min(bytes, 16));
  }

  /** Stores the lanes in the first `bytes` bytes, bytes > 0, and nothing beyond. */
  @inline static storeUpTo<T>(p: usize, v: v128, bytes: usize): void {
    if (bytes >= 16) {
      v128.store(p, v);
      return;
    }
    if (bytes & 8) {
      v128.store64_lane(p, v, 0);
      if (sizeof<T>() == 4 && bytes & 4) v128.store32_lane(p, v, 2, 8);
    } else {
      v128.store32_lane(p, v, 0);
    }
  }

  /** Bytes of a row of n that ACCUMULATORS vectors at a time cover: none of a short row. */
  @inline static bulk<T>(n: i32): usize {
    const step = ACCUMULATORS * Lane.width<T>();
    return n <= SHORT_ROW ? 0 : (<usize>(n - (n % step))) << alignof<T>();
  }
}
