import { ofDraws, ofPair } from '../engine/functions.ts';
import type { Floats } from '../engine/kind.ts';
import { makeRowOp, type Op } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input, Widened } from '../engine/half.ts';
import { type Max, type MaxOps, type MaxOptions, opsOfMax } from '../max/max.ts';
import { softmax } from '../max/softmax.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';
import { EACH_GUMBEL_SOFTMAX } from '../shared/constants.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of a relaxed sample. */
export interface RelaxedOptions<A extends Floats> extends MaxOptions<A> {
  /** The max that relaxes the perturbed scores; softmax if not given. */
  readonly max?: Max | undefined;
}

/** What `gumbelSoftmax` is. */
export interface GumbelSoftmax {
  <A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    options?: RelaxedOptions<A>,
  ): Widened<A, H>;
  /**
   * The vector-Jacobian product with respect to the logits, from the sample y: that of the max at the same temperature,
   * since noise and shift are constants to it. Shapes, special values and errors: as for `softmax.vjp`.
   *
   * @param y The samples, rows x n.
   * @param dy The gradient by the samples, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `temperature` and `max` of the samples, and `out`.
   * @returns The gradient by the logits, rows x n.
   */
  vjp<A extends Floats = Float32Array>(y: Input<A>, dy: Input<A>, n: RowLength, options?: RelaxedOptions<A>): A;
  /**
   * The derivative by T times dy, from the sample y, one value per row: that of the max. See `softmax.vjpTemperature`.
   *
   * @param y The samples, rows x n.
   * @param dy The gradient by the samples, rows x n.
   * @param n The number of classes: the length of a row.
   * @param options `temperature` and `max` of the samples, and `out`.
   * @returns One value per row.
   * @throws As gumbelSoftmax.
   */
  vjpTemperature<A extends Floats = Float32Array>(
    y: Input<A>,
    dy: Input<A>,
    n: RowLength,
    options?: RelaxedOptions<A>,
  ): A;
}

const OPTIONS = ['temperature', 'max', 'out', 'stride', 'dtype'];

/** The temperature at which a max takes what `gumbel_perturb` gives for a temperature: scores for T > 1 are halved. */
export const ofPerturbed = (temperature: number): number => (temperature > 1 ? temperature / 2 : temperature);

/** With softmax, at T = 1 as a race. */
const OF_SOFTMAX = /* @__PURE__ */ makeRowOp('logits', {
  options: OPTIONS,
  keys: ROW_KEYS,
  each: EACH_GUMBEL_SOFTMAX,
  settle: ({ max }) => ({ op: opOf(max) }),
  scratch: Scratch.gumbel_softmax,
  row(kernels, src, dst, rows, n, t, scratch, _k, first, k0, k1, words) {
    if (t === 1) {
      kernels.gumbel_softmax(src, dst, rows, n, first, k0, k1, scratch, words);
    } else {
      kernels.gumbel_perturb(src, dst, rows, n, t, first, k0, k1, words);
      kernels.softmax(dst, dst, rows, n, ofPerturbed(t), scratch);
    }
  },
});

/** The ops of other maxes. */
const relaxed = /* @__PURE__ */ new WeakMap<MaxOps, Op>();

/** The op with a max. */
function opOf(max: unknown): Op {
  if (max === undefined || max === softmax) return OF_SOFTMAX;
  const ops = opsOfMax(max),
    { definition } = ops;
  let op = relaxed.get(ops);
  if (op === undefined) {
    op = makeRowOp('logits', {
      options: OPTIONS,
      keys: ROW_KEYS,
      scratch: ops.max.scratch,
      row(kernels, src, dst, rows, n, t, scratch, _k, first, k0, k1, words) {
        kernels.gumbel_perturb(src, dst, rows, n, t, first, k0, k1, words);
        definition.max(kernels, dst, dst, rows, n, ofPerturbed(t), scratch);
      },
    });
    relaxed.set(ops, op);
  }
  return op;
}

/** A gradient from the sample: that of the max. */
function gradient<F extends GumbelSoftmax['vjp']>(name: 'vjp' | 'vjpTemperature'): F {
  const of = (max: unknown): Op => ofSample(opsOfMax(max)[name]);
  return ofPair({ ...of(softmax), settle: ({ max }) => (max === undefined ? {} : { op: of(max) }) });
}

/** The same op by the names of a sample. */
function ofSample(op: Op): Op {
  const inputs = ['y', 'dy'].map((name) => ({ name, width: 'n' }) as const);
  return { ...op, inputs, options: OPTIONS, tempered: true };
}

/**
 * A relaxed one-hot sample for each row: max(((l - max l) + g) / T), g Gumbel noise of the source's key. With softmax the
 * Concrete or Gumbel-Softmax distribution; its argmax is the class that `gumbelMax` draws with the same source at T = 1.
 *
 * Softmax at T = 1 is computed without a logarithm, as exp(l - max l) / E over its sum, E = exp(-g): a class below max l -
 * 88 (float64: 709) gets 0 there. Straight-through ("hard") samples: forward `hardmax(y, n)`, backward
 * `gumbelSoftmax.vjp(y, dz, n, ...)`.
 *
 * Shapes: logits rows x n; the result likewise, each row on the simplex. T relaxes the sample, not the distribution.
 *
 * Special values: a class at -Infinity gets 0; a NaN, a +Infinity or a row of nothing but -Infinity gives a NaN row; T = 0
 * is one-hot, T = Infinity uniform over what is not masked.
 *
 * Source: Maddison et al. 2017; Jang et al. 2017.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param logits Unnormalised log-probabilities, rows x n; -Infinity masks a class.
 * @param n The number of classes: the length of a row.
 * @param options `temperature` (1 if absent), `max` (softmax if absent), and `out`.
 * @returns Relaxed samples, rows x n.
 * @throws As for softmax; TypeError for what is no source or no max.
 * @example
 * const logits = Float32Array.of(2, 1, 0);
 * const options = { temperature: 0.5 };
 * const y = gumbelSoftmax(key(42), logits, 3, options); // [0.541, 0.457, 0.002]
 * const dLogits = gumbelSoftmax.vjp(y, Float32Array.of(1, 0, 0), 3, options); // [0.497, -0.495, -0.002]
 */
export const gumbelSoftmax: GumbelSoftmax = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofDraws<GumbelSoftmax>(OF_SOFTMAX),
  {
    vjp: /* @__PURE__ */ gradient('vjp'),
    vjpTemperature: /* @__PURE__ */ gradient('vjpTemperature'),
  },
);
