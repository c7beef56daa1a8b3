import { arena } from '../engine/backend.ts';
import { checkFloats, checkOptions, checkOut, checkRows, checkTemperature, type Floats } from '../engine/check.ts';
import { type Forward, type Max, type MaxOptions, passesOf, pullBack } from '../max/max.ts';
import { logForward, softmax } from '../max/softmax.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

/** The options of a relaxed sample. */
export interface RelaxedOptions<A extends Floats> extends MaxOptions<A> {
  /** The max that relaxes the perturbed scores; softmax if not given. */
  readonly max?: Max;
}

/**
 * A relaxed one-hot sample for each row: max(((l - max l) + g) / T), g Gumbel noise of the source's key. With softmax the
 * Concrete or Gumbel-Softmax distribution; its argmax is the class that `gumbelMax` draws with the same source at T = 1.
 *
 * Straight-through ("hard") samples: forward `hardmax(y, n)`, backward `gumbelSoftmax.vjp(y, dz, n, ...)`.
 *
 * Shapes: logits rows x n; the result likewise, each row on the simplex. T relaxes the sample, not the distribution.
 * Special values: a class at -Infinity gets 0; a NaN, a +Infinity or a row of nothing but -Infinity gives a NaN row;
 * T = 0 is one-hot, T = Infinity uniform over what is not masked. Errors: as for softmax; TypeError for what is no source
 * or no max. Source: Maddison et al. 2017; Jang et al. 2017.
 */
export const gumbelSoftmax: GumbelSoftmax = /* @__PURE__ */ Object.assign(sample, { vjp });

interface GumbelSoftmax {
  <A extends Floats>(source: Source, logits: A, n: number, options?: RelaxedOptions<A>): A;
  /**
   * The vector-Jacobian product with respect to the logits, from the sample y: that of the max, with its special values,
   * since noise and shift are constants to it. The options have to be those of the sample.
   *
   * Shapes: y and dy rows x n; the result likewise. Errors: as for the max.
   */
  vjp<A extends Floats>(y: A, dy: A, n: number, options?: RelaxedOptions<A>): A;
}

function sample<A extends Floats>(source: Source, logits: A, n: number, options?: RelaxedOptions<A>): A {
  checkOptions(options, ['temperature', 'max', 'out']);
  const { max = softmax } = options ?? {};
  return relaxed(source, logits, n, passesOf(max).forward, options);
}

function vjp<A extends Floats>(y: A, dy: A, n: number, options?: RelaxedOptions<A>): A {
  checkOptions(options, ['temperature', 'max', 'out']);
  const { max = softmax } = options ?? {};
  return pullBack(passesOf(max), 'y', y, dy, n, options);
}

/**
 * The logarithm of a Concrete sample for each row, in log space: log softmax(((l - max l) + g) / T). Nothing underflows,
 * so it is what densities should be given. `exp` of it is what `gumbelSoftmax` gives for the same source, up to rounding.
 *
 * Shapes, special values (as logarithms) and errors: as for gumbelSoftmax. Source: Maddison et al. 2017, appendix C.3.
 */
export function expConcrete<A extends Floats>(source: Source, logits: A, n: number, options?: MaxOptions<A>): A {
  checkOptions(options, ['temperature', 'out']);
  return relaxed(source, logits, n, logForward, options);
}

function relaxed<A extends Floats>(source: Source, logits: A, n: number, forward: Forward, options?: MaxOptions<A>): A {
  checkSource(source);
  const dtype = checkFloats('logits', logits);
  const rows = checkRows('logits', logits, n);
  const temperature = checkTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, logits.length, [logits]);
  const { high, low } = takeKey(source);
  return arena().run({
    dtype,
    inputs: [logits],
    rows,
    n,
    outputs: [{ kind: dtype, width: n, out }],
    scratch: () => forward.scratch(n),
    kernel: (kernels, at, count, first) => {
      kernels.gumbel_perturb(at.from[0]!, at.to[0]!, count, n, first, low, high, at.words);
      forward.run(kernels, at.to[0]!, at.to[0]!, count, n, temperature, at.scratch);
    },
  })[0] as A;
}
