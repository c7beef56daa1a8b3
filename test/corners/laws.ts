/** One-dimensional distributions: cdfs and quantiles at both ends, log-densities, divergences of equal and near ones. */
import * as anymax from 'anymax';
import {
  at,
  cross,
  ENDS,
  fill,
  type LawCorner,
  LOGITS,
  of,
  PAIRS,
  RELAXED_LOGITS,
  signed,
  single,
  standard,
  U,
  Z,
} from './law_rows.ts';
import { TAIL_CORNERS } from './tails.ts';
import { RELAXED_GRADIENTS } from './relaxed_gradients.ts';
import { bitOf, lawOf } from '../tables/laws.ts';
import { type Big, big, exp, greatest, log1p, minus, negative, one, over, plus, size, sum, times } from '../oracles/big.ts'; // prettier-ignore
import {
  binConcreteValue,
  EXACT_LAWS,
  klOfLaws,
  logit,
  logitBinConcreteValue,
  sigmoid,
  softplus,
} from '../oracles/exact_laws.ts';
import { type Exact, klOfLogits } from '../oracles/exact_rows.ts';

const laws = (['Gumbel', 'Logistic', 'Normal'] as const).flatMap((name): LawCorner[] => {
  const law = EXACT_LAWS[name];
  return [
    {
      name: `${name}.cdf`,
      rows: single(Z),
      run: (z) => standard(name, z!).cdf(z!),
      exact(z) {
        if (Math.abs(z!) === Infinity) return at(Number(z! > 0));
        if (Math.abs(z!) > 1e4) return at(Number(z! > 0));
        const value = law.cdf(big(z!));
        return of(value, times(value, law.inside(big(z!))));
      },
      within: { float32: 1, float64: 8 },
    },
    {
      name: `${name}.icdf`,
      rows: single(U),
      run: (u) => standard(name, u!).icdf(u!),
      exact: (u) => (u === 0 || u === 1 ? at(u === 0 ? -Infinity : Infinity) : law.icdf(big(u!))),
      within: { float32: 1, float64: 4 },
    },
    {
      name: `${name}.logProb`,
      rows: single(Z),
      run: (z) => standard(name, z!).logProb(z!),
      exact(z) {
        if (Math.abs(z!) === Infinity || (name === 'Gumbel' && z! < -800)) return at(-Infinity);
        const terms = law.logProb(big(z!)),
          value = sum(terms);
        return of(value, greatest([size(value), ...terms.map(size)]));
      },
      within: { float32: 1, float64: 4 },
    },
    {
      name: `KL of ${name}`,
      rows: PAIRS,
      run: (a, s, b, t) => anymax.klDivergence(lawOf(name, a!, s!), lawOf(name, b!, name === 'Logistic' ? s! : t!)),
      exact(a, s, b, t) {
        const [p, q] = [
          [a!, s!],
          [b!, name === 'Logistic' ? s! : t!],
        ] as const;
        if (p[0] === q[0] && p[1] === q[1]) return at(0);
        return of(klOfLaws(name, p, q));
      },
      within: { float32: 4, float64: 64 },
    },
  ];
});

/** d coth(d / 2) - 2 */
const shiftKl = (a: number, b: number): Exact =>
  a === b ? at(0) : of(EXACT_LAWS.Logistic.kl(minus(big(a), big(b)), one));

const BIT_LOGITS = [
  ...signed([0, 1e-300, 1e-10, 0.5, 3, 18, 37, 40, 88, 104, 700, 710, 744, 750]),
  Infinity,
  -Infinity,
];

/** -log P of a bit */
const bitLoss = (logits: number): Exact =>
  logits === Infinity ? at(0) : logits === -Infinity ? at(Infinity) : of(softplus(negative(big(logits))));
const negated = ({ value, size: by }: Exact): Exact => ({
  value: typeof value === 'number' ? (value === 0 ? 0 : -value) : negative(value),
  size: by,
});

