import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, power as powerOfTwo, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { bounded as exp } from '../math/exp.ts';
import { exponent as exponentOf, rebuild } from '../math/log.ts';
import * as Row from '../row.ts';
import type * as Maxes from './maxes.ts';
import * as Sparse from './sparse.ts';

/** A number without its last 12 bits. */
const twelveBits = /* @__PURE__ */ (
  (value: Float32Array, bits = new Int32Array(value.buffer)) =>
  (x: number) => {
    value[0] = x;
    bits[0]! &= -4096;
    return value[0]!;
  }
)(/* @__PURE__ */ new Float32Array(1));

/**
 * u = 1 + (a + b) z, the high part `a` of 12 bits, as the sum of two: a times the first 12 bits of z is exact, so that u is
 * rounded once, where it is added up. A class near the edge of the support has no error that is not small beside its own
 * u, or many of them would err the same way.
 */
const wholeOf = (z: number, a: number): number => round(round(a * twelveBits(z)) + 1);

function restOf(z: number, a: number, b: number, whole: number): number {
  const high = twelveBits(z),
    rest = round(round(a * round(z - high)) + round(b * z));
  return round(round(round(1 - whole) + round(a * high)) + rest);
}

function baseOf(z: number, a: number, b: number): number {
  const whole = wholeOf(z, a);
  return round(whole + restOf(z, a, b, whole));
}

/** u+^c */
type Value = (z: number, a: number, b: number, exponent: number) => number;

/** exp(c log u), with what rounding took from u. */
function power(z: number, a: number, b: number, exponent: number): number {
  const whole = wholeOf(z, a),
    rest = restOf(z, a, b, whole),
    u = round(whole + rest);
  if (!(u > c.LEAST_NORMAL_F32)) return 0;
  const low = round(round(whole - u) + rest),
    k = exponentOf(u),
    down = powerOfTwo(-k);
  return exp(round(exponent * rebuild(k, round(u * down - 1), round(low * down))));
}

/** c = 4, alpha = 1.25: by two squarings. */
function fourth(z: number, a: number, b: number): number {
  const u = baseOf(z, a, b),
    square = u > 0 ? round(u * u) : 0;
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

/**
 * The p of the n candidates z at `p`, times what they share; returns their sum. Newton's iteration from 1 downwards on the
 * norm of the bases, which is convex. It ends where the excess of the next root, judged by the last two, is less than 2^-26 of
 * it.
 */
function solve(value: Value, z: number, p: number, n: number, E: number, d: number): number {
  const exponent = round(1 / d),
    terms = p + n;
  let root = 1,
    last = 0,
    settled = false,
    step = 0;
  while (true) {
    const slope = 1 / (E * root),
      a = twelveBits(slope),
      b = Math.fround(slope - a);
    for (let i = 0; i < n; i++) heap[p + i] = value(heap[z + i]!, a, b, exponent);
    const sum = Row.sum(p, n);
    if (settled || step++ === c.ENTMAX_STEPS) return sum;
    const excess = root - Double.pow(sum, -d),
      least = root * c.ENTMAX_EXCESS_F32;
    if (!(excess > 0)) return sum;
    settled = excess < least || excess * excess < least * last;
    last = excess;
    for (let i = 0; i < n; i++) {
      const u = baseOf(heap[z + i]!, a, b);
      heap[terms + i] = heap[p + i]! / (u < c.LEAST_NORMAL_F32 ? c.LEAST_NORMAL_F32 : u);
    }
    root -= (sum * excess) / Row.sum(terms, n);
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
