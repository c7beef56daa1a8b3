/** The public types of a max: its options, its entropy, the function itself. */
import type { Floats } from '../engine/kind.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Halves, Input, Widened } from '../engine/half.ts';
import type { Values } from '../engine/resident.ts';
import type { Loss, LossOptions } from './loss.ts';

/** The options of a function from rows of values to values. */
export interface MaxOptions<A extends Floats> extends OutOptions<A> {
  /**
   * T >= 0, one for all rows or an array of one per row; 1 if not given. 0 is the limit (one-hot), Infinity gives the uniform
   * distribution over what is not masked.
   */
  readonly temperature?: number | Input<A> | undefined;
}

/** The options of a function without a temperature. */
export interface OutOptions<A extends Floats> {
  /** The array for the result, of the input's dtype. It may overlap the inputs, or be one of them. */
  readonly out?: Values<A> | undefined;
  /** How far apart the neighbours of a row lie; 1 if not given. Rows of [a, n, b], with a stride of b, come in the order (a, b). */
  readonly stride?: number | undefined;
  /** Of an input that is a Uint16Array: what it holds. It is computed in float32, as a Float16Array is. */
  readonly dtype?: 'float16' | undefined;
}

/** The options of a max and of its gradients. */
export interface MaskedOptions<A extends Floats> extends MaxOptions<A> {
  /**
   * 'zero': a row with nothing but -Infinity gives zeros instead of NaN, as a row of attention that may look at nothing. Its
   * gradients are 0, with the option or without.
   */
  readonly empty?: 'zero' | undefined;
}

/** The options of a function of elements. */
export type ElementOptions<A extends Floats> = Pick<MaxOptions<A>, 'temperature' | 'out' | 'dtype'>;

/** What the entropy of a max is: a function of its outputs, with its gradient. */
export interface MaxEntropy {
  /**
   * The Tsallis entropy of each row of p, (sum p - sum p^alpha) / (alpha (alpha-1)): Shannon's -sum p log p for softmax,
   * Gini's sum p (1 - p) / 2 for sparsemax. One value per row, in nats for softmax.
   *
   * p is taken as it is: its sum is not checked.
   *
   * Special values: 0 log 0 is 0; NaN for a NaN or a negative p.
   *
   * Accuracy: float32 within 4 ULP of the sum of the terms' absolute values for softmax, entmax15 and sparsemax; else computed
   * in f64, rounded once.
   *
   * Source: Tsallis 1988.
   *
   * @param p Probabilities, rows x n.
   * @param n The number of classes.
   * @param options `out`, one value per row.
   * @returns One value per row.
   * @throws As the max.
   * @example
   * softmax.entropy(Float64Array.of(0.5, 0.5, 0), 3); // [0.693]
   */
  <A extends Floats = Float32Array>(p: Input<A>, n: RowLength, options?: OutOptions<A>): A;
  /**
   * The gradient of sum_r d_r H(p_r), each p_i on its own: d_r (1 - alpha p^(alpha-1)) / (alpha (alpha-1)), for softmax
   * -d_r (1 + log p). It is that of the sum above also where a row does not add up to 1.
   *
   * Special values: where p is 0, +-Infinity for softmax, which the `vjp` of a max leaves out, and for the others
   * d_r / (alpha (alpha-1)); 0 where d_r is 0; NaN for a NaN or a negative p.
   *
   * Accuracy: float32 within 4 ULP of d_r times the greater term for softmax, entmax15 and sparsemax; else computed in f64,
   * rounded once.
   *
   * @param p Rows of n, such as the output of the max.
   * @param d The gradient by each entropy: one value per row.
   * @param n The number of classes.
   * @param options `out`, like p.
   * @returns Rows x n.
   * @throws As the max; TypeError, RangeError for another kind or length of d.
   * @example
   * softmax.entropy.vjp(Float64Array.of(0.5, 0.5), Float64Array.of(1), 2); // [-0.307, -0.307]
   */
  vjp<A extends Floats = Float32Array>(p: Input<A>, d: Input<A>, n: RowLength, options?: OutOptions<A>): A;
}

