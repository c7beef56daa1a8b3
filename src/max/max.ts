import { Call, readOptions } from '../engine/call.ts';
import { maxError } from '../engine/check.ts';
import { ofPair, ofRows, openable } from '../engine/functions.ts';
import { type AnyArray, type Floats, I32, kindOf } from '../engine/kind.ts';
import type { Doubles, Kernels } from '../engine/kernels.ts';
import { makeOp, makeRowOp, type Op, OUT_ONLY, type RowOp } from '../engine/op.ts';
import { blockOf, type Values } from '../engine/resident.ts';
import * as Scratch from '../shared/scratch.ts';

/** The options of what takes rows of values and gives values. */
export interface MaxOptions<A extends Floats> {
  /** T >= 0; 1 if not given. 0 is the limit (one-hot), Infinity gives the uniform distribution over what is not masked. */
  readonly temperature?: number;
  /** The array for the result: of the input's dtype and length. It may overlap the input, or be the input itself. */
  readonly out?: Values<A>;
}

/** The options of what has no temperature. */
export interface OutOptions<A extends Floats> {
  /** The array for the result, of the input's dtype. It may overlap the inputs, or be one of them. */
  readonly out?: Values<A>;
}

/** A map from rows of scores to the simplex: argmax over p of <p, x / T> + H(p) for an entropy H. */
export interface Max {
  <A extends Floats>(x: Values<A>, n: number, options?: MaxOptions<A>): A;
  /** Of the Tsallis entropy H that belongs to the max: 1 for softmax, 1.5 for entmax15, 2 for sparsemax. */
  readonly alpha: number;
  /**
   * The vector-Jacobian product from the output p: dx = (s dp - s (s.dp) / sum s) / T, s = p^(2 - alpha) on the support.
   *
   * Shapes: p and dp rows x n; the result likewise. Special values: 0 where p is 0, at T = 0 and at T = Infinity; a NaN
   * row for a NaN in p. Errors: as for the max. Source: Peters, Niculae and Martins 2019, section 3.
   */
  vjp<A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: MaxOptions<A>): A;
  /**
   * The derivative by T times dp, from the output p at that T, one value a row: -sum w dx, with dx the vector-Jacobian
   * product and w = (p^(alpha-1) - 1) / (alpha - 1), log p for softmax.
   *
   * Special values: 0 at T = 0 and at T = Infinity; NaN for a NaN in p. Errors: as for the max. Accuracy: computed in
   * f64, rounded once.
   */
  vjpTemperature<A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: MaxOptions<A>): A;
  /**
   * The derivative by alpha times dp, from the output p, one value a row: with q = s / sum s the derivative is
   * (p - q) / (alpha-1)^2 - (p log p - q sum p log p) / (alpha-1), for softmax its limit p (E[log^2 p] - log^2 p) / 2.
   *
   * Special values: NaN for a NaN in p. Errors: as for the max. Accuracy: computed in f64 in a form that does not cancel
   * near alpha = 1, rounded once. Source: Correia, Niculae and Martins 2019, section 3.2.
   */
  vjpAlpha<A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: OutOptions<A>): A;
  /**
   * The Tsallis entropy of each row of p, (1 - sum p^alpha) / (alpha (alpha-1)): Shannon's -sum p log p for softmax,
   * Gini's sum p (1 - p) / 2 for sparsemax. One value a row, in nats for softmax.
   *
   * p is taken as it is: its sum is not looked at. Special values: 0 log 0 is 0; NaN for a NaN or a negative p. Errors: as
   * for the max. Accuracy: computed in f64, rounded once. Source: Tsallis 1988.
   */
  entropy<A extends Floats>(p: Values<A>, n: number, options?: OutOptions<A>): A;
  /**
   * The Fenchel-Young loss of scores x at a target y, one value a row: max_p (<p, x> + H(p)) - H(y) - <y, x>, at least 0.
   * Cross-entropy for softmax; for the others exactly 0 from the margin 1 / (alpha-1) on.
   *
   * `target`: class indices, one a row in an Int32Array, or distributions, rows x n of x's dtype. Special values: NaN for
   * an index outside [0, n) or a NaN; 0 (-Infinity) = 0, and +Infinity where a class of the target is masked. Errors: as
   * for the max. Accuracy: computed in f64, rounded once; for softmax at a class index within 4 ULP of the loss itself,
   * however near 0, and at a distribution a divergence from it, in which a sum within n 2^-52 of 1 counts as 1; for the
   * others scores centred at the target. Source: Blondel, Martins and Niculae 2020.
   */
  loss<A extends Floats>(x: Values<A>, target: Values<Int32Array | A>, n: number, options?: OutOptions<A>): A;
  /**
   * The gradient of that loss by the scores, p - y: rows x n. A NaN row for an index outside [0, n). Errors as for the
   * loss. Accuracy: computed in f64, rounded once; at the class of an index minus the sum of the other p.
   */
  lossGradient<A extends Floats>(x: Values<A>, target: Values<Int32Array | A>, n: number, options?: OutOptions<A>): A;
}

