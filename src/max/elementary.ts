import type { Floats, Kind } from '../engine/check.ts';
import { openRows } from '../engine/rows.ts';

/** A function of each element in f64, < 1 ULP: the package's own, since the last bits of those of Math differ by engine. */
function elementary(name: 'exp' | 'log' | 'log1p' | 'sigmoid'): (x: Float64Array) => Float64Array {
  return (x) =>
    openRows('x', x, 1, undefined)
      .gives(1)
      .reserve()
      .run((kernels, { from, to }, count) => kernels[name](from[0]!, to[0]!, count)) as Float64Array;
}

/** exp x; +0 below 2^-1021. */
export const exp = /* @__PURE__ */ elementary('exp');
export const log = /* @__PURE__ */ elementary('log');
/** log(1 + x) */
export const log1p = /* @__PURE__ */ elementary('log1p');
/** 1 / (1 + exp -x) */
export const sigmoid = /* @__PURE__ */ elementary('sigmoid');

/** An f64 array by index. */
export function doubles(length: number, at: (i: number) => number): Float64Array {
  return new Float64Array(length).map((_, i) => at(i));
}

/** Rounded once to the dtype. */
export function rounded<A extends Floats>(values: Float64Array, dtype: Kind): A {
  return (dtype === 'f32' ? new Float32Array(values) : values) as A;
}
