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
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LAWS } from '../tables/laws.ts';

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
        ['draws', RangeError, () => law.sample(key(1), 2 ** 40)],
        ['draws', RangeError, () => law.sample(key(1), 2 ** 52)],
        ['value', TypeError, () => law.sf(null as never)],
        ['value', TypeError, () => law.isf('0.5' as never)],
        ['value', RangeError, () => law.logCdf(new Float32Array(5))],
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
    ['probs', RangeError, () => Concrete.fromProbs(Float32Array.of(0.5, 0.4), 2)],
    ['probs', RangeError, () => ExpConcrete.fromProbs(Float32Array.of(0.5, 0.5, 0.5), 2)],
    ['probs', RangeError, () => BinConcrete.fromProbs(-0.1)],
    ['probs', TypeError, () => LogitBinConcrete.fromProbs(null as never)],
    ['temperature', RangeError, () => BinConcrete.fromProbs(0.5, { temperature: 0 })],
    ['value', TypeError, () => new Categorical(two, 2).cdf(null as never)],
    ['value', RangeError, () => new Categorical(new Float32Array(4), 2).cdf(new Int32Array(3))],
    ['d', RangeError, () => new Categorical(two, 2).entropyVjp(two)],
    ['d', TypeError, () => new Bernoulli(two).entropyVjp(undefined as never)],
    ['draws', RangeError, () => new Bernoulli(two).sample(key(1), 2 ** 40)],
    ['draws', RangeError, () => new ExpConcrete(two, 2).sample(key(1), 2 ** 40)],
    ['probs', RangeError, () => Bernoulli.fromProbs(1.1)],
    ['probs', RangeError, () => Bernoulli.fromProbs(Float64Array.of(0.5, -1e-9))],
    ['probs', TypeError, () => Bernoulli.fromProbs('1' as never)],
    ['value', TypeError, () => new Categorical(two, 2).logProb(two as never)],
    ['value', RangeError, () => new Categorical(new Float32Array(4), 2).logProb(new Int32Array(3))],
    ['dLogProb', RangeError, () => new Categorical(two, 2).vjp(new Int32Array(2), new Float32Array(1))],
    ['value', TypeError, () => new Bernoulli(two).logProb(new Uint32Array(2) as never)],
    ['value', TypeError, () => new Bernoulli(two).logProb(new Float64Array(2) as never)],
    ['value', RangeError, () => new Bernoulli(two).cdf(new Int32Array(3))],
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
    ...([BinConcrete, LogitBinConcrete] as (typeof BinConcrete)[]).flatMap(
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
    ['q', TypeError, () => klDivergence(new Normal(0, 1), new Gumbel(0, 1) as never)],
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
    ['y', TypeError, () => weightedElboTerm(null as never, x, x, 2)],
    ['y', TypeError, () => weightedElboTerm.vjp(null as never, x, x, one, 2)],
    ['y', TypeError, () => binaryWeightedElboTerm(null as never, x, x)],
    ['logits', TypeError, () => analyticElboTerm(null as never, x, 2)],
    ['priorLogits', TypeError, () => analyticElboTerm(x, null as never, 2)],
    ['n', TypeError, () => weightedElboTerm(x, x, x, null as never)],
    ['n', TypeError, () => relaxedElboTerm(x, x, x, null as never)],
    ['n', TypeError, () => semiSupervisedMarginal(x, x, none, undefined as never)],
    ['labels', TypeError, () => semiSupervisedMarginal(x, x, null as never, 2)],
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

test('messages say what was wrong, and where', () => {
  expect(() => Categorical.fromProbs(Float32Array.of(0.5, 0.5, 0.5, 0.4), 2)).toThrow(
    /within 0.000001 in each row, got 0.9\d* in row 1/,
  );
  expect(() => new Normal(0, 1).sample(key(1), 2 ** 40)).toThrow('draws: there is no room for 1099511627776 draws');
});

test('fromProbs takes what a loop in float32 normalised', () => {
  const n = 20_000;
  const p = Float32Array.from({ length: n }, (_, i) => 1 / (1 + i));
  let sum = 0;
  for (const v of p) sum = Math.fround(sum + v);
  const off = p.map((v) => v / sum);
  expect(Math.abs(off.reduce((a, b) => a + b, 0) - 1)).toBeGreaterThan(1e-6);
  expect(Categorical.fromProbs(off, n).logits.length).toBe(n);
});

test('a Proxy of a distribution is a distribution', () => {
  const laws = [new Normal(0, 1), new Gumbel(0, 1), new LogitBinConcrete(0.5), new Bernoulli(0.5)];
  const rows = [new Categorical(Float32Array.of(0, 1), 2), new Concrete(Float32Array.of(0, 1), 2)];
  for (const law of [...laws, ...rows]) expect(new Proxy(law, {}).sample(key(1))).toEqual(law.sample(key(1)));
  for (const law of laws) expect(new Proxy(law, {}).entropy()).toEqual(law.entropy());
  const [p, q] = [new Categorical(Float32Array.of(0, 1), 2), new Categorical(Float32Array.of(1, 1), 2)];
  expect(klDivergence(new Proxy(p, {}), new Proxy(q, {}))).toEqual(klDivergence(p, q));
});

/** A class that names itself in its own body is bundled as `class _Name`, which is what the console then says. */
test('the bundled classes keep their names', () => {
  const bundle = readFileSync(new URL('../../dist/index.js', import.meta.url), 'utf8');
  expect(bundle.match(/\bclass _\w+/g)).toBe(null);
});