/** Rows of scores or of outputs, in the order of the arguments of kernels. */
type MaxKernel<K> = (
  kernels: K,
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
) => void;
type VjpKernel<K> = (
  kernels: K,
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
) => void;

/**
 * The entropy H of a max and what is made of its derivative, in f64: kernels that the members of a family share. Scratch:
 * the rows of n that each takes.
 */
export interface Entropy {
  readonly alpha: number;
  /** H of each row of p. Scratch: 1 row. */
  entropy(kernels: Doubles, p: number, dst: number, rows: number, n: number, scratch: number): void;
  /** The derivative by T. Scratch: 3 rows. */
  readonly vjpTemperature: VjpKernel<Doubles>;
  /** The derivative by alpha. Scratch: 5 rows. */
  vjpAlpha(kernels: Doubles, p: number, dp: number, dst: number, rows: number, n: number, scratch: number): void;
}

/** What a max is: a name, kernels of its own, and an entropy. */
export interface Definition<F extends boolean = boolean> {
  /** How the package leads to it: names of what it exports, numbers to call that with. Workers find it by these. */
  readonly name: readonly (string | number)[];
  readonly max: MaxKernel<Kernels>;
  /** Whether `vjp` is a kernel of f64 alone. */
  readonly f64: F;
  /** The vector-Jacobian product at the output p. */
  readonly vjp: VjpKernel<F extends true ? Doubles : Kernels>;
  /** Bytes of scratch that either takes. */
  readonly scratch: Scratch.Scratch;
  readonly entropy: Entropy;
}

/** The ops of a max, for what is composed of it. */
export interface MaxOps {
  readonly definition: Definition<true>;
  readonly max: RowOp;
  readonly vjp: Op;
  readonly vjpTemperature: Op;
}

const family = new WeakMap<object, MaxOps>();
/** Maxes by themselves and by their losses. */
const owners = new WeakMap<object, Max>();

/** The Tsallis entropy of an alpha: (1 - sum p^alpha) / (alpha (alpha-1)), Shannon's at 1. */
export function tsallis(alpha: number): Entropy {
  return {
    alpha,
    entropy: (kernels, p, dst, rows, n, scratch) => kernels.tsallis_entropy(p, dst, rows, n, alpha, scratch),
    vjpTemperature: (kernels, p, dp, dst, rows, n, t, scratch) =>
      kernels.entmax_vjp_temperature(p, dp, dst, rows, n, t, alpha, scratch),
    vjpAlpha: (kernels, p, dp, dst, rows, n, scratch) => kernels.entmax_vjp_alpha(p, dp, dst, rows, n, alpha, scratch),
  };
}

/** Makes a max: the map, its gradients, entropy and losses. */
export function makeMax<F extends boolean>(given: Definition<F>): Max {
  const definition = given as unknown as Definition<true>,
    { name, f64, scratch, entropy } = definition;
  const inputs = [
    { name: 'p', width: 'n' },
    { name: 'dp', width: 'n' },
  ] as const;
  const ops: MaxOps = {
    definition,
    max: makeRowOp('x', { scratch, row: definition.max }),
    vjp: makeOp({
      inputs,
      outputs: [{ width: 'n' }],
      f64,
      scratch,
      kernel: (kernels, [p, dp], [dst], { rows, n, temperature, scratch }) =>
        definition.vjp(kernels, p, dp, dst, rows, n, temperature, scratch),
    }),
    vjpTemperature: makeOp({
      inputs,
      outputs: [{ width: 1 }],
      f64: true,
      scratch: Scratch.entmax_vjp_temperature,
      kernel: (kernels, [p, dp], [dst], { rows, n, temperature, scratch }) =>
        entropy.vjpTemperature(kernels, p, dp, dst, rows, n, temperature, scratch),
    }),
  };
  const vjpAlpha = makeOp({
    inputs,
    outputs: [{ width: 1 }],
    options: OUT_ONLY,
    f64: true,
    scratch: Scratch.entmax_vjp_alpha,
    kernel: (kernels, [p, dp], [dst], { rows, n, scratch }) => entropy.vjpAlpha(kernels, p, dp, dst, rows, n, scratch),
  });
  const entropyOp = makeRowOp('p', {
    width: 1,
    options: OUT_ONLY,
    f64: true,
    scratch: Scratch.tsallis_entropy,
    row: (kernels, p, dst, rows, n, _, scratch) => entropy.entropy(kernels, p, dst, rows, n, scratch),
  });
  const max = Object.assign(ofRows<Max>(ops.max), {
    alpha: entropy.alpha,
    vjp: ofPair<Max['vjp']>(ops.vjp),
    vjpTemperature: ofPair<Max['vjpTemperature']>(ops.vjpTemperature),
    vjpAlpha: ofPair<Max['vjpAlpha']>(vjpAlpha),
    entropy: ofRows<Max['entropy']>(entropyOp),
    loss: atTarget<Max['loss']>(definition, 1, lossOf(definition)),
    lossGradient: atTarget<Max['lossGradient']>(definition, 'n', lossGradientOf(definition)),
  });
  Object.defineProperty(max, 'name', { value: name[0] });
  family.set(max, ops);
  owners.set(max, max).set(max.loss, max);
  return max;
}

