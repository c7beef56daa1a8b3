import {
  checkAxis,
  checkShape,
  checkTensor,
  checkTfjs,
  isTensor,
  outError,
  secondOrderError,
  type TensorLike,
  unreadableError,
} from '../engine/check_tensors.ts';
import { semiSupervisedMarginal } from '../objectives/semi_supervised.ts';
import {
  binConcreteLogProb,
  concreteLogProb,
  expConcrete,
  expConcreteLogProb,
  gumbelSigmoid,
  gumbelSoftmax,
  hardmax,
  key,
  logitBinConcrete,
  logitBinConcreteLogProb,
  logSoftmax,
  logSumExp,
  type Max,
  type Source,
} from '../ops.ts';
import { type Convention, conventionOf } from './conventions.ts';

/** A tensor of tfjs, as far as it is looked at. */
export interface Tensor extends TensorLike {
  dataSync(): unknown;
}

/** tfjs, as far as it is called: `import * as tf from '@tensorflow/tfjs'`, `'@tensorflow/tfjs-core'`, or the global `tf`. */
export interface Tfjs<T extends Tensor> {
  customGrad(f: () => { value: T; gradFunc: (d: T) => T[] }): (...tensors: T[]) => T;
  tensor(values: Float32Array, shape: number[]): T;
  getBackend(): string;
}

/** The options of `lift`; beside these stand those of the op, but for `out`. */
export interface LiftOptions<T extends Tensor> {
  /** tfjs itself. */
  readonly tf: Tfjs<T>;
  /** The axis of the classes. Only the last one is served: -1, or the rank less 1. */
  readonly axis?: number | undefined;
}

/** What relaxes: T >= 0, 1 if not given. */
interface Relaxing {
  readonly temperature?: number | undefined;
}

type Sampler = typeof expConcrete | typeof gumbelSigmoid | typeof logitBinConcrete;
type Density =
  typeof concreteLogProb | typeof expConcreteLogProb | typeof binConcreteLogProb | typeof logitBinConcreteLogProb;

/** The values of a tensor. */
function read<T extends Tensor>(tf: Tfjs<T>, name: string, tensor: T): Float32Array {
  try {
    return tensor.dataSync() as Float32Array;
  } catch (cause) {
    throw unreadableError(name, tf.getBackend(), cause);
  }
}

/** A tensor that is a function of d, of which tfjs cannot go on to take derivatives: it is told so. */
function cut<T extends Tensor>(tf: Tfjs<T>, d: T, values: Float32Array, shape: readonly number[]): T {
  const gradFunc = (): T[] => {
    throw secondOrderError();
  };
  return tf.customGrad(() => ({ value: tf.tensor(values, [...shape]), gradFunc }))(d);
}

/** What is constant, as the op takes it: a tensor by its values. */
function constantOf<T extends Tensor>(tf: Tfjs<T>, name: string, value: unknown, shape: readonly number[]): unknown {
  if (!isTensor(value)) return value;
  const isDistribution = name === 'target' && value.dtype === 'float32';
  checkShape(
    name,
    checkTensor<T>(name, value, isDistribution ? 'float32' : 'int32').shape,
    isDistribution ? shape : shape.slice(0, -1),
  );
  return read(tf, name, value as T);
}

/** An empty call: what is wrong with the options shows now; those with a value per row wait for the rows. */
function tryOptions({ call, inputs, source, constant, elements }: Convention, options: object): void {
  const none = inputs.map(() => new Float32Array(0));
  const some = Object.entries(options).filter(([, value]) => !ArrayBuffer.isView(value));
  call(
    ...(source ? [key(0)] : []),
    ...none,
    ...(constant ? [new Int32Array(0)] : []),
    ...(elements ? [] : [1]),
    Object.fromEntries(some),
  );
}