const bits: LawCorner[] = [
  ...[0, 1].map((x): LawCorner => ({
    name: `Bernoulli.logProb(${x})`,
    rows: single(BIT_LOGITS),
    run: (l) => new anymax.Bernoulli(l!).logProb(fill(l!, x)),
    exact: (l) => negated(bitLoss(x === 1 ? l! : -l!)),
    within: { float32: 1, float64: 4 },
  })),
  {
    name: 'Bernoulli.mean',
    rows: single(BIT_LOGITS),
    run: (l) => new anymax.Bernoulli(l!).mean(),
    exact: (l) => (Math.abs(l!) === Infinity ? at(Number(l! > 0)) : of(sigmoid(big(l!)))),
    within: { float32: 1, float64: 4 },
  },
  {
    name: 'Bernoulli.variance',
    rows: single(BIT_LOGITS),
    run: (l) => new anymax.Bernoulli(l!).variance(),
    exact: (l) => (Math.abs(l!) === Infinity ? at(0) : of(times(sigmoid(big(l!)), sigmoid(negative(big(l!)))))),
    within: { float32: 1, float64: 8 },
  },
  {
    name: 'Bernoulli.entropy',
    rows: single(BIT_LOGITS),
    run: (l) => new anymax.Bernoulli(l!).entropy(),
    exact(l) {
      if (Math.abs(l!) === Infinity) return at(0);
      const a = size(big(l!)),
        e = exp(negative(a));
      // log(1 + e) + a e / (1 + e)
      return of(plus(log1p(e), over(times(a, e), plus(one, e))));
    },
    within: { float32: 1, float64: 8 },
  },
  {
    name: 'KL of Bernoulli',
    rows: LOGITS,
    run: (a, b) => anymax.klDivergence(new anymax.Bernoulli(a!), new anymax.Bernoulli(b!)),
    exact: (a, b) => (a === b ? at(0) : klOfLogits([a!, 0], [b!, 0])),
    within: { float32: 4, float64: 64 },
  },
  ...(['BinConcrete', 'LogitBinConcrete'] as const).flatMap((name): LawCorner[] => [
    {
      name: `KL of ${name}`,
      rows: LOGITS,
      run: (a, b) => anymax.klDivergence(bitOf(name, a!, { temperature: 0.5 }), bitOf(name, b!, { temperature: 0.5 })),
      exact: (a, b) => shiftKl(a!, b!),
      within: { float32: 4, float64: 64 },
    },
  ]),
];

/** Temperatures that both dtypes have. */
const relaxed = [0.125, 1, 3].flatMap((temperature): LawCorner[] => {
  const o = { temperature };
  /** sigmoid(T z - logits), its error that of T z - logits. */
  const cdf = (z: Big, l: number): Exact => {
    const scaled = times(big(temperature), z),
      d = minus(scaled, big(l)),
      value = sigmoid(d);
    return of(value, times(value, plus(one, times(sigmoid(negative(d)), plus(size(scaled), size(big(l)))))));
  };
  const end = (l: number, lowest: boolean, highest: boolean): Exact | undefined =>
    lowest ? at(Number(l === -Infinity)) : highest ? at(1) : Math.abs(l) === Infinity ? at(Number(l < 0)) : undefined;
  return [
    {
      name: `BinConcrete.cdf, T ${temperature}`,
      rows: cross(RELAXED_LOGITS, ENDS),
      run: (l, y) => new anymax.BinConcrete(l!, o).cdf(y!),
      exact: (l, y) => end(l!, y === 0, y === 1) ?? cdf(logit(big(y!)), l!),
      within: { float32: 1, float64: 8 },
    },
    {
      name: `LogitBinConcrete.cdf, T ${temperature}`,
      rows: cross(RELAXED_LOGITS, [...signed([0, 1e-300, 0.3, 5, 40, 300]), -Infinity, Infinity]),
      run: (l, z) => new anymax.LogitBinConcrete(l!, o).cdf(z!),
      exact: (l, z) => end(l!, z === -Infinity, z === Infinity) ?? cdf(big(z!), l!),
      within: { float32: 1, float64: 8 },
    },
    {
      name: `LogitBinConcrete.icdf, T ${temperature}`,
      rows: cross([0, 0.5, -4], U),
      run: (l, u) => new anymax.LogitBinConcrete(l!, o).icdf(u!),
      exact(l, u) {
        if (u === 0 || u === 1) return at(u === 0 ? -Infinity : Infinity);
        const odds = logit(big(u!)),
          t = big(temperature);
        return of(over(plus(odds, big(l!)), t), over(greatest([size(odds), size(big(l!))]), t));
      },
      within: { float32: 1, float64: 4 },
    },
    {
      name: `binConcreteLogProb, T ${temperature}`,
      rows: cross(signed([0, 0.5, 4, 40]), ENDS),
      except: (_, y) => y === 0 || y === 1,
      run: (l, y) => anymax.binConcreteLogProb(y!, l!, o),
      exact: (l, y) => binConcreteValue(y!, l!, temperature),
      within: { float32: 8, float64: 8 },
    },
    {
      name: `logitBinConcreteLogProb, T ${temperature}`,
      rows: cross(signed([0, 0.5, 4, 40]), signed([0, 1e-300, 0.3, 5, 40, 300])),
      run: (l, z) => anymax.logitBinConcreteLogProb(z!, l!, o),
      exact: (l, z) => logitBinConcreteValue(z!, l!, temperature),
      within: { float32: 8, float64: 8 },
    },
  ];
});

export const LAW_CORNERS: readonly LawCorner[] = [...laws, ...TAIL_CORNERS, ...bits, ...relaxed, ...RELAXED_GRADIENTS];
