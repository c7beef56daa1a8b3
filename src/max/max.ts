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

/** The options of what takes rows of values and gives values. */
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

/** Both passes of a member of the family. */
interface Passes {
  readonly forward: Forward;
  readonly vjp: Vjp;
}

const family = new WeakMap<object, Passes>();

/** Makes a member of the family. */
export function makeMax(alpha: number, forward: Forward, vjp: Vjp): Max {
  const passes = { forward, vjp };
  const max = <A extends Floats>(x: A, n: number, options?: MaxOptions<A>): A => mapRows(forward, 'x', x, n, options);
  family.set(max, passes);
  return Object.assign(max, {
    alpha,
    vjp: <A extends Floats>(p: A, dp: A, n: number, options?: MaxOptions<A>): A => {
      checkOptions(options, ['temperature', 'out']);
      return pullBack(passes, 'p', p, dp, n, options);
    },
  });
}

/** The kernels of a member of the family. */
export function passesOf(max: unknown): Passes {
  const passes = typeof max === 'function' ? family.get(max) : undefined;
  if (passes === undefined) throw maxError(max);
  return passes;
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

/** A vector-Jacobian product over the rows of an output, from the gradient called d and its name. */
export function pullBack<A extends Floats>(
  { forward, vjp }: Passes,
  name: string,
  p: A,
  dp: A,
  n: number,
  options?: MaxOptions<A>,
): A {
  const dtype = checkFloats(name, p);
  const rows = checkRows(name, p, n);
  checkSame(`d${name}`, dp, dtype, name, p.length);
  const temperature = checkTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, p.length, [p, dp]);
  return arena().run({
    dtype,
    inputs: [p, dp],
    rows,
    n,
    outputs: [{ kind: dtype, width: n, out }],
    scratch: () => forward.scratch(n),
    kernel: (kernels, at, count) =>
      vjp(kernels, at.from[0]!, at.from[1]!, at.to[0]!, count, n, temperature, at.scratch),
  })[0] as A;
}
