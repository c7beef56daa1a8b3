/** A language of strings as an automaton over characters, and the mask of the tokens that keep a text in it. */
import { NEWLINE } from './vocabulary.mjs';

/** A state: the characters that may come, each with the state behind it. @typedef {Map<string, State>} State */

/** Behind the last character nothing but the end of the text. @type {State} */
export const END = new Map();

/** Any of the texts, none of which begins another one, and then `next`. @param {string[]} texts @param {State} next */
function choice(texts, next) {
  const root = new Map();
  for (const text of texts) {
    let state = root;
    for (const character of text.slice(0, -1)) {
      if (!state.has(character)) state.set(character, new Map());
      state = state.get(character);
    }
    state.set(text.at(-1), next);
  }
  return root;
}

/** One text of each list, in their order. @param {string[][]} lists @returns {State} */
const sequence = (lists) => lists.reduceRight((next, texts) => choice(texts, next), END);

const SAMPLERS = ['categorical', 'gumbelMax', 'gumbelTopK', 'exponentialRace', 'gumbelSoftmax', 'sampleTokens'];
const tenths = Array.from({ length: 20 }, (_, i) => ((i + 1) / 10).toFixed(1));
const seeds = Array.from({ length: 1000 }, (_, i) => `${i}}`);

/** {"sampler": one of the names, "temperature": 0.1 to 2.0, "seed": 0 to 999} */
export const CALL = sequence([
  ['{"sampler": "'],
  SAMPLERS.map((name) => `${name}"`),
  [', "temperature": '],
  tenths,
  [', "seed": '],
  seeds,
]);

/** The state behind a text. @param {State} state @param {string} text @returns {State | undefined} */
export function walk(state, text) {
  for (const character of text) state = state?.get(character);
  return state;
}

/** Masks of a vocabulary, one bit per token as `allow` takes them; each state's is made once. @param {string[]} texts */
export function makeMasks(texts) {
  const masks = new Map();
  return (state) => {
    if (!masks.has(state)) {
      const mask = new Uint32Array(Math.ceil(texts.length / 32));
      const good = (text, id) => (state === END ? id === NEWLINE : text !== '' && walk(state, text) !== undefined);
      texts.forEach((text, id) => good(text, id) && (mask[id >>> 5] |= 1 << (id & 31)));
      masks.set(state, mask);
    }
    return masks.get(state);
  };
}

/** What `drawing` needs to keep every row in a language: a mask before a draw, a step after it. */
export function keepIn(language, texts, rows) {
  const maskOf = makeMasks(texts);
  const states = Array(rows).fill(language);
  return {
    masks: () => Uint32Array.from(states.flatMap((state) => [...maskOf(state)])),
    drawn: (tokens) =>
      tokens.forEach((token, row) => states[row] !== END && (states[row] = walk(states[row], texts[token]))),
  };
}
