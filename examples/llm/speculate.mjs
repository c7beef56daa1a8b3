/** Speculative decoding by matching draws: a draft guesses, the model looks at all guesses at once, the text is the model's. */
import { foldIn } from '../../dist/index.js';
import { drawAt, lastRows, open } from './runtime.mjs';
import { NEWLINE } from './vocabulary.mjs';

/**
 * New tokens behind a prompt, and how they came. A guess holds where the model draws the same token with the same key.
 * @param {{ key: import('anymax').Key, length: number, guesses: number, apart?: boolean }} draw `apart`: the draft draws with keys
 *   of its own, for comparison
 */
export async function speculate(ort, { onnx, draft, n }, prompt, { key, length, guesses, apart = false }, options) {
  const model = await open(ort, onnx());
  const drafting = apart ? foldIn(key, 'draft') : key;
  const text = [];
  let [ids, runs, guessed, held] = [[NEWLINE, ...prompt], 0, 0, 0];
  while (text.length < length) {
    const guess = [];
    for (let i = 0; i < guesses; i++) {
      guess.push(drawAt(drafting, text.length + i, draft(guess[i - 1] ?? ids.at(-1)), n, options)[0]);
    }
    const logits = await model.run([...ids, ...guess]);
    const tokens = drawAt(key, text.length, lastRows(logits, guesses + 1), n, options);
    let good = 0;
    while (good < guesses && guess[good] === tokens[good]) good++;
    text.push(...tokens.subarray(0, good + 1));
    ids = text.slice(-1);
    model.keep(1 + prompt.length + text.length - 1); // all but the last token, which is to come
    [runs, guessed, held] = [runs + 1, guessed + guesses, held + good];
  }
  await model.close();
  return { text: text.slice(0, length), runs, acceptance: held / guessed };
}
