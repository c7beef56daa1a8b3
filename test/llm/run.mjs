// npm run test:llm: examples/llm with the real transformers.js, onnxruntime-node and onnxruntime-web, on a model that is written into a temporary folder.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { installLocked, root, runChecks } from '../support/packed.mjs';

installLocked(join(root, 'examples/llm'));
const { foldIn, init, key, split } = await import('../../dist/index.js');
const { allow, sampleTokens, truncate } = await import('../../dist/index.tokens.js');
const { compareTopP } = await import('../../examples/llm/compare.mjs');
const { batchOf, generate, load } = await import('../../examples/llm/generate.mjs');
const { CALL, END, keepIn, walk } = await import('../../examples/llm/grammar.mjs');
const { generateOn, lastRows, open } = await import('../../examples/llm/runtime.mjs');
const { speculate } = await import('../../examples/llm/speculate.mjs');
const { makeModel, writeModel } = await import('../../examples/llm/model.mjs');
const { NEWLINE, OTHER } = await import('../../examples/llm/vocabulary.mjs');

const { resolve } = createRequire(join(root, 'examples/llm/package.json'));
const node = await import(pathToFileURL(resolve('onnxruntime-node')));
const web = (await import(pathToFileURL(resolve('onnxruntime-web')))).default;
web.env.wasm.numThreads = 1;
const folder = mkdtempSync(join(tmpdir(), 'anymax-test-llm-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const made = makeModel();
writeModel(folder, made);
const model = await load(folder);
const prompts = ['The gradient of', 'Noise'].map(made.idsOf);
const keys = split(key(42), 2);
const OPTIONS = { temperature: 0.8, topK: 100, topP: 0.9, minP: 0.02 };
const LENGTH = 30;

/** The logits behind some ids, by the model itself: no token of them is the one that has no text. */
async function logitsBehind(ids) {
  const { logits } = await model({ input_ids: batchOf([ids]) });
  const row = logits.data.slice(-made.n);
  row[OTHER] = -Infinity;
  return row;
}

async function byHand() {
  const texts = await generate(model, prompts, { keys, length: LENGTH }, OPTIONS);
  for (const [row, prompt] of prompts.entries()) {
    const ids = [...prompt];
    for (let i = 0; i < LENGTH; i++) {
      const logits = await logitsBehind(ids);
      ids.push(sampleTokens(foldIn(keys[row], i), logits, made.n, OPTIONS)[0]);
    }
    assert.deepEqual(texts[row], ids.slice(prompt.length));
  }
  return JSON.stringify(made.textOf(texts[0]).slice(0, 60));
}

async function anyBatch() {
  const draw = { length: LENGTH, penalties: { repetition: 1.1, frequency: 0.3 } };
  const texts = await generate(model, prompts, { keys, ...draw }, OPTIONS);
  const turned = await generate(model, prompts.toReversed(), { keys: keys.toReversed(), ...draw }, OPTIONS);
  const alone = await generate(model, [prompts[1]], { keys: [keys[1]], ...draw }, OPTIONS);
  assert.deepEqual(turned, texts.toReversed());
  assert.deepEqual(alone, [texts[1]]);
  init({ backend: 'js' });
  const mirror = await generate(model, prompts, { keys, ...draw }, OPTIONS);
  init({ backend: 'auto' });
  assert.deepEqual(mirror, texts);
  const other = await generate(model, prompts, { keys: split(key(43), 2), ...draw }, OPTIONS);
  assert.notDeepEqual(other, texts);
  return 'the same text in any order, alone, and by the JavaScript mirror';
}

async function topP() {
  const found = await compareTopP(model, prompts[0], 0.7);
  const { nucleus, anymax, library } = found;
  const left = truncate(await logitsBehind(prompts[0]), made.n, { topP: 0.7 }).filter((v) => v > -Infinity).length;
  assert.equal(left, nucleus);
  assert(anymax <= nucleus && nucleus > 1 && nucleus < library / 4, JSON.stringify(found));
  return `${nucleus} tokens in the nucleus, ${anymax} drawn by anymax, ${library} by the library`;
}

/** Texts of a grammar, and the masks by which they come, against each token tried alone. */
async function structured() {
  const rows = 20;
  const { masks, drawn } = keepIn(CALL, made.texts, rows);
  const edit = (logits, n) => allow(logits, n, masks(), { out: logits });
  const draw = { keys: split(key(7), rows), length: 90, stop: NEWLINE, edit, drawn };
  const lists = await generate(model, Array(rows).fill(prompts[1]), draw, { temperature: 2 });
  for (const tokens of lists) {
    const text = made.textOf(tokens).trimEnd();
    assert.equal(walk(CALL, text), END, text);
    assert.deepEqual(Object.keys(JSON.parse(text)), ['sampler', 'temperature', 'seed']);
  }
  const states = new Set(lists.map((tokens) => made.textOf(tokens)));
  assert(states.size > rows / 2);
  return `${states.size} different texts, all of them parse`;
}

async function nothing() {
  const edit = (logits) => logits.fill(NaN, 0, made.n);
  await assert.rejects(
    generate(model, prompts, { keys, length: 1, edit }, {}),
    /row 0 of the logits has nothing to draw/,
  );
  return 'throws';
}

/** The same texts by the runtimes as by the library; views of the data. */
async function runtimes() {
  for (const half of [false, true]) {
    const library = await generate(
      half ? await load(folder, 'fp16') : model,
      [prompts[0]],
      { keys: [keys[0]], length: LENGTH },
      OPTIONS,
    );
    for (const runtime of [node, web]) {
      const text = await generateOn(runtime, made.onnx(half), prompts[0], { key: keys[0], length: LENGTH }, OPTIONS);
      assert.deepEqual(text, library[0]);
    }
  }
  const [whole, half] = await Promise.all([made.onnx(), made.onnx(true)].map((bytes) => open(node, bytes)));
  const logits = await whole.run(prompts[0]);
  const rows = lastRows(logits, 2);
  assert.equal(rows.buffer, logits.data.buffer);
  assert.equal(rows.length, 2 * made.n);
  const halves = lastRows(await half.run(prompts[0]), 2);
  assert.equal(halves.BYTES_PER_ELEMENT, 2);
  const rounded = truncate(halves, made.n, { dtype: 'float16' });
  rounded.forEach((v, i) => assert(Math.abs(v - rows[i]) <= Math.abs(rows[i]) * 2 ** -11 + 2 ** -25));
  return 'the text of the library, in float32 and float16';
}

async function speculative() {
  const [draw, options] = [{ key: keys[0], length: 300 }, { temperature: 1 }];
  const plain = await generateOn(node, made.onnx(), prompts[0], draw, options);
  const shared = await speculate(node, made, prompts[0], { ...draw, guesses: 4 }, options);
  const apart = await speculate(node, made, prompts[0], { ...draw, guesses: 4, apart: true }, options);
  assert.deepEqual(shared.text, plain);
  assert.deepEqual(apart.text, plain);
  assert(shared.acceptance > 2 * apart.acceptance, JSON.stringify([shared.acceptance, apart.acceptance]));
  assert(shared.runs < apart.runs);
  const percent = ({ acceptance }) => `${(100 * acceptance).toFixed(1)} %`;
  return `${percent(shared)} of the guesses hold, ${percent(apart)} with keys apart; ${shared.runs} runs for 300 tokens`;
}

await runChecks([
  ['transformers.js, a batch of two', byHand],
  ['batches, backends', anyBatch],
  ['top_p', topP],
  ['structured output', structured],
  ['a row of NaN', nothing],
  ['onnxruntime-node, onnxruntime-web', runtimes],
  ['speculative decoding', speculative],
]);
