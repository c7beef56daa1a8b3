/** The measurements that main.mjs prints and examples/figures draws. */
import { foldIn, key } from 'anymax';
import { biasAndVariance, normsOf, relaxed, scoreFunction, straightThrough } from './estimators.mjs';

export const DRAWS = 200_000;
const TEMPERATURES = [0.1, 0.2, 0.5, 1, 2, 5, 10];
const SOURCE = key('estimators');

/** Bias and variance of each estimator, at each temperature where it has one. */
export function compare() {
  const at = (name, estimator) =>
    TEMPERATURES.map((temperature) => ({ name, temperature, gradients: estimator(SOURCE, DRAWS, { temperature }) }));
  return [
    { name: 'score function', gradients: scoreFunction(SOURCE, DRAWS) },
    { name: 'score function, baseline', gradients: scoreFunction(SOURCE, DRAWS, { baseline: true }) },
    ...at('straight-through', straightThrough),
    ...at('Gumbel-Softmax', relaxed),
  ].map(({ gradients, ...which }) => ({ ...which, ...biasAndVariance(gradients) }));
}

/** The norm of the Gumbel-Softmax gradient of a draw, at four temperatures in each factor of ten from 0.01 to 100. */
export function vanish() {
  return Array.from({ length: 17 }, (_, i) => {
    const temperature = 10 ** (i / 4 - 2);
    return { temperature, ...normsOf(relaxed(foldIn(SOURCE, i), DRAWS / 10, { temperature })) };
  });
}
