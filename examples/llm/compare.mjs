/** What top_p does in transformers.js's own sampler, and in anymax behind the same library. */
import { random } from '@huggingface/transformers';
import { key, softmax } from '../../dist/index.js';
import { batchOf, generate } from './generate.mjs';

const DRAWS = 300;

/** How many different tokens come next in 300 draws of the library and of anymax, and how many the nucleus has. */
export async function compareTopP(model, prompt, topP) {
  const inputs = batchOf(Array(DRAWS).fill(prompt));
  random.seed(1);
  const own = await model.generate({ inputs, do_sample: true, top_k: 0, top_p: topP, max_new_tokens: 1 });
  const keys = Array.from({ length: DRAWS }, (_, row) => key(row));
  const drawn = await generate(model, Array(DRAWS).fill(prompt), { keys, length: 1 }, { topP });
  const { logits } = await model({ input_ids: batchOf([prompt]) });
  return {
    draws: DRAWS,
    library: new Set(own.tolist().map((row) => row.at(-1))).size,
    anymax: new Set(drawn.flat()).size,
    nucleus: nucleusOf(logits.data.slice(-logits.dims.at(-1)), topP),
  };
}

/** How many of the most probable tokens have a share of p, without the one that is never drawn. */
function nucleusOf(logits, topP) {
  logits[0] = -Infinity;
  const sorted = softmax(Float64Array.from(logits), logits.length).sort().reverse();
  let [count, mass] = [0, 0];
  while (mass < topP) mass += sorted[count++];
  return count;
}