/**
 * A function of this package as a differentiable function of tfjs tensors: its value by the package on the tensors' data,
 * its gradient by the package's vector-Jacobian product.
 *
 * | op                                                     | lifted                                    |
 * | ------------------------------------------------------ | ----------------------------------------- |
 * | `softmax` and every other max, `logSoftmax`            | (x) => p                                  |
 * | `logSumExp`                                            | (x) => a value per row                    |
 * | `hardmax`                                              | (x) => one-hot, straight-through          |
 * | `gumbelSoftmax`, `expConcrete`                         | (source, logits) => a sample per row      |
 * | `gumbelSigmoid`, `logitBinConcrete`                    | (source, logits) => a sample per element  |
 * | `softmax.loss` and that of every other max             | (x, target) => a value per row            |
 * | `softmax.entropy` and that of every other max          | (p) => a value per row                    |
 * | `concreteLogProb`, `expConcreteLogProb`                | (y or logY, logits) => a value per row    |
 * | `binConcreteLogProb`, `logitBinConcreteLogProb`        | (y or z, logits) => a value per element   |
 * | `semiSupervisedMarginal`                               | (losses, logits, labels) => value per row |
 *
 * Shapes: tensors of any rank from 1 on, a row is the last axis and n its length; what works element by element takes
 * scalars too. Two tensors have one shape; a value per row has that shape without its last axis. A target or labels are
 * class indices, an Int32Array or an int32 tensor with one per row, or for a loss distributions, a float32 tensor of x's
 * shape; they are constants. A source is a key, which draws the same each time, or an Rng, which gives one key per call.
 * `hardmax` passes the gradient on as it is, so `hard(sample(source, logits))` is a straight-through sample.
 *
 * Tensors: one is made per call, and one per input and gradient; none is kept. Values are read synchronously, which
 * backends in memory (wasm, cpu) do at once, webgl by waiting for the GPU. The gradient has no gradient of its own.
 * tfjs is passed in, not imported: the package has no dependency, and there is no second copy of tfjs beside the caller's.
 *
 * @param op a function of this package
 * @param options `tf`, and the options of the op, which are those of its gradient as well: temperature, max, ignoreIndex, weight
 * @returns the function of tensors
 * @throws TypeError for an op without a gradient, no tfjs, an unknown option; at a call for what is no float32 tensor.
 * RangeError for an option's wrong value; at a call for a scalar, an empty last axis, an `axis` that is not the last one,
 * shapes that do not fit. Error for a backend that cannot be read synchronously, and for a second derivative.
 * @example
 * ```js
 * import * as tf from '@tensorflow/tfjs';
 * import { gumbelSoftmax, Rng } from 'anymax';
 * import { lift } from 'anymax/tfjs';
 *
 * const rng = new Rng(42);
 * const sample = lift(gumbelSoftmax, { tf, temperature: 0.5 });
 * const logits = tf.variable(tf.zeros([1, 3]));
 * const cost = () => tf.sum(tf.mul(sample(rng, logits), [[2, 1, 3]]));
 * tf.train.sgd(1).minimize(cost);
 * ```
 */
export function lift<T extends Tensor>(op: Density, options: LiftOptions<T> & Relaxing): (value: T, logits: T) => T;
/** A function of this package as a differentiable function of tfjs tensors: see the first form. */
export function lift<T extends Tensor>(
  op: typeof semiSupervisedMarginal,
  options: LiftOptions<T> & { readonly weight?: number | undefined },
): (losses: T, logits: T, labels: T | Int32Array) => T;
/** A function of this package as a differentiable function of tfjs tensors: see the first form. */
export function lift<T extends Tensor>(
  op: typeof gumbelSoftmax,
  options: LiftOptions<T> & Relaxing & { readonly max?: Max | undefined },
): (source: Source, logits: T) => T;
/** A function of this package as a differentiable function of tfjs tensors: see the first form. */
export function lift<T extends Tensor>(
  op: Sampler,
  options: LiftOptions<T> & Relaxing,
): (source: Source, logits: T) => T;
/** A function of this package as a differentiable function of tfjs tensors: see the first form. */
export function lift<T extends Tensor>(
  op: Max | Max['entropy'] | typeof logSoftmax | typeof logSumExp,
  options: LiftOptions<T> & Relaxing,
): (x: T) => T;
/** A function of this package as a differentiable function of tfjs tensors: see the first form. */
export function lift<T extends Tensor>(op: typeof hardmax, options: LiftOptions<T>): (x: T) => T;
/** A function of this package as a differentiable function of tfjs tensors: see the first form. */
export function lift<T extends Tensor>(
  op: Max['loss'],
  options: LiftOptions<T> & Relaxing & { readonly ignoreIndex?: number | undefined },
): (x: T, target: T | Int32Array) => T;
export function lift<T extends Tensor>(op: unknown, options: LiftOptions<T>): (...args: never[]) => T {
  const { tf, axis, ...others } = Object(options) as LiftOptions<T>;
  checkTfjs(tf);
  if ('out' in others) throw outError();
  const convention = conventionOf(op);
  const { call, inputs: names, source, constant: constantName, elements, reduces } = convention;
  tryOptions(convention, others);
  return (...args: unknown[]): T => {
    const from = source ? 1 : 0;
    const tensors = names.map((name, i) => checkTensor<T>(name, args[from + i], 'float32'));
    const shape = [...tensors[0]!.shape];
    if (!elements) checkAxis(names[0]!, shape, axis);
    tensors.forEach(({ shape: own }, i) => checkShape(names[i]!, own, shape));
    const [result, back] = call(
      ...args.slice(0, from),
      ...tensors.map((tensor, i) => read(tf, names[i]!, tensor)),
      ...(constantName ? [constantOf(tf, constantName, args[from + names.length], shape)] : []),
      ...(elements ? [] : [shape.at(-1)]),
      others,
    );
    const gradFunc = (d: T): T[] => {
      const gradients = back(read(tf, 'the gradient', d));
      return names.map((name) => cut(tf, d, gradients instanceof Float32Array ? gradients : gradients[name]!, shape));
    };
    return tf.customGrad(() => ({ value: tf.tensor(result, reduces ? shape.slice(0, -1) : shape), gradFunc }))(
      ...tensors,
    );
  };
}
