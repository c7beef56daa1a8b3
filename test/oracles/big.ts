/** Floating point of 200 bits and any exponent, on BigInt: for what leaves the range or the digits of f64 on its way. */
import { fixed } from './arithmetic.ts';

/** m 2^e */
export interface Big {
  readonly m: bigint;
  readonly e: number;
}

const BITS = 200;
const POINT = 320;
const inner = fixed(POINT);
const LN2 = inner.log(inner.of(2));

function lengthOf(m: bigint): number {
  return (m < 0n ? -m : m).toString(2).length;
}

function of(m: bigint, e: number): Big {
  const drop = lengthOf(m) - BITS;
  return drop > 0 ? { m: m >> BigInt(drop), e: e + drop } : { m, e };
}

/** A number, exactly. */
export function big(x: number): Big {
  let e = 0;
  while (!Number.isInteger(x) && e < 1200) {
    x *= 2;
    e++;
  }
  return of(BigInt(x), -e);
}

export const zero: Big = { m: 0n, e: 0 };

export function plus(a: Big, b: Big): Big {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  const [high, low] = a.e >= b.e ? [a, b] : [b, a];
  const shift = high.e - low.e;
  return shift > 2 * BITS && lengthOf(high.m) + shift > lengthOf(low.m) + BITS + 8
    ? high
    : of((high.m << BigInt(shift)) + low.m, low.e);
}

export const negative = (a: Big): Big => ({ m: -a.m, e: a.e });
export const minus = (a: Big, b: Big): Big => plus(a, negative(b));
export const times = (a: Big, b: Big): Big => of(a.m * b.m, a.e + b.e);
export const over = (a: Big, b: Big): Big => of((a.m << BigInt(BITS + 8)) / b.m, a.e - b.e - BITS - 8);
export const sum = (values: readonly Big[]): Big => values.reduce(plus, zero);
export const sign = (a: Big): number => (a.m > 0n ? 1 : a.m < 0n ? -1 : 0);
export const size = (a: Big): Big => (a.m < 0n ? negative(a) : a);
export const greatest = (values: readonly Big[]): Big => values.reduce((a, b) => (sign(minus(b, a)) > 0 ? b : a));

export function number(a: Big): number {
  const drop = Math.max(0, lengthOf(a.m) - 64);
  let [value, e] = [Number(a.m >> BigInt(drop)), a.e + drop];
  if (value === 0 || e > 2000) return value && value * Infinity;
  for (; e > 900; e -= 900) value *= 2 ** 900;
  for (; e < -900 && value !== 0; e += 900) value *= 2 ** -900;
  return value * 2 ** e;
}

/** In fixed point. */
const toFixed = (a: Big): bigint => {
  const shift = a.e + POINT;
  return shift >= 0 ? a.m << BigInt(shift) : a.m >> BigInt(-shift);
};

export function exp(a: Big): Big {
  const x = toFixed(a),
    k = x / LN2;
  return of(inner.exp(x - k * LN2), Number(k) - POINT);
}

/** log x, x > 0 */
export function log(a: Big): Big {
  const length = lengthOf(a.m);
  const m = toFixed({ m: a.m, e: -length });
  return of(inner.log(m) + BigInt(a.e + length) * LN2, -POINT);
}

/** x^y, x >= 0 */
export const power = (x: Big, y: Big): Big => (x.m === 0n ? zero : exp(times(y, log(x))));
