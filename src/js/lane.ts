import * as c from '../shared/constants.ts';
import { BYTES } from './dtype.ts';

/** Lanes of a vector of the wasm kernels. */
export const WIDTH = 16 / BYTES;

/** Rounds the exact result of one +, -, x or / of two values to the dtype. */
export const round: (x: number) => number = BYTES === 4 ? Math.fround : (x) => x;

/** 2^k at index k + POWER_OFFSET, -1024 <= k <= 1023. */
export const POWER_OFFSET = 1024;
export const POWER: Float64Array = /* @__PURE__ */ Float64Array.from(
  { length: 2048 },
  (_, i) => 2 ** (i - POWER_OFFSET),
);

/** Views of the memory that the kernels work on, by value of the dtype, f64, 32-bit integer and word. */
export let heap: Float32Array | Float64Array;
export let doubles: Float64Array;
export let integers: Int32Array;
export let words: Uint32Array;

/** Makes the views anew: after the memory has grown. */
export function attach(memory: ArrayBuffer): void {
  heap = BYTES === 4 ? new Float32Array(memory) : new Float64Array(memory);
  doubles = new Float64Array(memory);
  integers = new Int32Array(memory);
  words = new Uint32Array(memory);
}

/** Elements of a row of n that ACCUMULATORS vectors at a time cover: none of a short row. */
export function bulk(n: number): number {
  return n <= c.SHORT_ROW ? 0 : n - (n % (c.ACCUMULATORS * WIDTH));
}
