/**
 * All errors of the ops are made here, and those of distributions and objectives beside it in check_distributions.ts: a
 * TypeError for the wrong kind, a RangeError for the wrong value, the argument's name first. What is right is told first;
 * why it is wrong is looked for only then.
 */
import {
  type AnyArray,
  type Dtype,
  F32,
  F64,
  type Floats,
  I32,
  type Kind,
  kindOf,
  lengthOf,
  validate,
} from './kind.ts';

export function describe(value: unknown): string {
  if (value === null || typeof value === 'undefined' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  const tag = tagOf(value);
  return tag === 'Object' ? className(value as object) : tag;
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** The name of an object's class, without a call of anything of the object. */
function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const made = prototype && (Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown);
  return (typeof made === 'function' && made.name) || 'Object';
}

/** The kind of a live typed array, one of `kinds`. */
export function checkKind(name: string, value: unknown, kinds: readonly Kind[]): Kind {
  const kind = kindOf(value);
  if (kind === undefined || !kinds.includes(kind)) throw kindError(name, kinds, value);
  if (lengthOf(value as AnyArray) === 0) checkAttached(name, value as AnyArray);
  return kind;
}

/** An array that is detached, or out of the bounds of its buffer, has length 0 as an empty one. */
export function checkAttached(name: string, array: AnyArray): void {
  try {
    validate(array);
  } catch {
    throw new TypeError(`${name} is detached, or out of the bounds of its buffer`);
  }
}

/** The kind of array that a constructor of typed arrays makes; not one of words. */
export function checkArrayType(name: string, type: unknown): Kind {
  const kind = [F32, F64, I32].find(({ Type }) => Type === type);
  if (kind !== undefined) return kind;
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

/** The index of one of so many. */
export function checkIndex(name: string, value: unknown, length: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${describe(value)}`);
  if (Number.isInteger(value) && value >= 0 && value < length) return value;
  throw new RangeError(`${name} must be an integer from 0 to ${length - 1}, got ${value}`);
}

/** A weight, `at` a place of an array if that is given: from 0 up, -0 as 0. */
export function checkWeight(name: string, value: unknown, at?: number): number {
  const where = at === undefined ? '' : ` at ${at}`;
  if (typeof value !== 'number') throw new TypeError(`${name} must be numbers, got ${describe(value)}${where}`);
  if (!(value >= 0)) throw new RangeError(`${name} must not be negative or NaN, got ${value}${where}`);
  return value + 0;
}

/** How many classes of n to take. */
export function checkK(k: unknown, n: number): void {
  if (checkInteger('k', k, 1) > n) throw new RangeError(`k must be at most n = ${n}, got ${String(k)}`);
}

/** The index that a loss ignores, NaN for none. */
export function checkIgnored(value: unknown, isIndex: boolean): number {
  if (value === undefined) return NaN;
  if (typeof value !== 'number') throw new TypeError(`ignoreIndex must be a number, got ${describe(value)}`);
  if (!isIndex) throw new TypeError('ignoreIndex is for a target of class indices, got distributions');
  if ((value | 0) !== value) throw new RangeError(`ignoreIndex must be an integer of 32 bits, got ${value}`);
  return value;
}

/** The number of rows of n in an array of so many values. */
export function checkRows(name: string, length: number, n: number | undefined): number {
  if (n === undefined)
    throw new TypeError(`n must be a number, got undefined: the length of a row, ${name}.length for a single one`);
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
  // -0 is 0
  return (dtype === F32 ? Math.fround(value) : value) + 0;
}

/** The temperature where the limits do not exist: finite and > 0 in the dtype. */
export function checkPositiveTemperature(value: unknown, dtype: Dtype, name = 'temperature'): number {
  const temperature = checkTemperature(value, dtype, name);
  if (temperature > 0 && temperature < Infinity) return temperature;
  throw new RangeError(
    `${name} must be finite and positive here, got ${String(value)} (${temperature} in a ${dtype.name})`,
  );
}

/** Options: an object of known names, its own or inherited, or nothing. */
export function checkOptions(options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  let some = false;
  if (typeof options === 'object') {
    for (const name in options) {
      if (isAmong(known, name)) some = true;
      else if (!isEveryones(options!, name))
        throw isRecord(options) ? optionError(name, known) : kindOfOptionsError(options);
    }
  }
  // an object that shows none of them may be anything: a Map, a Resident, an Rng; or a class with getters
  if (!some && !isRecord(options)) throw kindOfOptionsError(options);
}

function kindOfOptionsError(options: unknown): Error {
  return new TypeError(`options must be an object, got ${describe(options)}`);
}

/** As `includes`, which takes longer than the call of a kernel on four values. */
function isAmong(names: readonly string[], name: string): boolean {
  for (let i = 0; i < names.length; i++) if (names[i] === name) return true;
  return false;
}

function optionError(name: string, known: readonly string[]): Error {
  return new TypeError(`options: unknown name '${name}', expected ${known.join(', ')}`);
}

/** An object that is nothing else: no array, Map, Resident or Rng. */
function isRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype || tagOf(value) === 'Object';
}

/** Whether a name comes from the end of the prototype chain: what somebody adds to Object.prototype is in every object. */
function isEveryones(options: object, name: string): boolean {
  let owner = options;
  while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object;
  return owner !== options && Object.getPrototypeOf(owner) === null;
}

/** One of the strings in `choices`, the first if not given. */
export function checkChoice<C extends string>(name: string, value: unknown, choices: readonly [C, ...C[]]): C {
  if (value === undefined) return choices[0];
  if (choices.includes(value as C)) return value as C;
  const message = `${name} must be ${choices.map((c) => `'${c}'`).join(' or ')}, got ${describe(value)}`;
  throw typeof value === 'string' ? new RangeError(message) : new TypeError(message);
}

export function kindError(name: string, kinds: readonly Kind[], value: unknown): Error {
  const article = kinds[0] === I32 ? 'an' : 'a',
    got = describe(value);
  const hint = got === 'Resident' ? ' of another copy of the package, or a Proxy of one' : adviceFor(value, kinds);
  const names = kinds.map((kind) => kind.name).join(' or ');
  return new TypeError(`${name} must be ${article} ${names}, got ${got}${hint}`);
}

/** How an array of the language or of another library is passed. */
function adviceFor(value: unknown, kinds: readonly Kind[]): string {
  if (Array.isArray(value)) return `: pass ${kinds[0]!.name}.from(it)`;
  if (kinds[0] === F32 && tagOf(value) === 'Uint16Array') return `: if it holds float16, say { dtype: 'float16' }`;
  const isObject = typeof value === 'object' && value !== null;
  return isObject && !ArrayBuffer.isView(value) ? ': pass the typed array that holds its data' : '';
}

export function lengthError(name: string, length: number, expected: number): Error {
  return new RangeError(`${name} has length ${length}, expected ${expected}`);
}

export function freedError(): Error {
  return new Error('used after free()');
}

/** Only the memory of the JS backend can be transferred. */
export function lostError(): Error {
  return new Error('used after the memory of the backend, the buffer of its view, was transferred away');
}

export function memoryError(bytes: number, cause: unknown): Error {
  return new RangeError(`cannot allocate ${bytes} bytes`, { cause });
}

export function backendError(cause: Error): Error {
  return new Error(`backend 'wasm' is not available here: ${cause.message}`, { cause });
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

export function dtypeError(dtype: string, kind: Kind): Error {
  return new TypeError(`dtype is '${dtype}', but out is a ${kind.name}`);
}

/** Of a dtype that is said where no array has it. */
export function halfError(name: string, value: unknown): Error {
  return new TypeError(`dtype 'float16' is for a Uint16Array, but ${name} is of ${describe(value)}: leave it out`);
}

export function maxError(value: unknown): Error {
  if (typeof value === 'function' && 'alpha' in value && 'vjp' in value) {
    return new TypeError('max is a max of another copy of anymax');
  }
  return new TypeError(`max must be a max of this package, such as softmax or entmax15, got ${describe(value)}`);
}

export function vjpError(op: unknown): Error {
  return new TypeError(`op must be a function of this package that has a vjp, got ${describe(op)}`);
}

/** The alpha of an entmax: finite and >= 1. */
export function checkAlpha(value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`alpha must be a number, got ${describe(value)}`);
  if (!(value >= 1 && value < Infinity)) throw new RangeError(`alpha must be finite and at least 1, got ${value}`);
}

/** A new array of zeros. */
export function newArray<A extends AnyArray>(kind: Kind<A>, length: number): A;
export function newArray(kind: Dtype, length: number): Floats;
export function newArray(kind: Kind, length: number): AnyArray {
  try {
    return new kind.Type(length);
  } catch (cause) {
    throw memoryError(length * kind.bytes, cause);
  }
}
