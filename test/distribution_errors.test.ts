/** Bad arguments of distributions and objectives: the right class, the argument's name first. */
import {
  analyticElboTerm,
  Bernoulli,
  binaryAnalyticElboTerm,
  binaryRelaxedElboTerm,
  binaryWeightedElboTerm,
  BinConcrete,
  Categorical,
  Concrete,
  ExpConcrete,
  type Floats,
  Gumbel,
  key,
  klDivergence,
  LogitBinConcrete,
  Normal,
  relaxedElboTerm,
  semiSupervisedMarginal,
  semiSupervisedSampled,
  weightedElboTerm,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { LAWS } from './laws.ts';

describe('distributions: errors name the argument', () => {
  const loose = (f: unknown) => f as new (...args: unknown[]) => never;
  const two = Float32Array.of(0.25, 0.75);
  const wrong: [string, typeof TypeError | typeof RangeError, () => unknown][] = [
    ...LAWS.flatMap(({ make }): [string, typeof TypeError | typeof RangeError, () => unknown][] => {
      const law = make<Floats>(two, 1);
      const construct = make as unknown as (...args: unknown[]) => unknown;
      return [
        ['loc', TypeError, () => construct('0', 1)],
        ['loc', TypeError, () => construct([0], 1)],
        ['scale', TypeError, () => construct(0)],
        ['scale', TypeError, () => construct(two, new Float64Array(2).fill(1))],
        ['scale', RangeError, () => construct(two, new Float32Array(3).fill(1))],
        ['loc', RangeError, () => construct(NaN, 1)],
        ['loc', RangeError, () => construct(Float32Array.of(0, Infinity), 1)],
        ...[0, -1, NaN, Infinity, 1e-60].map((s): [string, typeof RangeError, () => unknown] => [
          'scale',
          RangeError,
          () => construct(0, s),
        ]),
        ['value', TypeError, () => law.logProb(new Float64Array(2))],
        ['value', RangeError, () => law.logProb(new Float32Array(3))],
        ['value', TypeError, () => law.cdf([0, 1] as never)],
        ['value', RangeError, () => law.icdf(new Float32Array(1))],
        ['dLogProb', RangeError, () => law.vjp(two, new Float32Array(4))],
        ['dLogProb', TypeError, () => law.vjp(two, new Float64Array(2))],
        ['source', TypeError, () => law.sample(7 as never)],
        ...[0, -1, 1.5, NaN].map((d): [string, typeof RangeError, () => unknown] => [
          'draws',
          RangeError,
          () => law.sample(key(1), d),
        ]),
        ['draws', TypeError, () => law.sample(key(1), '2' as never)],
        ['value', RangeError, () => make<Floats>(new Float32Array(0), 1).logProb(two)],
      ];
    }),
    ['logits', TypeError, () => new (loose(Categorical))([1, 2], 2)],
    ['logits', RangeError, () => new Categorical(two, 3)],
    ['n', TypeError, () => new (loose(Categorical))(two)],
    ['n', RangeError, () => new Categorical(two, 0)],
    ['probs', RangeError, () => Categorical.fromProbs(Float32Array.of(0.5, 0.4), 2)],
    ['probs', RangeError, () => Categorical.fromProbs(Float32Array.of(1.5, -0.5), 2)],
    ['probs', RangeError, () => Categorical.fromProbs(Float32Array.of(0.5, NaN), 2)],
    ['probs', TypeError, () => Categorical.fromProbs([0.5, 0.5] as never, 2)],
    ['probs', RangeError, () => Categorical.fromProbs(two, 3)],
    ['probs', RangeError, () => Bernoulli.fromProbs(1.1)],
    ['probs', RangeError, () => Bernoulli.fromProbs(Float64Array.of(0.5, -1e-9))],
    ['probs', TypeError, () => Bernoulli.fromProbs('1' as never)],
    ['value', TypeError, () => new Categorical(two, 2).logProb(two as never)],
    ['value', RangeError, () => new Categorical(new Float32Array(4), 2).logProb(new Int32Array(3))],
    ['dLogProb', RangeError, () => new Categorical(two, 2).vjp(new Int32Array(2), new Float32Array(1))],
    ['value', TypeError, () => new Bernoulli(two).logProb(new Int32Array(2) as never)],
    ['logits', TypeError, () => new (loose(Bernoulli))(undefined)],
    ...[Concrete, ExpConcrete].flatMap((Law): [string, typeof TypeError | typeof RangeError, () => unknown][] => [
      ['logits', TypeError, () => new (loose(Law))([1, 2], 2)],
      ['logits', RangeError, () => new Law(two, 3)],
      ['n', TypeError, () => new (loose(Law))(two)],
      ['options', TypeError, () => new (loose(Law))(two, 2, { tau: 1 })],
      ['temperature', TypeError, () => new (loose(Law))(two, 2, { temperature: '1' })],
      ...[0, -1, NaN, Infinity, 1e-60].map((temperature): [string, typeof RangeError, () => unknown] => [
        'temperature',
        RangeError,
        () => new Law(two, 2, { temperature }),
      ]),
      ['value', RangeError, () => new Law(two, 2).logProb(new Float32Array(3))],
      ['value', TypeError, () => new Law(two, 2).vjp(new Float64Array(2) as never, two)],
      ['dLogProb', RangeError, () => new Law(two, 2).vjp(two, two)],
      ['draws', RangeError, () => new Law(two, 2).sample(key(1), 0)],
    ]),
    ...[BinConcrete, LogitBinConcrete].flatMap(
      (Law): [string, typeof TypeError | typeof RangeError, () => unknown][] => [
        ['logits', TypeError, () => new (loose(Law))('x')],
        ['options', TypeError, () => new (loose(Law))(two, { n: 1 })],
        ['temperature', RangeError, () => new Law(two, { temperature: 0 })],
        ['value', RangeError, () => new Law(two).cdf(new Float32Array(3))],
        ['value', TypeError, () => new Law(two).icdf(new Float64Array(2) as never)],
        ['q', RangeError, () => klDivergence(new Law(two), new Law(two, { temperature: 2 }))],
      ],
    ),
    ['p', TypeError, () => klDivergence(new Concrete(two, 2) as never, new Concrete(two, 2) as never)],
    ['p', TypeError, () => klDivergence(null as never, new Normal(0, 1) as never)],
    ['q', TypeError, () => klDivergence(new Normal(0, 1), new Gumbel(0, 1))],
    ['q', TypeError, () => klDivergence(new Normal(0, 1), undefined as never)],
    ['q', TypeError, () => klDivergence(new Normal(two, 1), new Normal(Float64Array.of(0), 1) as never)],
    ['q', RangeError, () => klDivergence(new Normal(two, 1), new Normal(new Float32Array(3), 1))],
    [
      'q',
      RangeError,
      () => klDivergence(new Categorical(new Float32Array(6), 2), new Categorical(new Float32Array(6), 3)),
    ],
  ];
  test.each(wrong.map(([name, kind, call], i) => ({ i, name, kind, call })))('$i: $name', ({ name, kind, call }) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(new RegExp(`^${name}\\b`));
  });
});

