/** Results that were once wrong, each with the right value. The kinds of fault that they are of: test/corners. */
import {
  Bernoulli,
  BinConcrete,
  Categorical,
  categorical,
  entmax,
  entmax15,
  expConcrete,
  expConcreteLogProb,
  exponentialRace,
  Gumbel,
  gumbelMax,
  gumbelSigmoid,
  gumbelSoftmax,
  gumbelTopK,
  key,
  klDivergence,
  logitBinConcrete,
  Logistic,
  LogitBinConcrete,
  logSoftmax,
  logSumExp,
  Normal,
  softmax,
  sparsemax,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { onBothBackends } from '../support/backends.ts';

const f = (...v: number[]): Float64Array => Float64Array.from(v),
  g = (...v: number[]): Float32Array => Float32Array.from(v),
  I = (...v: number[]): Int32Array => Int32Array.from(v);
const B = 1.5e308,
  SINGLE = Math.fround(3e38);
const k = (i: number) => key(i);
const rows = (count: number, x: readonly number[]): number[] => Array.from({ length: count }, () => x).flat();
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** A call, its right values, and the greatest relative error: 0 means these very numbers. */
type Case = readonly [what: string, call: () => ArrayLike<number>, right: readonly number[], within: number];

const E2 = 0.8807970779778824, // sigmoid(2)
  LOSER = 0.11920292202211756;

const CASES: Readonly<Record<string, readonly Case[]>> = {
  '-0 as a weight or a temperature': [
    [
      'exponentialRace',
      () => [0, 1, 2, 3, 4, 5].map((i) => exponentialRace(k(i), g(-0, 1), 2)[0]!),
      [1, 1, 1, 1, 1, 1],
      0,
    ],
    ['exponentialRace of all -0', () => exponentialRace(k(1), f(-0, -0), 2), [-1], 0],
    ['gumbelSigmoid', () => gumbelSigmoid(k(1), g(1, 2, 3), { temperature: -0 }), [1, 1, 1], 0],
    [
      'logitBinConcrete',
      () => logitBinConcrete(k(1), g(1, 2, 3), { temperature: -0 }),
      [Infinity, Infinity, Infinity],
      0,
    ],
  ],
  'finite classes where (l - max) / T overflows': [
    [
      'gumbelTopK',
      () =>
        gumbelTopK(k(1), g(-0.03, -3.4028235e38, 0, -3.4028235e38), 4, 4, { temperature: 0.7 }).map((v) =>
          Number(v >= 0),
        ),
      [1, 1, 1, 1],
      0,
    ],
    ['gumbelTopK, T 1e-37', () => gumbelTopK(k(1), g(90, 0, -90), 3, 3, { temperature: 1e-37 }), [0, 1, 2], 0],
    ['gumbelTopK f64, T 1e-307', () => gumbelTopK(k(1), f(-90, 90, 0), 3, 3, { temperature: 1e-307 }), [1, 2, 0], 0],
    [
      'gumbelTopK, a mask last',
      () => gumbelTopK(k(1), g(-Infinity, 90, 0), 3, 3, { temperature: 1e-37 }),
      [1, 2, -1],
      0,
    ],
  ],
  'x - max beyond the range': [
    ['softmax f32', () => softmax(g(SINGLE, -SINGLE), 2, { temperature: SINGLE }), [E2, LOSER], 1e-6],
    ['softmax f64', () => softmax(f(B, -B), 2, { temperature: B }), [E2, LOSER], 1e-15],
    [
      'logSoftmax f64',
      () => logSoftmax(f(B, -B), 2, { temperature: B }),
      [-0.12692801104297252, -2.1269280110429727],
      1e-15,
    ],
    ['logSumExp f32', () => logSumExp(g(SINGLE, -SINGLE), 2, { temperature: SINGLE }), [1.1269280110429725], 1e-6],
    ['logSumExp f64', () => logSumExp(f(B, -B), 2, { temperature: B }), [1.1269280110429725], 1e-15],
    ['logSumExp.vjp f64', () => logSumExp.vjp(f(B, -B), f(1), 2, { temperature: B }), [E2 / B, LOSER / B], 1e-14],
    ['entmax15 f32', () => entmax15(g(SINGLE, -SINGLE), 2, { temperature: SINGLE }), [1, 0], 0],
    [
      'entmax15 f64 at 2 B',
      () => entmax15(f(B / 2, -B / 2), 2, { temperature: B }),
      [(1 + Math.sqrt(7) / 4) / 2, (1 - Math.sqrt(7) / 4) / 2],
      1e-12,
    ],
    ['entmax(1.25) f64', () => entmax(1.25)(f(B, -B), 2, { temperature: B }), [...entmax(1.25)(f(2, 0), 2)], 1e-12],
    ['entmax(3) f64', () => entmax(3)(f(B / 8, -B / 8), 2, { temperature: B }), [...entmax(3)(f(0.25, 0), 2)], 1e-12],
    [
      'gumbelMax',
      () => [sum(gumbelMax(k(1), f(...rows(20_000, [B, -B])), 2, { temperature: B })) / 20_000],
      [LOSER],
      0.12,
    ],
    [
      'gumbelMax f32',
      () => [sum(gumbelMax(k(1), g(...rows(20_000, [SINGLE, -SINGLE])), 2, { temperature: SINGLE })) / 20_000],
      [LOSER],
      0.12,
    ],
    [
      'categorical, one draw',
      () => [sum(categorical(k(1), f(...rows(20_000, [B, -B])), 2, { temperature: B })) / 20_000],
      [LOSER],
      0.12,
    ],
    [
      'categorical, many draws',
      () => [sum(categorical(k(1), f(B, -B), 2, { temperature: B, draws: 20_000 })) / 20_000],
      [LOSER],
      0.12,
    ],
    ['gumbelSoftmax', () => [sum(gumbelSoftmax(k(1), f(B, -B), 2, { temperature: B }))], [1], 1e-15],
    [
      'gumbelSoftmax: the loser',
      () => [Number(gumbelSoftmax(k(1), f(B, -B), 2, { temperature: B })[1]! > 0.1)],
      [1],
      0,
    ],
    [
      'expConcrete: the loser',
      () => [Math.round(expConcrete(k(1), f(B, -B), 2, { temperature: B })[1]! * 100)],
      [-213],
      0,
    ],
    [
      'sparsemax.vjp f32',
      () => sparsemax.vjp(g(...rows(40, [1 / 40])), g(...rows(40, [SINGLE])), 40),
      rows(40, [0]),
      0,
    ],
    [
      'softmax.vjp f32',
      () => softmax.vjp(g(1 - 2 ** -20, 2 ** -20), g(-SINGLE, SINGLE), 2),
      [-572204.04e27, 572204.04e27],
      1e-6,
    ],
    [
      'expConcreteLogProb f64',
      () => expConcreteLogProb(f(...rows(64, [-Math.log(64)])), f(...rows(64, [1e307])), 64),
      [...expConcreteLogProb(f(...rows(64, [-Math.log(64)])), f(...rows(64, [0])), 64)],
      1e-12,
    ],
    ['Normal f64', () => new Normal(f(-B), f(1e308)).logProb(f(1e308)), [-713.2401471753707], 1e-14],
  ],
  'entmax of a large alpha': [
    ['entmax(10)', () => entmax(10)(f(0, 0.111), 2), [0.00011116052494245367, 0.9998888394750576], 1e-12],
    ...[4, 6, 10, 20, 50, 300, 1000].map((alpha): Case => [
      `entmax(${alpha}): the sum`,
      () => [sum(entmax(alpha)(f(0, 0.5 / alpha, 0.9 / alpha, -0.1), 4))],
      [1],
      1e-14,
    ]),
    ['entmax(20).loss', () => entmax(20).loss(f(0.3, 0.28, 0.26), I(0), 3), [6.882193072665595e-4], 1e-10],
    [
      'entmax(50).vjp',
      () => entmax(50).vjp(f(1 - 1e-7, 1e-7), f(1, 0), 2),
      [1.0000048000117601, -1.0000048000117601],
      1e-8,
    ],
  ],
  'what stands beside a dominant class': [
    ['logSumExp', () => logSumExp(f(0, -40), 2), [4.248354255291589e-18], 1e-15],
    ['logSumExp f32', () => logSumExp(g(0, -40), 2), [4.248354255291589e-18], 2.4e-7],
    ['logSoftmax', () => logSoftmax(f(0, -40), 2), [-4.248354255291589e-18, -40], 1e-15],
    ['Categorical.logProb', () => new Categorical(f(0, -40), 2).logProb(I(0)), [-4.248354255291589e-18], 1e-15],
    ['Categorical.entropy', () => new Categorical(f(0, -40), 2).entropy(), [4.248354255291589e-18 * 41], 1e-14],
    ['softmax.loss', () => softmax.loss(f(0, -30), I(0), 2), [9.357622968839737e-14], 1e-15],
    [
      'softmax.lossGradient f32',
      () => softmax.lossGradient(g(18, 0), I(0), 2),
      [-1.522997951276035e-8, 1.522997951276035e-8],
      4e-7,
    ],
  ],
  'gradients at the winner': [
    [
      'softmax.vjp f32',
      () => softmax.vjp(softmax(g(18, 0), 2), g(1, 0), 2),
      [1.522997951276035e-8, -1.522997951276035e-8],
      4e-7,
    ],
    [
      'softmax.vjp f64',
      () => softmax.vjp(softmax(f(37.42994775023705, 0), 2), f(1, 0), 2),
      [5.551115123125775e-17, -5.551115123125775e-17],
      1e-14,
    ],
    [
      'softmax.vjp f32 at 17',
      () => softmax.vjp(softmax(g(17, 0), 2), g(1, 0), 2),
      [4.139937718785167e-8, -4.139937718785167e-8],
      4e-7,
    ],
  ],
  'divergences of equal and near laws': [
    ['Gumbel', () => klDivergence(new Gumbel(0.3, 1.7), new Gumbel(0.3, 1.7)), [0], 0],
    ['Gumbel f64', () => klDivergence(new Gumbel(f(0.3), f(1.7)), new Gumbel(f(0.3), f(1.7))), [0], 0],
    ['Logistic', () => klDivergence(new Logistic(f(2 ** -30), f(1)), new Logistic(f(0), f(1))), [2 ** -60 / 6], 1e-12],
    ['Gumbel, near', () => klDivergence(new Gumbel(f(2 ** -30), f(1)), new Gumbel(f(0), f(1))), [2 ** -61], 1e-8],
    ['Bernoulli, near', () => klDivergence(new Bernoulli(f(2 ** -30)), new Bernoulli(f(0))), [2 ** -63], 1e-12],
    [
      'Categorical, equal',
      () => klDivergence(new Categorical(f(0.3, 2, -1), 3), new Categorical(f(0.3, 2, -1), 3)),
      [0],
      0,
    ],
  ],
  'cdfs and quantiles at their ends': [
    ['BinConcrete.cdf, all mass at 0', () => new BinConcrete(f(-Infinity, -Infinity)).cdf(f(0, 0.5)), [1, 1], 0],
    ['BinConcrete.cdf, all mass at 1', () => new BinConcrete(f(Infinity, Infinity)).cdf(f(1, 0.5)), [1, 0], 0],
    ['LogitBinConcrete.cdf', () => new LogitBinConcrete(f(Infinity, -Infinity)).cdf(f(Infinity, -Infinity)), [1, 1], 0],
    ['Logistic.icdf', () => new Logistic(f(0), f(1)).icdf(f(0.5000026)), [1.0399999999948707e-5], 1e-15],
    ['Logistic.icdf below 1/2', () => new Logistic(f(0), f(1)).icdf(f(0.4999974)), [-1.0400000000170754e-5], 1e-15],
  ],
};

onBothBackends(() => {
  describe.each(Object.entries(CASES))('%s', (_, cases) => {
    test.each(cases)('%s', (_what, call, right, within) => {
      const got = Array.from(call());
      expect(got).toHaveLength(right.length);
      got.forEach((v, i) => {
        const r = right[i]!;
        if (within === 0) expect(v === r ? 0 : v, `${i}`).toBe(v === r ? 0 : r);
        else expect(Math.abs(v - r), `${v} at ${i}, right is ${r}`).toBeLessThanOrEqual(within * Math.abs(r));
      });
    });
  });
});
