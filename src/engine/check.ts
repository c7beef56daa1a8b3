/**
 * All errors of the ops are made here, and those of distributions and objectives beside it in check_parameters.ts: a TypeError
 * for the wrong kind, a RangeError for the wrong value, the argument's name first.
 */
import { blockOf, type Values } from './resident.ts';

/** Values, flat and row-major. Which of the two is the dtype, and the dtype of the results. */
export type Floats = Float32Array | Float64Array;
export type Dtype = 'f32' | 'f64';
export type Kind = Dtype | 'i32' | 'u32';

interface Arrays {
  f32: Float32Array;
  f64: Float64Array;
  i32: Int32Array;
  u32: Uint32Array;
}
export type ArrayOf<K extends Kind> = Arrays[K];
export type AnyArray = Arrays[Kind];

/** Bytes of a value. Not a table: an op on a few values would spend its time on looking things up by name. */
export function bytesOf(kind: Kind): number {
  return kind === 'f64' ? 8 : 4;
}

/** The dtypes, and every kind alone. */
export const FLOATS = ['f32', 'f64'] as const;
export const ONLY: { [K in Kind]: readonly [K] } = { f32: ['f32'], f64: ['f64'], i32: ['i32'], u32: ['u32'] };

const NAMES: Record<Kind, string> = { f32: 'Float32Array', f64: 'Float64Array', i32: 'Int32Array', u32: 'Uint32Array' };

/** What a typed array says of itself, also one of another realm; undefined for everything else, whatever it claims. */
const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;

/** The kind of a typed array. */
export function kindOf(array: AnyArray): Kind {
  return kindOfTag(tagOf.call(array))!;
}

function kindOfTag(tag: unknown): Kind | undefined {
  switch (tag) {
    case 'Float32Array':
      return 'f32';
    case 'Float64Array':
      return 'f64';
    case 'Int32Array':
      return 'i32';
    case 'Uint32Array':
      return 'u32';
    default:
      return undefined;
  }
}

export function describe(value: unknown): string {
  if (value === null || typeof value === 'undefined' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** A live typed array of one of the kinds, or one that lives in the engine: the array. */
export function checkArray<K extends Kind>(name: string, value: unknown, kinds: readonly K[]): ArrayOf<K> {
  const array = blockOf(value)?.view() ?? value;
  const kind = kindOfTag(tagOf.call(array)) as K | undefined;
  if (kind === undefined || !kinds.includes(kind)) throw kindError(name, kinds, array);
  if ((array as AnyArray).length === 0) checkAttached(name, array as AnyArray);
  return array as ArrayOf<K>;
}

/** A detached array has length 0; only a view of its buffer fails. */
function checkAttached(name: string, array: AnyArray): void {
  try {
    new Uint8Array(array.buffer);
  } catch {
    throw new TypeError(`${name} is detached: its buffer has been transferred away`);
  }
}

/** An array of values. */
export function checkFloats<A extends Floats>(name: string, value: Values<A>): A {
  return checkArray(name, value, FLOATS) as A;
}

/** An array of the kind and length given. */
export function checkSame<K extends Kind>(
  name: string,
  value: unknown,
  kind: K,
  like: string,
  length: number,
): ArrayOf<K> {
  const array = checkArray(name, value, [kind]);
  if (array.length !== length) throw new RangeError(`${name} has length ${array.length}, but ${like} has ${length}`);
  return array;
}

/** What a target of a loss is: an index for each row, or as many values as the scores. */
export function checkTarget(value: unknown, dtype: Dtype): Dtype | 'i32' {
  return kindOf(checkArray('target', value, ['i32', dtype])) as Dtype | 'i32';
}

/** The kind of array that a constructor of typed arrays makes; not one of words. */
export function checkArrayType(name: string, type: unknown): Kind {
  if (type === Float32Array) return 'f32';
  if (type === Float64Array) return 'f64';
  if (type === Int32Array) return 'i32';
  throw new TypeError(`${name} must be Float32Array, Float64Array or Int32Array, got ${describe(type)}`);
}

/** An integer from `least` on. */
export function checkInteger(name: string, value: unknown, least: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${describe(value)}`);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be ${least > 0 ? 'a positive' : 'a non-negative'} integer, got ${value}`);
  }
  return value;
}

/** How many classes of n to take. */
export function checkK(k: unknown, n: number): void {
  if (checkInteger('k', k, 1) > n) throw new RangeError(`k must be at most n = ${n}, got ${String(k)}`);
}

/** The number of rows of n in an array of so many values. */
export function checkRows(name: string, length: number, n: number): number {
  checkInteger('n', n, 1);
  const rows = Math.floor(length / n);
  if (rows * n !== length) throw new RangeError(`${name} has length ${length}, which is not a multiple of n = ${n}`);
  return rows;
}