/** The max of this package that a function is, or whose loss it is; undefined for anything else. */
export function maxOf(op: unknown): Max | undefined {
  return owners.get(Object(op) as object);
}

/** The ops of a max of this package. */
export function opsOfMax(max: unknown): MaxOps {
  const ops = typeof max === 'function' ? family.get(max) : undefined;
  if (ops === undefined) throw maxError(max);
  return ops;
}

/** What kernels make of scores x and a target, class indices or distributions, in f64. p: room for rows x n. */
type AtTarget = (
  kernels: Doubles,
  isIndex: boolean,
  x: number,
  target: number,
  dst: number,
  rows: number,
  n: number,
  p: number,
  scratch: number,
) => void;

/** The loss: softmax's, the divergence from the target, is right relative to itself near 0. */
function lossOf({ max, entropy }: Definition<true>): AtTarget {
  if (entropy.alpha === 1) {
    return (kernels, isIndex, x, target, dst, rows, n, p, scratch) => {
      kernels.log_softmax(x, p, rows, n, 1, scratch);
      if (isIndex) kernels.class_loss(p, target, dst, rows, n);
      else kernels.softmax_loss(x, p, target, dst, rows, n, scratch);
    };
  }
  return (kernels, isIndex, x, target, dst, rows, n, p, scratch) => {
    const oneHot = p + 8 * n * rows;
    max(kernels, x, p, rows, n, 1, scratch);
    if (isIndex) kernels.one_hot(target, oneHot, rows, n);
    const y = isIndex ? oneHot : target;
    kernels.fenchel_young_loss(x, p, y, dst, rows, n, entropy.alpha, scratch);
  };
}

function lossGradientOf({ max }: Definition<true>): AtTarget {
  return (kernels, isIndex, x, target, dst, rows, n, p, scratch) => {
    max(kernels, x, p, rows, n, 1, scratch);
    if (isIndex) kernels.class_gradient(p, target, dst, rows, n);
    else kernels.fenchel_young_gradient(p, target, dst, rows * n);
  };
}

/** (x, target, n, options) */
function atTarget<F extends Max['loss']>(definition: Definition<true>, width: 1 | 'n', kernel: AtTarget): F {
  const inTurns = (n: number, rows: number): number =>
    Math.max(definition.scratch(n, rows, 8, 1), Scratch.fenchel_young_loss(n, rows, 8, 1));
  const op = (isIndex: boolean): Op =>
    makeOp({
      inputs: [
        { name: 'x', width: 'n' },
        isIndex ? { name: 'target', width: 1, kind: I32 } : { name: 'target', width: 'n', also: I32 },
      ],
      outputs: [{ width }],
      options: OUT_ONLY,
      f64: true,
      // what the kernels take in turns, then p and y
      scratch: (n, rows) => inTurns(n, rows) + 16 * n * rows,
      kernel: (kernels, [x, target], [dst], { rows, n, scratch }) =>
        kernel(kernels, isIndex, x, target, dst, rows, n, scratch + inTurns(n, rows), scratch),
    });
  const [ofIndex, ofDistribution] = [op(true), op(false)];
  const open = (x: unknown, target: unknown, n: number, options?: object): Call => {
    const said = readOptions(options, OUT_ONLY),
      isIndex = (blockOf(target)?.kind ?? kindOf(target)) === I32;
    return new Call(isIndex ? ofIndex : ofDistribution, [x, target], n, said);
  };
  const run = (x: unknown, target: unknown, n: number, options?: object): AnyArray =>
    open(x, target, n, options).run()[0]!;
  return openable(run as F, open);
}
