import * as c from '../../shared/constants.ts';
import { power as powerOfTwo, round } from '../lane.ts';
import { compensated as exp } from '../math/exp.ts';
import { exponent as binadeOf, less } from '../math/log.ts';

/** A number without its last 12 bits, rounded to f32 first. */
const twelveBits = /* @__PURE__ */ (
  (value: Float32Array, bits = new Int32Array(value.buffer)) =>
  (x: number) => {
    value[0] = x;
    bits[0]! &= -4096;
    return value[0]!;
  }
)(/* @__PURE__ */ new Float32Array(1));

/**
 * u = 1 + slope z, the sum rounded to f32 once. A class near the edge of the support has no error that is not small beside its
 * own u, and the sum of many of them moves with the root by no more than f64 can tell.
 */
const baseOf = (z: number, slope: number): number => round(1 + z * slope);

/** c and the parts of c and of c ln2, the first of 12 bits. */
export interface Exponent {
  readonly c: number;
  readonly high: number;
  readonly low: number;
  readonly ln2High: number;
  readonly ln2Low: number;
}

export function exponentOf(d: number): Exponent {
  const exponent = 1 / d,
    ln2 = exponent * c.LN2_HIGH_F64 + exponent * c.LN2_LOW_F64;
  const high = twelveBits(exponent),
    ln2High = twelveBits(ln2);
  return { c: round(exponent), high, low: round(exponent - high), ln2High, ln2Low: round(ln2 - ln2High) };
}

/** u+^c */
export type Value = (z: number, slope: number, exponent: Exponent) => number;

/**
 * exp(c log u), u = 2^k (1 + f) with what rounding took from it. c k ln2 + c f is the sum of two exact products and of what is
 * small beside them, so that the argument, up to log n where the p of many classes count, has no error of its own size.
 */
export function power(z: number, slope: number, exponent: Exponent): number {
  const u = baseOf(z, slope);
  if (!(u > c.LEAST_NORMAL_F32)) return 0;
  const k = binadeOf(u),
    down = powerOfTwo(-k),
    f = round(u * down - 1),
    high = twelveBits(f);
  const whole = k * exponent.ln2High,
    part = high * exponent.high,
    sum = round(whole + part),
    lost = round(round(whole - sum) + part);
  const byLow = round(round(k * exponent.ln2Low) + round(round(f - high) * exponent.high)),
    low = round(1 - u + z * slope),
    bent = round(round(round(low * down) - less(f)) * exponent.c),
    rest = round(round(lost + byLow) + round(round(f * exponent.low) + bent)),
    argument = round(sum + rest);
  return exp(argument, round(round(sum - argument) + rest));
}

/** c = 4, alpha = 1.25: by two squarings in f64. */
export function fourth(z: number, slope: number): number {
  const u = 1 + z * slope,
    square = u > 0 ? u * u : 0;
  return round(square * square);
}
