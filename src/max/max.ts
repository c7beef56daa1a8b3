import { maxError } from '../engine/check.ts';
import { checkEmpty } from '../engine/check_rows.ts';
import { ofPair, ofRows } from '../engine/functions.ts';
import type { Doubles, Kernels } from '../engine/kernels.ts';
import { makeOp, makeRowOp, type Op, OUT_ONLY } from '../engine/op.ts';
import type { Said } from '../engine/options.ts';
import * as Scratch from '../shared/scratch.ts';
import { makeLoss } from './loss.ts';
import type { Max, MaxEntropy } from './types.ts';

export type * from './types.ts';

const MASKED = ['temperature', 'out', 'stride', 'empty', 'dtype'];

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
 * The entropy H of a max and what is made of its derivative: kernels that the members of a family share. Scratch: the rows
 * of n that each takes.
 */
export interface Entropy {
  readonly alpha: number;
  /** Whether `entropy`, its gradient and `vjpTemperature` are kernels of f64 alone. */
  readonly f64: boolean;
  /** H of each row of p. Scratch: 1 row. */
  entropy(kernels: Doubles, p: number, dst: number, rows: number, n: number, scratch: number): void;
  /** The derivative by T. Scratch: 3 rows. */
  readonly vjpTemperature: VjpKernel<Doubles>;
  /** The derivative by alpha. Scratch: 6 rows. */
  vjpAlpha(kernels: Kernels, p: number, dp: number, dst: number, rows: number, n: number, scratch: number): void;
}

/** What a max is: a name, kernels of its own, and an entropy. */
export interface Definition {
  /** How the package leads to it: names of what it exports, numbers to call that with. Workers find it by these. */
  readonly name: readonly (string | number)[];
  readonly max: MaxKernel<Kernels>;
  /** Its number for `each_row`, where that knows it. */
  readonly each?: number | undefined;
  /** The vector-Jacobian product at the output p. */
  readonly vjp: VjpKernel<Kernels>;
  /** Bytes of scratch that either takes. */
  readonly scratch: Scratch.Scratch;
  readonly entropy: Entropy;
}

/** The ops of a max, for what is composed of it. */
export interface MaxOps {
  readonly definition: Definition;
  readonly max: Op;
  readonly vjp: Op;
  readonly vjpTemperature: Op;
}

const family = new WeakMap<object, MaxOps>();
/** Maxes by themselves, their losses and their entropies. */
const owners = new WeakMap<object, Max>();

/** The Tsallis entropy of an alpha: (1 - sum p^alpha) / (alpha (alpha-1)), Shannon's at 1. */
export function tsallis(alpha: number): Entropy {
  return {
    alpha,
    f64: ![1, 1.5, 2].includes(alpha),
    entropy: (kernels, p, dst, rows, n, scratch) => kernels.tsallis_entropy(p, dst, rows, n, alpha, scratch),
    vjpTemperature: (kernels, p, dp, dst, rows, n, t, scratch) =>
      kernels.entmax_vjp_temperature(p, dp, dst, rows, n, t, alpha, scratch),
    vjpAlpha: (kernels, p, dp, dst, rows, n, scratch) => kernels.entmax_vjp_alpha(p, dp, dst, rows, n, alpha, scratch),
  };
}

/** Makes a max: the map, its gradients, entropy and losses. */
export function makeMax(definition: Definition): Max {
  const { name, scratch, entropy } = definition;
  const inputs = [
    { name: 'p', width: 'n' },
    { name: 'dp', width: 'n' },
  ] as const;
  /** A gradient has the options of the max: from zeros it is 0. */
  const masked = {
    inputs,
    options: MASKED,
    settle({ empty }: Said) {
      checkEmpty(empty);
      return {};
    },
  };
  const filled = makeRowOp('x', {
    options: MASKED,
    scratch,
    row(kernels, src, dst, rows, n, t, scratch) {
      definition.max(kernels, src, dst, rows, n, t, scratch);
      kernels.zero_empty(src, dst, rows, n);
    },
  });
  const ops: MaxOps = {
    definition,
    max: makeRowOp('x', {
      options: MASKED,
      scratch,
      each: definition.each,
      settle: ({ empty }) => (checkEmpty(empty) ? { op: filled } : {}),
      row: definition.max,
    }),
    vjp: makeOp({
      ...masked,
      outputs: [{ width: 'n' }],
      scratch,
      kernel: (kernels, [p, dp, dst], rows, n, temperature, scratch) =>
        definition.vjp(kernels, p, dp, dst, rows, n, temperature, scratch),
    }),
    vjpTemperature: makeOp({
      ...masked,
      outputs: [{ width: 1 }],
      f64: entropy.f64 as true,
      scratch: Scratch.entmax_vjp_temperature,
      kernel: (kernels, [p, dp, dst], rows, n, temperature, scratch) =>
        entropy.vjpTemperature(kernels, p, dp, dst, rows, n, temperature, scratch),
    }),
  };
  const vjpAlpha = makeOp({
    inputs,
    outputs: [{ width: 1 }],
    options: OUT_ONLY,
    scratch: Scratch.entmax_vjp_alpha,
    kernel: (kernels, [p, dp, dst], rows, n, _temperature, scratch) =>
      entropy.vjpAlpha(kernels, p, dp, dst, rows, n, scratch),
  });
  const entropyOp = makeRowOp('p', {
    width: 1,
    options: OUT_ONLY,
    f64: entropy.f64 as true,
    scratch: Scratch.tsallis_entropy,
    row: (kernels, p, dst, rows, n, _, scratch) => entropy.entropy(kernels, p, dst, rows, n, scratch),
  });
  const entropyVjp = makeOp({
    inputs: [
      { name: 'p', width: 'n' },
      { name: 'd', width: 1 },
    ],
    outputs: [{ width: 'n' }],
    options: OUT_ONLY,
    f64: entropy.f64 as true,
    kernel: (kernels, [p, d, dst], rows, n) => kernels.tsallis_entropy_vjp(p, d, dst, rows, n, entropy.alpha),
  });
  const max = Object.assign(ofRows<Max>(ops.max), {
    alpha: entropy.alpha,
    vjp: ofPair<Max['vjp']>(ops.vjp),
    vjpTemperature: ofPair<Max['vjpTemperature']>(ops.vjpTemperature),
    vjpAlpha: ofPair<Max['vjpAlpha']>(vjpAlpha),
    entropy: Object.assign(ofRows<Max['entropy']>(entropyOp), { vjp: ofPair<MaxEntropy['vjp']>(entropyVjp) }),
    ...makeLoss(definition),
  });
  Object.defineProperty(max, 'name', { value: name[0] });
  family.set(max, ops);
  owners.set(max, max).set(max.loss, max).set(max.entropy, max);
  return max;
}

/** The max of this package that a function is, or whose loss or entropy it is; undefined for anything else. */
export function maxOf(op: unknown): Max | undefined {
  return owners.get(Object(op) as object);
}

/** The ops of a max of this package. */
export function opsOfMax(max: unknown): MaxOps {
  const ops = typeof max === 'function' ? family.get(max) : undefined;
  if (ops === undefined) throw maxError(max);
  return ops;
}
