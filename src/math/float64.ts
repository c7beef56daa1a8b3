import { newArray } from '../engine/check.ts';
import { type Dtype, F32, type Floats, type Kind, setInto, viewOf } from '../engine/kind.ts';
import type { Kernels } from '../engine/kernels.ts';
import { makeRowOp, type RowKernel } from '../engine/op.ts';
import { mapRows } from '../engine/rows.ts';
import { LAW_EXP, LAW_LOG_SIGMOID, LAW_SIGMOID } from '../shared/constants.ts';

/** Functions of each element, < 1 ULP in f64: the package's own, since the last bits of those of Math differ by engine. */
function elementary(row: RowKernel<Kernels>): <A extends Floats>(x: A) => A {
  const op = makeRowOp('x', { row });
  return (x) => mapRows(op, x, 1) as typeof x;
}

/** One of those of the kernel `law`: of float32 computed in f64 too, and rounded once. */
export function ofLaw(op: number): <A extends Floats>(x: A) => A {
  return elementary((kernels, src, dst, count) => kernels.law(src, 0, 0, dst, op, count));
}

export const log = /* @__PURE__ */ elementary((kernels, src, dst, count) => kernels.log(src, dst, count));
/** log(1 + x) */
export const log1p = /* @__PURE__ */ elementary((kernels, src, dst, count) => kernels.log1p(src, dst, count));
/** exp x; < 2 ULP below e^-707, where it is exp(x / 2)^2: rounded once to what a subnormal number can hold. */
export const exp = /* @__PURE__ */ ofLaw(LAW_EXP);
/** 1 / (1 + exp -x), down to the least subnormal number. */
export const sigmoid = /* @__PURE__ */ ofLaw(LAW_SIGMOID);
/** log sigmoid(x) = min(x, 0) - log(1 + exp -|x|) */
export const logSigmoid = /* @__PURE__ */ ofLaw(LAW_LOG_SIGMOID);

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
