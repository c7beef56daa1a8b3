/** Gradients of the family, of a loss too, and the gradient of log-softmax. */
import { entmax, logSoftmax, type Max } from 'anymax';
import {
  logSoftmaxSlopeValues,
  logSoftmaxVjpValues,
  lossGradientValues,
  vjpAlphaValues,
  vjpTemperatureValues,
  vjpValues,
} from '../oracles/exact_rows.ts';
import { type Corner, ENTRIES, list, softmax } from './corner.ts';

/** The gradients of one max. */
function members(name: string, max: Max): Corner[] {
  const { alpha } = max;
  return [
    {
      name: `${name}.vjp`,
      max,
      takes: ['p', 'd'],
      limits: true,
      run: ({ p, d, n, temperature }) => max.vjp(p, d, n, { temperature }),
      exact: ({ p, d, temperature }) => vjpValues(list(p), list(d), alpha, temperature),
      within: { float32: 8, float64: 8 },
    },
    {
      name: `${name}.vjpTemperature`,
      max,
      takes: ['p', 'd'],
      limits: true,
      run: ({ p, d, n, temperature }) => max.vjpTemperature(p, d, n, { temperature }),
      exact: ({ p, d, temperature }) => vjpTemperatureValues(list(p), list(d), alpha, temperature),
      within: { float32: 4, float64: 16 },
    },
    {
      name: `${name}.vjpAlpha`,
      max,
      takes: ['p', 'd'],
      run: ({ p, d, n }) => max.vjpAlpha(p, d, n),
      exact: ({ p, d }) => vjpAlphaValues(list(p), list(d), alpha),
      within: { float32: 8, float64: 64 },
    },
    {
      name: `${name}.lossGradient`,
      max,
      takes: ['target'],
      run: ({ x, n, target }) => max.lossGradient(x, Int32Array.of(target), n),
      exact: ({ x, target }) => lossGradientValues(list(x), target, alpha),
      within: ENTRIES,
    },
  ];
}

export const GRADIENT_CORNERS: readonly Corner[] = [
  ...[1.1, 1.5, 2, 2.5, 4].flatMap((alpha) => members(`entmax(${alpha})`, entmax(alpha))),
  ...members('softmax', softmax).slice(0, 3),
  {
    name: 'logSoftmax.vjp',
    max: softmax,
    takes: ['logP', 'd'],
    limits: true,
    run: ({ logP, d, n, temperature }) => logSoftmax.vjp(logP, d, n, { temperature }),
    exact: ({ logP, d, temperature }) => logSoftmaxVjpValues(list(logP), list(d), temperature),
    within: { float32: 8, float64: 8 },
  },
  {
    name: 'logSoftmax.vjpTemperature',
    max: softmax,
    takes: ['logP', 'd'],
    limits: true,
    run: ({ logP, d, n, temperature }) => logSoftmax.vjpTemperature(logP, d, n, { temperature }),
    exact: ({ logP, d, temperature }) => logSoftmaxSlopeValues(list(logP), list(d), temperature),
    within: { float32: 8, float64: 8 },
  },
];
