import type { Kernel } from '../engine/arena.ts';
import { arena } from '../engine/backend.ts';
import {
  checkFloats,
  checkOptions,
  checkOut,
  checkRows,
  checkTarget,
  type Dtype,
  type Floats,
  kindOf,
  maxError,
} from '../engine/check.ts';
import type { Doubles, Kernels } from '../engine/kernels.ts';
import type { Values } from '../engine/resident.ts';
import { type Input, openRows } from '../engine/rows.ts';

/** The options of what takes rows of values and gives values. */
export interface MaxOptions<A extends Floats> {
  /** T >= 0; 1 if not given. 0 is the limit (one-hot), Infinity gives the uniform distribution over what is not masked. */
  readonly temperature?: number;
  /** The array for the result: of the input's dtype and length; the input itself, or disjoint from it. */
  readonly out?: Values<A>;
}

/** The options of what has no temperature. */
export interface OutOptions<A extends Floats> {
  /** The array for the result, of the input's dtype: one of the inputs, or disjoint from them. */
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
   * for the max. Accuracy: scores centred at the target, computed in f64, rounded once. Source: Blondel, Martins and
   * Niculae 2020.
   */
  loss<A extends Floats>(x: Values<A>, target: Values<Int32Array | A>, n: number, options?: OutOptions<A>): A;
  /**
   * The gradient of that loss by the scores, p - y: rows x n. A NaN row for an index outside [0, n). Errors and accuracy
   * as for the loss.
   */
  lossGradient<A extends Floats>(x: Values<A>, target: Values<Int32Array | A>, n: number, options?: OutOptions<A>): A;
}

/** The maxes that have kernels of their own in both dtypes, by the names of these. */
type Own = { [K in keyof Kernels]: `${K}_vjp` extends keyof Kernels ? K : never }[keyof Kernels];

/** What a member of the family is to the engine: kernels of its own, or the general ones in f64, for its alpha. */
export interface Member {
  readonly alpha: number;
  readonly own?: Own;
  /** Rows of scratch that the max and its vector-Jacobian product take; 1 if not given. */
  readonly scratch?: number;
}

const family = new WeakMap<object, Member>();

/** Makes a member of the family. */
export function makeMax(member: Member): Max {
  const { alpha } = member;
  const max = <A extends Floats>(x: Values<A>, n: number, options?: MaxOptions<A>): A =>
    mapRows(member, ['x', x], n, options);
  family.set(max, member);
  return Object.assign(max, {
    alpha,
    vjp: <A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: MaxOptions<A>): A =>
      pullBack(member, ['p', p], ['dp', dp], n, options),
    vjpTemperature: <A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: MaxOptions<A>): A =>
      pullBackTemperature(member, ['p', p], ['dp', dp], n, options),
    vjpAlpha: <A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: OutOptions<A>): A =>
      arena().runDoubles(
        openRows(
          [
            ['p', p],
            ['dp', dp],
          ],
          n,
          options,
          { width: 1, known: ['out'] },
        ),
        (kernels, { from, to, scratch }, rows) =>
          kernels.entmax_vjp_alpha(from[0]!, from[1]!, to[0]!, rows, n, scratch, alpha),
        () => room(n, 5),
      )[0] as A,
    entropy: <A extends Floats>(p: Values<A>, n: number, options?: OutOptions<A>): A =>
      arena().runDoubles(
        openRows([['p', p]], n, options, { width: 1, known: ['out'] }),
        (kernels, { from, to, scratch }, rows) => kernels.tsallis_entropy(from[0]!, to[0]!, rows, n, alpha, scratch),
        () => room(n, 1),
      )[0] as A,
    loss: <A extends Floats>(x: Values<A>, target: Values<Int32Array | A>, n: number, options?: OutOptions<A>): A =>
      atTarget(member, x, target, n, options, 1, (kernels, [s, p, y], dst, rows, scratch) =>
        kernels.fenchel_young_loss(s, p, y, dst, rows, n, alpha, scratch),
      ),
    lossGradient: <A extends Floats>(
      x: Values<A>,
      target: Values<Int32Array | A>,
      n: number,
      options?: OutOptions<A>,
    ): A =>
      atTarget(member, x, target, n, options, n, (kernels, [, p, y], dst, rows) =>
        kernels.fenchel_young_gradient(p, y, dst, rows * n),
      ),
  });
}

/** What a member of the family is. */
export function memberOf(max: unknown): Member {
  const member = typeof max === 'function' ? family.get(max) : undefined;
  if (member === undefined) throw maxError(max);
  return member;
}

