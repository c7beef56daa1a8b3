import { newArray } from '../engine/check.ts';
import { type Dtype, F32, type Floats, type Kind, setInto, viewOf } from '../engine/kind.ts';
import { makeRowOp } from '../engine/op.ts';
import { mapRows } from '../engine/rows.ts';

/** A function of each element in f64, < 1 ULP: the package's own, since the last bits of those of Math differ by engine. */
function elementary(name: 'exp' | 'log' | 'log1p'): (x: Float64Array) => Float64Array {
  const op = makeRowOp('x', { row: (kernels, src, dst, count) => kernels[name](src, dst, count) });
  return (x) => mapRows(op, x, 1) as Float64Array;
}

/** exp x; +0 below 2^-1021. */
const normalExp = /* @__PURE__ */ elementary('exp');
export const log = /* @__PURE__ */ elementary('log');
/** log(1 + x) */
export const log1p = /* @__PURE__ */ elementary('log1p');

/** Where the kernel's exp ends. */
const DEEP = -707;

/** exp x, < 1 ULP; < 2 ULP below e^-707, where it is exp(x / 2)^2: rounded once to what a subnormal number can hold. */
export function exp(x: Float64Array): Float64Array {
  let least = 0;
  for (let i = 0; i < x.length; i++) if (x[i]! < least) least = x[i]!;
  if (least >= DEEP) return normalExp(x);
  const e = normalExp(x.map((v) => (v < DEEP ? v / 2 : v)));
  for (let i = 0; i < e.length; i++) if (x[i]! < DEEP) e[i]! *= e[i]!;
  return e;
}

/** -x: what is at 0 stays +0. */
export function negated(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < y.length; i++) y[i] = 0 - x[i]!;
  return y;
}

/** exp(-|x|) */
export function expMinusAbs(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < y.length; i++) y[i] = -Math.abs(x[i]!);
  return exp(y);
}

/** 1 / (1 + exp -x), down to the least subnormal number. */
export function sigmoid(x: Float64Array): Float64Array {
  const e = expMinusAbs(x);
  for (let i = 0; i < e.length; i++) e[i] = (x[i]! < 0 ? e[i]! : 1) / (1 + e[i]!);
  return e;
}

/** log sigmoid(x) = min(x, 0) - log(1 + exp -|x|) */
export function logSigmoid(x: Float64Array): Float64Array {
  const tail = log1p(expMinusAbs(x));
  for (let i = 0; i < tail.length; i++) tail[i] = (x[i]! < 0 ? x[i]! : 0) - tail[i]!;
  return tail;
}

/** log(u / (1 - u)): near 1/2, where the difference of the logarithms would cancel, by log1p; NaN outside [0, 1]. */
export function logit(u: Float64Array): Float64Array {
  const near = (v: number): boolean => v > 0.25 && v < 0.75;
  const odds = log1p(doubles(u.length, (i) => (near(u[i]!) ? (2 * u[i]! - 1) / (1 - u[i]!) : -u[i]!)));
  const logs = log(u);
  return doubles(u.length, (i) => (near(u[i]!) ? odds[i]! : logs[i]! - odds[i]!));
}

/**
 * exp(-d) - 1 + d for |d| < 1: d^2 / 2 near 0, never negative. It is what a class adds to a divergence by its log-ratio d,
 * as a series to d^18, even and odd terms apart (so that neither waits for the other).
 */
export function excess(d: number): number {
  const x = d * d;
  let even = 1 / 20922789888000 + x * (1 / 6402373705728000),
    odd = 1 / 1307674368000 + x * (1 / 355687428096000);
  even = 1 / 479001600 + x * (1 / 87178291200 + x * even);
  odd = 1 / 39916800 + x * (1 / 6227020800 + x * odd);
  even = 1 / 40320 + x * (1 / 3628800 + x * even);
  odd = 1 / 5040 + x * (1 / 362880 + x * odd);
  even = 1 / 2 + x * (1 / 24 + x * (1 / 720 + x * even));
  odd = 1 / 6 + x * (1 / 120 + x * odd);
  return x * (even - d * odd);
}

/** An f64 array by index. */
export function doubles(length: number, at: (i: number) => number): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = at(i);
  return values;
}

/** Elements that are worked on at a time, so that what is made on the way stays in the cache. */
export const BLOCK = 4096;

function round(values: Float64Array, result: Floats, start: number): void {
  for (let i = 0; i < values.length; i++) result[start + i] = values[i]!;
}

/** A function of each element of x, by blocks in f64 that it may write to, rounded once to the dtype. */
export function inBlocks<A extends Floats>(
  x: Floats,
  dtype: Kind,
  of: (x: Float64Array) => Float64Array,
  size = BLOCK,
): A {
  const { length } = x,
    result = newArray(dtype as Dtype, length) as A,
    room = new Float64Array(Math.min(size, length));
  for (let start = 0; start < length; start += size) {
    const block = room.subarray(0, Math.min(size, length - start));
    setInto(block, viewOf(x, start, block.length), 0);
    round(of(block), result, start);
  }
  return result;
}

/** Rounded once to the dtype. */
export function rounded<A extends Floats>(values: Float64Array, dtype: Kind): A {
  return (dtype === F32 ? new Float32Array(values) : values) as A;
}
