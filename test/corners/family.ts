/** The family of maxes with their entropies, log-softmax and log-sum-exp. */
import { entmax, logSoftmax, logSumExp, type Max } from 'anymax';
import { big, exponent, over, plus, size, times } from '../oracles/big.ts';
import {
  type Exact,
  entropyValues,
  entropyVjpValues,
  exactSoftmax,
  logSoftmaxValues,
  logSumExpSlopeValues,
  logSumExpValues,
  logSumExpVjpValues,
  maxValues,
  softmaxValues,
} from '../oracles/exact_rows.ts';
import { type Corner, ENTRIES, type Given, list, softmax } from './corner.ts';

/** 5 ULP; where |max| is beyond 2000 T, (5 + 2 |z|) / 5 times as much. */
function softmaxWithin({ x, temperature }: Given): Exact[] {
  const values = softmaxValues(list(x), temperature),
    { z, max } = exactSoftmax(list(x), temperature);
  const beyond = exponent(over(size(max), big(temperature))) >= 11;
  return values.map(({ value, size: s }, i) => {
    const factor = beyond && z[i] ? plus(big(1), times(big(0.4), size(z[i]))) : big(1);
    return { value, size: times(s, factor) };
  });
}

/** The members of one max. */
function members(name: string, max: Max): Corner[] {
  const { alpha } = max;
  const isSoftmax = alpha === 1;
  return [
    {
      name,
      max,
      takes: [],
      limits: true,
      run: ({ x, n, temperature }) => max(x, n, { temperature }),
      exact: (given) => (isSoftmax ? softmaxWithin(given) : maxValues(list(given.x), alpha, given.temperature)),
      within: isSoftmax ? { float32: 5, float64: 5 } : ENTRIES,
    },
    {
      name: `${name}.entropy`,
      max,
      takes: ['p'],
      run: ({ p, n }) => max.entropy(p, n),
      exact: ({ p }) => entropyValues(list(p), alpha),
      within: { float32: 4, float64: 4 },
    },
    {
      name: `${name}.entropy.vjp`,
      max,
      takes: ['p', 'dRow'],
      run: ({ p, dRow, n }) => max.entropy.vjp(p, dRow, n),
      exact: ({ p, dRow }) => entropyVjpValues(list(p), dRow[0]!, alpha),
      within: { float32: 4, float64: 8 },
    },
  ];
}

/** 1, the forms of their own, around them, and where p = base^(1 / (alpha - 1)) magnifies. */
export const ALPHAS = [1, 1 + 2 ** -20, 1.01, 1.1, 1.5, 2, 2.5, 4, 10, 50, 1000];

export const FAMILY_CORNERS: readonly Corner[] = [
  ...ALPHAS.flatMap((alpha) => members(alpha === 1 ? 'softmax' : `entmax(${alpha})`, entmax(alpha))),
  {
    name: 'logSoftmax',
    max: softmax,
    takes: [],
    limits: true,
    run: ({ x, n, temperature }) => logSoftmax(x, n, { temperature }),
    exact: ({ x, temperature }) => logSoftmaxValues(list(x), temperature),
    within: { float32: 4, float64: 4 },
  },
  {
    name: 'logSumExp',
    max: softmax,
    takes: [],
    run: ({ x, n, temperature }) => logSumExp(x, n, { temperature }),
    exact: ({ x, temperature }) => logSumExpValues(list(x), temperature),
    within: { float32: 4, float64: 4 },
  },
  {
    name: 'logSumExp.vjp',
    max: softmax,
    takes: ['dRow'],
    run: ({ x, dRow, n, temperature }) => logSumExp.vjp(x, dRow, n, { temperature }),
    exact: ({ x, dRow, temperature }) => logSumExpVjpValues(list(x), dRow[0]!, temperature),
    within: { float32: 6, float64: 6 },
  },
  {
    name: 'logSumExp.vjpTemperature',
    max: softmax,
    takes: ['dRow'],
    run: ({ x, dRow, n, temperature }) => logSumExp.vjpTemperature(x, dRow, n, { temperature }),
    exact: ({ x, dRow, temperature }) => logSumExpSlopeValues(list(x), dRow[0]!, temperature),
    within: { float32: 1, float64: 8 },
  },
];
