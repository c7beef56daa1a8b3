import { checkPositiveTemperature } from '../engine/check.ts';
import { named, ofOp } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import { mapInputs } from '../engine/rows.ts';
import { makeOp, type Op, OPTIONS } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input } from '../engine/half.ts';
import type { MaxOptions } from '../max/max.ts';
import * as Scratch from '../shared/scratch.ts';

/** What a density is to the engine: the name of its value, its log-density and the gradient of that. */
export interface Density {
  readonly value: string;
  readonly logProb: Op;
  readonly vjp: Op;
}

/** A density of rows, or of elements, which are rows of 1 to the engine. `law`: its number for the kernels (DENSITY_). */
export function makeDensity(value: string, law: number, options = OPTIONS): Density {
  const inputs = [
    { name: value, width: 'n' },
    { name: 'logits', width: 'n' },
  ] as const;
  return {
    value,
    logProb: makeOp({
      check: checkPositiveTemperature,
      scratch: Scratch.log_prob,
      options,
      inputs,
      outputs: [{ width: 1 }],
      kernel: (kernels, [x, logits, dst], rows, n, temperature, scratch) =>
        kernels.log_prob(x, logits, dst, law, rows, n, temperature, scratch),
    }),
    vjp: makeOp({
      check: checkPositiveTemperature,
      scratch: Scratch.log_prob_vjp,
      options: options.filter((name) => name !== 'out'),
      inputs: [...inputs, { name: 'dLogProb', width: 1 }],
      outputs: [
        { as: value, width: 'n' },
        { as: 'logits', width: 'n' },
        { as: 'temperature', width: 1 },
      ],
      kernel: (kernels, [x, logits, d, dX, dLogits, dTemperature], rows, n, temperature, scratch) =>
        kernels.log_prob_vjp(x, logits, d, dX, dLogits, dTemperature, law, rows, n, temperature, scratch),
    }),
  };
}

/** The options of a gradient. */
export interface DensityOptions<A extends Floats = Floats> {
  /** 0 < T < Infinity, one for all rows or an array of one per row; 1 if not given. */
  readonly temperature?: number | Input<A> | undefined;
  /** How far apart the neighbours of a row lie; 1 if not given. Rows of [a, n, b], with a stride of b, come in the order (a, b). */
  readonly stride?: number | undefined;
  /** Of an input that is a Uint16Array: what it holds. It is computed in float32, as a Float16Array is. */
  readonly dtype?: 'float16' | undefined;
}

/** The log-density of each row of n. */
export function logProb<A extends Floats = Float32Array>(
  { logProb: op }: Density,
  value: Input<A>,
  logits: Input<A>,
  n: RowLength,
  options: MaxOptions<A> | undefined,
): A {
  return mapInputs(op, [value, logits], n, options) as A;
}

/** The gradients of sum dLogProb_r logProb_r: of value, logits and, row by row, T. */
export function gradients<A extends Floats = Float32Array>(
  density: Density,
  value: Input<A>,
  logits: Input<A>,
  dLogProb: Input<A>,
  n: RowLength,
  options: DensityOptions | undefined,
): [value: A, logits: A, temperature: A] {
  return mapInputs(density.vjp, [value, logits, dLogProb], n, options) as [A, A, A];
}

type Run = (...args: never[]) => unknown;

/** (value, logits, dLogProb, n, options): the gradients by the names of the inputs. */
export function gradientsOfRows<F extends Run>({ vjp }: Density): F {
  return ofOp(vjp, (value: unknown, logits: unknown, dLogProb: unknown, n: unknown, options?: object) =>
    named(vjp, mapInputs(vjp, [value, logits, dLogProb], n, options)),
  );
}

/** (value, logits, dLogProb, options): the same of elements. */
export function gradientsOfElements<F extends Run>({ vjp }: Density): F {
  const run = (value: unknown, logits: unknown, dLogProb: unknown, options?: object) =>
    named(vjp, mapInputs(vjp, [value, logits, dLogProb], 1, options));
  return ofOp(vjp, run, { elements: true });
}
