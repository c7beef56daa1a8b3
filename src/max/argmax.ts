import { arena } from '../engine/backend.ts';
import { checkFloats, checkOptions, checkOut, checkRows, type Floats } from '../engine/check.ts';

/**
 * The index of each row's greatest element, the lowest of several; of the first NaN where there is one, as NumPy's.
 *
 * Shapes: x rows x n; one index a row. Special values: 0 for a row of nothing but -Infinity. Errors: as for softmax;
 * `out` is an Int32Array.
 */
export function argmax(x: Floats, n: number, options?: { readonly out?: Int32Array }): Int32Array {
  const dtype = checkFloats('x', x);
  const rows = checkRows('x', x, n);
  checkOptions(options, ['out']);
  const out = checkOut(options?.out, 'i32', rows, [x]);
  return arena().run({
    dtype,
    inputs: [x],
    rows,
    n,
    outputs: [{ kind: 'i32', width: 1, out }],
    kernel: (kernels, at, count) => kernels.argmax(at.from[0]!, at.to[0]!, count, n),
  })[0] as Int32Array;
}

/**
 * The one-hot vector of argmax, row by row: softmax at T = 0, and the forward pass of straight-through gradients.
 *
 * A row with a NaN gives a NaN row; other rows, infinite ones too, are one-hot. Errors: as for softmax.
 */
export function hardmax<A extends Floats>(x: A, n: number, options?: { readonly out?: A }): A {
  const dtype = checkFloats('x', x);
  const rows = checkRows('x', x, n);
  checkOptions(options, ['out']);
  const out = checkOut(options?.out, dtype, x.length, [x]);
  return arena().run({
    dtype,
    inputs: [x],
    rows,
    n,
    outputs: [{ kind: dtype, width: n, out }],
    kernel: (kernels, at, count) => kernels.hardmax(at.from[0]!, at.to[0]!, count, n),
  })[0] as A;
}
