/** Categorical: log-probabilities, entropies, divergences and gradients of a row. */
import { Categorical, klDivergence } from 'anymax';
import { type Big, big, size, times } from '../oracles/big.ts';
import { classLogProb, klOfLogits, lossGradientValues, shannonOfLogits } from '../oracles/exact_rows.ts';
import { type Corner, list, softmax } from './corner.ts';

export const CLASS_CORNERS: readonly Corner[] = [
  {
    name: 'Categorical.logProb',
    max: softmax,
    takes: ['target'],
    run: ({ x, n, target }) => new Categorical(x, n).logProb(Int32Array.of(target)),
    exact: ({ x, target }) => [classLogProb(list(x), target)],
    within: { float32: 4, float64: 4 },
  },
  {
    name: 'Categorical.entropy',
    max: softmax,
    takes: [],
    run: ({ x, n }) => new Categorical(x, n).entropy(),
    exact: ({ x }) => [shannonOfLogits(list(x))],
    within: { float32: 4, float64: 4 },
  },
  {
    name: 'Categorical.vjp',
    max: softmax,
    takes: ['dRow', 'target'],
    run: ({ x, n, dRow, target }) => new Categorical(x, n).vjp(Int32Array.of(target), dRow).logits,
    exact: ({ x, dRow, target }) =>
      lossGradientValues(list(x), target, 1).map(({ value, size: by }) => {
        const scale = big(-dRow[0]!);
        return { value: times(value as Big, scale), size: times(by, size(scale)) };
      }),
    within: { float32: 6, float64: 6 },
  },
  {
    name: 'KL of Categorical',
    max: softmax,
    takes: ['other'],
    run: ({ x, n, other }) => klDivergence(new Categorical(x, n), new Categorical(other, n)),
    exact: ({ x, other }) => [klOfLogits(list(x), list(other))],
    within: { float32: 8, float64: 64 },
  },
];
