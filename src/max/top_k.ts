import { checkInteger, checkK } from '../engine/check.ts';
import { ofOp } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeOp } from '../engine/op.ts';
import type { IndexOutOptions } from './argmax.ts';
import type { Input } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import { mapRows } from '../engine/rows.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of `topK`. */
export interface TopKOptions<A extends Floats> extends IndexOutOptions {
  /** The array for the values, rows x k of the dtype of x. */
  readonly values?: Values<A> | undefined;
}

/** What `topK` is. */
export interface TopK {
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: number,
    k: number,
    options?: TopKOptions<A>,
  ): Int32Array;
}

const OP = /* @__PURE__ */ makeOp({
  inputs: [{ name: 'x', width: 'n' }],
  outputs: [
    { width: 'k', kind: I32 },
    { width: 'k', name: 'values' },
  ],
  options: ['values', 'out', 'stride', 'dtype'],
  scratch: Scratch.top_k,
  row: (kernels, src, dst, rows, n, _, scratch, k) => kernels.top_k(src, dst, 0, rows, n, k, scratch),
  kernel: (kernels, [src, dst, values], rows, n, _temperature, scratch, k) =>
    kernels.top_k(src, dst, values ?? 0, rows, n, k, scratch),
});

function checkBefore(k: unknown, n: unknown): void {
  checkK(k, checkInteger('n', n, 1));
}

/**
 * The indices of the k greatest elements of each row, best first: value descending, index ascending, -0 as 0. That is a
 * total order, so exactly k elements come first, and equal ones keep their order.
 *
 * Shapes: x rows x n; the result rows x k.
 *
 * Special values: -Infinity is a value as any other; a row with a NaN gives -1 throughout, and NaN in `values`.
 *
 * Accuracy: exact.
 *
 * @param x Rows of n values.
 * @param n The length of a row.
 * @param k How many of each row, from 1 to n.
 * @param options `values`: an array for the values there, bit for bit; `out`: the array for the indices.
 * @returns The indices.
 * @throws As softmax; RangeError for a k that is no positive integer or above n, and for `values` of another length.
 * @example
 * topK(Float32Array.of(0.1, 0.7, -2, 0.7), 4, 2); // Int32Array [1, 3]
 */
export const topK: TopK = /* @__PURE__ */ ofOp<TopK>(
  OP,
  (x: unknown, n: unknown, k: number, options?: object) => {
    checkBefore(k, n);
    return mapRows(OP, x, n, options, k);
  },
  { checkK: checkBefore },
);
