import { ofRows } from '../engine/functions.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { makeRowOp, OUT_ONLY } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input, Widened } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import type { OutOptions } from './max.ts';

/** The options of a function that gives one index, or one number, per row. */
export interface IndexOutOptions {
  /** The Int32Array for the result. */
  readonly out?: Values<Int32Array> | undefined;
  /** How far apart the neighbours of a row lie; 1 if not given. Rows of [a, n, b], with a stride of b, come in the order (a, b). */
  readonly stride?: number | undefined;
  /** Of an input that is a Uint16Array: what it holds. It is computed in float32, as a Float16Array is. */
  readonly dtype?: 'float16' | undefined;
}

/** A function that gives one index, or one number, per row. */
export interface IndexPerRow {
  /**
   * One index, or one number, per row.
   *
   * @param x Values, rows x n; for supportSize probabilities.
   * @param n The number of classes: the length of a row.
   * @param options `out`, an Int32Array with one element per row.
   * @returns One integer per row (Int32Array).
   * @throws As softmax.
   */
  (x: Input<Floats>, n: RowLength, options?: IndexOutOptions): Int32Array;
}

/** A function of rows without a temperature. */
export interface MapOfRows {
  /**
   * The one-hot vector of each row's greatest element.
   *
   * @param x Values, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `out`.
   * @returns Rows x n: `out`, or a new array of x's dtype.
   * @throws As softmax.
   */
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: RowLength,
    options?: OutOptions<A>,
  ): Widened<A, H>;
}

/**
 * The index of each row's greatest element, the lowest of several; of the first NaN where there is one, as NumPy's.
 *
 * Shapes: x rows x n; one index per row.
 *
 * Special values: 0 for a row of nothing but -Infinity.
 *
 * @throws As for softmax; `out` is an Int32Array.
 * @example
 * argmax(Float32Array.of(2, 3, 0), 3); // [1]
 */
export const argmax: IndexPerRow = /* @__PURE__ */ ofRows(
  /* @__PURE__ */ makeRowOp('x', {
    width: 1,
    kind: I32,
    options: OUT_ONLY,
    row: (kernels, src, dst, rows, n) => kernels.argmax(src, dst, rows, n),
  }),
);

/**
 * The one-hot vector of argmax, row by row: softmax at T = 0, and the forward pass of straight-through gradients.
 *
 * A row with a NaN gives a NaN row; other rows, infinite ones too, are one-hot.
 *
 * @throws As for softmax.
 * @example
 * hardmax(Float32Array.of(2, 3, 0), 3); // [0, 1, 0]
 */
export const hardmax: MapOfRows = /* @__PURE__ */ ofRows(
  /* @__PURE__ */ makeRowOp('x', {
    options: OUT_ONLY,
    row: (kernels, src, dst, rows, n) => kernels.hardmax(src, dst, rows, n),
  }),
);

/**
 * The size of each row's support: how many of its elements are above 0, one number per row. A NaN is none of them.
 *
 * @throws As for softmax; `out` is an Int32Array.
 * @example
 * supportSize(sparsemax(Float32Array.of(2, 1.5, 0), 3), 3); // [2]
 */
export const supportSize: IndexPerRow = /* @__PURE__ */ ofRows(
  /* @__PURE__ */ makeRowOp('p', {
    width: 1,
    kind: I32,
    empty: 0,
    options: OUT_ONLY,
    row: (kernels, src, dst, rows, n) => kernels.support_size(src, dst, rows, n),
  }),
);
