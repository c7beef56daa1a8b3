import { engine } from './backend.ts';
import { Call, CHUNK, type Fill, WORDS } from './call.ts';
import { checkOptions } from './check.ts';
import { put, take, taken } from './copy.ts';
import { type Engine, FEW, kernelsOf } from './engine.ts';
import { type AnyArray, type Dtype, F32, F64, type Kind, kindOf, lengthOf, tagOf } from './kind.ts';
import { type Memory, regionOf } from './memory.ts';
import { type Addresses, type Op, valuesOf } from './op.ts';
import { isPlain, readOptions, type Rest, type Said } from './options.ts';
import { type Block, liveBlock, type Resident, residentView } from './resident.ts';

/**
 * An op on rows of n, from its arguments to its result; to a list of them where an op has several. `x`: its first input; `k`:
 * where it has such a number; `source`: where it draws.
 *
 * The straight way of a call that is right, fits in one chunk and needs no more memory than there is. Whatever is otherwise,
 * wrong arguments included, is for a Call, which gives the same bits.
 */
export function mapRows(
  op: Op,
  x: unknown,
  n: unknown,
  options?: object,
  k = 1,
  source?: unknown,
  values?: readonly unknown[],
  fill?: Fill,
): AnyArray | AnyArray[] {
  let t: unknown, out: unknown, rest: Rest | undefined;
  if (options !== undefined) {
    if (isPlain(options)) {
      // one pass over what is there: to ask for each name that an op knows takes as long as the kernel on four values
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
  const straight =
    rest === undefined || isStraight(op, rest) ? run(op, x, n, k, source, values, fill, t, out) : undefined;
  return straight ?? slow(op, values ?? [x], n, k, source, fill, { ...rest, temperature: t, out });
}

/** Whether options beside `temperature` and `out` say nothing of how rows lie, and ask for no further result. */
function isStraight({ outputs }: Op, rest: Rest): boolean {
  const { stride, dtype } = rest;
  return (
    stride === undefined &&
    dtype === undefined &&
    outputs.every(({ name }) => name === undefined || rest[name] === undefined)
  );
}

/** The same of an op with several inputs, or with none: `fill` says what is in their place. */
export function mapInputs(
  op: Op,
  values: readonly unknown[],
  n: unknown,
  options?: object,
  k?: number,
  source?: unknown,
  fill?: Fill,
): AnyArray | AnyArray[] {
  return mapRows(op, values[0], n, options, k, source, values, fill);
}

/** A call in full. */
function slow(
  op: Op,
  values: readonly unknown[],
  n: unknown,
  k: number,
  source: unknown,
  fill: Fill | undefined,
  said: Said,
): AnyArray | AnyArray[] {
  const results = new Call(op, values, n, said, k, op.keys?.read(source), fill).run();
  return op.results === 1 ? results[0]! : results;
}

/** What a call that is straight gives; nothing for any other. With one input no object is made but the result. */
function run(
  op: Op,
  x: unknown,
  n: unknown,
  k: number,
  source: unknown,
  values: readonly unknown[] | undefined,
  fill: Fill | undefined,
  t: unknown,
  out: unknown,
): AnyArray | AnyArray[] | undefined {
  // no code of the caller's runs from here on, so the words of a key stay where `one` has put them
  const { keys } = op,
    given = keys?.one(source),
    now = engine(),
    { memory, start: words } = now;

  // what was given
  let own = fill === undefined ? kindOf(x) : fill.dtype,
    block: Block | undefined;
  if (own === undefined && (block = liveBlock(x, memory)) !== undefined) own = block.kind;
  if (
    typeof n !== 'number' ||
    (own !== F32 && own !== F64) ||
    !(t === undefined || typeof t === 'number') ||
    (keys !== undefined && given === undefined)
  ) {
    return undefined;
  }
  const length = block !== undefined ? block.length : fill !== undefined ? fill.rows : lengthOf(x as AnyArray),
    rows = length === n ? 1 : (length / n) | 0,
    kind = op.kind ?? own,
    size = rows * valuesOf(op.width, n, k);
  if (!(length > 0 && length <= CHUNK && rows > 0 && size <= CHUNK) || rows * n !== length || (n | 0) !== n)
    return undefined;
  const temperature = t === undefined ? 1 : op.check(t, own as Dtype);
  let outBlock: Block | undefined;
  if (out !== undefined) {
    const tag = tagOf(out);
    if (tag !== undefined && tag === kind.name) {
      if (lengthOf(out as AnyArray) !== size) return undefined;
    } else {
      outBlock = liveBlock(out, memory);
      if (outBlock === undefined || outBlock.kind !== kind || outBlock.length !== size) return undefined;
    }
  }

  const result = outBlock !== undefined ? residentView(out as Resident) : (out as AnyArray | undefined);

  // where it lies: what is input and result at once is copied
  const computed = op.f64 ? F64 : own,
    made = op.kind ?? computed,
    copyIn = fill === undefined && (block === undefined || computed !== own),
    copyOut = outBlock === undefined || made !== kind || outBlock === block;
  const region = words + WORDS,
    inBytes = copyIn ? regionOf(length * computed.bytes) : 0;
  let at = region + inBytes + (copyOut ? regionOf(size * made.bytes) : 0),
    few = length <= FEW && size <= FEW && now.bytes >= 0,
    addresses: number[] | undefined;
  if (values !== undefined) {
    // not of constants alone: that would be copied at the first write
    addresses = [at, 0, 0, 0, 0, 0];
    at = placeOthers(now, op, values, own, rows, n, k, outBlock, addresses, at);
    if (at < 0) return undefined;
    if (rows * k > FEW) few = false;
  }
  // FEW_BYTES are there whatever the op: to ask it takes longer than the copies of a short row
  if (!few && at + op.scratch(n, rows, computed.bytes, k) > words + now.bytes) return undefined;

  // nothing can fail from here on; a key may be made in the block of the calls, before its operands
  let k0 = 0,
    k1 = 0;
  if (keys !== undefined) {
    if (given === source) keys.next(source);
    k0 = keys.words[0]!;
    k1 = keys.words[1]!;
  }
  if (copyIn)
    put(memory, computed, region, block === undefined ? (x as AnyArray) : residentView(x as Resident), 0, length);
  const src = copyIn || block === undefined ? region : block.address,
    dst = copyOut ? region + inBytes : outBlock!.address,
    kernels = kernelsOf(now.backend, computed);
  if (addresses !== undefined) {
    addresses[0] = src;
    addresses[op.inputs.length] = dst;
    op.kernel(kernels, addresses as unknown as Addresses, rows, n, temperature, at, k, 0, k0, k1, words);
    if (op.results > 1) return resultsOf(memory, op, own, rows, n, k, addresses);
  } else {
    op.row!(kernels, src, dst, rows, n, temperature, at, k, 0, k0, k1, words);
  }
  if (result === undefined) return taken(memory, made, dst, kind, size);
  if (copyOut) take(memory, made, dst, result, 0, size);
  return result;
}

/**
 * Gives operands beside the first input and the first result their addresses, from `at` on, and copies inputs. Returns where they
 * end; -1 where one is not right or finds no room.
 */
function placeOthers(
  { memory, start, bytes }: Engine,
  { inputs, operands, f64 }: Op,
  values: readonly unknown[],
  own: Kind,
  rows: number,
  n: number,
  k: number,
  outBlock: Block | undefined,
  addresses: number[],
  at: number,
): number {
  const count = inputs.length;
  for (let i = 1; i < operands.length; i++) {
    if (i === count) continue;
    const { width, kind = own } = operands[i]!,
      computed = f64 && kind === F32 ? F64 : kind,
      size = rows * valuesOf(width, n, k);
    if (size > CHUNK) return -1;
    let array: AnyArray | undefined;
    if (i < count) {
      const value = values[i],
        tag = tagOf(value);
      if (tag !== undefined && tag === kind.name) {
        array = value as AnyArray;
        if (lengthOf(array) !== size) return -1;
      } else {
        const block = liveBlock(value, memory);
        if (block === undefined || block.kind !== kind || block.length !== size) return -1;
        addresses[i] = block.address;
        if (computed === kind && block !== outBlock) continue;
        array = residentView(value as Resident);
      }
    }
    addresses[i] = at;
    at += regionOf(size * computed.bytes);
    if (at > start + bytes) return -1;
    if (array !== undefined) put(memory, computed, addresses[i]!, array, 0, size);
  }
  return at;
}

/** Several results, which are always new arrays. */
function resultsOf(
  memory: Memory,
  { inputs, operands, f64 }: Op,
  own: Kind,
  rows: number,
  n: number,
  k: number,
  addresses: readonly number[],
): AnyArray[] {
  const arrays: AnyArray[] = [];
  for (let i = inputs.length; i < operands.length; i++) {
    const { width, kind = own } = operands[i]!,
      computed = f64 && kind === F32 ? F64 : kind;
    arrays.push(taken(memory, computed, addresses[i]!, kind, rows * valuesOf(width, n, k)));
  }
  return arrays;
}
