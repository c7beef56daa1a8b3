/** How the ops are called: what they take, what they give, what their gradient is made of. */
import { liftError } from '../engine/check_tensors.ts';
import { maxOf } from '../max/max.ts';
import { semiSupervisedMarginal } from '../objectives/semi_supervised.ts';
import {
  binConcreteLogProb,
  concreteLogProb,
  expConcrete,
  expConcreteLogProb,
  gumbelSigmoid,
  gumbelSoftmax,
  hardmax,
  logitBinConcrete,
  logitBinConcreteLogProb,
  logSoftmax,
  logSumExp,
  type Max,
} from '../ops.ts';

/** The arguments behind those of a call: n, where rows are taken, and the options. */
export type Rest = readonly [n: number, options: object] | readonly [options: object];

/** A call that has been made. */
export interface Made {
  readonly inputs: readonly Float32Array[];
  readonly constant: readonly unknown[];
  readonly result: Float32Array;
}

/** The gradient for each input, d that of the result. */
type Gradient = (made: Made, d: Float32Array, rest: Rest) => readonly Float32Array[];

export interface Convention {
  readonly run: (...args: readonly unknown[]) => Float32Array;
  /** The names of what it is differentiated by, all of one shape. */
  readonly inputs: readonly string[];
  readonly gradient: Gradient;
  /** Whether a key or an Rng comes first. */
  readonly source?: true;
  /** What follows the inputs and is constant: class indices, one per row; a target may be distributions. */
  readonly constant?: 'target' | 'labels';
  /** Whether it works element by element, without n. */
  readonly elements?: true;
  /** Whether it gives a value per row. */
  readonly reduces?: true;
}

type Op = (...args: never[]) => unknown;
type Run<R> = (...args: readonly unknown[]) => R;

const convention = (op: Op, inputs: readonly string[], gradient: Gradient, more?: Partial<Convention>): Convention => ({
  run: op as unknown as Convention['run'],
  inputs,
  gradient,
  ...more,
});

/** vjp(result, d, n, options) */
function ofResult(op: Op & { vjp: Op }, input: string, more?: Partial<Convention>): Convention {
  const vjp = op.vjp as Run<unknown> as Run<Float32Array>;
  return convention(op, [input], ({ result }, d, rest) => [vjp(result, d, ...rest)], more);
}

/** vjp(inputs, constant, d, n, options): gradients by the names of the inputs. */
function ofInputs(op: Op & { vjp: Op }, inputs: readonly string[], more?: Partial<Convention>): Convention {
  const vjp = op.vjp as Run<unknown> as Run<Record<string, Float32Array>>;
  const gradient: Gradient = ({ inputs: values, constant }, d, rest) => {
    const gradients = vjp(...values, ...constant, d, ...rest);
    return inputs.map((name) => gradients[name]!);
  };
  return convention(op, inputs, gradient, more);
}

/** The loss of a max, its gradient times d of the row. */
function ofLoss({ loss, lossGradient }: Max): Convention {
  const gradient: Gradient = ({ inputs: [x], constant: [target] }, d, [n]) => {
    const classes = n as number;
    return [lossGradient(x!, target as Int32Array, classes).map((v, i) => v * d[Math.floor(i / classes)]!)];
  };
  return convention(loss, ['x'], gradient, { constant: 'target', reduces: true });
}

const DENSITY = { reduces: true } as const;
const OF_ELEMENTS = { elements: true } as const;

const CONVENTIONS = new Map<unknown, Convention>(
  [
    ofResult(logSoftmax, 'x'),
    convention(logSumExp, ['x'], ({ inputs: [x] }, d, [n, options]) => [logSumExp.vjp(x!, d, n as number, options)], {
      reduces: true,
    }),
    // straight-through: the gradient passes as it is
    convention(hardmax, ['x'], (_, d) => [d]),
    ofResult(gumbelSoftmax, 'logits', { source: true }),
    ofResult(expConcrete, 'logits', { source: true }),
    ofResult(gumbelSigmoid, 'logits', { source: true, elements: true }),
    ofResult(logitBinConcrete, 'logits', { source: true, elements: true }),
    ofInputs(concreteLogProb, ['y', 'logits'], DENSITY),
    ofInputs(expConcreteLogProb, ['logY', 'logits'], DENSITY),
    ofInputs(binConcreteLogProb, ['y', 'logits'], OF_ELEMENTS),
    ofInputs(logitBinConcreteLogProb, ['z', 'logits'], OF_ELEMENTS),
    ofInputs(semiSupervisedMarginal, ['losses', 'logits'], { constant: 'labels', reduces: true }),
  ].map((each) => [each.run, each]),
);

/** The convention of an op. Errors: TypeError for what is none of this package, or has no gradient. */
export function conventionOf(op: unknown): Convention {
  const known = CONVENTIONS.get(op);
  if (known !== undefined) return known;
  const max = maxOf(op);
  if (max === undefined) throw liftError(op);
  return op === max ? ofResult(max, 'x') : ofLoss(max);
}
