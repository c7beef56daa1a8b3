import type { Kernel } from '../engine/call.ts';
import { checkPositiveTemperature, type Floats } from '../engine/check.ts';
import type { Doubles } from '../engine/kernels.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import type { MaxOptions } from '../max/max.ts';

/** What a density is to the engine: the name of its value, its kernels, and the bytes of scratch that a row of n takes. */
export interface Density {
  readonly value: string;
  readonly scratch: (n: number) => number;
  /** from: value, logits; to: the log-density. */
  readonly logProb: Kernel<Doubles>;
  /** from: value, logits, the gradient of the log-density; to: the gradients of value, logits and temperature. */
  readonly vjp: Kernel<Doubles>;
}

/** The density of a row, by the name of its kernels. */
export function ofRows(value: string, name: 'exp_concrete_log_prob' | 'concrete_log_prob'): Density {
  return {
    value,
    scratch: (n) => 16 * n + 64,
    logProb(kernels, { from, to, n, temperature, scratch }, rows) {
      kernels[name](from[0]!, from[1]!, to[0]!, rows, n, temperature, scratch);
    },
    vjp(kernels, { from, to, n, temperature, scratch }, rows) {
      const [x, logits, g] = from as [number, number, number];
      kernels[`${name}_vjp`](x, logits, g, to[0]!, to[1]!, to[2]!, rows, n, temperature, scratch);
    },
  };
}

/** The density of an element: of rows of 1 to the engine. */
export function ofElements(value: string, name: 'bin_concrete_log_prob' | 'logit_bin_concrete_log_prob'): Density {
  return {
    value,
    scratch: () => 0,
    logProb(kernels, { from, to, temperature }, count) {
      kernels[name](from[0]!, from[1]!, to[0]!, count, temperature);
    },
    vjp(kernels, { from, to, temperature }, count) {
      const [x, logits, g] = from as [number, number, number];
      kernels[`${name}_vjp`](x, logits, g, to[0]!, to[1]!, to[2]!, count, temperature);
    },
  };
}

/** The options of a gradient. */
export interface DensityOptions {
  /** 0 < T < Infinity; 1 if not given. */
  readonly temperature?: number;
}

/** The log-density of each row of n. */
export function logProb<A extends Floats>(
  density: Density,
  value: Values<A>,
  logits: Values<A>,
  n: number,
  options: MaxOptions<A> | undefined,
): A {
  return openRows(density.value, value, n, options, undefined, checkPositiveTemperature)
    .inDoubles()
    .with('logits', logits)
    .gives(1)
    .reserve(density.scratch(n))
    .run(density.logProb) as A;
}

/** The gradients of sum dLogProb_r logProb_r: of value, logits and, row by row, T. */
export function gradients<A extends Floats>(
  density: Density,
  value: Values<A>,
  logits: Values<A>,
  dLogProb: Values<A>,
  n: number,
  options: DensityOptions | undefined,
): [value: A, logits: A, temperature: A] {
  return openRows(density.value, value, n, options, ['temperature'], checkPositiveTemperature)
    .inDoubles()
    .with('logits', logits)
    .with('dLogProb', dLogProb, 1)
    .gives(n)
    .gives(n)
    .gives(1)
    .reserve(density.scratch(n))
    .runAll(density.vjp) as [A, A, A];
}
