import type { Halves, Input, Widened } from '../engine/half.ts';
import type { RowLength } from '../engine/layout.ts';
import { checkIgnored, checkPositiveTemperature } from '../engine/check.ts';
import { ofOp } from '../engine/functions.ts';
import { type Floats, I32, kindOf } from '../engine/kind.ts';
import type { Doubles } from '../engine/kernels.ts';
import { makeOp, type Op } from '../engine/op.ts';
import { blockOf, type Values } from '../engine/resident.ts';
import { mapInputs } from '../engine/rows.ts';
import * as Scratch from '../shared/scratch.ts';
import type { Definition, Max, MaxOptions } from './max.ts';

/** The options of a loss. */
export interface LossOptions<A extends Floats> extends MaxOptions<A> {
  /** 0 < T < Infinity, one for all rows or an array of one per row; 1 if not given. The loss is that of x / T. */
  readonly temperature?: number | Input<A> | undefined;
  /** A class index, such as -1 or -100: rows with it as their target have loss 0 and gradient 0. */
  readonly ignoreIndex?: number | undefined;
}

/** What the loss of a max is: a function of scores and targets, with its gradient. */
export interface Loss {
  /**
   * The Fenchel-Young loss of each row, at least 0: for softmax the cross-entropy at a class index, KL(y || p) at a
   * distribution y.
   *
   * @param x Scores, rows x n.
   * @param target Class indices, one per row (Int32Array), or distributions, rows x n of x's dtype.
   * @param n The number of classes: the length of a row.
   * @param options `temperature` (1 if absent), `ignoreIndex`, and `out`, one value per row.
   * @returns One value per row.
   * @throws As the max; RangeError for a temperature of 0 or Infinity, and for an ignoreIndex that is not an integer of 32
   *   bits; TypeError for an ignoreIndex beside distributions.
   */
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    target: Values<Int32Array | A> | Halves,
    n: RowLength,
    options?: LossOptions<A>,
  ): Widened<A, H>;
  /**
   * The gradient of sum_r dLoss_r loss_r by the scores x: dLoss (p - y) / T, p the max of x / T, y the target.
   *
   * Special values: 0 in the rows that `ignoreIndex` leaves out; a NaN row for an index outside [0, n).
   *
   * Accuracy: computed in f64, rounded once; at the class of an index p - 1, minus the sum of the other p where p > 1/2. Of
   * softmax at an index in float32 with p in float32: within 8 ULP of each entry where |max x| <= 2000 T.
   *
   * @param x Scores, rows x n.
   * @param target As for the loss.
   * @param dLoss The gradient by each loss: one value per row.
   * @param n The number of classes.
   * @param options `temperature` and `ignoreIndex` of the loss, and `out`, like x.
   * @returns Rows x n.
   * @throws As the loss; TypeError, RangeError for another kind or length of dLoss.
   * @example
   * softmax.loss.vjp(Float64Array.of(2, 1, 0), Int32Array.of(0), Float64Array.of(10), 3); // [-3.348, 2.447, 0.900]
   */
  vjp<A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    target: Values<Int32Array | A> | Halves,
    dLoss: Input<A>,
    n: RowLength,
    options?: LossOptions<A>,
  ): Widened<A, H>;
}

const OPTIONS = ['temperature', 'ignoreIndex', 'out', 'stride', 'dtype'];

/**
 * What kernels make of scores x and a target, class indices or distributions, in f64. d: the address of the gradients of
 * the losses, 0 for ones. p: room for rows x n.
 */
type AtTarget = (
  kernels: Doubles,
  isIndex: boolean,
  x: number,
  target: number,
  d: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  p: number,
  scratch: number,
) => void;

