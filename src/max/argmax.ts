import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import type { OutOptions } from './max.ts';

const OUT = ['out'];

/**
 * The index of each row's greatest element, the lowest of several; of the first NaN where there is one, as NumPy's.
 *
 * Shapes: x rows x n; one index a row. Special values: 0 for a row of nothing but -Infinity. Errors: as for softmax;
 * `out` is an Int32Array.
 */
export function argmax(x: Values<Floats>, n: number, options?: { readonly out?: Values<Int32Array> }): Int32Array {
  return openRows('x', x, n, options, OUT)
    .gives(1, 'i32')
    .reserve()
    .run((kernels, { from, to }, rows) => kernels.argmax(from[0]!, to[0]!, rows, n)) as Int32Array;
}

/**
 * The one-hot vector of argmax, row by row: softmax at T = 0, and the forward pass of straight-through gradients.
 *
 * A row with a NaN gives a NaN row; other rows, infinite ones too, are one-hot. Errors: as for softmax.
 */
export function hardmax<A extends Floats>(x: Values<A>, n: number, options?: OutOptions<A>): A {
  return openRows('x', x, n, options, OUT)
    .gives(n)
    .reserve()
    .run((kernels, { from, to }, rows) => kernels.hardmax(from[0]!, to[0]!, rows, n)) as A;
}

/**
 * The size of each row's support: how many of its elements are above 0, one number a row. A NaN is none of them. Errors:
 * as for softmax; `out` is an Int32Array.
 */
export function supportSize(p: Values<Floats>, n: number, options?: { readonly out?: Values<Int32Array> }): Int32Array {
  return openRows('p', p, n, options, OUT)
    .gives(1, 'i32')
    .reserve()
    .run((kernels, { from, to }, rows) => kernels.support_size(from[0]!, to[0]!, rows, n)) as Int32Array;
}
