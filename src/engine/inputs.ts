import { engine } from './backend.ts';
import { Call, CHUNK, type Fill, WORDS } from './call.ts';
import { put, take, taken } from './copy.ts';
import { FEW } from './engine.ts';
import { type AnyArray, type Dtype, F32, F64, type Kind, kindOf, lengthOf, tagOf } from './kind.ts';
import type { Memory } from './memory.ts';
import { type Addresses, type Op, type Shape, valuesOf } from './op.ts';
import { checkOptions } from './check.ts';
import { isPlain, readOptions, type Rest } from './options.ts';
import { liveBlock, type Resident, residentView } from './resident.ts';
import { isStraight, smallRegion } from './rows.ts';

/**
 * An op from its arguments to its results: the straight way of mapRows, with any number of inputs and results. Whatever is
 * otherwise is for a Call, which gives the same bits. `given`: the source, as the keys of the op have read it. `fill`: what
 * an op without inputs has in their place.
 */
export function mapInputs(
  op: Op,
  values: readonly unknown[],
  n: unknown,
  options?: object,
  k = 1,
  given?: unknown,
  fill?: Fill,
): AnyArray[] {
  let t: unknown, out: unknown, rest: Rest | undefined;
  if (options !== undefined) {
    if (isPlain(options)) {
      for (const name in options) {
        const value = (options as Rest)[name];
        if (name === 'out' && op.takesOut) out = value;
        else if (name === 'temperature' && op.tempered) t = value;
        else (rest ??= {})[name] = value;
      }
      if (rest !== undefined) checkOptions(options, op.options);
    } else {
      ({ temperature: t, out, ...rest } = readOptions(options, op.options) as Rest);
    }
    if (rest !== undefined && op.settle !== undefined) ({ op = op, k = k } = op.settle(rest));
  }
  const straight = rest === undefined || isStraight(op, rest) ? run(op, values, n, k, given, fill, t, out) : undefined;
  return straight ?? new Call(op, values, n, { ...rest, temperature: t, out }, k, given, fill).run();
}

/** The results of a call that is right; nothing for any other. */
function run(
  op: Op,
  values: readonly unknown[],
  n: unknown,
  k: number,
  given: unknown,
  fill: Fill | undefined,
  t: unknown,
  out: unknown,
): AnyArray[] | undefined {
  const { inputs, operands, f64, keys } = op,
    now = engine(),
    { memory, start: words } = now,
    end = words + now.bytes,
    x = values[0];
  let own = fill === undefined ? kindOf(x) : fill.dtype,
    length = 0;
  if (fill !== undefined) {
    length = fill.rows;
  } else if (own !== undefined) {
    length = lengthOf(x as AnyArray);
  } else {
    const block = liveBlock(x, memory);
    if (block !== undefined) ({ kind: own, length } = block);
  }
  if (typeof n !== 'number' || !(t === undefined || typeof t === 'number')) return undefined;
  const rows = length === n ? 1 : (length / n) | 0;
  if (
    (own !== F32 && own !== F64) ||
    !(length > 0 && length <= CHUNK && rows > 0) ||
    rows * n !== length ||
    (n | 0) !== n ||
    (keys !== undefined && (keys.foreign(given) || keys.rows(given) !== undefined))
  ) {
    return undefined;
  }

  // one operand after the other: its kind and length, where it lies, the values of an input
  const count = inputs.length,
    // not of constants alone: that would be copied at the first write
    addresses = [words, 0, 0, 0, 0, 0];
  let at = words + WORDS,
    few = now.bytes >= 0,
    result: AnyArray | undefined,
    inPlace = false;
  for (let i = 0; i < operands.length; i++) {
    const { width, kind = own } = operands[i]!,
      computed = f64 && kind === F32 ? F64 : kind,
      size = rows * valuesOf(width, n, k),
      value = i < count ? values[i] : i === count ? out : undefined;
    const tag = tagOf(value);
    let array: AnyArray | undefined;
    if (size > FEW) few = false;
    if (size > CHUNK) return undefined;
    if (tag !== undefined && tag === kind.name) {
      array = value as AnyArray;
      if (lengthOf(array) !== size) return undefined;
    } else if (i < count || value !== undefined) {
      const block = liveBlock(value, memory);
      if (block === undefined || block.kind !== kind || block.length !== size) return undefined;
      // what is input and result at once is copied
      if (computed === kind && (i < count || !addresses.includes(block.address))) {
        addresses[i] = block.address;
        if (i < count) continue;
        inPlace = true;
      }
      array = residentView(value as Resident);
    }
    if (i === count) {
      result = array;
      if (inPlace) continue;
    }
    addresses[i] = at;
    at += smallRegion(size * computed.bytes);
    if (at > end) return undefined;
    if (i < count) put(memory, computed, addresses[i]!, array!, 0, size);
  }
  const computed = f64 ? F64 : own;
  if (!few && at + op.scratch(n, rows, computed.bytes, k) > end) return undefined;
  const temperature = t === undefined ? 1 : op.check(t, own as Dtype);

  // nothing can fail from here on; a key may be made in the block of the calls, before its inputs
  let k0 = 0,
    k1 = 0;
  if (keys !== undefined) {
    const key = keys.take(given);
    k0 = key[0]!;
    k1 = key[1]!;
  }
  const { backend } = now,
    kernels = computed === F64 ? backend.f64 : (backend.f32 as unknown as typeof backend.f64);
  op.kernel(kernels, addresses as unknown as Addresses, rows, n, temperature, at, k, 0, k0, k1, words);
  const results = [resultOf(memory, operands[count]!, own, f64, rows * n, rows, k, addresses[count]!, result, inPlace)];
  for (let i = count + 1; i < operands.length; i++)
    results.push(resultOf(memory, operands[i]!, own, f64, rows * n, rows, k, addresses[i]!, undefined, false));
  return results;
}

/** A result at an address, in the array that is given for it. `inPlace`: that lies there. */
function resultOf(
  memory: Memory,
  { width, kind: said }: Shape,
  own: Kind,
  f64: boolean,
  elements: number,
  rows: number,
  k: number,
  address: number,
  array: AnyArray | undefined,
  inPlace: boolean,
): AnyArray {
  const kind = said ?? own,
    made = f64 && kind === F32 ? F64 : kind,
    size = width === 'n' ? elements : rows * valuesOf(width, 1, k);
  if (array === undefined) return taken(memory, made, address, kind, size);
  if (!inPlace) take(memory, made, address, array, 0, size);
  return array;
}
