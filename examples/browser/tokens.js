/** The token view: the logits of a small vocabulary, what the options of `truncate` leave of it, and draws of the rest. */
import { key, softmax } from 'anymax';
import { sampleTokens, truncate } from 'anymax/tokens';
import { repeat, shares } from './draws.js';

/** Words behind "She opened the", with logits as a language model has them: a few good ones, a long tail. */
const VOCABULARY = Object.entries({
  door: 6.2,
  window: 5.1,
  box: 4.6,
  letter: 4.5,
  book: 4.1,
  gate: 3.4,
  envelope: 3.3,
  drawer: 3.1,
  package: 2.6,
  bottle: 2.4,
  curtains: 2.2,
  fridge: 1.9,
  file: 1.7,
  car: 1.2,
  meeting: 0.9,
  map: 0.6,
  oven: 0.2,
  champagne: 0,
  debate: -0.6,
  umbrella: -1.1,
  piano: -2,
  river: -3.2,
  cloud: -4.1,
  seven: -5.5,
});
export const WORDS = VOCABULARY.map(([word]) => word);
export const LOGITS = Float32Array.from(VOCABULARY, ([, logit]) => logit);
export const SIZE = WORDS.length;
const DRAWS = 1000;

/**
 * The controls: an option by its name, its range, and the value that does nothing.
 * @type {Record<string, { label: string, min: number, max: number, step: number, off: number }>}
 */
export const CONTROLS = {
  temperature: { label: 'Temperature', min: 0, max: 2, step: 0.05, off: 1 },
  topK: { label: 'top-k', min: 0, max: SIZE, step: 1, off: 0 },
  topP: { label: 'top-p', min: 0.05, max: 1, step: 0.05, off: 1 },
  minP: { label: 'min-p', min: 0, max: 0.5, step: 0.01, off: 0 },
};

/** @typedef {{ temperature: number, topK: number, topP: number, minP: number }} TokenOptions */

/** The options that do something. @param {TokenOptions} options @returns {Partial<TokenOptions>} */
export const given = (options) =>
  Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== CONTROLS[name].off));

/** @param {TokenOptions} options @param {number} seed */
export function computeTokens(options, seed) {
  const left = truncate(LOGITS, SIZE, given(options));
  const { temperature } = options;
  return {
    p: softmax(LOGITS, SIZE, { temperature }),
    left: softmax(left, SIZE, { temperature }),
    kept: left.map((logit) => (logit > -Infinity ? 1 : 0)),
    drawn: shares(sampleTokens(key(seed), repeat(LOGITS, DRAWS), SIZE, given(options)), SIZE),
  };
}

/** The line of code that draws. @param {TokenOptions} options @param {number} seed */
export function tokensCode(options, seed) {
  const said = Object.entries(given(options)).map(([name, value]) => `${name}: ${value}`);
  const last = said.length === 0 ? '' : `, { ${said.join(', ')} }`;
  return `sampleTokens(key(${seed}), logits, ${SIZE}${last}); // of anymax/tokens`;
}
