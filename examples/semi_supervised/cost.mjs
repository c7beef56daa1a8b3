/**
 * What a step costs by the number of classes: `node examples/semi_supervised/cost.mjs`, two minutes. Random images and the
 * networks of M2; 100 images without a label and 50 with one per step; milliseconds of CPU, the median of some steps.
 */
import { foldIn, key, random } from 'anymax';
import { Adam } from '../vae/adam.mjs';
import { PIXELS } from './data.mjs';
import { Parameters } from './layers.mjs';
import { Model } from './model.mjs';
import { learn } from './objective.mjs';
import { DEFAULTS } from './session.mjs';

const { batch: FREE, labelled: KNOWN } = DEFAULTS;
/** Rows that are decoded at once, where every class is: more do not fit into the memory of the wasm. */
const ROWS = 10_000;
/** Seconds for each line. */
const BUDGET = 12;

/** Milliseconds of CPU since a moment. */
const cpu = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** The median cost of a step, the first one left out unless there is no other. */
function cost(unknown, classes) {
  const parameters = new Parameters(new Adam());
  const model = new Model('m2', { ...DEFAULTS, pixels: PIXELS, classes }, parameters, key(1));
  const most = unknown === 'marginalised' ? Math.max(1, Math.floor(ROWS / classes)) : FREE;
  const labels = Int32Array.from({ length: KNOWN }, (_, i) => i % classes);
  const steps = [];
  const begin = process.cpuUsage();
  do {
    const since = process.cpuUsage();
    for (let from = 0; from < FREE; from += most) {
      // those with a label go with the first part
      const part = { free: Math.min(most, FREE - from), labels: from === 0 ? labels : labels.subarray(0, 1) };
      const source = foldIn(foldIn(key(2), steps.length), from);
      const x = random.uniform(source, (part.free + part.labels.length) * PIXELS).map((u) => (u < 0.2 ? 1 : 0));
      learn(model, parameters, { ...part, x }, { ...DEFAULTS, unknown, source });
    }
    parameters.adam.step(DEFAULTS.rate);
    steps.push(cpu(since));
  } while (cpu(begin) < 1000 * BUDGET);
  const warm = steps.slice(Math.min(3, steps.length - 1)).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)];
}

const counts = [10, 100, 1000];
const costs = Object.fromEntries(
  ['sampled', 'marginalised'].map((unknown) => [unknown, counts.map((classes) => cost(unknown, classes))]),
);
console.log('  classes   sampled   marginalised   ratio');
counts.forEach((classes, i) => {
  const [a, b] = [costs.sampled[i], costs.marginalised[i]];
  console.log(
    `  ${String(classes).padStart(7)}${a.toFixed(0).padStart(7)} ms${b.toFixed(0).padStart(12)} ms${(b / a).toFixed(1).padStart(8)}`,
  );
});
console.log(JSON.stringify({ counts, ...costs }));