/** Bytes of scratch for so many rows of n in f64. */
export function room(n: number, rows: number): number {
  return 8 * (n + 8) * rows;
}

/** A max of rows in f64. */
function forward(
  { own, alpha }: Member,
  kernels: Doubles,
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  if (own === undefined) kernels.entmax(src, dst, rows, n, temperature, scratch, alpha);
  else kernels[own](src, dst, rows, n, temperature, scratch);
}

/** The max of the rows of x. */
export function mapRows<A extends Floats>(member: Member, x: Input, n: number, options?: MaxOptions<A>): A {
  const { own, scratch: extra = 1 } = member;
  const call = openRows([x], n, options),
    t = call.temperature,
    scratchBytes = (): number => room(n, extra);
  if (own !== undefined) {
    const kernel: Kernel<Kernels> = (kernels, { from, to, scratch }, rows) =>
      kernels[own](from[0]!, to[0]!, rows, n, t, scratch);
    return arena().run(call, kernel, scratchBytes)[0] as A;
  }
  const kernel: Kernel<Doubles> = (kernels, { from, to, scratch }, rows) =>
    forward(member, kernels, from[0]!, to[0]!, rows, n, t, scratch);
  return arena().runDoubles(call, kernel, scratchBytes)[0] as A;
}

/** The vector-Jacobian product of a max over the rows of its output. */
export function pullBack<A extends Floats>(
  { own, alpha, scratch: extra = 1 }: Member,
  p: Input,
  dp: Input,
  n: number,
  options?: MaxOptions<A>,
  known?: readonly string[],
): A {
  const call = openRows([p, dp], n, options, { known }),
    t = call.temperature,
    scratchBytes = (): number => room(n, extra);
  if (own !== undefined) {
    const kernel: Kernel<Kernels> = (kernels, { from, to, scratch }, rows) =>
      kernels[`${own}_vjp`](from[0]!, from[1]!, to[0]!, rows, n, t, scratch);
    return arena().run(call, kernel, scratchBytes)[0] as A;
  }
  const kernel: Kernel<Doubles> = (kernels, { from, to, scratch }, rows) =>
    kernels.entmax_vjp(from[0]!, from[1]!, to[0]!, rows, n, t, scratch, alpha);
  return arena().runDoubles(call, kernel, scratchBytes)[0] as A;
}

/** The derivative by T over the rows of an output. */
export function pullBackTemperature<A extends Floats>(
  { alpha }: Member,
  p: Input,
  dp: Input,
  n: number,
  options?: MaxOptions<A>,
  known?: readonly string[],
): A {
  const call = openRows([p, dp], n, options, { width: 1, known });
  return arena().runDoubles(
    call,
    (kernels, { from, to, scratch }, rows) =>
      kernels.entmax_vjp_temperature(from[0]!, from[1]!, to[0]!, rows, n, call.temperature, scratch, alpha),
    () => room(n, 2),
  )[0] as A;
}

/** What a kernel makes of scores x, their max p and the target y, in f64. */
function atTarget<A extends Floats>(
  member: Member,
  x: Values<A>,
  target: Values<Int32Array | A>,
  n: number,
  options: OutOptions<A> | undefined,
  width: number,
  kernel: (
    kernels: Doubles,
    places: [x: number, p: number, y: number],
    dst: number,
    rows: number,
    scratch: number,
  ) => void,
): A {
  const scores = checkFloats('x', x),
    dtype = kindOf(scores) as Dtype,
    rows = checkRows('x', scores, n);
  const y = checkTarget(target, dtype, rows, scores.length);
  checkOptions(options, ['out']);
  const out = checkOut(options?.out, dtype, rows * width, [scores, y]);
  return arena().runDoubles(
    { dtype, rows, n, inputs: [scores, y], outputs: [{ kind: dtype, width, out }] },
    (kernels, { from, to, scratch }, count) => {
      const p = scratch + room(n, 1),
        oneHot = p + room(count * n, 1);
      forward(member, kernels, from[0]!, p, count, n, 1, scratch);
      const isIndex = kindOf(y) === 'i32';
      if (isIndex) kernels.one_hot(from[1]!, oneHot, count, n);
      kernel(kernels, [from[0]!, p, isIndex ? oneHot : from[1]!], to[0]!, count, scratch);
    },
    (count) => room(n, 1) + room(count * n, 2),
  )[0] as A;
}
