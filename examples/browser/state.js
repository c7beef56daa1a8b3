/** What the page shows: a few numbers that the reader chooses, and everything the package makes of them. */
import { categorical, entmax, entmax15, gumbelMax, gumbelSoftmax, key, softmax, sparsemax, split } from 'anymax';
import { repeat, shares } from './draws.js';
import { CONTROLS } from './tokens.js';

export const CLASSES = 'ABCDEFGH';
export const LOGIT = { min: -5, max: 5, step: 0.1 };
const DRAWS = 1000;
const RELAXED = 12;

/**
 * @typedef {{ logits: number[], max: 'softmax' | 'entmax15' | 'sparsemax' | 'entmax', alpha: number, temperature: number,
 *   seed: number, tokens: import('./tokens.js').TokenOptions }} State
 * @typedef {ReturnType<typeof compute>} Results
 */

/** @type {State} */
export const initial = {
  logits: [2, 1, 0, -1, 0.5],
  max: 'softmax',
  alpha: 1.25,
  temperature: 1,
  seed: 1,
  tokens: { temperature: 1, topK: 0, topP: 0.9, minP: 0 },
};

/** @param {State} state */
const maxOf = ({ max, alpha }) => ({ softmax, entmax15, sparsemax })[max] ?? entmax(alpha);

/** @param {State} state */
export function compute(state) {
  const { temperature, seed } = state;
  const max = maxOf(state);
  const logits = Float64Array.from(state.logits);
  const n = logits.length;
  const three = logits.slice(0, 3);
  const [drawn, drawnToo, relaxed, cloud] = split(key(seed), 4);
  return {
    p: max(logits, n, { temperature }),
    expected: softmax(logits, n, { temperature }),
    gumbelMax: shares(gumbelMax(drawn, repeat(logits, DRAWS), n, { temperature }), n),
    categorical: shares(categorical(drawnToo, logits, n, { temperature, draws: DRAWS }), n),
    relaxed: gumbelSoftmax(relaxed, repeat(logits, RELAXED), n, { temperature, max }),
    simplex: {
      p: max(three, 3, { temperature }),
      cloud: gumbelSoftmax(cloud, repeat(three, DRAWS), 3, { temperature, max }),
      path: TEMPERATURES.flatMap((T) => [...max(three, 3, { temperature: T })]),
    },
  };
}

/** From the one-hot corner to the centre. */
const TEMPERATURES = [0, ...Array.from({ length: 80 }, (_, i) => 10 ** (i / 20 - 2)), Infinity];

/** The logits that a text says, or what is wrong with it. @param {string} text @returns {number[] | string} */
export function parseLogits(text) {
  const logits = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  if (logits.length < 3 || logits.length > CLASSES.length) return `From 3 to ${CLASSES.length} numbers.`;
  const inside = logits.every((logit) => logit === -Infinity || (logit >= LOGIT.min && logit <= LOGIT.max));
  if (!inside) return `Numbers from ${LOGIT.min} to ${LOGIT.max}, or -Infinity, which masks a class.`;
  return logits.slice(0, 3).some(Number.isFinite) ? logits : 'One of the first three has to be finite.';
}

/** The lines of code that give what the page shows. @param {State} state */
export function codeOf({ logits, max, alpha, temperature, seed }) {
  const name = max === 'entmax' ? `entmax(${alpha})` : max,
    options = temperature === 1 ? '' : `, { temperature: ${temperature} }`;
  return `const logits = Float64Array.of(${logits.join(', ')});
${name}(logits, ${logits.length}${options}); // probabilities
const [drawn] = split(key(${seed}), 4);
gumbelMax(drawn, logits, ${logits.length}${options}); // the first draw`;
}

/** @param {State} state */
export const hashOf = ({ logits, tokens, ...rest }) =>
  `#${new URLSearchParams({ logits: logits.join(' '), ...rest, tokens: Object.values(tokens).join(' ') })}`;

/** The state that an address says; the initial one where it says none, or a wrong one. @param {string} hash @returns {State} */
export function stateOf(hash) {
  const said = new URLSearchParams(hash.slice(1)),
    logits = parseLogits(said.get('logits') ?? ''),
    tokens = tokensOf(said.get('tokens'));
  const [alpha, temperature, seed] = ['alpha', 'temperature', 'seed'].map((name) => Number(said.get(name)));
  const max = /** @type {State['max']} */ (said.get('max'));
  const isState =
    typeof logits !== 'string' &&
    ['softmax', 'entmax15', 'sparsemax', 'entmax'].includes(max) &&
    alpha >= 1 &&
    alpha <= 4 &&
    temperature > 0 &&
    temperature < 100 &&
    Number.isSafeInteger(seed);
  return isState ? { logits, max, alpha, temperature, seed, tokens } : structuredClone({ ...initial, tokens });
}

/** @param {string | null} said four numbers, in the order of the controls */
function tokensOf(said) {
  const numbers = (said ?? '').split(' ').map(Number);
  const controls = Object.entries(CONTROLS);
  const inside = controls.every(([, { min, max }], i) => numbers[i] >= min && numbers[i] <= max);
  return inside ? Object.fromEntries(controls.map(([name], i) => [name, numbers[i]])) : { ...initial.tokens };
}