/** A map from rows of scores to the simplex: argmax over p of <p, x / T> + H(p) for an entropy H. */
export interface Max {
  /**
   * The probabilities of each row.
   *
   * @param x Scores, rows x n, row-major. -Infinity masks a class.
   * @param n The number of classes: the length of a row; `x.length` for a single row.
   * @param options `temperature` (1 if absent), and `out` for the result.
   * @returns Rows x n: `out`, or a new array of x's dtype.
   * @throws TypeError for another kind of array or an unknown option; RangeError for a length that is not a multiple of n, an
   *   n that is not a positive integer, a temperature that is negative or NaN, an `out` of another length.
   */
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: RowLength,
    options?: MaskedOptions<A>,
  ): Widened<A, H>;
  /** The alpha of the Tsallis entropy H that belongs to the max: 1 for softmax, 1.5 for entmax15, 2 for sparsemax. */
  readonly alpha: number;
  /**
   * The vector-Jacobian product from the output p: dx = (s dp - s (s.dp) / sum s) / T, s = p^(2 - alpha) on the support.
   *
   * Special values: 0 where p is 0, at T = 0 and at T = Infinity; a NaN row for a NaN in p.
   *
   * Source: Peters, Niculae and Martins 2019, section 3.
   *
   * @param p What the max gave, rows x n.
   * @param dp The gradient by p, rows x n.
   * @param n The number of classes.
   * @param options The `temperature` of the max, and `out`.
   * @returns The gradient by x, rows x n.
   * @throws As the max.
   * @example
   * const p = softmax(Float64Array.of(2, 1, 0), 3);
   * softmax.vjp(p, Float64Array.of(1, 0, 0), 3); // [0.223, -0.163, -0.060]
   */
  vjp<A extends Floats = Float32Array>(p: Input<A>, dp: Input<A>, n: RowLength, options?: MaskedOptions<A>): A;
  /**
   * The derivative by T times dp, from the output p at that T, one value per row: -sum w dx, with dx the vector-Jacobian
   * product and w = (p^(alpha-1) - 1) / (alpha - 1), log p for softmax.
   *
   * Special values: 0 at T = 0 and at T = Infinity; NaN for a NaN in p.
   *
   * Accuracy: float32 within 4 ULP of the sum of the terms' absolute values for softmax, entmax15 and sparsemax; else computed
   * in f64, rounded once.
   *
   * @param p What the max gave, rows x n.
   * @param dp The gradient by p, rows x n.
   * @param n The number of classes.
   * @param options The `temperature` of the max, and `out`.
   * @returns One value per row; the gradient of a temperature that rows share is their sum.
   * @throws As the max.
   * @example
   * const p = softmax(Float64Array.of(2, 1, 0), 3);
   * softmax.vjpTemperature(p, Float64Array.of(1, 0, 0), 3); // [-0.283]
   */
  vjpTemperature<A extends Floats = Float32Array>(
    p: Input<A>,
    dp: Input<A>,
    n: RowLength,
    options?: MaskedOptions<A>,
  ): A;
  /**
   * The derivative by alpha times dp, from the output p, one value per row: with q = s / sum s the derivative is
   * (p - q) / (alpha-1)^2 - (p log p - q sum p log p) / (alpha-1), for softmax its limit p (E[log^2 p] - log^2 p) / 2.
   *
   * Special values: NaN for a NaN in p.
   *
   * Accuracy: computed in f64 in a form that does not cancel near alpha = 1, rounded once.
   *
   * Source: Correia, Niculae and Martins 2019, section 3.2.
   *
   * @param p What the max gave, rows x n.
   * @param dp The gradient by p, rows x n.
   * @param n The number of classes.
   * @param options `out`.
   * @returns One value per row.
   * @throws As the max.
   * @example
   * const p = entmax(1.25)(Float64Array.of(2, 1, 0), 3);
   * entmax(1.25).vjpAlpha(p, Float64Array.of(1, 0, 0), 3); // [0.361]
   */
  vjpAlpha<A extends Floats = Float32Array>(p: Input<A>, dp: Input<A>, n: RowLength, options?: OutOptions<A>): A;
  /** The Tsallis entropy of each row of p, with its gradient: see `MaxEntropy`. */
  readonly entropy: MaxEntropy;
  /**
   * The Fenchel-Young loss of scores x at a target y, one value per row: with z = x / T
   *
   *     max_p (<p, z> + H(p)) - H(y) - <y, z>
   *
   * At least 0. For softmax at a class index it is the cross-entropy -log p_y, with a soft target the cross-entropy minus
   * the entropy of the target, KL(y || p); PyTorch's cross-entropy of a soft target is `softmax.loss(x, y, n)` plus
   * `softmax.entropy(y, n)`. The others are exactly 0 from the margin 1 / (alpha-1) on.
   *
   * Special values: NaN for an index outside [0, n) or a NaN; 0 (-Infinity) = 0, and +Infinity where a class of the target is
   * masked; 0 for a row whose index is `ignoreIndex`.
   *
   * Accuracy: computed in f64, rounded once; for softmax at a class index in the dtype, within 4 ULP of the loss itself down to
   * 2^-125 (float64: 2^-1021), and at a distribution a divergence from it, in which a sum within n 2^-52 of 1 counts as 1; for the others scores centred at
   * the target.
   *
   * Source: Blondel, Martins and Niculae 2020.
   *
   * @example
   * softmax.loss(Float64Array.of(2, 1, 0), Int32Array.of(0), 3); // [0.408]
   */
  readonly loss: Loss;
  /**
   * The gradient of sum_r loss_r by the scores, (p - y) / T: `loss.vjp` at ones.
   *
   * @param x Scores, rows x n.
   * @param target Class indices, one per row (Int32Array), or distributions, rows x n.
   * @param n The number of classes.
   * @param options `temperature` and `ignoreIndex` of the loss, and `out`.
   * @returns Rows x n.
   * @throws As the loss.
   * @example
   * softmax.lossGradient(Float64Array.of(2, 1, 0), Int32Array.of(0), 3); // [-0.335, 0.245, 0.090]
   */
  lossGradient<A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    target: Values<Int32Array | A> | Halves,
    n: RowLength,
    options?: LossOptions<A>,
  ): Widened<A, H>;
}
