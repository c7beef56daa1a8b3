import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, power as powerOfTwo, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { compensated as exp } from '../math/exp.ts';
import { exponent as binadeOf, less } from '../math/log.ts';
import type * as Maxes from './maxes.ts';
import * as Sparse from './sparse.ts';

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
interface Exponent {
  readonly c: number;
  readonly high: number;
  readonly low: number;
  readonly ln2High: number;
  readonly ln2Low: number;
}

function exponentOf(d: number): Exponent {
  const exponent = 1 / d,
    ln2 = exponent * c.LN2_HIGH_F64 + exponent * c.LN2_LOW_F64;
  const high = twelveBits(exponent),
    ln2High = twelveBits(ln2);
  return { c: round(exponent), high, low: round(exponent - high), ln2High, ln2Low: round(ln2 - ln2High) };
}

/** u+^c */
type Value = (z: number, slope: number, exponent: Exponent) => number;

/**
 * exp(c log u), u = 2^k (1 + f) with what rounding took from it. c k ln2 + c f is the sum of two exact products and of what is
 * small beside them, so that the argument, up to log n where the p of many classes count, has no error of its own size.
 */
function power(z: number, slope: number, exponent: Exponent): number {
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
function fourth(z: number, slope: number): number {
  const u = 1 + z * slope,
    square = u > 0 ? u * u : 0;
  return round(square * square);
}

/** A power of two: E times it is in [1/2, 1). */
function scaleOf(E: number): number {
  let scale = 1;
  for (; E * scale >= 1; scale /= 2);
  for (; E * scale < 0.5; scale *= 2);
  return scale;
}

/** (x - max) scale of the x >= least at `to`, one behind the other; returns how many. */
function gather(x: number, to: number, n: number, max: number, least: number, scale: number): number {
  const start = to;
  for (const end = x + n; x < end; x++) {
    if (!(heap[x]! >= least)) continue;
    const z = round(heap[x]! - max) * scale;
    heap[to++] = z < c.ENTMAX_BOUND ? c.ENTMAX_BOUND : z;
  }
  return to - start;
}

/** (u - 1) / u, in f64. */
function partOf(z: number, slope: number): number {
  const product = z * slope,
    u = 1 + product;
  return product / (u < c.LEAST_NORMAL_F32 ? c.LEAST_NORMAL_F32 : u);
}

const fifthPower = (x: number): number => x * x * (x * x) * x;

/** The next root, whether this is the last step, whether a root is below what is solved for, factors of p in powers of q. */
type Step = [root: number, done: boolean, passed: boolean, factors: number[]];

/**
 * A step from a root, by the sums S, Q, D, T, V, W of p, p q, ..., p q^5, q = (u - 1) / u.
 *
 * With root / next = 1 + eta, u becomes u (1 + eta q): p becomes p (1 + eta q)^c, whose binomial series, in k = c eta,
 * is taken up to the fourth order, at the root of which sum p = root^-c by the cumulants of q. No p is computed anew for it, and
 * the fifth order, k^5 W, tells what it leaves: a class near the edge of the support, where q is great, shows there.
 * Far from the root Newton's step is taken instead, on the norm of the bases, which is convex: it comes from above. The others end
 * above the root too, so that no class enters the support; where one has passed it, because classes left, Newton's steps alone
 * go on. The last step is also one whose excess of the root is small; what is left of that is an error of the greatest p of at
 * most min(c, log n) times the excess.
 */
function stepOf(sums: readonly number[], root: number, d: number, passed: boolean): Step {
  const [S, Q, D, T, V, W] = sums as [number, number, number, number, number, number];
  const c2 = (1 - d) * 0.5,
    c3 = (1 - 2 * d) * c.THIRD,
    c4 = (1 - 3 * d) * 0.25;
  const over = root - Double.pow(S, -d),
    fifth = S * fifthPower(d) - W;
  let k = (root / (root - (S * over) / (S - Q)) - 1) / d;
  const reach = k * c.ENTMAX_ABOVE;
  passed ||= over < 0;
  const small = !passed && fifthPower(k) * fifth <= S * (c.ENTMAX_NEAR < reach ? c.ENTMAX_NEAR : reach);
  if (small) {
    const g = Double.log1p(-(over / root)) / d,
      m1 = Q / S,
      m2 = (c2 * D) / S,
      m3 = (c2 * c3 * T) / S,
      m4 = (c2 * c3 * c4 * V) / S,
      square = m1 * m1;
    const A = m1 - 1,
      B = m2 - square * 0.5 + d * 0.5,
      C = m3 - m1 * m2 + (square * m1 - d * d) * c.THIRD,
      E = m4 - m1 * m3 - 0.5 * (m2 * m2) + (square * m2 - (square * square - d * d * d) * 0.25);
    for (let i = 0; i < 2; i++) {
      const t = k * E,
        u = C + t,
        v = B + k * u,
        h = A + k * v;
      k -= (k * h - g) / (h + k * (v + k * (u + t)));
    }
  }
  const left = fifthPower(k) * fifth,
    f1 = small ? k * c2 : 0,
    f2 = f1 * (k * c3),
    f3 = f2 * (k * c4);
  const scale = 1 / (S + k * (Q + (f1 * D + (f2 * T + f3 * V)))),
    first = scale * k,
    rest = small ? ((d * left) / S) * c.ENTMAX_ABOVE : 0;
  const last = small && left <= (d > 0.2 ? 1 : S) * c.ENTMAX_LEFT;
  return [
    (root / (1 + k * d)) * (1 + rest),
    last || !(Math.abs(over) >= root * (c.ENTMAX_EXCESS_F32 * (1 + 16 * d))),
    passed,
    [first * f3, first * f2, first * f1, first, scale],
  ];
}

/** The n candidates z become their p; `p` has room for as many. */
function solve(value: Value, z: number, p: number, n: number, E: number, d: number): void {
  const exponent = exponentOf(d);
  let root = 1,
    passed = false,
    step = 0;
  while (true) {
    const slope = 1 / (E * root),
      sums = Array.from({ length: 24 }, () => 0);
    for (let i = 0; i < n; i++) heap[p + i] = value(heap[z + i]!, slope, exponent);
    for (let i = 0; i < n; i++) {
      const q = partOf(heap[z + i]!, slope);
      let term = heap[p + i]!;
      for (let at = i & 3; at < 24; at += 4, term *= q) sums[at]! += term;
    }
    const totals = [0, 4, 8, 12, 16, 20].map((at) => Sparse.total(sums.slice(at)));
    let done, factors;
    [root, done, passed, factors] = stepOf(totals, root, d, passed);
    if (!done && step++ < c.ENTMAX_STEPS) continue;
    for (let i = 0; i < n; i++) {
      const q = partOf(heap[z + i]!, slope),
        v = heap[p + i]! * factors.reduce((sum, factor) => sum * q + factor);
      heap[z + i] = v > 0 ? v : 0;
    }
    return;
  }
}

/**
 * alpha-entmax in f32, 1 < alpha <= 2: p = P u+^c, u = 1 + z / (E root), with P the greatest p, d = alpha - 1, c = 1 / d,
 * E = T / d and root = P^d. Beside P no relative rounding of a p counts more than 1 / e of itself, so that a power in f32
 * does; the root and sums are in f64. The p are divided by their sum, which makes it 1 whatever the root has lost.
 */
function single(value: Value): Maxes.Max {
  return {
    hot: 1,
    cold: 0,
    row(x, dst, n, max, temperature, scratch, alpha) {
      const d = alpha - 1,
        E = temperature / d,
        scale = scaleOf(E),
        z = scratch / BYTES,
        least = Sparse.least(n, max, round(1 / d), temperature);
      const k = gather(x, z, n, max, least, scale);
      solve(value, z, z + k, k, E * scale, d);
      for (let i = 0, p = z; i < n; i++) heap[dst + i] = heap[x + i]! >= least ? heap[p++]! : 0;
    },
  };
}

const General = /* @__PURE__ */ single(power);
const Quarter = /* @__PURE__ */ single(fourth);

/** The form for an alpha. */
export const singleOf = (alpha: number): Maxes.Max => (alpha === 1.25 ? Quarter : General);
