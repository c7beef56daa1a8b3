import { Constant } from '../constant';
import { Row } from '../row';
import { Support } from './entmax_support';
import { Project } from './project';
import { Single } from './project_single';
import { Exponentials } from './exponentials';
import { Tsallis, weigh } from './tsallis';

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
  if (sizeof<T>() == 4) {
    Single.rows(p, dp, dst, rows, n, <f32>temperature, alpha, true, scratch);
    return;
  }
  const width = (<usize>n) << 3,
    u = scratch + width,
    linear = alpha >= 1.5,
    t = <f64>temperature,
    least = t == 0 || t > 1 ? 1 : t;
  for (let r = 0; r < rows; r++) {
    const steep = alpha > 2,
      s = weigh<f64>(p, scratch, n, 2 - alpha, steep ? Support.least(p, n) : 1);
    if (!linear) Row.each<f64, Sloped>(s, p, u, n, f64x2.splat(alpha - 1));
    Project.row(steep ? s : p, s, linear ? p : u, dp, u + width, n, t == 0 ? 0 : max(t, 1));
    store<f64>(dst, (0 - Exponentials.add<f64>(u + width, n)) / least / (linear ? alpha - 1 : 1));
    p += width;
    dp += width;
    dst += 8;
  }
}
