import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, power, round } from '../lane.ts';
import { polynomial, unrounded } from './polynomial.ts';

/** log x for positive normal x. */
export function normal(x: number): number {
  const k = exponent(x);
  return rebuild(k, fraction(x, k), ln2Low(k));
}

/** reduce: the exponent k of x = 2^k m, m in [sqrt(1/2), sqrt(2)), from its bits; of an f64, from their two halves */
export const exponent = /* @__PURE__ */ (
  (value: Float32Array | Float64Array, bits = new Int32Array(value.buffer)) =>
  (x: number) => {
    value[0] = x;
    return BYTES === 4
      ? (bits[0]! - c.SQRT_HALF_BITS_F32) >> 23
      : (bits[1]! - c.SQRT_HALF_HIGH_BITS_F64 - (bits[0]! >>> 0 < c.SQRT_HALF_LOW_BITS_F64 ? 1 : 0)) >> 20;
  }
)(/* @__PURE__ */ new (BYTES === 4 ? Float32Array : Float64Array)(1));

/** f = m - 1, exact */
function fraction(x: number, k: number): number {
  return x * power(0 - k) - 1;
}

/** approximate: f - log(1 + f) = s (f - R) */
export function less(f: number): number {
  const s = round(f / round(f + 2));
  const z = round(s * s);
  const R = round((BYTES === 4 ? polynomial(c.LOG_F32, z) : polynomial(c.LOG_F64, z)) * z);
  return round(s * round(f - R));
}

/** The low part of k ln2. */
export function ln2Low(k: number): number {
  return round(k * (BYTES === 4 ? c.LN2_LOW_F32 : c.LN2_LOW_F64));
}

/** reconstruct: log(1 + f) + low and the high part of k ln2, the small terms first */
export function rebuild(k: number, f: number, low: number): number {
  return round(k * (BYTES === 4 ? c.LN2_HIGH_F32 : c.LN2_HIGH_F64) + round(f - round(less(f) - low)));
}

/** -log x - less of an f32 x, right to 2^-23 or a few last places: for what needs no more. */
export function short(x: number, less: number): number {
  const k = exponent(x),
    f = fraction(x, k),
    s = round(f / round(f + 2)),
    z = round(s * s);
  return round(round(round(k * -c.LN2_F32) - less) - round(s * polynomial(c.LOG_SHORT_F32, z)));
}

/** The high half of the bits of an f64. */
export const high = /* @__PURE__ */ (
  (value: Float64Array, bits = new Int32Array(value.buffer)) =>
  (x: number) => {
    value[0] = x;
    return bits[1]!;
  }
)(/* @__PURE__ */ new Float64Array(1));

/** log(a / b) + k ln2 of a / b in [2/3, 3/2], for draws of f32: in f64, which needs no care for what rounding takes. */
export function ratio(a: number, b: number, k: number): number {
  const s = (a - b) / (a + b),
    z = s * s;
  return s * (z * unrounded(c.LOG_RATIO, z) + 2) + k * c.LN2;
}

/** Whether x is positive, normal and finite. */
function ordinary(x: number): boolean {
  return x >= (BYTES === 4 ? c.LEAST_NORMAL_F32 : c.LEAST_NORMAL_F64) && x < Infinity;
}

/** log x for every x. */
export function every(x: number): number {
  return ordinary(x) ? normal(x) : special(x);
}

/** log x for an x that is not ordinary. */
function special(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  const lifted = x * (BYTES === 4 ? c.LIFT_F32 : c.LIFT_F64),
    k = exponent(lifted),
    n = k - (BYTES === 4 ? 24 : 54);
  return rebuild(n, fraction(lifted, k), ln2Low(n));
}

/** dst_i = log(src_i), i < count. */
export function log(src: number, dst: number, count: number): void {
  const values = heap,
    x = src / BYTES,
    y = dst / BYTES;
  for (let i = 0; i < count; i++) {
    const v = values[x + i]!;
    values[y + i] = normal(ordinary(v) ? v : 1);
    if (!ordinary(v)) values[y + i] = special(v);
  }
}
