import { ofDrawnElements, ofElements } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import type { Kernels } from '../engine/kernels.ts';
import { ELEMENT_OPTIONS, makeOp, makeRowOp, type Op } from '../engine/op.ts';
import type { Input, Widened } from '../engine/half.ts';
import type { ElementOptions } from '../max/max.ts';
import { KEYS, type Source } from '../random/rng.ts';

/** What `gumbelSigmoid` is. */
export interface GumbelSigmoid {
  <A extends Floats = Float32Array, H extends string = never>(
    source: Source,
    logits: Input<A, H>,
    options?: ElementOptions<A>,
  ): Widened<A, H>;
  /**
   * The vector-Jacobian product with respect to the logits, from the sample y, element by element: dy y (1 - y) / T; 0 at T
   * = 0.
   *
   * Shapes: y and dy of any length.
   *
   * Accuracy: within 4 ULP; samples near 1 have few digits left of 1 - y.
   *
   * @param y The samples.
   * @param dy The gradient by the samples, like y.
   * @param options The `temperature` of the samples, and `out`.
   * @returns The gradient by the logits, one value per element.
   * @throws As for gumbelSigmoid.
   */
  vjp<A extends Floats = Float32Array>(y: Input<A>, dy: Input<A>, options?: ElementOptions<A>): A;
}

/** What `logitBinConcrete` is. */
export interface LogitBinConcrete {
  <A extends Floats = Float32Array, H extends string = never>(
    source: Source,
    logits: Input<A, H>,
    options?: ElementOptions<A>,
  ): Widened<A, H>;
  /**
   * The vector-Jacobian product with respect to the logits, element by element: dz / T; 0 at T = 0, and where z is infinite.
   *
   * @param z The samples.
   * @param dz The gradient by the samples, like z.
   * @param options The `temperature` of the samples, and `out`.
   * @returns The gradient by the logits, one value per element.
   * @throws As logitBinConcrete.
   */
  vjp<A extends Floats = Float32Array>(z: Input<A>, dz: Input<A>, options?: ElementOptions<A>): A;
  /**
   * The derivative by T times dz, from the sample z, element by element: -z dz / T; 0 at T = 0, and where z is infinite.
   *
   * @param z The samples.
   * @param dz The gradient by the samples, like z.
   * @param options The `temperature` of the samples, and `out`.
   * @returns One value per element.
   * @throws As logitBinConcrete.
   */
  vjpTemperature<A extends Floats = Float32Array>(z: Input<A>, dz: Input<A>, options?: ElementOptions<A>): A;
}

/** A function of a sample and of what is multiplied, element by element. */
function derivative(
  name: string,
  dName: string,
  kernel: (kernels: Kernels, v: number, d: number, dst: number, count: number, temperature: number) => void,
): Op {
  return makeOp({
    inputs: [
      { name, width: 1 },
      { name: dName, width: 1 },
    ],
    outputs: [{ width: 1 }],
    options: ELEMENT_OPTIONS,
    kernel: (kernels, [v, d, dst], rows, _n, temperature) => kernel(kernels, v, d, dst, rows, temperature),
  });
}

/**
 * A relaxed bit for each logit: sigmoid((a + l) / T), l logistic noise of the source's key. BinConcrete, the two-class
 * Gumbel-Softmax with logits (a, 0).
 *
 * Shapes: any length; the result likewise, in [0, 1].
 *
 * Special values: -Infinity gives 0 and +Infinity 1 at every T; NaN NaN; T = 0 is 0 or 1, T = Infinity 1/2.
 *
 * Source: Maddison et al. 2017, appendix B.
 *
 * @param source A key, or an Rng, which gives its next key.
 * @param logits Log-odds, of any length.
 * @param options `temperature` (1 if absent), and `out`.
 * @returns Relaxed bits in [0, 1], like the logits.
 * @throws As for gumbelSoftmax.
 * @example
 * gumbelSigmoid(key(43), Float32Array.of(-1, 0, 1), { temperature: 0.1 }); // [0.000, 0.991, 0.997]
 */
export const gumbelSigmoid: GumbelSigmoid = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofDrawnElements<GumbelSigmoid>(
    /* @__PURE__ */ makeRowOp('logits', {
      options: ELEMENT_OPTIONS,
      keys: KEYS,
      row(kernels, src, dst, count, _n, t, _scratch, _k, first, k0, k1, words) {
        kernels.logit_bin_concrete(src, dst, count, t, first, k0, k1, words);
        kernels.sigmoid(dst, dst, count);
      },
    }),
  ),
  {
    vjp: /* @__PURE__ */ ofElements<GumbelSigmoid['vjp']>(
      /* @__PURE__ */ derivative('y', 'dy', (kernels, ...at) => kernels.gumbel_sigmoid_vjp(...at)),
    ),
  },
);

/**
 * The logit of a relaxed bit for each logit: z = (a + l) / T, l logistic noise of the source's key; gumbelSigmoid is its
 * sigmoid for the same source. Nothing saturates, so it is what densities should be given.
 *
 * Shapes: any length; the result likewise.
 *
 * Special values: an infinite logit stays at every T; NaN NaN; T = 0 gives +-Infinity, +Infinity for a tie.
 *
 * Source: Maddison et al. 2017, appendix B.
 *
 * @param source A key, or an Rng, which gives its next key.
 * @param logits Log-odds, of any length.
 * @param options `temperature` (1 if absent), and `out`.
 * @returns Log-odds of relaxed bits, like the logits.
 * @throws As for gumbelSigmoid.
 * @example
 * logitBinConcrete(key(43), Float32Array.of(-1, 0, 1)); // [-1.134, 0.475, 0.597]
 */
export const logitBinConcrete: LogitBinConcrete = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofDrawnElements<LogitBinConcrete>(
    /* @__PURE__ */ makeRowOp('logits', {
      options: ELEMENT_OPTIONS,
      keys: KEYS,
      row: (kernels, src, dst, count, _n, t, _scratch, _k, first, k0, k1, words) =>
        kernels.logit_bin_concrete(src, dst, count, t, first, k0, k1, words),
    }),
  ),
  {
    vjp: /* @__PURE__ */ ofElements<LogitBinConcrete['vjp']>(
      /* @__PURE__ */ derivative('z', 'dz', (kernels, ...at) => kernels.logit_bin_concrete_vjp(...at)),
    ),
    vjpTemperature: /* @__PURE__ */ ofElements<LogitBinConcrete['vjpTemperature']>(
      /* @__PURE__ */ derivative('z', 'dz', (kernels, ...at) => kernels.logit_bin_concrete_vjp_temperature(...at)),
    ),
  },
);
