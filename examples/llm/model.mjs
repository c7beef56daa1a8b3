/** The language model: logits of the next token from the last two, as an ONNX file and as a row of the draft in JavaScript. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTables, rowOf } from './bigrams.mjs';
import { constant, model, node, tensor, TYPES } from './onnx.mjs';
import { makeVocabulary, SIZE } from './vocabulary.mjs';

/** The inputs and outputs beside ids and logits: the ids so far, in the shape and under the names of a cache of keys. */
export const [PAST, PRESENT] = ['past_key_values.0.key', 'present.0.key'];

/** logits = last[ids] + before[the ids one place earlier], from tables in bytes. `half`: as float16. */
function onnx({ last, before }, half) {
  const constants = Object.entries({ last, before }).flatMap(([name, { bytes, scale, zero }]) => [
    constant(name, bytes, [SIZE, SIZE]),
    constant(`${name}_scale`, Float32Array.of(scale), []),
    constant(`${name}_zero`, Uint8Array.of(zero), []),
  ]);
  const integers = (name, ...values) => constant(name, BigInt64Array.from(values, BigInt));
  const look = (name, ids, output) => [
    node('Gather', [name, ids], `${name}_rows`, { axis: 0 }),
    node('DequantizeLinear', [`${name}_rows`, `${name}_scale`, `${name}_zero`], output),
  ];
  const cache = (name, length) => tensor(name, TYPES.int64, ['batch_size', 1, length, 1]);
  return model({
    constants: [
      ...constants,
      integers('zero', 0),
      integers('one', 1),
      integers('end', -1),
      integers('far', 2 ** 31),
      integers('axes', 1, 3),
    ],
    nodes: [
      node('Squeeze', [PAST, 'axes'], 'past'),
      node('Concat', ['past', 'input_ids'], 'ids', { axis: 1 }),
      node('Unsqueeze', ['ids', 'axes'], PRESENT),
      // the ids one place earlier; the first one is its own
      node('Slice', ['ids', 'zero', 'one', 'one'], 'first'),
      node('Slice', ['ids', 'zero', 'end', 'one'], 'all_but_last'),
      node('Concat', ['first', 'all_but_last'], 'all_earlier', { axis: 1 }),
      // those of the new ids alone
      node('Shape', ['input_ids'], 'length', { start: 1 }),
      node('Neg', ['length'], 'from'),
      node('Slice', ['all_earlier', 'from', 'far', 'one'], 'earlier'),
      ...look('last', 'input_ids', 'bigram'),
      ...look('before', 'earlier', 'skip'),
      node('Add', ['bigram', 'skip'], half ? 'sum' : 'logits'),
      ...(half ? [node('Cast', ['sum'], 'logits', { to: TYPES.float16 })] : []),
    ],
    inputs: [tensor('input_ids', TYPES.int64, ['batch_size', 'sequence']), cache(PAST, 'past_length')],
    outputs: [
      tensor('logits', half ? TYPES.float16 : TYPES.float32, ['batch_size', 'sequence', SIZE]),
      cache(PRESENT, 'total_length'),
    ],
  });
}

/** What transformers.js reads beside the ONNX file. */
const CONFIG = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  vocab_size: SIZE,
  hidden_size: 1,
  num_hidden_layers: 1,
  num_attention_heads: 1,
};

/** The vocabulary, the bytes of the model in both dtypes, and logits of the bigram table alone. */
export function makeModel() {
  const vocabulary = makeVocabulary();
  const tables = makeTables(vocabulary.documents, SIZE);
  return {
    ...vocabulary,
    n: SIZE,
    onnx: (half = false) => onnx(tables, half),
    draft: (id) => rowOf(tables.last, id, SIZE),
  };
}

/** Writes the model into a folder, as transformers.js and onnxruntime load it. @param {string} folder */
export function writeModel(folder, { onnx }) {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
  writeFileSync(join(folder, 'onnx/model.onnx'), onnx());
  writeFileSync(join(folder, 'onnx/model_fp16.onnx'), onnx(true));
}
