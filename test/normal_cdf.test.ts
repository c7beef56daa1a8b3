/** Normal.cdf and icdf against 2400-bit fixed point: more than 50 digits of a tail of 2^-1021 are left of it. */
import { Normal } from 'anymax';
import { expect, test } from 'vitest';
import { expectSame, onBothBackends } from './backends.ts';

const BITS = 2400n,
  ONE = 1n << BITS;
const mul = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const div = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** Exact: an f64 is an integer over a power of 2 (of 2^1100 here). */
function fromNumber(x: number): bigint {
  const [scaled, rest] = [x * 2 ** 1000, x * 2 ** 1000 * 2 ** 100];
  if (Number.isInteger(scaled) && scaled < 2 ** 1000) return BigInt(scaled) << (BITS - 1000n);
  if (Number.isFinite(rest) && Number.isInteger(rest)) return BigInt(rest) << (BITS - 1100n);
  return BigInt(x * 2 ** 500) << (BITS - 500n);
}

/** Rounded once. */
function toNumber(a: bigint): number {
  if (a < 0n) return -toNumber(-a);
  const excess = Math.max(0, a.toString(2).length - 80);
  const shift = Number(BITS) - excess;
  return (
    Number(a >> BigInt(excess)) /
    2 ** Math.floor(shift / 3) /
    2 ** Math.floor(shift / 3) /
    2 ** (shift - 2 * Math.floor(shift / 3))
  );
}

/** exp x by its series at x / 2^12, squared twelve times. */
function exp(x: bigint): bigint {
  let sum = 0n;
  for (let term = ONE, k = 1n; term !== 0n && term !== -1n; term = mul(term, x >> 12n) / k++) sum += term;
  for (let i = 0; i < 12; i++) sum = mul(sum, sum);
  return sum;
}

/** log x, 0 < x <= 1: Newton's iteration of third order on exp y = x. */
function log(x: bigint): bigint {
  const shift = BigInt(Number(BITS) + 1 - x.toString(2).length);
  const m = x << shift; // in [1, 2)
  return logOf(m) - shift * LN2;
}

function logOf(m: bigint): bigint {
  let y = fromNumber(Math.log(toNumber(m)));
  for (let step = 0; step < 4; step++) {
    const e = exp(y);
    y += div(2n * (m - e), m + e);
  }
  return y;
}
const LN2 = logOf(2n * ONE);

