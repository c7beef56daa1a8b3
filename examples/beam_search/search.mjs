// Stochastic beam search (Kool, van Hoof and Welling 2019): sequences without replacement, as if the log-probability of every
// sequence there is had been perturbed by Gumbel noise and the k greatest taken. A prefix has the greatest score of all that
// begins with it, so a beam of the k best prefixes keeps the k best sequences.
import { gumbelGiven, logSoftmax, random, topK } from 'anymax';

/**
 * `k` different sequences, best score first: { word, logP, score }. `model`: { classes, end, scoresOf(words, scores) }, where
 * scores takes a row for each word; `end`, if there is one, ends a sequence, at the latest after `length` steps.
 */
export function stochasticBeamSearch(rng, model, k, length) {
  const { classes, end, scoresOf } = model;
  const [root] = random.gumbel(rng, 1, { dtype: 'float64' });
  let beam = [{ word: [], logP: 0, score: root }];
  for (let step = 0; step < length; step++) {
    const rows = beam.length;
    const logP = new Float64Array(rows * classes);
    scoresOf(
      beam.map(({ word }) => word),
      logP,
    );
    logSoftmax(logP, classes, { out: logP });
    beam.forEach(({ word, logP: before }, r) => {
      const row = logP.subarray(r * classes, (r + 1) * classes);
      if (end !== undefined && word.at(-1) === end) {
        // a sequence that has ended goes on as itself
        row.fill(-Infinity);
        row[end] = 0;
      }
      row.forEach((v, i) => (row[i] = before + v));
    });
    // the scores of what follows, given that the greatest of them is that of the prefix
    const top = Float64Array.from(beam, ({ score }) => score);
    const scores = gumbelGiven(rng, logP, top, classes);
    const count = Math.min(k, scores.length);
    const best = topK(scores, scores.length, count);
    beam = Array.from(best)
      .filter((at) => scores[at] > -Infinity)
      .map((at) => {
        const { word } = beam[Math.floor(at / classes)],
          letter = at % classes;
        const next = word.at(-1) === end && end !== undefined ? word : [...word, letter];
        return { word: next, logP: logP[at], score: scores[at] };
      });
  }
  return beam;
}

/**
 * The mean of f over all sequences from a sample of k + 1 without replacement: each of the first k counts p(x) f(x) over the
 * probability that its score is above the (k + 1)-th one, and the whole is divided by the same sum of 1.
 */
export function estimate(sample, f) {
  const threshold = sample.at(-1).score;
  let [sum, weights] = [0, 0];
  for (const { word, logP, score: _ } of sample.slice(0, -1)) {
    const weight = Math.exp(logP) / -Math.expm1(-Math.exp(logP - threshold));
    sum += weight * f(word);
    weights += weight;
  }
  return sum / weights;
}