/** The temperature, 1 if not given, rounded to the dtype: >= 0. */
export function checkTemperature(value: unknown, dtype: Dtype, name = 'temperature'): number {
  if (value === undefined) return 1;
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${describe(value)}`);
  if (!(value >= 0)) throw new RangeError(`${name} must not be negative or NaN, got ${value}`);
  return dtype === 'f32' ? Math.fround(value) : value;
}

/** The temperature where the limits do not exist: finite and > 0 in the dtype. */
export function checkPositiveTemperature(value: unknown, dtype: Dtype, name = 'temperature'): number {
  const temperature = checkTemperature(value, dtype, name);
  if (temperature > 0 && temperature < Infinity) return temperature;
  throw new RangeError(`${name} must be finite and positive here, got ${String(value)} (${temperature} as ${dtype})`);
}

/** Options: an object of known names, or nothing. */
export function checkOptions(options: object | undefined, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options must be an object, got ${describe(options)}`);
  }
  for (const name in options) {
    if (!known.includes(name)) throw new TypeError(`options: unknown name '${name}'; there are ${known.join(', ')}`);
  }
}

/** One of the strings in `choices`, the first if not given. */
export function checkChoice<C extends string>(name: string, value: unknown, choices: readonly [C, ...C[]]): C {
  if (value === undefined) return choices[0];
  if (choices.includes(value as C)) return value as C;
  const message = `${name} must be ${choices.map((c) => `'${c}'`).join(' or ')}, got ${describe(value)}`;
  throw typeof value === 'string' ? new RangeError(message) : new TypeError(message);
}

export function kindError(name: string, kinds: readonly Kind[], value: unknown): Error {
  return new TypeError(`${name} must be a ${kinds.map((kind) => NAMES[kind]).join(' or ')}, got ${describe(value)}`);
}

export function lengthError(name: string, length: number, wanted: number): Error {
  return new RangeError(`${name} has length ${length}, but ${wanted} is wanted`);
}

export function overlapError(): Error {
  return new RangeError('out overlaps an input without being that input');
}

export function freedError(): Error {
  return new Error('used after free()');
}

export function memoryError(bytes: number, cause: unknown): Error {
  return new RangeError(`memory for ${bytes} bytes cannot be had`, { cause });
}

export function backendError(cause: Error): Error {
  return new Error(`backend 'wasm' cannot be had here: ${cause.message}`, { cause });
}

/** What `init` takes as wasm, told by its tag: it may be of another realm. */
export function checkWasm(wasm: unknown): 'Module' | 'Instance' | 'bytes' {
  const name = describe(wasm);
  if (name === 'WebAssembly.Module') return 'Module';
  if (name === 'WebAssembly.Instance') return 'Instance';
  if (name === 'ArrayBuffer' || ArrayBuffer.isView(wasm)) return 'bytes';
  throw new TypeError(
    `wasm must be a WebAssembly.Module, a WebAssembly.Instance or the bytes of anymax.wasm, got ${name}`,
  );
}

/** Of wasm that is something else, or an `older` anymax.wasm. */
export function wasmError(why: string, older = false): Error {
  return new RangeError(`wasm is not anymax.wasm${older ? ' of this version' : ''}: ${why}`);
}

export function threadError(cause: unknown): Error {
  return new Error(`a thread has ended before its work: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}

export function closedError(): Error {
  return new Error('pool used after close()');
}

export function queueError(calls: number): Error {
  return new Error(`pool has ${calls} calls waiting: await some of them before the next`);
}

export function sharedError(): Error {
  return new Error('there is no SharedArrayBuffer here: a page has it when it is cross-origin isolated');
}

export function dtypeError(dtype: string, out: Floats): Error {
  return new TypeError(`dtype is '${dtype}', but out is a ${describe(out)}`);
}

export function maxError(value: unknown): Error {
  if (typeof value === 'function' && 'alpha' in value && 'vjp' in value) {
    return new TypeError('max is a max of another copy of anymax');
  }
  return new TypeError(`max must be a max of this package, such as softmax or entmax15, got ${describe(value)}`);
}

/** The alpha of an entmax: finite and >= 1. */
export function checkAlpha(value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`alpha must be a number, got ${describe(value)}`);
  if (!(value >= 1 && value < Infinity)) throw new RangeError(`alpha must be finite and at least 1, got ${value}`);
}

const ARRAYS = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array };

/** A new array of zeros. */
export function newArray<K extends Kind>(kind: K, length: number): ArrayOf<K> {
  try {
    return new ARRAYS[kind](length) as ArrayOf<K>;
  } catch (cause) {
    throw memoryError(length * bytesOf(kind), cause);
  }
}
