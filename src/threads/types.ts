import type {
  CategoricalOptions,
  DensityOptions,
  Floats,
  GumbelTopKOptions,
  IndexOptions,
  Input,
  MaxOptions,
  OutOptions,
  RaceOptions,
  RelaxedOptions,
  RowLength,
  RowSource,
  Source,
  TopKOptions,
  Values,
  Widened,
} from '../ops.ts';
import type { EditOptions, PenalizeOptions, SampleTokensOptions, TruncateOptions } from '../tokens/tokens.ts';
import type {
  PoolMap,
  PoolVjp,
  PoolRelaxedVjp,
  PoolPairs,
  PoolOfOutput,
  PoolIndices,
  PoolBits,
  PoolFill,
  PoolMax,
  PoolDensity,
  PoolBitDensity,
} from './functions.ts';

export type * from './functions.ts';

/** The options of `pool`. */
export interface PoolOptions {
  /** How many workers: a positive integer; as many as the machine says it has cores for if not given. */
  readonly threads?: number | undefined;
}

/** The functions of the package and of anymax/tokens that work on batches, under the same names, as promises: the same bits, the same errors. */
export interface PoolOps {
  /** `softmax` of the package. */
  readonly softmax: PoolMax;
  /** `sparsemax` of the package. */
  readonly sparsemax: PoolMax;
  /** `entmax15` of the package. */
  readonly entmax15: PoolMax;
  /** `entmax` of the package: the max itself is no promise, and a wrong alpha throws. */
  entmax(alpha: number): PoolMax;
  /** `argmax` of the package. */
  readonly argmax: PoolIndices;
  /** `topK` of the package. */
  topK<A extends Floats = Float32Array, H extends string = never>(
    x: Input<A, H>,
    n: number,
    k: number,
    options?: TopKOptions<A>,
  ): Promise<Int32Array>;
  /** `hardmax` of the package. */
  readonly hardmax: PoolOfOutput;
  /** `supportSize` of the package. */
  readonly supportSize: PoolIndices;
  /** `logSoftmax` of the package. */
  readonly logSoftmax: PoolMap & {
    /** `logSoftmax.vjp` of the package. */
    readonly vjp: PoolVjp;
    /** `logSoftmax.vjpTemperature` of the package. */
    readonly vjpTemperature: PoolVjp;
    /** `logSoftmax.at` of the package. */
    at<A extends Floats = Float32Array, H extends string = never>(
      x: Input<A, H>,
      indices: Values<Int32Array>,
      n: RowLength,
      options?: MaxOptions<A>,
    ): Promise<Widened<A, H>>;
  };
  /** `logSumExp` of the package. */
  readonly logSumExp: PoolMap & { readonly vjp: PoolVjp; readonly vjpTemperature: PoolVjp };
  /** `gumbelMax` of the package. */
  gumbelMax<A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    options?: IndexOptions<A>,
  ): Promise<Int32Array>;
  /** `categorical` of the package; without `prepare`, whose tables belong to one thread. */
  categorical<A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    options?: CategoricalOptions<A>,
  ): Promise<Int32Array>;
  /** `gumbelTopK` of the package. */
  gumbelTopK<A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: RowLength,
    k: number,
    options?: GumbelTopKOptions<A>,
  ): Promise<Int32Array>;
  /** `penalize` of anymax/tokens. */
  penalize<A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    history: Values<Int32Array>,
    options?: PenalizeOptions<A>,
  ): Promise<Widened<A, H>>;
  /** `addBias` of anymax/tokens. */
  addBias<A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    tokens: Values<Int32Array>,
    values: Input<A>,
    options?: EditOptions<A>,
  ): Promise<Widened<A, H>>;
  /** `allow` of anymax/tokens. */
  allow<A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    mask: Values<Int32Array> | Uint32Array,
    options?: EditOptions<A>,
  ): Promise<Widened<A, H>>;
  /** `truncate` of anymax/tokens. */
  truncate<A extends Floats = Float32Array, H extends string = never>(
    logits: Input<A, H>,
    n: number,
    options?: TruncateOptions<A>,
  ): Promise<Widened<A, H>>;
  /** `sampleTokens` of anymax/tokens; `logProb` is written when the promise is settled. */
  sampleTokens<A extends Floats = Float32Array, H extends string = never>(
    source: RowSource,
    logits: Input<A, H>,
    n: number,
    options?: SampleTokensOptions<A>,
  ): Promise<Int32Array>;
  /** `gumbelGiven` of the package. */
  gumbelGiven<A extends Floats = Float32Array>(
    source: RowSource,
    logits: Input<A>,
    top: Input<A>,
    n: RowLength,
    options?: OutOptions<A>,
  ): Promise<A>;
  /** `exponentialRace` of the package. */
  exponentialRace(source: RowSource, weights: Input<Floats>, n: RowLength, options?: RaceOptions): Promise<Int32Array>;
  /** `gumbelSoftmax` of the package. Its option `max` is a max of the package. */
  readonly gumbelSoftmax: {
    <A extends Floats = Float32Array, H extends string = never>(
      source: RowSource,
      logits: Input<A, H>,
      n: RowLength,
      options?: RelaxedOptions<A>,
    ): Promise<Widened<A, H>>;
    /** `gumbelSoftmax.vjp` of the package. */
    readonly vjp: PoolRelaxedVjp;
    /** `gumbelSoftmax.vjpTemperature` of the package. */
    readonly vjpTemperature: PoolRelaxedVjp;
  };
  /** `expConcrete` of the package. */
  readonly expConcrete: {
    <A extends Floats = Float32Array, H extends string = never>(
      source: RowSource,
      logits: Input<A, H>,
      n: RowLength,
      options?: MaxOptions<A>,
    ): Promise<Widened<A, H>>;
    /** `expConcrete.vjp` of the package. */
    readonly vjp: PoolVjp;
    /** `expConcrete.vjpTemperature` of the package. */
    readonly vjpTemperature: PoolVjp;
  };
  /** `gumbelSigmoid` of the package. */
  readonly gumbelSigmoid: PoolBits & { readonly vjp: PoolPairs };
  /** `logitBinConcrete` of the package. */
  readonly logitBinConcrete: PoolBits & { readonly vjp: PoolPairs; readonly vjpTemperature: PoolPairs };
  /** `expConcreteLogProb` of the package. */
  readonly expConcreteLogProb: PoolDensity<'logY'>;
  /** `plackettLuceLogProb` of the package. */
  readonly plackettLuceLogProb: {
    <A extends Floats = Float32Array>(
      logits: Input<A>,
      ranking: Values<Int32Array>,
      n: RowLength,
      k: number,
      options?: MaxOptions<A>,
    ): Promise<A>;
    /** `plackettLuceLogProb.vjp` of the package. */
    vjp<A extends Floats = Float32Array>(
      logits: Input<A>,
      ranking: Values<Int32Array>,
      dLogProb: Input<A>,
      n: RowLength,
      k: number,
      options?: DensityOptions,
    ): Promise<{ logits: A; temperature: A }>;
  };
  /** `concreteLogProb` of the package. */
  readonly concreteLogProb: PoolDensity<'y'>;
  /** `binConcreteLogProb` of the package. */
  readonly binConcreteLogProb: PoolBitDensity<'y'>;
  /** `logitBinConcreteLogProb` of the package. */
  readonly logitBinConcreteLogProb: PoolBitDensity<'z'>;
  /** `random` of the package. */
  readonly random: {
    /** `random.bits` of the package. */
    bits(source: Source, lengthOrOut: number | Uint32Array): Promise<Uint32Array>;
    /** `random.uniform` of the package. */
    readonly uniform: PoolFill;
    /** `random.exponential` of the package. */
    readonly exponential: PoolFill;
    /** `random.gumbel` of the package. */
    readonly gumbel: PoolFill;
    /** `random.logistic` of the package. */
    readonly logistic: PoolFill;
    /** `random.normal` of the package. */
    readonly normal: PoolFill;
  };
}

/** The package on several cores, made by `pool`. */
export interface Pool extends PoolOps {
  /** How many threads compute: workers, or 1 where it had to be the caller's own. */
  readonly threads: number;
  /** Why there are no workers, and calls are computed in the caller; undefined where there are. */
  readonly reason: Error | undefined;
  /** Ends the workers when the calls made before are done. Calls made afterwards reject with an Error. */
  close(): Promise<void>;
}
