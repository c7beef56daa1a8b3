import type { Call, Kernel } from '../engine/call.ts';
import { type AnyArray, checkTarget, type Floats, maxError } from '../engine/check.ts';
import type { Doubles, Kernels } from '../engine/kernels.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';

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

/**
 * What a member of the family is to the engine. `K`: the kernels that it takes, Doubles if they are in f64 alone. Functions
 * that call them and not their names: looked up by name, a max of one row of 10 takes 1.2 times as long (measured).
 */
export interface Member<K extends Kernels = Kernels> {
  readonly alpha: number;
  /** The max of rows. */
  max(kernels: K, src: number, dst: number, rows: number, n: number, temperature: number, scratch: number): void;
  /** Its vector-Jacobian product at the output p. */
  vjp(
    kernels: K,
    p: number,
    dp: number,
    dst: number,
    rows: number,
    n: number,
    temperature: number,
    scratch: number,
  ): void;
  /** Rows of scratch that either takes. */
  readonly scratch: number;
  /** Whether they are kernels of f64 alone. */
  readonly doubles: boolean;
}

const family = new WeakMap<object, Member<Doubles>>();
const OUT = ['out'];

/** Makes a member of the family, of kernels that both dtypes have. */
export function makeMax(member: Omit<Member, 'doubles'>): Max {
  return make({ ...member, doubles: false });
}

/** The same of kernels that f64 alone has. */
export function makeMaxInDoubles(member: Omit<Member<Doubles>, 'doubles'>): Max {
  return make({ ...member, doubles: true });
}

function make(member: Member<Doubles>): Max {
  const { alpha } = member;
  const kernel: Kernel<Doubles> = (kernels, { from, to, n, temperature, scratch }, rows) =>
    member.max(kernels, from[0]!, to[0]!, rows, n, temperature, scratch);
  const max = <A extends Floats>(x: Values<A>, n: number, options?: MaxOptions<A>): A =>
    inKernelsOf(member, openRows('x', x, n, options))
      .gives(n)
      .reserve(room(n, member.scratch))
      .run(kernel) as A;
  family.set(max, member);
  return Object.assign(max, {
    alpha,
    vjp: <A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: MaxOptions<A>): A =>
      pullBack(member, openRows('p', p, n, options).with('dp', dp)) as A,
    vjpTemperature: <A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: MaxOptions<A>): A =>
      pullBackTemperature(member, openRows('p', p, n, options).with('dp', dp)) as A,
    vjpAlpha: <A extends Floats>(p: Values<A>, dp: Values<A>, n: number, options?: OutOptions<A>): A =>
      openRows('p', p, n, options, OUT)
        .inDoubles()
        .with('dp', dp)
        .gives(1)
        .reserve(room(n, 5))
        .run((kernels, { from, to, scratch }, rows) =>
          kernels.entmax_vjp_alpha(from[0]!, from[1]!, to[0]!, rows, n, alpha, scratch),
        ) as A,
    entropy: <A extends Floats>(p: Values<A>, n: number, options?: OutOptions<A>): A =>
      openRows('p', p, n, options, OUT)
        .inDoubles()
        .gives(1)
        .reserve(room(n, 1))
        .run((kernels, { from, to, scratch }, rows) =>
          kernels.tsallis_entropy(from[0]!, to[0]!, rows, n, alpha, scratch),
        ) as A,
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
export function memberOf(max: unknown): Member<Doubles> {
  const member = typeof max === 'function' ? family.get(max) : undefined;
  if (member === undefined) throw maxError(max);
  return member;
}

/** Bytes of scratch for so many rows of n in f64, and for two times four short rows of f32 side by side. */
export function room(n: number, rows: number): number {
  return 8 * (n + 8) * rows + 1024;
}

/** A call on the kernels that a member takes: if they are not in f64 alone, those of either dtype are all that it asks for. */
function inKernelsOf({ doubles }: Member<Doubles>, call: Call<Kernels>): Call<Doubles> {
  return doubles ? call.inDoubles() : (call as Call<unknown> as Call<Doubles>);
}

/** The vector-Jacobian product of a max over rows of its output p and of dp. */
export function pullBack(member: Member<Doubles>, call: Call<Kernels>): AnyArray {
  const { n } = call;
  return inKernelsOf(member, call)
    .gives(n)
    .reserve(room(n, member.scratch))
    .run((kernels, { from, to, temperature, scratch }, rows) =>
      member.vjp(kernels, from[0]!, from[1]!, to[0]!, rows, n, temperature, scratch),
    );
}

/** The derivative by T over rows of an output p and of dp. */
export function pullBackTemperature({ alpha }: Member<Doubles>, call: Call<Kernels>): AnyArray {
  const { n } = call;
  return call
    .inDoubles()
    .gives(1)
    .reserve(room(n, 2))
    .run((kernels, { from, to, temperature, scratch }, rows) =>
      kernels.entmax_vjp_temperature(from[0]!, from[1]!, to[0]!, rows, n, temperature, alpha, scratch),
    );
}

/** What a kernel makes of scores x, their max p and the target y, in f64. */
function atTarget<A extends Floats>(
  member: Member<Doubles>,
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
  const call = openRows('x', x, n, options, OUT).inDoubles(),
    kind = checkTarget(target, call.dtype),
    isIndex = kind === 'i32';
  return call
    .with('target', target, isIndex ? 1 : n, kind)
    .gives(width)
    .reserve(room(n, 1) + 2 * room(0, 1), 16 * n)
    .run((kernels, { from, to, scratch }, rows) => {
      const p = scratch + room(n, 1),
        oneHot = p + room(rows * n, 1);
      member.max(kernels, from[0]!, p, rows, n, 1, scratch);
      if (isIndex) kernels.one_hot(from[1]!, oneHot, rows, n);
      kernel(kernels, [from[0]!, p, isIndex ? oneHot : from[1]!], to[0]!, rows, scratch);
    }) as A;
}
