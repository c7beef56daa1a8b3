/** Categorical: log-probabilities, entropies, divergences and gradients of a row. */
import { Categorical, klDivergence } from 'anymax';
import { type Big, big, greatest, minus, size, times, zero } from '../oracles/big.ts';
import { classLogProb, exactSoftmax, klOfLogits, lossGradientValues, shannonOfLogits } from '../oracles/exact_rows.ts';
import { type Corner, list, softmax } from './corner.ts';

type Softmax = ReturnType<typeof exactSoftmax>;

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
  {
    name: 'klDivergence.vjp of Categorical',
    max: softmax,
    takes: ['other', 'dRow'],
    run({ x, n, other, dRow }) {
      const { p, q } = klDivergence.vjp(new Categorical(x, n), new Categorical(other, n), dRow);
      const all = new (x.constructor as new (length: number) => typeof x)(2 * n);
      all.set(p.logits);
      all.set(q.logits, n);
      return all;
    },
    exact({ x, other, dRow }) {
      const [p, q] = [x, other].map((row) => exactSoftmax(list(row), 1)) as [Softmax, Softmax],
        scale = big(dRow[0]!),
        kl = klOfLogits(list(x), list(other)).value as Big;
      const entry = (value: Big, by: Big) => ({ value: times(value, scale), size: times(by, scale) });
      const d = p.logP.map((v, i) => (v === undefined ? zero : minus(v, q.logP[i]!)));
      return [
        ...p.p.map((v, i) => entry(times(v, minus(d[i]!, kl)), times(v, greatest([size(d[i]!), kl])))),
        ...q.p.map((v, i) => entry(minus(v, p.p[i]!), greatest([v, p.p[i]!]))),
      ];
    },
    within: { float32: 1, float64: 64 },
  },
];