/** The loss: softmax's, the divergence from the target, is right relative to itself near 0. */
function lossOf({ max, entropy }: Definition): AtTarget {
  if (entropy.alpha === 1) {
    return (kernels, isIndex, x, target, _d, dst, rows, n, t, p, scratch) => {
      if (isIndex) {
        kernels.log_softmax_at(x, target, dst, 1, rows, n, t, scratch);
      } else {
        kernels.log_softmax(x, p, rows, n, t, scratch);
        kernels.softmax_loss(x, p, target, dst, rows, n, t, scratch);
      }
    };
  }
  return (kernels, isIndex, x, target, _d, dst, rows, n, t, p, scratch) => {
    max(kernels, x, p, rows, n, t, scratch);
    kernels.fenchel_young_loss(x, p, target, dst, isIndex ? 1 : 0, rows, n, t, entropy.alpha, scratch);
  };
}

function vjpOf({ max }: Definition): AtTarget {
  return (kernels, isIndex, x, target, d, dst, rows, n, t, p, scratch) => {
    max(kernels, x, isIndex ? dst : p, rows, n, t, scratch);
    if (isIndex) kernels.class_gradient(target, dst, rows, n);
    else kernels.fenchel_young_gradient(p, target, dst, rows * n);
    if (d !== 0 || t !== 1) kernels.scale_rows(d, dst, rows, n, t);
  };
}

/** The op at a target of class indices or of distributions. */
type OpAt = (target: unknown) => Op;

/** That of scores and targets, and of the gradients of losses if `withD`. */
function atTargets(definition: Definition, width: 1 | 'n', kernel: AtTarget, withD = false): OpAt {
  const inTurns = (n: number, rows: number): number =>
    Math.max(definition.scratch(n, rows, 8, 1), Scratch.log_softmax_at(n, rows, 8, 1));
  const op = (isIndex: boolean): Op =>
    makeOp({
      inputs: [
        { name: 'x', width: 'n' },
        isIndex ? { name: 'target', width: 1, kind: I32 } : { name: 'target', width: 'n', also: I32 },
        ...(withD ? [{ name: 'dLoss', width: 1 } as const] : []),
      ],
      outputs: [{ width }],
      options: OPTIONS,
      settle: ({ ignoreIndex }) => ({ k: checkIgnored(ignoreIndex, isIndex) }),
      check: checkPositiveTemperature,
      // of softmax at a class nothing cancels
      f64: (!isIndex || definition.entropy.alpha !== 1) as true,
      // what the kernels take in turns, then p
      scratch: (n, rows) => inTurns(n, rows) + 8 * n * rows,
      kernel(kernels, [x, target, third, fourth], rows, n, temperature, scratch, k) {
        const [d, dst] = withD ? [third, fourth] : [0, third];
        kernel(kernels, isIndex, x, target, d, dst, rows, n, temperature, scratch + inTurns(n, rows), scratch);
        // NaN where no index is ignored
        if (k === k) kernels.ignore_rows(target, dst, rows, width === 1 ? 1 : n, k);
      },
    });
  // made on first use: measured, 20 KB less to make on import
  let ofIndex: Op | undefined, ofDistribution: Op | undefined;
  return (target) =>
    (kindOf(target) ?? blockOf(target)?.kind) === I32 ? (ofIndex ??= op(true)) : (ofDistribution ??= op(false));
}

/** (x, target, n, options) */
function ofTarget(opAt: OpAt): Max['lossGradient'] {
  // NaN: no index is ignored
  return ofOp(
    (_, target) => opAt(target),
    (x: unknown, target: unknown, n: unknown, options?: object) =>
      mapInputs(opAt(target), [x, target], n, options, NaN),
  );
}

/** (x, target, dLoss, n, options) */
function ofTargetAndGradient(opAt: OpAt): Loss['vjp'] {
  return ofOp(
    (_, target) => opAt(target),
    (x: unknown, target: unknown, d: unknown, n: unknown, options?: object) =>
      mapInputs(opAt(target), [x, target, d], n, options, NaN),
  );
}

/** The losses of a max. */
export function makeLoss(definition: Definition): Pick<Max, 'loss' | 'lossGradient'> {
  const vjp = vjpOf(definition);
  return {
    loss: Object.assign(ofTarget(atTargets(definition, 1, lossOf(definition))), {
      vjp: ofTargetAndGradient(atTargets(definition, 'n', vjp, true)),
    }),
    lossGradient: ofTarget(atTargets(definition, 'n', vjp)),
  };
}
