/** The errors of what takes tensors of other libraries, apart from those of the ops. */
import { describe } from './check.ts';

/** What is asked about a tensor of tfjs. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
}

const list = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** tfjs itself, by what is called of it. */
export function checkTfjs(tf: unknown): void {
  const members = (typeof tf === 'object' && tf !== null ? tf : {}) as Record<string, unknown>;
  if (typeof members.customGrad === 'function' && typeof members.tensor === 'function') return;
  throw new TypeError(`tf must be tfjs, as import * as tf from '@tensorflow/tfjs' gives it, got ${describe(tf)}`);
}

export function liftError(op: unknown): Error {
  const name = typeof op === 'function' && op.name !== '' ? `the function ${op.name}` : describe(op);
  return new TypeError(`op must be a function of this package that has a gradient, such as softmax, got ${name}`);
}

/** Whether a value is a tensor, of whatever dtype. */
export function isTensor(value: unknown): value is TensorLike {
  const { shape, dtype, dataSync } = Object(value) as Record<string, unknown>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

/** A tensor of the dtype. */
export function checkTensor<T extends TensorLike>(name: string, value: unknown, dtype: string): T {
  if (!isTensor(value)) throw new TypeError(`${name} must be a ${dtype} tensor, got ${describe(value)}`);
  if (value.dtype !== dtype) throw new TypeError(`${name} must be a ${dtype} tensor, got one of ${value.dtype}`);
  return value as T;
}

/** A shape whose last axis is a row, and the axis that the caller names, if any, is the last one. */
export function checkAxis(name: string, shape: readonly number[], axis: unknown): void {
  if (shape.length === 0) throw new RangeError(`${name} must have at least one axis, the classes, got a scalar`);
  if (shape.at(-1) === 0) throw new RangeError(`${name} must have classes on its last axis, got shape ${list(shape)}`);
  if (axis === undefined || axis === -1 || axis === shape.length - 1) return;
  if (typeof axis !== 'number') throw new TypeError(`axis must be a number, got ${describe(axis)}`);
  throw new RangeError(
    `axis must be the last one, -1 or ${shape.length - 1} for shape ${list(shape)}, got ${axis}: transpose the tensor`,
  );
}

export function checkShape(name: string, shape: readonly number[], expected: readonly number[]): void {
  if (list(shape) === list(expected)) return;
  throw new RangeError(`${name} has shape ${list(shape)}, expected ${list(expected)}`);
}

/** Of a tensor whose values its backend does not hand out at once. */
export function unreadableError(name: string, backend: string, cause: unknown): Error {
  return new Error(
    `${name} cannot be read synchronously from the backend '${backend}' of tfjs: ` +
      `choose another one by tf.setBackend('wasm' or 'cpu'), or await its data() and call the op on that`,
    { cause },
  );
}

export function secondOrderError(): Error {
  return new Error('the gradient of a lifted function has no gradient: derivatives are of the first order');
}

export function outError(): Error {
  return new TypeError("options: 'out' does not go with tensors, which are new ones");
}
