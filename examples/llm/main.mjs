/** npm run example:llm [-- seed]: a language model of this repository's documents, run by transformers.js, sampled by anymax. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { key, split } from '../../dist/index.js';
import { allow } from '../../dist/index.tokens.js';
import { compareTopP } from './compare.mjs';
import { generate, load } from './generate.mjs';
import { CALL, keepIn } from './grammar.mjs';
import { makeModel, writeModel } from './model.mjs';
import { generateOn } from './runtime.mjs';
import { speculate } from './speculate.mjs';
import { NEWLINE } from './vocabulary.mjs';

const seed = process.argv[2] ?? 'a seed';
const title = (text) => console.log(`\n${text}\n${'-'.repeat(text.length)}`);
const show = (text) => console.log(`  ${text.replace(/\s+/g, ' ')}`);

const folder = mkdtempSync(join(tmpdir(), 'anymax-llm-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const made = makeModel();
writeModel(folder, made);
const model = await load(folder);
const prompts = ['The gradient of', 'Noise'];
const ids = prompts.map(made.idsOf);

title('Two requests in a batch, each with its own key');
const keys = split(key(seed), 2);
const options = { temperature: 0.8, topP: 0.9, minP: 0.02 };
const draw = { length: 40, penalties: { frequency: 0.3 } };
const texts = await generate(model, ids, { keys, ...draw }, options);
texts.forEach((tokens, row) => show(prompts[row] + made.textOf(tokens)));
const [alone] = await generate(model, [ids[1]], { keys: [keys[1]], ...draw }, options);
console.log(`\n  The second one alone is the same: ${made.textOf(alone) === made.textOf(texts[1])}`);

title('top_p: how many different tokens come next in 300 draws');
for (const topP of [0.01, 0.3, 0.7]) {
  const { nucleus, library, anymax } = await compareTopP(model, ids[0], topP);
  console.log(`  top_p ${topP}, ${nucleus} in the nucleus: transformers.js alone ${library}, by anymax ${anymax}`);
}

title('Structured output: a mask of the tokens that keep the text in a grammar');
const rows = 4;
const { masks, drawn } = keepIn(CALL, made.texts, rows);
const structured = {
  keys: split(key(seed), rows),
  length: 80,
  stop: NEWLINE,
  edit: (logits, n) => allow(logits, n, masks(), { out: logits }),
  drawn,
};
for (const tokens of await generate(model, Array(rows).fill(ids[1]), structured, { temperature: 1.5 })) {
  show(JSON.stringify(JSON.parse(made.textOf(tokens))));
}

title('The same without a library: onnxruntime in Node and on the web, float16 too');
web.env.wasm.numThreads = 1;
for (const half of [false, true]) {
  const library = await generate(
    half ? await load(folder, 'fp16') : model,
    [ids[0]],
    { keys: [keys[0]], length: 30 },
    options,
  );
  for (const [name, runtime] of Object.entries({ node, web })) {
    const text = await generateOn(runtime, made.onnx(half), ids[0], { key: keys[0], length: 30 }, options);
    const same = made.textOf(text) === made.textOf(library[0]);
    console.log(`  onnxruntime-${name}, ${half ? 'float16' : 'float32'}: the text of transformers.js: ${same}`);
  }
}

title('Speculative decoding: pairs of tokens guess, the model looks at four guesses at once');
const length = 400;
const plain = await generateOn(node, made.onnx(), ids[0], { key: keys[0], length }, options);
for (const apart of [false, true]) {
  const found = await speculate(node, made, ids[0], { key: keys[0], length, guesses: 4, apart }, options);
  const share = (100 * found.acceptance).toFixed(1);
  const same = made.textOf(found.text) === made.textOf(plain);
  console.log(`  ${apart ? 'draft with keys of its own' : 'with the same keys'}: ${share} % of the guesses hold,`);
  console.log(`    ${length} tokens in ${found.runs} runs, the text without a draft: ${same}`);
}
