/** Generation straight on a runtime, onnxruntime-node or onnxruntime-web: its tensors are read as they are. */
import { foldIn } from '../../dist/index.js';
import { addBias, sampleTokens } from '../../dist/index.tokens.js';
import { PAST, PRESENT } from './model.mjs';
import { NEWLINE, OTHER } from './vocabulary.mjs';

/**
 * A model with its cache, for one row.
 * @param {typeof import('onnxruntime-common')} ort a runtime
 * @param {Uint8Array} bytes the ONNX file
 */
export async function open(ort, bytes) {
  const session = await ort.InferenceSession.create(bytes);
  const integers = (values, dims) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  let past = integers([], [1, 1, 0, 1]);
  return {
    /** The tensor of the logits behind each of the new ids. @param {number[]} ids */
    async run(ids) {
      const outputs = await session.run({ input_ids: integers(ids, [1, ids.length]), [PAST]: past });
      past = outputs[PRESENT];
      return outputs.logits;
    },
    /** Keeps so many ids of the cache. @param {number} length */
    keep(length) {
      past = integers(past.data.slice(0, length), [1, 1, length, 1]);
    },
    close: () => session.release(),
  };
}

/** float16 as float32, by the bits of each. */
let halves;
function tableOfHalves() {
  halves ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

/**
 * The logits of the last `count` positions. Those of a float32 tensor are a view of its data; those of float16 are converted,
 * they alone. (The data of float16 are a Uint16Array, in newer runtimes a Float16Array.)
 */
export function lastRows({ data, dims, type }, count = 1) {
  const rows = data.subarray(data.length - count * dims.at(-1));
  if (type !== 'float16') return rows;
  if (!(rows instanceof Uint16Array)) return Float32Array.from(rows);
  const table = tableOfHalves();
  return Float32Array.from(rows, (bits) => table[bits]);
}

/** Tokens at positions from `first` on, one for each row of logits; each position has a key of its own. */
export function drawAt(root, first, logits, n, options) {
  addBias(logits, n, Int32Array.of(OTHER), Float32Array.of(-Infinity), { out: logits });
  const keys = Array.from({ length: logits.length / n }, (_, i) => foldIn(root, first + i));
  const tokens = sampleTokens(keys, logits, n, options);
  if (tokens.includes(-1)) throw new Error('a row of the logits has nothing to draw');
  return tokens;
}

/** New tokens behind a prompt, as `generate` of generate.mjs gives them. */
export async function generateOn(ort, bytes, prompt, { key, length }, options) {
  const model = await open(ort, bytes);
  const text = [];
  for (let ids = [NEWLINE, ...prompt]; text.length < length; ids = text.slice(-1)) {
    const logits = await model.run(ids);
    text.push(drawAt(key, text.length, lastRows(logits), logits.dims.at(-1), options)[0]);
  }
  await model.close();
  return text;
}
