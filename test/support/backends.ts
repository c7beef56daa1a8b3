/** Runs a suite on both backends and in both dtypes, and compares arrays bit by bit. */
import { type Floats, init } from 'anymax';
import { beforeEach, describe } from 'vitest';
import { engine } from '../../src/engine/backend.ts';
import type { Kernels } from '../../src/engine/kernels.ts';
import { generator } from '../tables/kernels.ts';

export const BACKENDS = ['wasm', 'js'] as const;
export type BackendName = (typeof BACKENDS)[number];

export interface Dtype {
  readonly name: 'float32' | 'float64';
  /** Rounds an f64 to the dtype. */
  readonly round: (x: number) => number;
  /** Distance of 1 to the next number of the dtype. */
  readonly epsilon: number;
  readonly make: (length: number, at?: (i: number) => number) => Floats;
  /** A view that begins `offset` elements into a buffer, with a copy of the values. */
  readonly view: (values: ArrayLike<number>, offset: number) => Floats;
}

function dtypeOf(
  name: Dtype['name'],
  round: (x: number) => number,
  epsilon: number,
  array: Float32ArrayConstructor | Float64ArrayConstructor,
): Dtype {
  return {
    name,
    round,
    epsilon,
    make: (length, at = () => 0) => new array(length).map((_, i) => at(i)),
    view(values, offset) {
      const view = new array(offset + values.length + 3).subarray(offset, offset + values.length);
      view.set(values);
      return view;
    },
  };
}

export const F32 = dtypeOf('float32', Math.fround, 2 ** -23, Float32Array);
export const F64 = dtypeOf('float64', (x) => x, 2 ** -52, Float64Array);
export const DTYPES: readonly Dtype[] = [F32, F64];

export function onBothBackends(suite: (backend: BackendName) => void): void {
  describe.each(BACKENDS)('%s', (backend) => {
    beforeEach(() => init({ backend }));
    suite(backend);
  });
}

export function inEverySetting(suite: (dtype: Dtype, backend: BackendName) => void): void {
  onBothBackends((backend) => {
    for (const dtype of DTYPES) describe(dtype.name, () => suite(dtype, backend));
  });
}

/** What `run` gives on a backend. */
export function on<R>(backend: BackendName, run: () => R): R {
  init({ backend });
  return run();
}

/**
 * The bytes that a kernel of the backend in use writes to `to`, `words` being room for random words: for arguments that
 * the public functions never pass, such as a flat index that no array reaches.
 */
export function kernelBytes(
  dtype: 'f32' | 'f64',
  bytes: number,
  run: (kernels: Kernels, to: number, words: number) => void,
): ArrayBuffer {
  const { backend } = engine();
  const words = Math.ceil(backend.base / 16) * 16,
    to = words + 65536;
  backend.memory(to + bytes + 64);
  run(backend[dtype], to, words);
  return backend.memory(0).slice(to, to + bytes);
}

type Numbers = Floats | Int32Array | Uint32Array;

/** The same kind, length and bits, also of zeros; one NaN is as good as another. */
export function expectSame(actual: Numbers, expected: Numbers, label = ''): void {
  const [a, e] = [Object.prototype.toString.call(actual), Object.prototype.toString.call(expected)];
  if (a !== e) throw new Error(`${label}: got ${a}, expected ${e}`);
  if (actual.length !== expected.length) {
    throw new Error(`${label}: got length ${actual.length}, expected ${expected.length}`);
  }
  for (let i = 0; i < actual.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      throw new Error(`${label}: got ${actual[i]} at ${i} of ${actual.length}, expected ${expected[i]}`);
    }
  }
}

/** |actual - expected| <= tolerance, element by element; NaN and the infinities must be equal. */
export function expectClose(actual: Numbers, expected: ArrayLike<number>, tolerance: number, label = ''): void {
  if (actual.length !== expected.length) {
    throw new Error(`${label}: got length ${actual.length}, expected ${expected.length}`);
  }
  for (let i = 0; i < actual.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (!Object.is(a, e) && !(Math.abs(a - e) <= tolerance)) {
      throw new Error(`${label}: got ${a} at ${i}, expected ${e} +- ${tolerance}`);
    }
  }
}

/** Standard normal values (Box and Muller), from a generator that has nothing to do with the package's. */
export function normals(dtype: Dtype, length: number, seed: number, scale = 1): Floats {
  const random = generator(seed);
  return dtype.make(length, () => scale * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}
