/** Views of the memory that both copies of the tree have (scripts/dtypes.mjs reads this module once), and powers of two. */

/** By f64, 32-bit integer and word. */
export let doubles: Float64Array;
export let integers: Int32Array;
export let words: Uint32Array;

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

/** Makes the views anew: after the memory has grown. */
export function view(memory: ArrayBuffer): void {
  doubles = new Float64Array(memory);
  integers = new Int32Array(memory);
  words = new Uint32Array(memory);
  if (powers[0] === 0) for (let i = 0; i < powers.length; i++) powers[i] = 2 ** (i - 1024);
}
