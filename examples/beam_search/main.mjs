// node examples/beam_search/main.mjs [seed], after npm run build: words without replacement from a small model, and what they
// are good for: the mean length of a word, beside the same number of independent draws.
import { categorical, Rng } from 'anymax';
import * as model from './model.mjs';
import { estimate, stochasticBeamSearch } from './search.mjs';

const WORDS = { classes: model.CLASSES, end: model.END, scoresOf: model.scoresOf };
const LENGTH = 12;
const K = 10;
const RUNS = 300;

const rng = new Rng(Number(process.argv[2] ?? 42));
const lengthOf = (word) => word.filter((letter) => letter !== model.END).length;

/** A word drawn letter by letter. */
function draw() {
  const word = [],
    scores = new Float64Array(model.CLASSES);
  while (word.length < LENGTH && word.at(-1) !== model.END) {
    model.scoresOf([word], scores);
    word.push(categorical(rng, scores, model.CLASSES)[0]);
  }
  return word;
}

console.log(`${K} words without replacement: log p, perturbed log p`);
for (const { word, logP, score } of stochasticBeamSearch(rng, WORDS, K, LENGTH)) {
  console.log(`  ${model.textOf(word).padEnd(LENGTH)} ${logP.toFixed(2).padStart(7)} ${score.toFixed(2).padStart(7)}`);
}

const mean = (values) => values.reduce((a, b) => a + b) / values.length;
const truth = mean(Array.from({ length: 100_000 }, () => lengthOf(draw())));
console.log(`\nThe mean length of a word is ${truth.toFixed(2)}. Root mean square error of ${RUNS} estimates of it:`);
console.log('  words  independent  without replacement');
for (const k of [10, 50, 250]) {
  const rms = (one) => Math.sqrt(mean(Array.from({ length: RUNS }, () => (one() - truth) ** 2)));
  const independent = rms(() => mean(Array.from({ length: k }, () => lengthOf(draw()))));
  const without = rms(() => estimate(stochasticBeamSearch(rng, WORDS, k + 1, LENGTH), lengthOf));
  console.log(`  ${String(k).padStart(5)}  ${independent.toFixed(3).padStart(11)}  ${without.toFixed(3).padStart(19)}`);
}
