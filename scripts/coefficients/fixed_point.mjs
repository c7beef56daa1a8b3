// Fixed point: the integer a stands for a / ONE. 256 bits leave 195 of erfc where it is 2^-61.

const BITS = 256n;
export const ONE = 1n << BITS;
export const mul = (a, b) => (a * b) >> BITS;
export const div = (a, b) => (a << BITS) / b;
export const abs = (a) => (a < 0n ? -a : a);
export const larger = (a, b) => (a < b ? b : a);
/** Exact for |x| >= 2^-203; BigInt throws for a smaller x that does not fit. */
export const fromNumber = (x) => BigInt(x * 2 ** Number(BITS));
/** Rounds once, to nearest even: Number(BigInt) does so, and the scaling is exact. */
export const toNumber = (a) => Number(a) / 2 ** Number(BITS);

export function exp(x) {
  let sum = 0n;
  for (let term = ONE, k = 1n; term !== 0n; term = mul(term, x) / k++) sum += term;
  return sum;
}

/** log1p(f) = log((1 + s) / (1 - s)) = 2 atanh(s) at s = f / (2 + f), for s > 0. */
export function log1pOfS(s) {
  const z = mul(s, s);
  let sum = 0n;
  for (let power = 2n * s, k = 1n; power !== 0n; power = mul(power, z), k += 2n) sum += power / k;
  return sum;
}

const LN2 = log1pOfS(ONE / 3n);

/** log x = k ln2 + log m, x = 2^k m, m in [1, 2). */
export function log(x) {
  const k = BigInt(x.toString(2).length - 1) - BITS;
  const m = k < 0n ? x << -k : x >> k;
  return k * LN2 + log1pOfS(div(m - ONE, m + ONE));
}

/** Newton's iteration from above, which ends where it no longer falls. */
export function sqrt(x) {
  const square = x << BITS;
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Machin: pi / 4 = 4 atan(1/5) - atan(1/239). */
function inverseTangentOf(k) {
  let sum = 0n;
  for (let power = ONE / k, j = 1n; power !== 0n; power /= -k * k, j += 2n) sum += power / j;
  return sum;
}

const SQRT_2_OVER_PI = sqrt(div(2n * ONE, 4n * (4n * inverseTangentOf(5n) - inverseTangentOf(239n))));

/** P(|N(0, 1)| < y) = sqrt(2 / pi) exp(-y^2 / 2) (y + y^3 / 3 + y^5 / 15 + ...): Abramowitz and Stegun 26.2.11. */
export function central(y) {
  const square = mul(y, y);
  let sum = 0n;
  for (let term = y, k = 3n; term !== 0n; term = mul(term, square) / k, k += 2n) sum += term;
  return div(mul(SQRT_2_OVER_PI, sum), exp(square / 2n));
}