describe('objectives: errors name the argument', () => {
  const x = Float32Array.of(0.25, 0.75),
    one = Float32Array.of(1),
    none = Int32Array.of(-1);
  const [short, double] = [new Float32Array(1), new Float64Array(2) as never];
  const wrong: [string, typeof TypeError | typeof RangeError, () => unknown][] = [
    ['logY', TypeError, () => relaxedElboTerm([0, 1] as never, x, x, 2)],
    ['logits', RangeError, () => relaxedElboTerm(x, short, x, 2)],
    ['priorLogits', TypeError, () => relaxedElboTerm(x, x, double, 2)],
    ['n', TypeError, () => relaxedElboTerm(x, x, x, undefined as never)],
    ['logY', RangeError, () => relaxedElboTerm(x, x, x, 3)],
    ['options', TypeError, () => relaxedElboTerm(x, x, x, 2, { tau: 1 } as never)],
    ['temperature', RangeError, () => relaxedElboTerm(x, x, x, 2, { temperature: 0 })],
    ['priorTemperature', RangeError, () => relaxedElboTerm(x, x, x, 2, { priorTemperature: Infinity })],
    ['priorTemperature', TypeError, () => relaxedElboTerm(x, x, x, 2, { priorTemperature: '1' as never })],
    ['dTerm', RangeError, () => relaxedElboTerm.vjp(x, x, x, x, 2)],
    ['z', TypeError, () => binaryRelaxedElboTerm(none as never, x, x)],
    ['dTerm', TypeError, () => binaryRelaxedElboTerm.vjp(x, x, x, double)],
    ['y', TypeError, () => weightedElboTerm(undefined as never, x, x, 2)],
    ['y', TypeError, () => binaryWeightedElboTerm.vjp(undefined as never, x, x, x)],
    ['logits', RangeError, () => weightedElboTerm(x, short, x, 2)],
    ['n', TypeError, () => weightedElboTerm(x, x, x, undefined as never)],
    ['dTerm', RangeError, () => weightedElboTerm.vjp(x, x, x, x, 2)],
    ['logits', RangeError, () => analyticElboTerm(x, x, 3)],
    ['n', RangeError, () => analyticElboTerm(x, x, 0)],
    ['priorLogits', RangeError, () => analyticElboTerm(x, short, 2)],
    ['priorLogits', TypeError, () => binaryAnalyticElboTerm(x, double)],
    ['losses', TypeError, () => semiSupervisedMarginal([0] as never, x, none, 2)],
    ['logits', RangeError, () => semiSupervisedMarginal(x, short, none, 2)],
    ['labels', TypeError, () => semiSupervisedMarginal(x, x, x as never, 2)],
    ['labels', RangeError, () => semiSupervisedMarginal(x, x, new Int32Array(2), 2)],
    ['weight', RangeError, () => semiSupervisedMarginal(x, x, none, 2, { weight: -1 })],
    ['weight', TypeError, () => semiSupervisedMarginal(x, x, none, 2, { weight: '1' as never })],
    ['options', TypeError, () => semiSupervisedMarginal(x, x, none, 2, { alpha: 1 } as never)],
    ['options', TypeError, () => semiSupervisedMarginal(x, x, none, 2, 1 as never)],
    ['dObjective', RangeError, () => semiSupervisedMarginal.vjp(x, x, none, x, 2)],
    ['loss', RangeError, () => semiSupervisedSampled(x, x, none, 2)],
    ['loss', TypeError, () => semiSupervisedSampled(double, x, none, 2)],
    ['logits', TypeError, () => semiSupervisedSampled(one, [1, 2] as never, none, 2)],
    ['dy', RangeError, () => semiSupervisedSampled.vjp(x, short, x, none, one, 2)],
    ['temperature', RangeError, () => semiSupervisedSampled.vjp(x, x, x, none, one, 2, { temperature: -1 })],
    ['options', TypeError, () => semiSupervisedSampled.vjp(x, x, x, none, one, 2, { tau: 1 } as never)],
    ['options', TypeError, () => semiSupervisedSampled.vjp(x, x, x, none, one, 2, null as never)],
    ['dObjective', TypeError, () => semiSupervisedSampled.vjp(x, x, x, none, double, 2)],
  ];
  test.each(wrong.map(([name, kind, call], i) => ({ i, name, kind, call })))('$i: $name', ({ name, kind, call }) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(new RegExp(`^${name}\\b`));
  });
});
