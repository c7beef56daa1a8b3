import { checkPositiveTemperature } from '../engine/check.ts';
import { named, ofOp } from '../engine/functions.ts';
import { mapInputs } from '../engine/rows.ts';
import { type Floats, I32 } from '../engine/kind.ts';
import { checkPlaces } from '../engine/layout.ts';
import { makeOp } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import type { MaxOptions } from '../max/max.ts';
import * as Scratch from '../shared/scratch.ts';
import type { DensityOptions } from './log_prob.ts';

/** What `plackettLuceLogProb` is. */
export interface PlackettLuceLogProb {
  <A extends Floats = Float32Array>(
    logits: Input<A>,
    ranking: Values<Int32Array>,
    n: RowLength,
    k: number,
    options?: MaxOptions<A>,
  ): A;
  /**
   * The gradient of sum_r dLogProb_r logProb_r: by the logits, rows x n, and by T, one value per row. A class gets 1 / T for
   * its place, less its share of what is left at each place up to there, / T. Rows sum to 0.
   *
   * Special values: 0 for masked classes and for an empty ranking; a NaN row where the log-probability is not finite.
   * Accuracy: computed in f64, rounded once.
   *
   * @param logits rows x n
   * @param ranking rows x k indices
   * @param dLogProb the gradient of each log-probability: one value per row
   * @param n classes
   * @param k places
   * @param options the temperature
   * @returns `{ logits, temperature }`
   * @throws as plackettLuceLogProb; TypeError, RangeError for another kind or length of dLogProb
   */
  vjp<A extends Floats = Float32Array>(
    logits: Input<A>,
    ranking: Values<Int32Array>,
    dLogProb: Input<A>,
    n: RowLength,
    k: number,
    options?: DensityOptions<A>,
  ): { logits: A; temperature: A };
}

const INPUTS = [
  { name: 'logits', width: 'n' },
  { name: 'ranking', width: 'k', kind: I32 },
] as const;
const common = { check: checkPositiveTemperature, f64: true, scratch: Scratch.plackett_luce_log_prob } as const;

const LOG_PROB = /* @__PURE__ */ makeOp({
  ...common,
  inputs: INPUTS,
  outputs: [{ width: 1 }],
  kernel: (kernels, [logits, ranking, dst], rows, n, temperature, scratch, k) =>
    kernels.plackett_luce_log_prob(logits, ranking, dst, rows, n, k, temperature, scratch),
});

const VJP = /* @__PURE__ */ makeOp({
  ...common,
  options: ['temperature', 'stride', 'dtype'],
  inputs: [...INPUTS, { name: 'dLogProb', width: 1 }],
  outputs: [
    { as: 'logits', width: 'n' },
    { as: 'temperature', width: 1 },
  ],
  kernel: (kernels, [logits, ranking, d, dLogits, dT], rows, n, temperature, scratch, k) =>
    kernels.plackett_luce_log_prob_vjp(logits, ranking, d, dLogits, dT, rows, n, k, temperature, scratch),
});

/**
 * The log-probability of what `gumbelTopK` draws, the ranking of Plackett and Luce: with z = logits / T, the sum over the
 * places j of
 *
 *     z_j - log sum exp of z over what has not been placed before j
 *
 * Shapes: logits rows x n; ranking rows x k class indices in an Int32Array, best first, in which -1 ends the ranking and
 * what stands behind it is not looked at; one value per row. Special values: 0 for an empty ranking; -Infinity for an index
 * outside [0, n), one that comes twice, and a masked class; NaN for a NaN or a logit of +Infinity. Accuracy: computed in f64 from
 * the last place to the first, where sums only grow, and rounded once; right relative to results near 0. Source: Plackett
 * 1975; Luce 1959.
 *
 * @param logits rows of n unnormalised log-probabilities
 * @param ranking the classes of each row, best first
 * @param n classes
 * @param k places, from 1 to n
 * @param options `temperature`, 0 < T < Infinity, and `out`
 * @returns one value per row
 * @throws as softmax; RangeError for a T that is 0 or Infinity, for a k that is no positive integer or above n, for a
 * ranking of another length; TypeError for one that is no Int32Array
 * @example
 * plackettLuceLogProb(Float64Array.of(0, 0, 0), Int32Array.of(2, 0), 3, 2); // Float64Array [-1.792]
 */
export const plackettLuceLogProb: PlackettLuceLogProb = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ ofOp<PlackettLuceLogProb>(
    LOG_PROB,
    (logits: unknown, ranking: unknown, n: RowLength, k: number, options?: object) => {
      checkPlaces(k, n);
      return mapInputs(LOG_PROB, [logits, ranking], n, options, k);
    },
    { checkK: checkPlaces },
  ),
  {
    vjp: /* @__PURE__ */ ofOp<PlackettLuceLogProb['vjp']>(
      VJP,
      (logits: unknown, ranking: unknown, d: unknown, n: RowLength, k: number, options?: object) => {
        checkPlaces(k, n);
        return named(VJP, mapInputs(VJP, [logits, ranking, d], n, options, k));
      },
      { checkK: checkPlaces },
    ),
  },
);
