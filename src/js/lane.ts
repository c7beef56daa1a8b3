import { BYTES } from './dtype.ts';
import { view } from './views.ts';

export { doubles, integers, power, words } from './views.ts';

/** Rounds the exact result of one +, -, x or / of two values to the dtype. */
export const round: (x: number) => number = BYTES === 4 ? Math.fround : (x) => x;

/** The memory that the kernels work on, by value of the dtype. */
export let heap: Float32Array | Float64Array;

/** Makes the views anew: after the memory has grown. */
export function attach(memory: ArrayBuffer): void {
  heap = BYTES === 4 ? new Float32Array(memory) : new Float64Array(memory);
  view(memory);
}
