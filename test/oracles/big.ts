/** Floating point of 200 bits and any exponent, on BigInt: for what leaves the range or the digits of f64 on its way. */
import { bitLength, decompose, fixed } from './arithmetic.ts';

/** m 2^e */
export interface Big {
  readonly m: bigint;
  readonly e: number;
}

const BITS = 200;
const POINT = 320;
const inner = fixed(POINT);
const LN2 = inner.log(inner.of(2));

const lengthOf = (m: bigint): number => bitLength(m < 0n ? -m : m);

function of(m: bigint, e: number): Big {
  const drop = lengthOf(m) - BITS;
  return drop > 0 ? { m: m >> BigInt(drop), e: e + drop } : { m, e };
}

/** A finite number, exactly. */
export function big(x: number): Big {
  const [m, e] = decompose(x);
  return { m, e };
}

export const zero: Big = { m: 0n, e: 0 };
export const one: Big = { m: 1n, e: 0 };

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
export function over(a: Big, b: Big): Big {
  const shift = BITS + 8 + Math.max(0, lengthOf(b.m) - lengthOf(a.m));
  return of((a.m << BigInt(shift)) / b.m, a.e - b.e - shift);
}
export const sum = (values: readonly Big[]): Big => values.reduce(plus, zero);
export const sign = (a: Big): number => (a.m > 0n ? 1 : a.m < 0n ? -1 : 0);
export const size = (a: Big): Big => (a.m < 0n ? negative(a) : a);
export const compare = (a: Big, b: Big): number => sign(minus(a, b));
export const greatest = (values: readonly Big[]): Big => values.reduce((a, b) => (compare(b, a) > 0 ? b : a));
/** The exponent of the leading bit: floor(log2 |a|), -Infinity for 0. */
export const exponent = (a: Big): number => (a.m === 0n ? -Infinity : lengthOf(a.m) + a.e - 1);

/** Rounded once; beyond the greatest number, Infinity. */
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

/** exp x; below -2^40 it is 0. */
export function exp(a: Big): Big {
  if (exponent(a) > 40) {
    if (a.m < 0n) return zero;
    throw RangeError('exp of what has no exponent');
  }
  const x = toFixed(a),
    k = x / LN2;
  return of(inner.exp(x - k * LN2), Number(k) - POINT);
}

/** Of |x| below 2^-16, sum over k of x^k times a coefficient, from k = 1. */
function series(x: Big, coefficient: (k: number) => Big): Big {
  let total = zero;
  for (let k = 1, power = x; k === 1 || exponent(power) > exponent(x) - BITS - 8; k++, power = times(power, x)) {
    total = plus(total, times(power, coefficient(k)));
    if (power.m === 0n) break;
  }
  return total;
}

/** log x, x > 0, with its relative precision also near 1. */
export function log(a: Big): Big {
  if (a.m <= 0n) throw RangeError('log of what is not positive');
  const near = minus(a, one);
  if (exponent(near) < -16) return log1p(near);
  const length = lengthOf(a.m);
  const m = toFixed({ m: a.m, e: -length });
  return of(inner.log(m) + BigInt(a.e + length) * LN2, -POINT);
}

/** log(1 + x), with the relative precision of x. */
export function log1p(x: Big): Big {
  return exponent(x) < -16 ? series(x, (k) => over(big(k % 2 === 1 ? 1 : -1), big(k))) : log(plus(one, x));
}

/** exp x - 1, with the relative precision of x. */
export function expm1(x: Big): Big {
  let factorial = one;
  if (exponent(x) >= -16) return minus(exp(x), one);
  return series(x, (k) => over(one, (factorial = times(factorial, big(k)))));
}

/** x^y, x >= 0 */
export const power = (x: Big, y: Big): Big => (x.m === 0n ? zero : exp(times(y, log(x))));
