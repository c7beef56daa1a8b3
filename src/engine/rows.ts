import { Call, CHUNK, WORDS } from './call.ts';
import { readOptions, type Said } from './options.ts';
import { checkOptions } from './check.ts';
import { put, take, taken } from './copy.ts';
import { engine } from './backend.ts';
import { type AnyArray, type Dtype, F32, F64, kindOf, lengthOf } from './kind.ts';
import { SLACK } from './memory.ts';
import { type RowOp, valuesOf } from './op.ts';
import { type Block, blockOf, type Resident, residentView } from './resident.ts';

/**
 * An op on rows of n of one input, from its arguments to its result. `k`: where the op has such a number; `source`: where
 * it draws.
 *
 * The straight way of a call that is right, fits in one chunk and needs no more memory than there is: no object is made but
 * the result. Whatever is otherwise, wrong arguments included, is for a Call, which gives the same bits.
 */
export function mapRows(op: RowOp, x: unknown, n: unknown, options?: object, k = 0, source?: unknown): AnyArray {
  const { keys } = op;
  const given = keys?.read(source);
  let t: unknown, stride: unknown, out: unknown, dtype: unknown;
  if (options !== undefined) {
    checkOptions(options, op.options);
    if (op.tempered) t = (options as Said).temperature;
    stride = (options as Said).stride;
    out = (options as Said).out;
    dtype = (options as Said).dtype;
  }
  const now = engine(),
    { memory } = now;

  // what was given
  let own = kindOf(x),
    block: Block | undefined;
  if (own === undefined && (block = liveBlock(x, memory)) !== undefined) own = block.kind;
  if (
    typeof n !== 'number' ||
    stride !== undefined ||
    dtype !== undefined ||
    !(t === undefined || typeof t === 'number')
  )
    return slow(op, x, n, k, given, t, stride, out, dtype);
  const length = block !== undefined ? block.length : own !== undefined ? lengthOf(x as AnyArray) : 0,
    rows = (length / n) | 0;
  if (
    (own !== F32 && own !== F64) ||
    !(length > 0 && length <= CHUNK && rows > 0) ||
    rows * n !== length ||
    (n | 0) !== n ||
    (keys !== undefined && !keys.single(given))
  ) {
    return slow(op, x, n, k, given, t, stride, out, dtype);
  }
  const temperature = t === undefined ? 1 : op.check(t, own as Dtype);
  const kind = op.kind ?? own,
    size = rows * valuesOf(op.width, n, k);
  if (size > CHUNK) return slow(op, x, n, k, given, t, stride, out, dtype);
  let outBlock: Block | undefined;
  if (out !== undefined) {
    if (kindOf(out) === kind) {
      if (lengthOf(out as AnyArray) !== size) return slow(op, x, n, k, given, t, stride, out, dtype);
    } else {
      outBlock = liveBlock(out, memory);
      if (outBlock === undefined || outBlock.kind !== kind || outBlock.length !== size)
        return slow(op, x, n, k, given, t, stride, out, dtype);
    }
  }

  // where it lies
  const computed = op.f64 ? F64 : own,
    made = op.kind ?? computed;
  const copyIn = block === undefined || computed !== own,
    copyOut = outBlock === undefined || made !== kind || outBlock === block;
  const inBytes = copyIn ? smallRegion(length * computed.bytes) : 0,
    outBytes = copyOut ? smallRegion(size * made.bytes) : 0;
  if (WORDS + inBytes + outBytes + op.scratch(n, rows, computed.bytes, k) > now.bytes)
    return slow(op, x, n, k, given, t, stride, out, dtype);
  const result = outBlock !== undefined ? residentView(out as Resident) : (out as AnyArray | undefined);

  // nothing can fail from here on; a key may be made in the block of the calls
  const key = keys?.take(given);
  const words = now.start,
    region = words + WORDS;
  if (copyIn)
    put(memory, computed, region, block === undefined ? (x as AnyArray) : residentView(x as Resident), 0, length);
  const src = copyIn ? region : block!.address,
    dst = copyOut ? region + inBytes : outBlock!.address;
  const { backend } = now,
    kernels = computed === F64 ? backend.f64 : (backend.f32 as unknown as typeof backend.f64);
  const scratch = region + inBytes + outBytes,
    k0 = key === undefined ? 0 : key[0]!,
    k1 = key === undefined ? 0 : key[1]!;
  op.row(kernels, src, dst, rows, n, temperature, scratch, 0, k0, k1, words, k);
  if (result === undefined) return taken(memory, made, dst, kind, size);
  if (copyOut) take(memory, made, dst, result, 0, size);
  return result;
}

function slow(
  op: RowOp,
  x: unknown,
  n: unknown,
  k: number,
  given: unknown,
  temperature: unknown,
  stride: unknown,
  out: unknown,
  dtype: unknown,
): AnyArray {
  return new Call(op, [x], n, { temperature, stride, out, dtype }, k, given).run()[0]!;
}

/** The call that `mapRows` would make. */
export function openRows(op: RowOp, x: unknown, n: unknown, options?: object, k = 0, source?: unknown): Call {
  const given = op.keys?.read(source);
  return new Call(op, [x], n, readOptions(options, op.options), k, given);
}

/** The bytes of a region in integers of 32 bits, which those of a chunk are. */
function smallRegion(bytes: number): number {
  return (bytes + SLACK + 15) & ~15;
}

/** The block of an array that lives in this memory and has not been freed. */
function liveBlock(value: unknown, memory: unknown): Block | undefined {
  const block = blockOf(value);
  return block !== undefined && block.memory === memory && block.address >= 0 ? block : undefined;
}
