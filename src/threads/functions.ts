/** What the functions of a pool are, by their arguments. */
import type {
  DensityOptions,
  ElementOptions,
  Floats,
  Halves,
  IndexOutOptions,
  Input,
  LossOptions,
  MaskedOptions,
  MaxOptions,
  OutOptions,
  RelaxedOptions,
  RowLength,
  Source,
  Values,
  Widened,
} from '../ops.ts';

/** A function of rows that gives values, of the same length or one per row. */
export interface PoolMap {
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): Promise<Widened<A, H>>;
}

/** A vector-Jacobian product over rows. */
export interface PoolVjp {
  <A extends Floats = Float32Array>(p: Input<A>, dp: Input<A>, n: RowLength, options?: MaxOptions<A>): Promise<A>;
}

/** The same of a relaxed sample, with the max that made it. */
export interface PoolRelaxedVjp {
  <A extends Floats = Float32Array>(y: Input<A>, dy: Input<A>, n: RowLength, options?: RelaxedOptions<A>): Promise<A>;
}

/** A function of two arrays, element by element. */
export interface PoolPairs {
  <A extends Floats = Float32Array>(x: Input<A>, y: Input<A>, options?: ElementOptions<A>): Promise<A>;
}

/** A function of an output of a max. */
export interface PoolOfOutput {
  <A extends Floats = Float32Array>(p: Input<A>, n: RowLength, options?: OutOptions<A>): Promise<A>;
}

/** A function of scores and a target. */
export interface PoolOfTarget {
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    target: Values<Int32Array | A> | Halves,
    n: RowLength,
    options?: LossOptions<A>,
  ): Promise<Widened<A, H>>;
}

/** A loss, with its gradient. */
export interface PoolLoss extends PoolOfTarget {
  /** `Max.loss.vjp`. */
  vjp<A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    target: Values<Int32Array | A> | Halves,
    dLoss: Input<A>,
    n: RowLength,
    options?: LossOptions<A>,
  ): Promise<Widened<A, H>>;
}

/** An index, or a number, for each row. */
export interface PoolIndices {
  (x: Input<Floats>, n: RowLength, options?: IndexOutOptions): Promise<Int32Array>;
}

/** Relaxed bits of logits, element by element. */
export interface PoolBits {
  <A extends Floats = Float32Array, H extends string = never>(
    source: Source,
    logits: Input<A, H>,
    options?: ElementOptions<A>,
  ): Promise<Widened<A, H>>;
}

/** Noise: `length` draws, or as many as the array given takes. */
export interface PoolFill {
  (source: Source, length: number, options?: { readonly dtype?: 'float32' | undefined }): Promise<Float32Array>;
  (source: Source, length: number, options: { readonly dtype: 'float64' }): Promise<Float64Array>;
  <A extends Floats = Float32Array>(
    source: Source,
    out: Values<A>,
    options?: { readonly dtype?: 'float32' | 'float64' | undefined },
  ): Promise<A>;
}

/** A max of the package, computed in the workers: see `Max` for each function. */
export interface PoolMax extends PoolMap {
  <A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: RowLength,
    options?: MaskedOptions<A>,
  ): Promise<Widened<A, H>>;
  /** That of the max. */
  readonly alpha: number;
  /** `Max.vjp`. */
  readonly vjp: PoolVjp;
  /** `Max.vjpTemperature`. */
  readonly vjpTemperature: PoolVjp;
  /** `Max.vjpAlpha`. */
  vjpAlpha<A extends Floats = Float32Array>(
    p: Input<A>,
    dp: Input<A>,
    n: RowLength,
    options?: OutOptions<A>,
  ): Promise<A>;
  /** `Max.entropy`. */
  readonly entropy: PoolOfOutput & {
    vjp<A extends Floats = Float32Array>(p: Input<A>, d: Input<A>, n: RowLength, options?: OutOptions<A>): Promise<A>;
  };
  /** `Max.loss`. */
  readonly loss: PoolLoss;
  /** `Max.lossGradient`. */
  readonly lossGradient: PoolOfTarget;
}

/** A log-density of rows, whose value goes by the name V. */
export interface PoolDensity<V extends string> {
  <A extends Floats = Float32Array>(
    value: Input<A>,
    logits: Input<A>,
    n: RowLength,
    options?: MaxOptions<A>,
  ): Promise<A>;
  /** The gradient of every input. */
  vjp<A extends Floats = Float32Array>(
    value: Input<A>,
    logits: Input<A>,
    dLogProb: Input<A>,
    n: RowLength,
    options?: DensityOptions<A>,
  ): Promise<{ [K in V | 'logits' | 'temperature']: A }>;
}

/** A log-density of elements, whose value goes by the name V. */
export interface PoolBitDensity<V extends string> extends PoolPairs {
  /** The gradient of every input. */
  vjp<A extends Floats = Float32Array>(
    value: Input<A>,
    logits: Input<A>,
    dLogProb: Input<A>,
    options?: Pick<DensityOptions<A>, 'temperature'>,
  ): Promise<{ [K in V | 'logits' | 'temperature']: A }>;
}
