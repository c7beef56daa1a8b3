/** One-dimensional distributions: cdfs and quantiles at both ends, log-densities, divergences of equal and near ones. */
import * as anymax from 'anymax';
import type { Floats } from 'anymax';
import { bitOf, lawOf } from '../tables/laws.ts';
import { type Big, big, exp, greatest, log1p, minus, negative, one, over, plus, size, sum, times, zero } from '../oracles/big.ts'; // prettier-ignore
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

/** The values of a call go in by columns, one of each argument. */
export interface LawCorner {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
  /** Of rows rounded to the dtype: those to leave out. */
  readonly except?: (...values: number[]) => boolean;
  readonly run: (...columns: Floats[]) => Floats;
  readonly exact: (...values: number[]) => Exact;
  readonly within: { readonly float32: number; readonly float64: number };
}

const signed = (values: readonly number[]): number[] => [...values, ...values.map((v) => -v)];
/** Both ends and the middle of what a cdf takes. */
const Z = [...signed([0, 1e-310, 1e-300, 1e-40, 1e-9, 0.3, 0.75, 1, 3, 6, 6.57, 8, 17, 20, 36, 37, 37.5, 40, 88, 103, 300, 700, 708, 710, 744, 760, 1e5]), -Infinity, Infinity]; // prettier-ignore
/** Of a quantile: down to the least number, beside 1/2, up to the greatest below 1. */
const U = [0, 5e-324, 1e-310, 1e-300, 1e-45, 1e-38, 1e-16, 1e-7, 0.01, 0.25, 0.36787944117144233, 0.49, 0.4999999, 0.5 - 2 ** -20, 0.5, 0.5000026, 0.5 + 2 ** -30, 0.5 + 2 ** -53, 0.6, 0.75, 0.99, 1 - 1e-6, 1 - 2 ** -24, 1 - 2 ** -40, 1 - 2 ** -53, 1]; // prettier-ignore

const single = (values: readonly number[]): number[][] => values.map((v) => [v]);
const of = (value: Big, by = size(value)): Exact => ({ value, size: by });
const at = (value: number): Exact => ({ value, size: zero });
const fill = (like: Floats, value: number): Floats => like.map(() => value);
/** A law at 0 and 1 for each of the values. */
const standard = (name: 'Gumbel' | 'Logistic' | 'Normal', like: Floats) => lawOf(name, fill(like, 0), fill(like, 1));

/** loc and scale of two laws: the same, 1 to 2^20 roundings apart, and far. */
const PAIRS = ((): number[][] => {
  const rows: number[][] = [];
  for (const [loc, scale] of [
    [0, 1],
    [0.3, 1.7],
    [-3, 0.25],
    [100, 7],
  ] as const) {
    rows.push([loc, scale, loc, scale]);
    for (const step of [2 ** -22, 2 ** -15, 2 ** -8, 0.1, 1, 5]) {
      rows.push([loc + step, scale, loc, scale], [loc, scale * (1 + step), loc, scale], [loc, scale, loc + step, scale * (1 + step)]); // prettier-ignore
    }
  }
  return rows;
})();

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

/** Pairs of logits: the same, near, far. */
const LOGITS = ((): number[][] => {
  const rows: number[][] = [];
  for (const l of [0, 0.3, -3, 18, -40, 88]) {
    for (const step of [0, 2 ** -20, -(2 ** -10), 0.1, 3, -30]) rows.push([l + step, l]);
  }
  return rows;
})();

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

/** (logits, value) of relaxed bits: each logit at both ends and in the middle, masses at the ends too. */
const cross = (logits: readonly number[], values: readonly number[]): number[][] =>
  logits.flatMap((l) => values.map((v) => [l, v]));
const ENDS = [0, 1e-310, 1e-300, 1e-40, 1e-9, 0.1, 0.5, 0.9, 1 - 2 ** -20, 1 - 2 ** -24, 1 - 2 ** -53, 1];
const RELAXED_LOGITS = [...signed([0, 0.5, 4, 40]), Infinity, -Infinity];

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

export const LAW_CORNERS: readonly LawCorner[] = [...laws, ...bits, ...relaxed];
