import { Four } from '../four';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Exponentials } from '../max/exponentials';
import { Row } from '../row';
import * as c from '../shared';

const LN2: f64 = c.LN2_HIGH_F64 + c.LN2_LOW_F64;
/** Bytes from sums to the next of them: two groups. */
const GROUPS: usize = 128;

/** (y - b) - c (x - a): w less that of the first element. */
@final
@unmanaged
class From {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f32x4.sub(f32x4.sub(v128.load(y), b), f32x4.mul(c, f32x4.sub(v128.load(x), a)));
  }
}

/** Rows of f32 whose elements are all finite, with sums in f64. See src/js/density/single.ts. */
export abstract class Single {
  /** constant + sum d - n log sum exp d of two rows, the exponentials of Exponents at N. */
  static density(constant: f64, all: v128, N: v128, sum: v128, n: i32): v128 {
    const logs = f64x2.add(
      f64x2.mul(f64x2.promote_low_f32x4(N), f64x2.splat(LN2)),
      Double.log(f64x2.div(sum, f64x2.splat(Exponents.factor<f32>()))),
    );
    return f64x2.add(f64x2.splat(constant), f64x2.sub(all, f64x2.mul(f64x2.splat(<f64>n), logs)));
  }

  /** The log-density of a row at log x = l; NaN where it wants f64. `d`: room for a row. */
  static row(l: usize, logits: usize, n: i32, temperature: f32, constant: f64, d: usize, simplex: bool): f64 {
    Row.each<f32, From>(l, logits, d, n, v128.load32_splat(l), v128.load32_splat(logits), f32x4.splat(temperature));
    let all = Exponentials.add<f32>(d, n);
    if (simplex) all -= Exponentials.add<f32>(l, n);
    const max = Row.top<f32>(d, n);
    if (n < 2 || f32x4.extract_lane(max, 0) > c.DENSITY_REACH) return NaN;
    const sum = f64x2.splat(Exponentials.sum<f32>(d, d, n, max, 1));
    const densities = Single.density(constant, f64x2.splat(all), Exponents.exponent<f32>(max), sum, n),
      density = f64x2.extract_lane(densities, 0);
    return isFinite(density) && (n <= c.SHORT_ROW || abs(density) >= c.DENSITY_CANCELS * <f64>n) ? density : NaN;
  }

  /** Of four short rows; false, and nothing done, if one of them wants f64. */
  static four(
    l: usize,
    logits: usize,
    dst: usize,
    n: i32,
    temperature: f32,
    constant: f64,
    p: usize,
    simplex: bool,
  ): bool {
    const width = (<usize>Four.vectors(n)) << 4,
      q = p + width,
      e = q + width,
      sums = e + width;
    Four.open(l, p, n);
    Four.open(logits, q, n);
    Row.each<f32, From>(p, q, e, 4 * n, v128.load(p), v128.load(q), f32x4.splat(temperature));
    let max = v128.load(e);
    for (let i: usize = 0, end = (<usize>n) << 4; i < end; i += 16) max = f32x4.pmax(max, v128.load(e + i));
    if (n < 2 || v128.any_true(f32x4.gt(max, f32x4.splat(<f32>c.DENSITY_REACH)))) return false;
    Four.addUp(e, n, sums);
    if (simplex) Four.addUp(p, n, sums + GROUPS);
    Exponentials.sum<f32>(e, e, 4 * n, max, 1);
    Four.addUp(e, n, sums + 2 * GROUPS);
    const N = Exponents.exponent<f32>(max),
      low = Single.two(sums, n, constant, N, simplex),
      high = Single.two(sums + 8, n, constant, Four.others(N), simplex),
      density = Four.singles(low, high);
    if (!Four.finite(density)) return false;
    v128.store(dst, density);
    return true;
  }

  static two(sums: usize, n: i32, constant: f64, N: v128, simplex: bool): v128 {
    let all = Four.sum(sums, n);
    if (simplex) all = f64x2.sub(all, Four.sum(sums + GROUPS, n));
    return Single.density(constant, all, N, Four.sum(sums + 2 * GROUPS, n), n);
  }
}
