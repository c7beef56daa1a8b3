import { engine } from './backend.ts';
import { CHUNK, WORDS } from './call.ts';
import { put, take, taken } from './copy.ts';
import { type AnyArray, type Dtype, F32, F64, kindOf, lengthOf, tagOf } from './kind.ts';
import { type InputShape, type Op, valuesOf } from './op.ts';
import { isPlain } from './options.ts';
import { openRows, smallRegion } from './rows.ts';

/**
 * An op of two inputs and one result, which draws nothing, from its arguments to its result: the straight way of mapRows, of
 * arrays of the language alone. Whatever is otherwise is for a Call, which gives the same bits.
 */
export function mapPair(op: Op, x: unknown, y: unknown, n: unknown, options?: object, k = 1): AnyArray {
  let t: unknown, out: unknown;
  if (options !== undefined) {
    if (!isPlain(options)) return openRows(op, [x, y], n, options, k).run()[0]!;
    for (const name in options) {
      if (name !== 'out' && !(name === 'temperature' && op.tempered))
        return openRows(op, [x, y], n, options, k).run()[0]!;
    }
    // asked once: what follows takes these
    ({ out } = options as { out: unknown });
    if (op.tempered) t = (options as { temperature: unknown }).temperature;
    options = op.tempered ? { temperature: t, out } : { out };
  }
  const own = kindOf(x),
    length = own === undefined ? 0 : lengthOf(x as AnyArray),
    rows = typeof n === 'number' ? (length / n) | 0 : 0;
  const [, second] = op.inputs as readonly [InputShape, InputShape];
  if (
    (own !== F32 && own !== F64) ||
    typeof n !== 'number' ||
    (n | 0) !== n ||
    !(length > 0 && length <= CHUNK && rows > 0 && rows * n === length) ||
    tagOf(y) !== (second.kind ?? own).name ||
    lengthOf(y as AnyArray) !== rows * valuesOf(second.width, n, k) ||
    !(t === undefined || typeof t === 'number')
  ) {
    return openRows(op, [x, y], n, options, k).run()[0]!;
  }
  const kind = op.kind ?? own,
    size = rows * valuesOf(op.width, n, k);
  if (out !== undefined && (tagOf(out) !== kind.name || lengthOf(out as AnyArray) !== size))
    return openRows(op, [x, y], n, options, k).run()[0]!;
  const temperature = t === undefined ? 1 : op.check(t, own as Dtype);

  const now = engine(),
    { memory, backend, start: words } = now,
    computed = op.f64 ? F64 : own,
    beside = second.kind ?? computed,
    made = op.kind ?? computed,
    others = lengthOf(y as AnyArray);
  const src = words + WORDS,
    by = src + smallRegion(length * computed.bytes),
    dst = by + smallRegion(others * beside.bytes),
    scratch = dst + smallRegion(size * made.bytes);
  if (scratch + op.scratch(n, rows, computed.bytes, k) > words + now.bytes)
    return openRows(op, [x, y], n, options, k).run()[0]!;
  put(memory, computed, src, x as AnyArray, 0, length);
  put(memory, beside, by, y as AnyArray, 0, others);
  const kernels = computed === F64 ? backend.f64 : (backend.f32 as unknown as typeof backend.f64);
  op.kernel(kernels, [src, by, 0], [dst, 0, 0], {
    rows,
    n,
    k,
    temperature,
    first: 0,
    k0: 0,
    k1: 0,
    scratch,
    words,
  });
  if (out === undefined) return taken(memory, made, dst, kind, size);
  take(memory, made, dst, out as AnyArray, 0, size);
  return out as AnyArray;
}
