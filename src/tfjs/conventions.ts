/** How the ops are called: what they take, what they give. */
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
  vjp,
} from '../ops.ts';

/** The gradients for the inputs, d that of the result: one array, or arrays by the names of the inputs. */
type Back = (d: Float32Array) => Float32Array | Readonly<Record<string, Float32Array>>;

type Call = (...args: readonly unknown[]) => readonly [result: Float32Array, back: Back];

export interface Convention {
  /** With the arguments of the op. */
  readonly call: Call;
  /** The names of what it is differentiated by, all of one shape. */
  readonly inputs: readonly string[];
  /** Whether a key or an Rng comes first. */
  readonly source?: true;
  /** What follows the inputs and is constant: class indices, one per row; a target may be distributions. */
  readonly constant?: 'target' | 'labels';
  /** Whether it works element by element, without n. */
  readonly elements?: true;
  /** Whether it gives a value per row. */
  readonly reduces?: true;
}

type Run<R> = (...args: readonly unknown[]) => R;
type More = Omit<Convention, 'call' | 'inputs'>;

/** An op that `vjp` knows. */
const known = (op: unknown, inputs: readonly string[], more?: More): Convention => ({
  call: (...args) => (vjp as unknown as Run<ReturnType<Call>>)(op, ...args),
  inputs,
  ...more,
});

const marginal = semiSupervisedMarginal as unknown as Run<Float32Array>;
const marginalVjp = semiSupervisedMarginal.vjp as unknown as Run<Record<string, Float32Array>>;

const SOURCE = { source: true } as const;
const BITS = { source: true, elements: true } as const;
const PER_ROW = { reduces: true } as const;
const PER_ELEMENT = { elements: true } as const;

const CONVENTIONS = new Map<unknown, Convention>([
  [logSoftmax, known(logSoftmax, ['x'])],
  [logSumExp, known(logSumExp, ['x'], PER_ROW)],
  [gumbelSoftmax, known(gumbelSoftmax, ['logits'], SOURCE)],
  [expConcrete, known(expConcrete, ['logits'], SOURCE)],
  [gumbelSigmoid, known(gumbelSigmoid, ['logits'], BITS)],
  [logitBinConcrete, known(logitBinConcrete, ['logits'], BITS)],
  [concreteLogProb, known(concreteLogProb, ['y', 'logits'], PER_ROW)],
  [expConcreteLogProb, known(expConcreteLogProb, ['logY', 'logits'], PER_ROW)],
  [binConcreteLogProb, known(binConcreteLogProb, ['y', 'logits'], PER_ELEMENT)],
  [logitBinConcreteLogProb, known(logitBinConcreteLogProb, ['z', 'logits'], PER_ELEMENT)],
  // straight-through: the gradient passes as it is
  [hardmax, { call: (...args) => [(hardmax as Run<unknown> as Run<Float32Array>)(...args), (d) => d], inputs: ['x'] }],
  [
    semiSupervisedMarginal,
    {
      call: (losses, logits, labels, ...rest) => [
        marginal(losses, logits, labels, ...rest),
        (d) => marginalVjp(losses, logits, labels, d, ...rest),
      ],
      inputs: ['losses', 'logits'],
      constant: 'labels',
      reduces: true,
    },
  ],
]);

/** The convention of an op. Errors: TypeError for what is none of this package, or has no gradient. */
export function conventionOf(op: unknown): Convention {
  const max = maxOf(op);
  if (max === undefined) {
    const convention = CONVENTIONS.get(op);
    if (convention === undefined) throw liftError(op);
    return convention;
  }
  if (op === max) return known(op, ['x']);
  return op === max.loss ? known(op, ['x'], { constant: 'target', reduces: true }) : known(op, ['p'], PER_ROW);
}
