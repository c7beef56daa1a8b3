/** Distributions, densities and divergences: how the tables of test/peers call them. */
import * as anymax from 'anymax';
import { klDivergence } from 'anymax';
import { lawOf } from '../tables/laws.ts';
import { logit, sigmoidOf, sum } from '../oracles/numeric.ts';
import { classes, type Maker, type Numbers, type Op } from './op.ts';

// ---- One-dimensional laws ----

interface Law {
  readonly name: 'Gumbel' | 'Logistic' | 'Normal';
  /** |d log cdf / dz|, |d log sf / dz|, |log density| by its terms and |its derivative|, the quantile and u / density there. */
  readonly cdf: (z: number) => number;
  readonly sf: (z: number) => number;
  readonly logProb: (z: number) => [terms: number, slope: number];
  readonly icdf: (u: number, z: number) => number;
}

const LAWS: readonly Law[] = [
  {
    name: 'Gumbel',
    cdf: (z) => Math.exp(-z),
    sf: () => 1,
    logProb: (z) => [Math.abs(z) + Math.exp(-z), 1 + Math.exp(-z)],
    icdf: (u) => 1 / Math.abs(Math.log(u)),
  },
  {
    name: 'Logistic',
    cdf: (z) => sigmoidOf(-z),
    sf: sigmoidOf,
    logProb: (z) => [Math.abs(z) + 2, 1],
    icdf: (u) => 1 / (1 - u),
  },
  {
    name: 'Normal',
    cdf: (z) => Math.max(-z, 0) + 1,
    sf: (z) => Math.max(z, 0) + 1,
    logProb: (z) => [z * z + 1, Math.abs(z)],
    icdf: (u, z) => u * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2),
  },
];

const laws = LAWS.flatMap(({ name, cdf, sf, logProb, icdf }): [string, Op][] => {
  const law = (make: Maker, loc: Numbers, scale: Numbers) => lawOf(name, make.of(loc), make.of(scale));
  /** z and what rounding x, loc and z itself moves it by. */
  const at = (x: Numbers, loc: Numbers, scale: Numbers): [z: number, moved: number] => {
    const z = (x[0]! - loc[0]!) / scale[0]!;
    return [z, (Math.abs(x[0]!) + Math.abs(loc[0]!)) / scale[0]! + Math.abs(z)];
  };
  const density = (x: Numbers, loc: Numbers, scale: Numbers): number => {
    const [z, moved] = at(x, loc, scale),
      [terms, slope] = logProb(z);
    return terms + Math.abs(Math.log(scale[0]!)) + 1 + slope * moved;
  };
  const moments = (['mean', 'variance', 'entropy'] as const).map((moment): [string, Op] => [
    `${name}.${moment}`,
    {
      run: (make, _, loc, scale) => law(make, loc!, scale!)[moment](),
      size: (_, [v], __, [loc], [scale]) =>
        moment === 'variance' ? [v!] : moment === 'mean' ? [Math.abs(loc!) + scale!] : [3 + Math.abs(Math.log(scale!))],
    },
  ]);
  return [
    ...moments,
    ...(['cdf', 'sf'] as const).map((tail): [string, Op] => [
      `${name}.${tail}`,
      {
        run: (make, _, x, loc, scale) => law(make, loc!, scale!)[tail](make.of(x!)),
        size(_, [v], __, x, loc, scale) {
          const [z, moved] = at(x!, loc!, scale!);
          return [v! * (1 + { cdf, sf }[tail](z) * moved)];
        },
      },
    ]),
    [
      `${name}.logCdf`,
      {
        run: (make, _, x, loc, scale) => law(make, loc!, scale!).logCdf(make.of(x!)),
        size(_, [v], __, x, loc, scale) {
          const [z, moved] = at(x!, loc!, scale!);
          return [Math.abs(v!) + cdf(z) * moved];
        },
      },
    ],
    [
      `${name}.icdf`,
      {
        run: (make, _, u, loc, scale) => law(make, loc!, scale!).icdf(make.of(u!)),
        size(_, [v], __, [u], [loc], [scale]) {
          const z = (v! - loc!) / scale!;
          return [Math.abs(loc!) + scale! * (Math.abs(z) + icdf(u!, z))];
        },
      },
    ],
    [
      `${name}.logProb`,
      {
        run: (make, _, x, loc, scale) => law(make, loc!, scale!).logProb(make.of(x!)),
        size: (_, __, ___, x, loc, scale) => [density(x!, loc!, scale!)],
      },
    ],
    [
      `${name}.pdf`,
      {
        run: (make, _, x, loc, scale) => Array.from(law(make, loc!, scale!).logProb(make.of(x!)), Math.exp),
        size: (_, [v], __, x, loc, scale) => [v! * (1 + density(x!, loc!, scale!))],
      },
    ],
  ];
});

// ---- Discrete ones, divergences, densities ----

const { Bernoulli, Categorical } = anymax;
const infinityIsFar = (v: number): number => (Math.abs(v) < Infinity ? v : 0);