function sqrt(x: bigint): bigint {
  const square = x << BITS;
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** atan(1 / k) */
function arctangent(k: bigint): bigint {
  let sum = 0n;
  for (let power = ONE / k, j = 1n; power !== 0n; power /= -k * k, j += 2n) sum += power / j;
  return sum;
}
const PI = 4n * (4n * arctangent(5n) - arctangent(239n));
const AT_0 = div(ONE, sqrt(2n * PI));

/** phi(y) and P(N > y), y >= 0: 1/2 - phi(y) (y + y^3 / 3 + y^5 / 15 + ...), Abramowitz and Stegun 26.2.11. */
const references = new Map<number, { density: bigint; tail: bigint }>();
function reference(y: number): { density: bigint; tail: bigint } {
  const known = references.get(y);
  if (known !== undefined) return known;
  const x = fromNumber(y),
    square = mul(x, x);
  let sum = 0n;
  for (let term = x, k = 3n; term !== 0n; term = mul(term, square) / k, k += 2n) sum += term;
  const density = mul(AT_0, exp(-(square >> 1n)));
  const found = { density, tail: (ONE >> 1n) - mul(density, sum) };
  references.set(y, found);
  return found;
}

const ulpOf = (x: number): number => 2 ** Math.max(-1074, Math.floor(Math.log2(Math.abs(x))) - 52);
const standard = new Normal(Float64Array.of(0), 1);
const cdf = (...z: number[]): number[] => [...standard.cdf(Float64Array.from(z))];
const icdf = (...u: number[]): number[] => [...standard.icdf(Float64Array.from(u))];

/** Where the two forms meet (3/4), around it, and all the way down to where the result is the least subnormal number. */
const POINTS = [
  1e-300,
  1e-10,
  0.001,
  0.03,
  0.7499999,
  0.75,
  0.7500001,
  1.96,
  8.2,
  8.3,
  37.4,
  37.5,
  37.51,
  38,
  38.2,
  38.44,
  ...Array.from({ length: 150 }, (_, i) => 37.5 * ((i + 0.37) / 150) ** 1.5),
];

test('the reference is right: known values, and the bounds 1 - 1/y^2 and 1 - 1/y^2 + 3/y^4 of y P(N > y) / phi(y)', () => {
  expect(toNumber(reference(1).tail)).toBe(0.15865525393145705);
  expect(toNumber(reference(10).tail) * 1e24).toBeCloseTo(7.6198530241605, 12);
  for (const y of [20, 37.5]) {
    const { tail, density } = reference(y);
    const ratio = toNumber(div(mul(tail, fromNumber(y)), density));
    expect(ratio).toBeGreaterThan(1 - y ** -2);
    expect(ratio).toBeLessThan(1 - y ** -2 + 3 * y ** -4);
  }
  expect(toNumber(fromNumber(0.1))).toBe(0.1);
  expect(toNumber(fromNumber(37.123456))).toBe(37.123456);
});

onBothBackends(() => {
  test('cdf: within 8 ULP in both tails, f64; rounded once, f32', () => {
    let worst = 0;
    for (const y of POINTS) {
      const { tail } = reference(y);
      const [lower, upper] = cdf(-y, y);
      const exact = toNumber(tail),
        complement = toNumber(ONE - tail);
      worst = Math.max(
        worst,
        Math.abs(lower! - exact) / ulpOf(exact),
        Math.abs(upper! - complement) / ulpOf(complement),
      );
      const single = Math.fround(-y);
      const [own] = new Normal(0, 1).cdf(Float32Array.of(single));
      const single64 = toNumber(reference(-single).tail);
      expect(Math.abs(own! - single64), String(y)).toBeLessThanOrEqual(
        Math.max(0.5001 * 2 ** -23 * single64, 2 ** -150),
      );
    }
    console.log(`Normal.cdf: greatest error ${worst.toFixed(2)} ULP over ${POINTS.length} points and their negatives`);
    expect(worst).toBeLessThan(8);
  });

  test('sf and isf are cdf and icdf from the other side', () => {
    const z = Float64Array.from(POINTS.flatMap((y) => [y, -y]));
    expectSame(standard.sf(z), standard.cdf(z.map((v) => -v)));
    const u = Float64Array.of(1e-320, 1e-30, 0.2, 0.6, 1 - 2 ** -53);
    expectSame(
      standard.isf(u),
      standard.icdf(u).map((v) => -v),
    );
    expectSame(standard.isf(Float64Array.of(0, 0.5, 1, -1, NaN)), Float64Array.of(Infinity, 0, -Infinity, NaN, NaN));
  });

  test('logCdf and logSf: within 8 ULP at every z', () => {
    let worst = 0;
    for (const y of [...POINTS, 39, 60, 200, 1e3]) {
      // beyond what 2400 bits hold: log(phi(y) / y) + log(1 - 1 / y^2 + 3 / y^4 - 15 / y^6 + ...), to 1e-17 of it
      const series = 1 - y ** -2 * (1 - 3 * y ** -2 * (1 - 5 * y ** -2 * (1 - 7 * y ** -2)));
      const below =
        y > 38
          ? -(y * y) / 2 - Math.log(2 * Math.PI) / 2 - Math.log(y) + Math.log(series)
          : toNumber(log(reference(y).tail));
      const above = toNumber(log(ONE - reference(Math.min(y, 38.44)).tail));
      const at = Float64Array.of(-y, y);
      const [low, high] = standard.logCdf(at);
      worst = Math.max(worst, Math.abs(low! - below) / ulpOf(below));
      if (y < 38.5) worst = Math.max(worst, Math.abs(high! - above) / ulpOf(above));
      expectSame(standard.logSf(at), Float64Array.of(high!, low!));
    }
    console.log(`Normal.logCdf: greatest error ${worst.toFixed(2)} ULP`);
    expect(worst).toBeLessThan(8);
    expect(standard.logCdf(-40)[0]).toBeCloseTo(-804.608, 3);
    expectSame(
      standard.logCdf(Float64Array.of(-Infinity, -1e200, Infinity, NaN)),
      Float64Array.of(-Infinity, -Infinity, 0, NaN),
    );
  });

  test('icdf: within 4 ULP of max(1, |z|) of the exact quantile, down to the least subnormal', () => {
    const u = [
      ...POINTS.slice(3).map((y) => toNumber(reference(y).tail)),
      5e-324,
      1e-320,
      2.3e-308,
      1e-200,
      0.02425,
      0.3,
      0.4999,
      0.49999999999,
      0.5 - 2 ** -54,
    ];
    let worst = 0;
    for (const p of u) {
      for (const v of p > 1e-16 ? [p, 1 - p] : [p]) {
        const q = fromNumber(Math.min(v, 1 - v));
        const [z] = icdf(v);
        expect(Math.sign(z!)).toBe(Math.sign(v - 0.5));
        const { tail, density } = reference(Math.abs(z!));
        const error = toNumber(div(tail - q, density));
        worst = Math.max(worst, Math.abs(error) / ulpOf(Math.max(1, Math.abs(z!))));
      }
    }
    console.log(`Normal.icdf: greatest error ${worst.toFixed(2)} ULP of max(1, |z|)`);
    expect(worst).toBeLessThan(4);
  });

  test('icdf near 1/2 keeps its relative precision', () => {
    for (const d of [2 ** -54, 1e-12, 1e-5]) {
      const v = 0.5 - d;
      const [z] = icdf(v);
      const { tail, density } = reference(-z!);
      expect(Math.abs(toNumber(div(tail - fromNumber(v), density)) / z!)).toBeLessThan(4 * 2 ** -53);
    }
  });

  test('ends and beyond', () => {
    expectSame(
      standard.cdf(Float64Array.of(-Infinity, -1e308, -40, 0, 40, 1e308, Infinity, NaN)),
      Float64Array.of(0, 0, 0, 0.5, 1, 1, 1, NaN),
    );
    expectSame(
      standard.icdf(Float64Array.of(0, 0.5, 1, -1e-300, 1.1, NaN)),
      Float64Array.of(-Infinity, 0, Infinity, NaN, NaN, NaN),
    );
  });
});
