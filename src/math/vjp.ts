import { checkOptions, vjpError } from '../engine/check.ts';
import type { Call } from '../engine/call.ts';
import { openOf } from '../engine/functions.ts';
import { type Input, widened } from '../engine/half.ts';
import { type AnyArray, copyOf, type Floats } from '../engine/kind.ts';
import { arrayOf, isArray } from '../engine/layout.ts';
import type { Values } from '../engine/resident.ts';
import type { BinConcreteLogProb, LogitBinConcreteLogProb } from '../density/bin_concrete.ts';
import type { ConcreteLogProb } from '../density/concrete.ts';
import type { ExpConcreteLogProb } from '../density/exp_concrete.ts';
import type { PlackettLuceLogProb } from '../density/plackett_luce.ts';
import type { MaxOptions, OutOptions } from '../max/max.ts';

/** The vector-Jacobian product of a call that gave `Y`: from the gradient of each value to that of what the op is differentiated by. */
export type Back<Y extends Floats> = (d: Input<Y>, options?: OutOptions<Y>) => Y;

/** That of a log-density: the gradients by the names of the inputs, of which V has one. */
export type DensityBack<Y extends Floats, V extends string = never> = (d: Values<Y>) => {
  [K in V | 'logits' | 'temperature']: Y;
};

/** A distribution with a divergence (src/distributions/kl_divergence.ts). */
interface Closed {
  kl(q: never): Floats;
  klVjp(q: never, d: never): object;
}

/**
 * Calls an op and keeps what its gradient needs: `[y, back]`, where `back(d)` is `op.vjp` at the same n, temperature, max,
 * `ignoreIndex` and offsets, which so cannot differ.
 *
 * For every op that has a `vjp`: the maxes with their losses and entropies, logSoftmax, logSumExp, the relaxed samplers, the
 * log-densities, klDivergence. Maps from rows to rows are differentiated at their output y, all others at their inputs:
 * leave those arrays as they are until `back` has been called. Temperatures and offsets in arrays are copied. An Rng gives
 * one key.
 *
 * @param op A function of the package with a `vjp`.
 * @param args Its arguments, in its own order.
 * @param y The first argument of a density: points of the simplex, or relaxed bits.
 * @param z The first argument of a density: log-odds.
 * @param logY The first argument of a density: log-samples.
 * @param logits The logits of a density.
 * @param ranking The rankings of plackettLuceLogProb.
 * @param n The number of classes.
 * @param k The length of a ranking.
 * @param options The options of the op.
 * @param p The first distribution of a divergence.
 * @param q The second one.
 * @returns What `op(...args)` gives, and `back(d, { out })`: d is like y; `out` where the gradient is one array.
 * @throws What the op throws, `back` what its `vjp` throws; TypeError for an op without a vjp.
 * @example
 * const [p, back] = vjp(softmax, Float64Array.of(1, 2, 3), 3, { temperature: 0.5 });
 * back(Float64Array.of(1, 0, 0)); // [0.031, -0.004, -0.028]
 */
export function vjp<Y extends Floats>(
  op: ExpConcreteLogProb,
  logY: Values<Y>,
  logits: Values<Y>,
  n: Parameters<ExpConcreteLogProb>[2],
  options?: MaxOptions<Y>,
): [y: Y, back: DensityBack<Y, 'logY'>];
export function vjp<Y extends Floats>(
  op: ConcreteLogProb,
  y: Values<Y>,
  logits: Values<Y>,
  n: Parameters<ConcreteLogProb>[2],
  options?: MaxOptions<Y>,
): [y: Y, back: DensityBack<Y, 'y'>];
export function vjp<Y extends Floats>(
  op: BinConcreteLogProb,
  y: Values<Y>,
  logits: Values<Y>,
  options?: MaxOptions<Y>,
): [y: Y, back: DensityBack<Y, 'y'>];
export function vjp<Y extends Floats>(
  op: LogitBinConcreteLogProb,
  z: Values<Y>,
  logits: Values<Y>,
  options?: MaxOptions<Y>,
): [y: Y, back: DensityBack<Y, 'z'>];
export function vjp<Y extends Floats>(
  op: PlackettLuceLogProb,
  logits: Values<Y>,
  ranking: Values<Int32Array>,
  n: Parameters<PlackettLuceLogProb>[2],
  k: number,
  options?: MaxOptions<Y>,
): [y: Y, back: DensityBack<Y>];
export function vjp<D extends Closed>(
  op: (p: D, q: D) => ReturnType<D['kl']>,
  p: D,
  q: D,
): [y: ReturnType<D['kl']>, back: (d: Parameters<D['klVjp']>[1]) => ReturnType<D['klVjp']>];
export function vjp<Y extends Floats, Args extends unknown[]>(
  op: (...args: Args) => Y,
  ...args: Args
): [y: Y, back: Back<Y>];
export function vjp(op: unknown, ...args: unknown[]): [unknown, (d: unknown, options?: object) => unknown] {
  const backward = typeof op === 'function' && 'vjp' in op && op.vjp;
  if (typeof backward !== 'function') throw vjpError(op);
  const open = openOf(op as object),
    run = op as (...args: unknown[]) => unknown;
  if (open === undefined) {
    // a divergence, of distributions that know it; an op of another copy of the package is no op
    if (!isClosed(args[0])) throw vjpError(op);
    return [run(...args), (d) => backward(...args, d) as unknown];
  }
  const call = open(...args) as Call,
    [y] = call.run();
  const { values, said } = call,
    { keys, inputs, outputs } = call.op,
    { out, dtype, ...options } = said;
  const kept = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, fixed(value)]));
  // n, and k, stand between the arrays and the options
  const sizes = args
    .slice(values.length + (keys === undefined ? 0 : 1))
    .filter(isSize)
    .map(fixed);
  const atOutput = outputs[0]!.width === inputs[0]!.width,
    at = atOutput ? [out ?? y] : values;
  if (!atOutput && dtype !== undefined) kept.dtype = dtype;
  return [
    y,
    (d, given) => {
      checkOptions(given, ['out']);
      const into = (given as { readonly out?: unknown } | undefined)?.out;
      return backward(
        ...at,
        widened('d', d, dtype),
        ...sizes,
        into === undefined ? kept : { ...kept, out: into },
      ) as unknown;
    },
  ];
}

const isClosed = (value: unknown): boolean => typeof value === 'object' && value !== null && 'klVjp' in value;
const isSize = (value: unknown): boolean => typeof value === 'number' || isArray(value);
/** Arrays as they are now. */
const fixed = (value: unknown): unknown => (isArray(value) ? copyOf(arrayOf(value) as AnyArray) : value);
