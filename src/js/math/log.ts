import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, POWER, POWER_OFFSET, round } from '../lane.ts';

const SINGLE = BYTES === 4;
const LN2_HIGH = SINGLE ? c.LN2_HIGH_F32 : c.LN2_HIGH_F64;
const LN2_LOW = SINGLE ? c.LN2_LOW_F32 : c.LN2_LOW_F64;
const LEAST_NORMAL = SINGLE ? c.LEAST_NORMAL_F32 : c.LEAST_NORMAL_F64;
const LIFT = SINGLE ? c.LIFT_F32 : c.LIFT_F64;
const LIFTED = SINGLE ? 24 : 54;

const value = /* @__PURE__ */ new (SINGLE ? Float32Array : Float64Array)(1);
const bits = /* @__PURE__ */ new Int32Array(value.buffer);
const SQRT_HALF = /* @__PURE__ */ bitsOf(SINGLE ? c.SQRT_HALF_F32 : c.SQRT_HALF_F64);

/** The bits of x: an f32's, or the two halves of an f64's. */
function bitsOf(x: number): Int32Array {
  value[0] = x;
  return bits.slice();
}

/** log x for positive normal x. */
export function normal(x: number): number {
  const k = exponent(x);
  return rebuild(k, fraction(x, k), 0);
}

/** reduce: the exponent k of x = 2^k m, m in [sqrt(1/2), sqrt(2)) */
export function exponent(x: number): number {
  value[0] = x;
  if (SINGLE) return (bits[0]! - SQRT_HALF[0]!) >> 23;
  const borrow = bits[0]! >>> 0 < SQRT_HALF[0]! >>> 0 ? 1 : 0;
  return (bits[1]! - SQRT_HALF[1]! - borrow) >> 20;
}

/** 2^-k */
export function scale(k: number): number {
  return POWER[POWER_OFFSET - k]!;
}

/** f = m - 1 */
function fraction(x: number, k: number): number {
  return round(x * scale(k) - 1);
}

/** k ln2 + log(1 + f) + low */
export function rebuild(k: number, f: number, low: number): number {
  // approximate: log(1 + f) = f - s (f - R)
  const s = round(f / round(f + 2));
  const z = round(s * s);
  let R: number;
  if (SINGLE) {
    R = round(round(z * c.LOG_F32_3) + c.LOG_F32_2);
    R = round(round(R * z) + c.LOG_F32_1);
  } else {
    R = z * c.LOG_F64_7 + c.LOG_F64_6;
    R = R * z + c.LOG_F64_5;
    R = R * z + c.LOG_F64_4;
    R = R * z + c.LOG_F64_3;
    R = R * z + c.LOG_F64_2;
    R = R * z + c.LOG_F64_1;
  }
  R = round(R * z);
  // reconstruct: the small terms first
  const small = round(round(s * round(f - R)) - round(round(k * LN2_LOW) + low));
  return round(round(k * LN2_HIGH) + round(f - small));
}

/** log x for every x. */
export function every(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  if (x >= LEAST_NORMAL) return normal(x);
  const lifted = x * LIFT,
    k = exponent(lifted);
  return rebuild(k - LIFTED, fraction(lifted, k), 0);
}

/** dst_i = log(src_i), i < n. */
export function log(src: number, dst: number, n: number): void {
  const x = src / BYTES,
    y = dst / BYTES;
  for (let i = 0; i < n; i++) heap[y + i] = every(heap[x + i]!);
}
