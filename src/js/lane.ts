import { BYTES } from './dtype.ts';

/** Rounds the exact result of one +, -, x or / of two values to the dtype. */
export const round: (x: number) => number = BYTES === 4 ? Math.fround : (x) => x;

/** Filled by the first `attach`: an import that never runs the mirror does not pay for it. */
const powers = /* @__PURE__ */ new Float64Array(2048);

/**
 * 2^k, -1024 <= k <= 1023. Of a parameter V8 knows that it stays the same; a constant of the module, which bundlers make a
 * `var`, it would load and check at each use (measured: softmax 1.1 times slower).
 */
export const power = /* @__PURE__ */ (
  (table: Float64Array) => (k: number) =>
    table[k + 1024]!
)(powers);

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
  if (powers[0] === 0) for (let i = 0; i < powers.length; i++) powers[i] = 2 ** (i - 1024);
}
