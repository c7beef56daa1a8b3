import { Call, CHUNK, WORDS } from './call.ts';
import { isPlain, readOptions, type Rest, type Said } from './options.ts';
import { checkOptions } from './check.ts';
import { put, take, taken } from './copy.ts';
import { engine } from './backend.ts';
import { FEW } from './engine.ts';
import { type AnyArray, type Dtype, F32, F64, kindOf, lengthOf, tagOf } from './kind.ts';
import { SLACK } from './memory.ts';
import { type Op, valuesOf } from './op.ts';
import { type Block, liveBlock, type Resident, residentView } from './resident.ts';

/**
 * An op on rows of n of one input, from its arguments to its result. `k`: where the op has such a number; `source`: where
 * it draws.
 *
 * The straight way of a call that is right, fits in one chunk and needs no more memory than there is: no object is made but
 * the result. Whatever is otherwise, wrong arguments included, is for a Call, which gives the same bits.
 */
export function mapRows(op: Op, x: unknown, n: unknown, options?: object, k = 1, source?: unknown): AnyArray {
  let t: unknown, out: unknown, rest: Rest | undefined;
  if (options !== undefined) {
    if (isPlain(options)) {
      // one pass over what is there: to ask for each name that an op knows takes as long as the kernel on four values
      for (const name in options) {
        const value = (options as Rest)[name];
        if (name === 'out') out = value;
        else if (name === 'temperature' && op.tempered) t = value;
        else (rest ??= {})[name] = value;
      }
      if (rest !== undefined) checkOptions(options, op.options);
    } else {
      ({ temperature: t, out, ...rest } = readOptions(options, op.options) as Rest);
    }
    if (rest !== undefined) {
      if (op.settle !== undefined) ({ op = op, k = k } = op.settle(rest));
      if (!isStraight(op, rest)) return slow(op, x, n, k, source, t, out, rest);
    }
  }
  // no code of the caller's runs from here on, so the words of a key stay where `one` has put them
  const { keys } = op,
    given = keys?.one(source);
  const now = engine(),
    { memory } = now;

  // what was given
  let own = kindOf(x),
    block: Block | undefined;
  if (own === undefined && (block = liveBlock(x, memory)) !== undefined) own = block.kind;
  if (typeof n !== 'number' || !(t === undefined || typeof t === 'number'))
    return slow(op, x, n, k, source, t, out, rest);
  const length = block !== undefined ? block.length : own !== undefined ? lengthOf(x as AnyArray) : 0,
    rows = length === n ? 1 : (length / n) | 0;
  if (
    (own !== F32 && own !== F64) ||
    !(length > 0 && length <= CHUNK && rows > 0) ||
    rows * n !== length ||
    (n | 0) !== n ||
    (keys !== undefined && given === undefined)
  ) {
    return slow(op, x, n, k, source, t, out, rest);
  }
  const temperature = t === undefined ? 1 : op.check(t, own as Dtype);
  const kind = op.kind ?? own,
    size = rows * valuesOf(op.width, n, k);
  if (size > CHUNK) return slow(op, x, n, k, source, t, out, rest);
  let outBlock: Block | undefined;
  if (out !== undefined) {
    const tag = tagOf(out);
    if (tag !== undefined && tag === kind.name) {
      if (lengthOf(out as AnyArray) !== size) return slow(op, x, n, k, source, t, out, rest);
    } else {
      outBlock = liveBlock(out, memory);
      if (outBlock === undefined || outBlock.kind !== kind || outBlock.length !== size)
        return slow(op, x, n, k, source, t, out, rest);
    }
  }

  // where it lies
  const computed = op.f64 ? F64 : own,
    made = op.kind ?? computed;
  const copyIn = block === undefined || computed !== own,
    copyOut = outBlock === undefined || made !== kind || outBlock === block;
  const inBytes = copyIn ? smallRegion(length * computed.bytes) : 0,
    outBytes = copyOut ? smallRegion(size * made.bytes) : 0;
  const words = now.start,
    region = words + WORDS,
    scratch = region + inBytes + outBytes;
  // FEW_BYTES are there whatever the op: to ask it takes longer than the copies of a short row
  const few = length <= FEW && size <= FEW && now.bytes >= 0;
  if (!few && scratch + op.scratch(n, rows, computed.bytes, k) > words + now.bytes)
    return slow(op, x, n, k, source, t, out, rest);
  const result = outBlock !== undefined ? residentView(out as Resident) : (out as AnyArray | undefined);

  // nothing can fail from here on; a key may be made in the block of the calls
  let k0 = 0,
    k1 = 0;
  if (keys !== undefined) {
    if (given === source) keys.next(source);
    k0 = keys.words[0]!;
    k1 = keys.words[1]!;
  }
  if (copyIn)
    put(memory, computed, region, block === undefined ? (x as AnyArray) : residentView(x as Resident), 0, length);
  const src = copyIn ? region : block!.address,
    dst = copyOut ? region + inBytes : outBlock!.address;
  const { backend } = now,
    kernels = computed === F64 ? backend.f64 : (backend.f32 as unknown as typeof backend.f64);
  op.row!(kernels, src, dst, rows, n, temperature, scratch, k, 0, k0, k1, words);
  if (result === undefined) return taken(memory, made, dst, kind, size);
  if (copyOut) take(memory, made, dst, result, 0, size);
  return result;
}

function slow(
  op: Op,
  x: unknown,
  n: unknown,
  k: number,
  source: unknown,
  temperature: unknown,
  out: unknown,
  rest: Said | undefined,
): AnyArray {
  return new Call(op, [x], n, { ...rest, temperature, out }, k, op.keys?.read(source)).run()[0]!;
}

/** The call of an op, from its arguments. */
export function openRows(
  op: Op,
  values: readonly unknown[],
  n: unknown,
  options?: object,
  k = 1,
  source?: unknown,
): Call {
  const given = op.keys?.read(source),
    said = readOptions(options, op.options),
    settled = op.settle?.(said);
  return new Call(settled?.op ?? op, values, n, said, settled?.k ?? k, given);
}

/** Whether options beside `temperature` and `out` say nothing of how rows lie, and ask for no further result. */
export function isStraight({ outputs }: Op, rest: Rest): boolean {
  const { stride, dtype } = rest;
  return (
    stride === undefined &&
    dtype === undefined &&
    outputs.every(({ name }) => name === undefined || rest[name] === undefined)
  );
}

/** The bytes of a region in integers of 32 bits, which those of a chunk are. */
export function smallRegion(bytes: number): number {
  return (bytes + SLACK + 15) & ~15;
}
