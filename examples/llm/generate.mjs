/** Generation by transformers.js, its tokens drawn by anymax. */
import { basename, dirname } from 'node:path';
import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers';
import { foldIn } from '../../dist/index.js';
import { addBias, penalize, sampleTokens } from '../../dist/index.tokens.js';
import { NEWLINE, OTHER } from './vocabulary.mjs';

/** The model in a folder, without a look at the network. @param {string} folder @param {'fp32' | 'fp16'} dtype */
export function load(folder, dtype = 'fp32') {
  Object.assign(env, { allowRemoteModels: false, localModelPath: dirname(folder) });
  return AutoModelForCausalLM.from_pretrained(basename(folder), { dtype });
}

/** Prompts as one tensor, behind a line break each, or several where they are shorter. @param {number[][]} prompts */
export function batchOf(prompts) {
  const length = 1 + Math.max(...prompts.map((ids) => ids.length));
  const rows = prompts.flatMap((ids) => [...Array(length - ids.length).fill(NEWLINE), ...ids]);
  return new Tensor('int64', BigInt64Array.from(rows, BigInt), [prompts.length, length]);
}

/**
 * A logits processor that draws. It writes +Infinity at the token of each row, so the library's greedy search takes it.
 * @param {{ keys: import('anymax').Key[], start: number, penalties?: object, edit?: (logits: Float32Array, n: number) => void,
 *   drawn?: (tokens: Int32Array) => void }} draw the key of each row, the length of the prompts, what changes logits before
 * @param {import('anymax/tokens').SampleTokensOptions<Float32Array>} options
 */
export function drawing({ keys, start, penalties, edit, drawn }, options) {
  return (ids, logits) => {
    const { data, dims } = logits;
    const n = dims.at(-1);
    addBias(data, n, Int32Array.of(OTHER), Float32Array.of(-Infinity), { out: data });
    if (penalties) penalize(data, n, ...historyOf(ids, start, { ...penalties, out: data }));
    edit?.(data, n);
    // a key for each row and position: whatever else is in the batch, a request draws the same
    const tokens = sampleTokens(
      keys.map((key) => foldIn(key, ids[0].length - start)),
      data,
      n,
      options,
    );
    if (tokens.includes(-1)) throw new Error(`row ${tokens.indexOf(-1)} of the logits has nothing to draw`);
    tokens.forEach((token, row) => (data[row * n + token] = Infinity));
    drawn?.(tokens);
    return logits;
  };
}

/** The tokens behind the prompts as `penalize` takes them, one row's behind the other's. */
function historyOf(ids, start, options) {
  const rows = ids.map((row) => row.slice(start));
  const offsets = Int32Array.from({ length: rows.length + 1 }, (_, r) => r * rows[0].length);
  return [Int32Array.from(rows.flat(), Number), { ...options, offsets }];
}

/** New tokens behind each prompt, drawn by its key. @returns {Promise<number[][]>} */
export async function generate(model, prompts, { keys, length, stop, ...draw }, options) {
  const inputs = batchOf(prompts);
  const start = inputs.dims[1];
  const processor = drawing({ keys, start, ...draw }, options);
  const output = await model.generate({
    inputs,
    do_sample: false,
    logits_processor: [processor],
    max_new_tokens: length,
    ...(stop === undefined ? {} : { eos_token_id: stop }),
  });
  return output.tolist().map((row) => row.slice(start).map(Number));
}
