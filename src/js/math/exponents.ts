import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import { approximate } from './exp.ts';
import { monic } from './polynomial.ts';

/** K */
export const factor = BYTES === 4 ? c.POWER_F32_FACTOR : 1;

const BIAS = BYTES === 4 ? c.EXPONENT_BIAS_F32 : c.EXPONENT_BIAS_F64;

// Of the call: T, 1 / (T ln2), the two parts of T ln2, T ln2 itself, 1 / T, the greatest |max|.
let of = NaN,
  perLn2 = 0,
  ln2High = 0,
  ln2Low = 0,
  ln2 = 0,
  perT = 0,
  greatest = 0;

/** 2^(k - bias) of an exponent field k, 0 for k = 0. */
const field = /* @__PURE__ */ (
  (powers: Float64Array) => (k: number) =>
    powers[k]!
)(/* @__PURE__ */ Float64Array.from({ length: 2 * BIAS + 1 }, (_, k) => (k > 0 ? 2 ** (k - BIAS) : 0)));

/** The bits of an f64, in two halves, that are in the masks. */
const cut = /* @__PURE__ */ (
  (value: Float64Array, bits = new Int32Array(value.buffer)) =>
  (x: number, high: number, low: number) => {
    value[0] = x;
    bits[0]! &= low;
    bits[1]! &= high;
    return value[0]!;
  }
)(/* @__PURE__ */ new Float64Array(1));

/**
 * Exponentials up to a factor that a row shares: K exp(x / T) 2^-N, N = round(max / (T ln2)), of an x as it is. The maximum
 * is not subtracted, so nothing of x is lost and no error grows with the distance from it: x = n T ln2 + r, exp(r / T) by
 * the polynomial, and 2^(n - N) a factor. T ln2 has a high part without its last 12 bits, so that n times it is exact up to
 * |n| < 2^12: rows within |max| <= 2000 T go by exponents, if T is far from the ends of the range.
 *
 * Where n - N is at or below the least exponent the result is 0, so for -Infinity; one more, and it may be subnormal. NaN stays.
 *
 * `open` begins a call at temperature t: a kernel does so before it asks for anything else.
 */
export function open(t: number): void {
  if (t === of) return;
  // T ln2 = a + b, a exact
  const T1 = cut(t, -1, 0),
    a = T1 * c.LN2_HIGH_F64,
    b = (t - T1) * c.LN2_HIGH_F64 + t * c.LN2_LOW_F64,
    sum = a + b;
  ln2 = round(sum);
  ln2High = BYTES === 4 ? cut(ln2, ~0x1ff, 0) : cut(ln2, -1, ~0xfff);
  ln2Low = round(a - ln2High + b);
  perLn2 = round(1 / sum);
  perT = round(1 / t);
  const within = BYTES === 4 ? t > c.EXPONENTS_FROM_F32 && t < c.EXPONENTS_TO_F32 : t > c.EXPONENTS_FROM_F64 && t < c.EXPONENTS_TO_F64; // prettier-ignore
  greatest = within ? round(c.EXPONENTS_REACH * t) : -1;
  of = t;
}

/** Whether a row of this maximum is within reach. */
export function reach(max: number): boolean {
  return Math.abs(max) <= greatest;
}

/** N = round(max / (T ln2)) */
export function exponent(max: number): number {
  return round(max * perLn2) + c.MAGIC_F64 - c.MAGIC_F64;
}

/** K exp(x / T) 2^-N of n elements from index x on, at index dst on. */
export function fill(x: number, dst: number, n: number, max: number): void {
  const N = exponent(max),
    least = round((N - BIAS) * ln2),
    magic = c.MAGIC_F64 + BIAS - N;
  // locals, which V8 keeps in registers
  const values = heap,
    a = perLn2,
    high = ln2High,
    low = ln2Low,
    b = perT;
  for (let i = 0; i < n; i++) values[dst + i] = power(values[x + i]!, least, magic, a, high, low, b);
}

/** K exp(max / T) 2^-N */
export function ofMax(max: number): number {
  return round(power(max, max, c.MAGIC_F64 + BIAS - exponent(max), perLn2, ln2High, ln2Low, perT));
}

function power(
  x: number,
  least: number,
  magic: number,
  perLn2: number,
  ln2High: number,
  ln2Low: number,
  perT: number,
): number {
  const v = x < least ? least : x;
  // reduce: t = n + magic, rounded to an integer, which has n - N, biased, in its low bits; v - n ln2High is exact
  const t = round(v * perLn2) + magic,
    n = t - magic;
  const r = round(v - n * ln2High - round(n * ln2Low));
  const y = round(r * perT);
  return (BYTES === 4 ? monic(c.POWER_F32, y) : approximate(y)) * field((t - c.MAGIC_F64) | 0);
}
