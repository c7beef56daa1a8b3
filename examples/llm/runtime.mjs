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

/**
 * The logits of the last `count` positions: a view of the data of a tensor, float32 or float16. (The data of float16 are a
 * Uint16Array, in newer runtimes a Float16Array.)
 */
export function lastRows({ data, dims }, count = 1) {
  return data.subarray(data.length - count * dims.at(-1));
}

/** Tokens at positions from `first` on, one for each row of logits; each position has a key of its own. */
export function drawAt(root, first, logits, n, options) {
  // float32 in its place; of float16 it makes float32
  const half = logits.BYTES_PER_ELEMENT === 2 ? { dtype: 'float16' } : { out: logits };
  const allowed = addBias(logits, n, Int32Array.of(OTHER), Float32Array.of(-Infinity), half);
  const keys = Array.from({ length: logits.length / n }, (_, i) => foldIn(root, first + i));
  const tokens = sampleTokens(keys, allowed, n, options);
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
