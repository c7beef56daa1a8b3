import { Constant } from '../constant';
import { Row } from '../row';
import { Support } from './entmax_support';
import { Project } from './project';
import { Tsallis, Weight } from './tsallis';

/** x slope(y), 0 where x is. a = alpha - 1. */
@final
@unmanaged
class Sloped {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const s = v128.load(x);
    return Project.kept<T>(s, v128.mul<T>(s, Tsallis.slope<T>(v128.load(y), a)));
  }
}

/** The bytes of four vectors, beyond which nothing of the row is. */
const GROUP: usize = 64;

/** The support of a row, one element behind the other. */
abstract class Gathered {
  /** Whether the four vectors at p are of the row and nothing but 0. */
  @inline static none(p: usize, bytes: usize): bool {
    if (bytes < GROUP) return false;
    const a = v128.or(v128.load(p), v128.load(p, 16)),
      b = v128.or(v128.load(p, 32), v128.load(p, 48));
    return !v128.any_true(v128.or(a, b));
  }

  /** The p that are not 0 at `to`, their dp at `and`, in f64; returns how many. */
  static of<T>(p: usize, dp: usize, n: i32, to: usize, and: usize): i32 {
    const bytes = (<usize>n) << alignof<T>(),
      start = to;
    for (let i: usize = 0; i < bytes;) {
      if (Gathered.none(p + i, bytes - i)) {
        i += GROUP;
        continue;
      }
      for (const end = min(i + GROUP, bytes); i < end; i += sizeof<T>()) {
        const v = <f64>load<T>(p + i),
          step = (<usize>(v != 0)) << 3;
        store<f64>(to, v);
        store<f64>(and, <f64>load<T>(dp + i));
        to += step;
        and += step;
      }
    }
    return <i32>((to - start) >> 3);
  }

  /** dst = the values at y in their places, 0 where p is. */
  static spread<T>(p: usize, y: usize, dst: usize, n: i32): void {
    const bytes = (<usize>n) << alignof<T>();
    for (let i: usize = 0; i < bytes;) {
      if (Gathered.none(p + i, bytes - i)) {
        for (const end = i + GROUP; i < end; i += 16) v128.store(dst + i, Constant.zero<T>());
        continue;
      }
      for (const end = min(i + GROUP, bytes); i < end; i += sizeof<T>()) {
        const inside = load<T>(p + i) != 0;
        store<T>(dst + i, inside ? <T>load<f64>(y) : 0);
        y += (<usize>inside) << 3;
      }
    }
  }
}

/** dst = the vector-Jacobian product of entmax at its output p, for any alpha >= 1. `scratch`: room for five rows. */
export function entmax_vjp<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  alpha: f64,
  scratch: usize,
): void {
  const row = (<usize>n) << alignof<T>(),
    width = (<usize>n + 1) << 3,
    d = scratch + width,
    y = d + width;
  for (let r = 0; r < rows; r++) {
    const k = Gathered.of<T>(p, dp, n, scratch, d);
    if (k == 0 || Support.vjp(scratch, d, y, k, <f64>temperature, alpha, y + width)) Gathered.spread<T>(p, y, dst, n);
    else Row.fill<T>(dst, n, Row.nan<T>());
    p += row;
    dp += row;
    dst += row;
  }
}

/** dst_r = the derivative by alpha of row r at its output p, times dp. `scratch`: room for five rows. */
export function entmax_vjp_alpha<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  alpha: f64,
  scratch: usize,
): void {
  const width = (<usize>n + 1) << 3,
    d = scratch + width;
  for (let r = 0; r < rows; r++) {
    store<T>(dst, <T>Support.byAlpha(scratch, d, Gathered.of<T>(p, dp, n, scratch, d), alpha, d + width));
    p += (<usize>n) << alignof<T>();
    dp += (<usize>n) << alignof<T>();
    dst += sizeof<T>();
  }
}

/** dst_r = the derivative by T of row r at its output p, times dp. `scratch`: room for three rows. */
export function entmax_vjp_temperature<T>(
  p: usize,
  dp: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  alpha: f64,
  scratch: usize,
): void {
  const width = (<usize>n) << alignof<T>(),
    u = scratch + width,
    linear = alpha >= 1.5,
    d = linear ? alpha - 1 : 1;
  for (let r = 0; r < rows; r++) {
    let s = p,
      top = p,
      by = p;
    if (alpha != 1) {
      s = scratch;
      let least = Constant.one<T>();
      if (sizeof<T>() == 8 && alpha > 2) {
        least = v128.splat<T>(<T>Support.least(p, n));
        top = s;
      }
      Row.each<T, Weight>(p, p, s, n, v128.splat<T>(<T>(2 - alpha)), least);
    }
    if (!linear) {
      by = u;
      Row.each<T, Sloped>(s, p, u, n, v128.splat<T>(<T>(alpha - 1)));
    }
    store<T>(dst, <T>(Project.slope<T>(top, s, by, dp, u + width, n, <f64>temperature) / d));
    p += width;
    dp += width;
    dst += sizeof<T>();
  }
}
