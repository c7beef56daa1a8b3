/**
 * Learning by Gumbel-Softmax gradients, the temperature fixed or annealed: a class is to be found whose worth is nearest to a
 * wish. Between the classes the relaxed loss can be lower than at any of them, so that a warm sample leads to a mixture.
 */
import { foldIn, gumbelSoftmax, key, softmax } from 'anymax';

const CLASSES = 4;
const WORTH = Float64Array.of(0, 0.4, 1, 1.5);
const WISH = 0.55;
/** Sure of a wrong class. */
const START = Float64Array.of(0, 0, 0, 8);
const STEPS = 2000;
/** Samples per step, and runs from another key each. */
const DRAWS = 4;
const RUNS = 50;
const RATE = 0.5;

/** (worth of z - wish)^2 */
const loss = (worth) => (worth - WISH) ** 2;
const best = Math.min(...WORTH.map(loss));

/** E loss of a class drawn from softmax(logits), less that of the best class: by enumeration. @param {Float64Array} logits */
function excess(logits) {
  return softmax(logits, CLASSES).reduce((sum, p, k) => sum + p * loss(WORTH[k]), -best);
}

/** The excess on the way of one run. @param {import('anymax').Key} source @param {(progress: number) => number} temperatureAt */
function learn(source, temperatureAt) {
  const logits = START.slice();
  const rows = new Float64Array(DRAWS * CLASSES);
  return Array.from({ length: STEPS }, (_, step) => {
    const options = { temperature: temperatureAt(step / STEPS) };
    for (let i = 0; i < rows.length; i++) rows[i] = logits[i % CLASSES];
    const y = gumbelSoftmax(foldIn(source, step), rows, CLASSES, options);
    const dy = y.map((_, i) => {
      const row = y.subarray(i - (i % CLASSES), i - (i % CLASSES) + CLASSES);
      return 2 * (row.reduce((sum, v, k) => sum + v * WORTH[k], 0) - WISH) * WORTH[i % CLASSES];
    });
    gumbelSoftmax.vjp(y, dy, CLASSES, options).forEach((d, i) => (logits[i % CLASSES] -= (RATE * d) / DRAWS));
    return excess(logits);
  });
}

/** Fixed temperatures, and one that falls geometrically. @type {Record<string, (progress: number) => number>} */
export const SCHEDULES = {
  'T = 0.05': () => 0.05,
  'T = 0.5': () => 0.5,
  'T = 5': () => 5,
  'annealed, 5 to 0.05': (progress) => 5 * 0.01 ** progress,
};

/** The mean excess loss of each schedule, step by step. */
export function anneal() {
  return Object.entries(SCHEDULES).map(([name, temperatureAt]) => {
    const runs = Array.from({ length: RUNS }, (_, r) => learn(foldIn(key('anneal'), r), temperatureAt));
    const mean = Array.from({ length: STEPS }, (_, step) => runs.reduce((sum, run) => sum + run[step], 0) / RUNS);
    const last = runs.map((run) => run.at(-1));
    return { name, mean, found: last.filter((v) => v < 0.02).length / RUNS };
  });
}
