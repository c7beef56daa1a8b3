import { checkNumbers, type Range } from '../engine/check_tokens.ts';
import type { Dtype } from '../engine/kind.ts';
import type { Floats, Values } from '../ops.ts';
import * as c from '../shared/constants.ts';

/** A number, or one per row in the dtype of the logits. */
export type PerRowNumber = number | Values<Floats>;
/** An integer, or one per row. */
export type PerRowCount = number | Values<Int32Array>;

/** The steps of truncation, in the order in which they are taken. What is not given is off. */
export interface TruncationOptions {
  /** T >= 0 of the probabilities softmax(logits / T) that the steps see; 1 if not given. Infinity: all alike. */
  readonly temperature?: PerRowNumber | undefined;
  /** Leaves what is not more than so many standard deviations below the greatest logit, at any T. Off: 0, Infinity. */
  readonly nSigma?: PerRowNumber | undefined;
  /** Leaves the k greatest. Off: 0, n and more. */
  readonly topK?: PerRowCount | undefined;
  /** Leaves the typical ones: by |-log p - H| ascending, while the mass before is below it. Off: 1. */
  readonly typicalP?: PerRowNumber | undefined;
  /** Leaves the greatest, while the mass before is below it: the nucleus. Off: 1. */
  readonly topP?: PerRowNumber | undefined;
  /** Leaves what has at least so much of the greatest probability. Off: 0. */
  readonly minP?: PerRowNumber | undefined;
  /** Leaves what has at least this probability. Off: 0. */
  readonly epsilon?: PerRowNumber | undefined;
  /** Leaves what has a probability of min(eta, sqrt(eta) exp(-H)) at least, H the entropy. Off: 0. */
  readonly eta?: PerRowNumber | undefined;
  /** Where two or more have at least this probability, removes them but for the least of them. Off: above 1/2. */
  readonly xtcThreshold?: PerRowNumber | undefined;
  /** How many each step leaves at least, in its own order; 1 if not given. */
  readonly minKeep?: PerRowCount | undefined;
}

const UNIT: Range = { what: 'in [0, 1]', is: (v) => v >= 0 && v <= 1 },
  NOT_NEGATIVE: Range = { what: 'at least 0', is: (v) => v >= 0 },
  COUNT: Range = { counts: true, what: 'a non-negative integer', is: (v) => Number.isSafeInteger(v) && v >= 0 };

/** Of each option its place among the parameters of a row, what it is where it is not given, and its range. */
const OPTIONS: readonly [keyof TruncationOptions, number, number, Range][] = [
  ['temperature', c.TEMPERATURE, 1, NOT_NEGATIVE],
  ['topK', c.TOP_K, 0, COUNT],
  ['topP', c.TOP_P, 1, UNIT],
  ['minP', c.MIN_P, 0, UNIT],
  ['typicalP', c.TYPICAL_P, 1, UNIT],
  ['nSigma', c.N_SIGMA, 0, NOT_NEGATIVE],
  ['epsilon', c.EPSILON, 0, UNIT],
  ['eta', c.ETA, 0, UNIT],
  ['xtcThreshold', c.XTC_THRESHOLD, 1, NOT_NEGATIVE],
  ['minKeep', c.MIN_KEEP, 1, COUNT],
];

export const NAMES: readonly string[] = /* @__PURE__ */ OPTIONS.map(([name]) => name);

/** What the kernels read of each row. `last`: the temperature is that of the draw alone. */
export function parametersOf(options: TruncationOptions, dtype: Dtype, rows: number, last = false): Float64Array {
  const parameters = new Float64Array(rows * c.PARAMETERS);
  for (const [name, place, off, range] of OPTIONS) {
    const given = options[name],
      values = given === undefined ? off : checkNumbers(name, given, dtype, rows, range);
    for (let r = 0, at = place; r < rows; r++, at += c.PARAMETERS) {
      // -0 is 0
      parameters[at] = (typeof values === 'number' ? values : values[r]!) + 0;
    }
  }
  for (let at = 0; at < parameters.length; at += c.PARAMETERS) {
    parameters[at + c.DRAW_TEMPERATURE] = parameters[at + c.TEMPERATURE]!;
    if (last) parameters[at + c.TEMPERATURE] = 1;
  }
  return parameters;
}
