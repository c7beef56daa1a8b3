import { arena } from '../engine/backend.ts';
import {
  checkFloats,
  checkOptions,
  checkOut,
  checkRows,
  checkSame,
  checkTemperature,
  type Floats,
  maxError,
} from '../engine/check.ts';
import type { Kernels } from '../engine/kernels.ts';

export interface MaxOptions<A extends Floats> {
  /** T >= 0; 1 if not given. 0 is the limit (one-hot), Infinity gives the uniform distribution over what is not masked. */
  readonly temperature?: number;
  /** The array for the result: of the input's dtype and length; the input itself, or disjoint from it. */
  readonly out?: A;
}

/** A map from rows of scores to the simplex: argmax over p of <p, x / T> + H(p) for an entropy H. */
export interface Max {
  <A extends Floats>(x: A, n: number, options?: MaxOptions<A>): A;
  /** Of the Tsallis entropy H that belongs to the max: 1 for softmax, 1.5 for entmax15, 2 for sparsemax. */
  readonly alpha: number;
  /**
   * The vector-Jacobian product from the output p: dx = (s dp - s (s.dp) / sum s) / T, s = p^(2 - alpha) on the support.
   *
   * Shapes: p and dp rows x n; the result likewise. Special values: 0 where p is 0, at T = 0 and at T = Infinity; a NaN
   * row for a NaN in p. Errors: as for the max. Source: Peters, Niculae and Martins 2019, section 3.
   */
  vjp<A extends Floats>(p: A, dp: A, n: number, options?: MaxOptions<A>): A;
}

/** What a max is to the engine: its kernel, and the bytes of scratch that a row of n takes. */
export interface Forward {
  scratch(n: number): number;
  run(kernels: Kernels, src: number, dst: number, rows: number, n: number, temperature: number, scratch: number): void;
}

/** The kernel of a vector-Jacobian product; the scratch is that of the forward pass. */
export type Vjp = (
  kernels: Kernels,
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
) => void;

const forwards = new WeakMap<object, Forward>();

/** Makes a member of the family. */
export function makeMax(alpha: number, forward: Forward, vjp: Vjp): Max {
  const max = <A extends Floats>(x: A, n: number, options?: MaxOptions<A>): A => mapRows(forward, 'x', x, n, options);
  forwards.set(max, forward);
  return Object.assign(max, {
    alpha,
    vjp: <A extends Floats>(p: A, dp: A, n: number, options?: MaxOptions<A>): A =>
      pullBack(vjp, forward.scratch, p, dp, n, options),
  });
}

/** The kernel of a member of the family. */
export function forwardOf(max: unknown): Forward {
  const forward = typeof max === 'function' ? forwards.get(max) : undefined;
  if (forward === undefined) throw maxError(max);
  return forward;
}

/** A forward pass over the rows of x. */
export function mapRows<A extends Floats>(forward: Forward, name: string, x: A, n: number, options?: MaxOptions<A>): A {
  const dtype = checkFloats(name, x);
  const rows = checkRows(name, x, n);
  checkOptions(options, ['temperature', 'out']);
  const temperature = checkTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, x.length, [x]);
  return arena().run({
    dtype,
    inputs: [x],
    rows,
    n,
    outputs: [{ kind: dtype, width: n, out }],
    scratch: () => forward.scratch(n),
    kernel: (kernels, at, count) => forward.run(kernels, at.from[0]!, at.to[0]!, count, n, temperature, at.scratch),
  })[0] as A;
}

/** A vector-Jacobian product over the rows of p. */
function pullBack<A extends Floats>(
  vjp: Vjp,
  scratch: (n: number) => number,
  p: A,
  dp: A,
  n: number,
  options?: MaxOptions<A>,
): A {
  const dtype = checkFloats('p', p);
  const rows = checkRows('p', p, n);
  checkSame('dp', dp, dtype, 'p', p.length);
  checkOptions(options, ['temperature', 'out']);
  const temperature = checkTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, p.length, [p, dp]);
  return arena().run({
    dtype,
    inputs: [p, dp],
    rows,
    n,
    outputs: [{ kind: dtype, width: n, out }],
    scratch: () => scratch(n),
    kernel: (kernels, at, count) =>
      vjp(kernels, at.from[0]!, at.from[1]!, at.to[0]!, count, n, temperature, at.scratch),
  })[0] as A;
}