const bernoulli: [string, Op][] = [
  [
    'Bernoulli.logProb',
    {
      run: (make, _, l, x) => new Bernoulli(make.of(l!)).logProb(make.of(x!)),
      size: (_, [v], __, [l]) => [Math.abs(v!) + -Math.expm1(v!) * Math.abs(infinityIsFar(l!))],
    },
  ],
  [
    'Bernoulli.mean',
    {
      run: (make, _, l) => new Bernoulli(make.of(l!)).mean(),
      size: (_, [v], __, [l]) => [v! * (1 + (1 - v!) * Math.abs(infinityIsFar(l!)))],
    },
  ],
  [
    'Bernoulli.fromProbs.logProb',
    {
      run: (make, _, p, x) => Bernoulli.fromProbs(make.of(p!)).logProb(make.of(x!)),
      size(_, [v], __, [p]) {
        const q = Math.exp(v!); // the probability of what was seen
        return [Math.abs(v!) + (1 - q) * Math.abs(infinityIsFar(logit(p!))) + p! / q];
      },
    },
  ],
  [
    'Bernoulli.fromProbs.mean',
    {
      run: (make, _, p) => Bernoulli.fromProbs(make.of(p!)).mean(),
      size: (_, __, ___, [p]) => [p! * (1 + (1 - p!) * Math.abs(infinityIsFar(logit(p!))))],
    },
  ],
  [
    'Bernoulli.fromProbs.variance',
    {
      run: (make, _, p) => Bernoulli.fromProbs(make.of(p!)).variance(),
      size: (_, [v], __, [p]) => [v! * (1 + Math.abs(infinityIsFar(logit(p!)))) + p!],
    },
  ],
  [
    'Bernoulli.entropy',
    {
      run: (make, _, p) => Bernoulli.fromProbs(make.of(p!)).entropy(),
      size(_, [v], __, [p]) {
        const l = Math.abs(infinityIsFar(logit(p!)));
        return [v! + p! * l + p! * (1 - p!) * l * l];
      },
    },
  ],
];

const categorical: [string, Op][] = [
  [
    'Categorical.logProb',
    {
      run: (make, _, l, [n], x) => new Categorical(make.of(l!), n!).logProb(classes(x!)),
      size: (make, expected, _, l) => expected.map((v) => Math.abs(v) + 2 * make.moved(l!)),
    },
  ],
  [
    'Categorical.entropy',
    {
      run: (make, _, l, [n]) => new Categorical(make.of(l!), n!).entropy(),
      size: (make, expected, _, l) => expected.map((v) => v + 2 * make.moved(l!)),
    },
  ],
];

/** Divergences: of equal parameters they are exactly 0. */
const divergences: [string, Op][] = [
  ...(['Gumbel', 'Normal'] as const).map((name): [string, Op] => [
    `KL ${name}`,
    {
      run: (make, _, a, s, b, t) =>
        klDivergence(lawOf(name, make.of(a!), make.of(s!)), lawOf(name, make.of(b!), make.of(t!))),
      size: (_, [v], __, [a], [s], [b], [t]) =>
        a === b && s === t ? [0] : [1 + v! * (1 + Math.abs(a! - b!) / t!) + (Math.abs(a! - b!) + s!) / t!],
    },
  ]),
  [
    'KL Bernoulli',
    {
      run: (make, _, p, q) => klDivergence(Bernoulli.fromProbs(make.of(p!)), Bernoulli.fromProbs(make.of(q!))),
      size: (_, [v], __, [p], [q]) => [p === q ? 0 : 1 + v!],
    },
  ],
  [
    'KL Categorical',
    {
      run: (make, _, a, b, [n]) => klDivergence(new Categorical(make.of(a!), n!), new Categorical(make.of(b!), n!)),
      size: (_, expected, __, a, b) => expected.map((v) => (String(a) === String(b) ? 0 : 1 + v)),
    },
  ],
];

const sizeOfBit = (y: number, l: number, t: number): number =>
  Math.abs(l) + (t + 1) * (Math.abs(infinityIsFar(logit(y))) + 1 / (1 - y)) + 2;

const densities: [string, Op][] = [
  ...(['expConcreteLogProb', 'concreteLogProb'] as const).map((name): [string, Op] => [
    name,
    {
      run: (make, { temperature }, y, l, [n]) =>
        anymax[name](make.of(y!), make.of(l!), n!, { temperature: temperature! }),
      size: (_, expected, { temperature: t = 1 }, y, l, [n]) =>
        expected.map((v, r) => {
          const logs = y!
            .slice(r * n!, (r + 1) * n!)
            .map((w) => Math.abs(name === 'concreteLogProb' ? Math.log(w) : w));
          const terms = logs.map((w, i) => Math.abs(l![r * n! + i]!) + (t + 1) * (w + 1));
          return Math.abs(v) + sum(terms) + n! * Math.log(n!);
        }),
    },
  ]),
  [
    'binConcreteLogProb',
    {
      run: (make, { temperature }, y, l) =>
        anymax.binConcreteLogProb(make.of(y!), make.of(l!), { temperature: temperature! }),
      size: (_, [v], { temperature }, [y], [l]) => [Math.abs(v!) + sizeOfBit(y!, l!, temperature!)],
    },
  ],
  [
    'BinConcrete.cdf',
    {
      run: (make, { temperature }, y, l) =>
        new anymax.BinConcrete(make.of(l!), { temperature: temperature! }).cdf(make.of(y!)),
      size: (_, [v], { temperature }, [y], [l]) => [
        v! * (v === 0 || v === 1 ? 0 : 1 + (1 - v!) * sizeOfBit(y!, l!, temperature!)),
      ],
    },
  ],
];

export const DISTRIBUTION_OPS: readonly [string, Op][] = [
  ...laws,
  ...bernoulli,
  ...categorical,
  ...divergences,
  ...densities,
];
