/** Ways for the same values to lie somewhere: the result must not depend on them. */
import { runInNewContext } from 'node:vm';
import type { Library } from './cases.ts';
import type { Numbers, Random } from './values.ts';

type Type = Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor | Uint32ArrayConstructor;

const typeOf = (values: Numbers): Type =>
  [Float32Array, Float64Array, Int32Array, Uint32Array].find((type) => values instanceof type)!;

/** A subclass whose every method and property misleads: none of them is the package's to ask. */
function hostile(values: Numbers): Numbers {
  const refuse = (): never => {
    throw new Error('a method of the caller has been called');
  };
  const Base = typeOf(values) as Float32ArrayConstructor;
  class Hostile extends Base {
    static get [Symbol.species](): never {
      return refuse();
    }
  }
  const array = new Hostile(values.length);
  Base.prototype.set.call(array, values as Float32Array);
  for (const name of ['set', 'subarray', 'slice', 'fill', 'copyWithin', 'map', Symbol.iterator]) {
    Object.defineProperty(Hostile.prototype, name, { value: refuse });
  }
  for (const name of ['length', 'byteOffset', 'byteLength'])
    Object.defineProperty(Hostile.prototype, name, { value: 1 });
  for (const name of ['buffer', 'constructor']) Object.defineProperty(Hostile.prototype, name, { get: refuse });
  return array;
}

interface Placed {
  /** What is given to the package, asked for at the call: a view of the memory is another one after it has grown. */
  readonly give: () => unknown;
  /** The values there, as an array of this realm without methods of its own. */
  readonly read: () => Numbers;
  readonly free?: () => void;
}

const copied = (values: Numbers, buffer: ArrayBufferLike, offset: number, length?: number): Placed => {
  const type = typeOf(values) as Float32ArrayConstructor;
  const array = new type(buffer as ArrayBuffer, offset, length);
  array.set(values as Float32Array);
  return { give: () => array, read: () => array };
};

export const PLACEMENTS: Readonly<Record<string, (values: Numbers, library: Library, random: Random) => Placed>> = {
  'a view behind others': (values, _, random) => {
    const bytes = values.BYTES_PER_ELEMENT,
      before = bytes * (1 + random.below(9));
    const buffer = new Uint8Array(before + values.byteLength + 5 * bytes).fill(0xff).buffer;
    return copied(values, buffer, before, values.length);
  },
  'shared memory': (values) => copied(values, new SharedArrayBuffer(values.byteLength), 0),
  'a resizable buffer': (values) => {
    const options = { maxByteLength: 2 * values.byteLength + 64 };
    const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
    return copied(values, new Resizable(values.byteLength, options), 0);
  },
  'a resident array': (values, library) => {
    const resident = library.alloc(typeOf(values), values.length);
    resident.view.set(values);
    return { give: () => resident, read: () => resident.view, free: () => resident.free() };
  },
  'the view of a resident array': (values, library) => {
    const resident = library.alloc(typeOf(values), values.length);
    resident.view.set(values);
    return { give: () => resident.view, read: () => resident.view, free: () => resident.free() };
  },
  'another realm': (values) => {
    const array = runInNewContext(`(length) => new ${typeOf(values).name}(length)`)(values.length) as Numbers;
    array.set(values as Float32Array);
    return { give: () => array, read: () => new (typeOf(values) as Float32ArrayConstructor)(array as Float32Array) };
  },
  'a subclass that misleads': (values) => {
    const array = hostile(values);
    const type = typeOf(values) as Float32ArrayConstructor;
    const field = (name: string): number | ArrayBuffer =>
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(type.prototype), name)!.get!.call(array) as number;
    const [buffer, offset, length] = [field('buffer') as ArrayBuffer, field('byteOffset') as number, values.length];
    return { give: () => array, read: () => new type(buffer, offset, length) };
  },
};
