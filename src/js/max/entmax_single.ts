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

/** The sum of n elements in f64: a p of 1 beside small ones would take their digits in f32. */
function total(at: number, n: number): number {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) sums[i & 3]! += heap[at + i]!;
  return Sparse.total(sums);
}

/**
 * The p of the n candidates z at `p`, times what they share; returns their sum. Newton's iteration from 1 downwards on the
 * norm of the bases, which is convex. It ends where the excess of the root itself is small: that of the next cannot be told from
 * the last two, as long as classes are still leaving the support. What is left of it is an error of the greatest p of at most
 * min(c, log n) times the excess.
 */
function solve(value: Value, z: number, p: number, n: number, E: number, d: number): number {
  const exponent = exponentOf(d),
    terms = p + n;
  let root = 1,
    step = 0;
  while (true) {
    const slope = 1 / (E * root);
    for (let i = 0; i < n; i++) heap[p + i] = value(heap[z + i]!, slope, exponent);
    const sum = total(p, n),
      excess = root - Double.pow(sum, -d);
    if (!(Math.abs(excess) >= root * (c.ENTMAX_EXCESS_F32 * (1 + 16 * d))) || step++ === c.ENTMAX_STEPS) return sum;
    for (let i = 0; i < n; i++) {
      const u = baseOf(heap[z + i]!, slope);
      heap[terms + i] = heap[p + i]! / (u < c.LEAST_NORMAL_F32 ? c.LEAST_NORMAL_F32 : u);
    }
    root -= (sum * excess) / total(terms, n);
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
      let p = z + k;
      const factor = round(1 / solve(value, z, p, k, E * scale, d));
      for (let i = 0; i < n; i++) heap[dst + i] = heap[x + i]! >= least ? heap[p++]! * factor : 0;
    },
  };
}

const General = /* @__PURE__ */ single(power);
const Quarter = /* @__PURE__ */ single(fourth);

/** The form for an alpha. */
export const singleOf = (alpha: number): Maxes.Max => (alpha === 1.25 ? Quarter : General);
