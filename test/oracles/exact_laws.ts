/** The one-dimensional distributions and the densities, in 200 bits. */
import { type Big, big, compare, exp, expm1, exponent, greatest, log, log1p, minus, negative, number, one, over, plus, power, sign, size, sum, times, zero } from './big.ts'; // prettier-ignore
import type { Exact } from './exact_rows.ts';

type Row = readonly number[];

const two = big(2);
const of = (value: Big, by = size(value)): Exact => ({ value, size: by });

/** 4 (4 atan(1/5) - atan(1/239)) */
const PI = ((): Big => {
  const arctangent = (k: number): Big => {
    let [total, term] = [zero, over(one, big(k))];
    for (let j = 1; j < 300; j += 2) {
      total = plus(total, over(term, big(j)));
      term = negative(over(term, big(k * k)));
    }
    return total;
  };
  return times(big(4), minus(times(big(4), arctangent(5)), arctangent(239)));
})();
const HALF_LOG_2PI = over(log(times(two, PI)), two);

/** log(1 + exp x) */
export const softplus = (x: Big): Big => (sign(x) < 0 ? log1p(exp(x)) : plus(x, log1p(exp(negative(x)))));
/** 1 / (1 + exp -x) */
export const sigmoid = (x: Big): Big => {
  const e = exp(negative(size(x)));
  return over(sign(x) < 0 ? e : one, plus(one, e));
};
/** log u - log(1 - u) */
export const logit = (u: Big): Big => minus(log(u), log1p(negative(u)));

/** exp(-z^2 / 2) / sqrt(2 pi) */
export const normalDensity = (z: Big): Big => exp(negative(plus(over(times(z, z), two), HALF_LOG_2PI)));

/** P(N > y), y >= 0: by its series around 0 (Abramowitz and Stegun 26.2.11), by Laplace's continued fraction from 6 on. */
export function normalTail(y: Big): Big {
  const density = normalDensity(y);
  if (compare(y, big(6)) < 0) {
    let [total, term] = [zero, y];
    for (let k = 3; exponent(term) > exponent(y) - 210; k += 2) {
      total = plus(total, term);
      term = over(times(term, times(y, y)), big(k));
    }
    return minus(big(0.5), times(density, total));
  }
  let fraction = y;
  for (let k = 1200; k > 0; k--) fraction = plus(y, over(big(k), fraction));
  return over(density, fraction);
}

/** P(N < z) */
export const normalCdf = (z: Big): Big => (sign(z) < 0 ? normalTail(negative(z)) : minus(one, normalTail(z)));

export interface ExactLaw {
  /** Terms whose absolute values are what the error of the log-density is measured by. */
  readonly logProb: (z: Big) => Big[];
  readonly cdf: (z: Big) => Big;
  /** How much of the value a rounding of what is inside the cdf makes. */
  readonly inside: (z: Big) => Big;
  /** The quantile, where it has a formula; what its error is measured by. */
  readonly icdf: (u: Big) => Exact;
  /** KL(p || q), q at 0 and 1, p at loc and scale. */
  readonly kl: (loc: Big, scale: Big) => Big;
}

/** s - 1 - log s, s = 1 + d. */
const excess = (s: Big): Big => {
  const d = minus(s, one);
  return minus(d, log1p(d));
};

/** Euler's constant, to 60 digits. */
const GAMMA = over({ m: 577215664901532860606512090082402431042159335939923598805767n, e: 0 }, { m: 10n ** 60n, e: 0 });

/** log Gamma(1 + s), s > 0: Stirling's series at 1 + s + 260, less the logarithms of the steps. */
export function logGamma1p(s: Big): Big {
  const BERNOULLI: [number, number][] = [[1, 6], [-1, 30], [1, 42], [-1, 30], [5, 66], [-691, 2730], [7, 6], [-3617, 510], [43867, 798], [-174611, 330], [854513, 138], [-236364091, 2730], [8553103, 6]]; // prettier-ignore
  const STEPS = 260,
    t = plus(s, big(1 + STEPS));
  let total = plus(minus(times(minus(t, big(0.5)), log(t)), t), HALF_LOG_2PI);
  BERNOULLI.forEach(([p, q], i) => {
    const k = 2 * (i + 1);
    total = plus(total, over(over(big(p), big(q)), times(big(k * (k - 1)), power(t, big(k - 1)))));
  });
  let product = one;
  for (let k = 0; k < STEPS; k++) product = times(product, plus(s, big(1 + k)));
  return minus(total, log(product));
}

export const EXACT_LAWS: Readonly<Record<'Gumbel' | 'Logistic' | 'Normal', ExactLaw>> = {
  Gumbel: {
    logProb: (z) => [negative(z), negative(exp(negative(z)))],
    cdf: (z) => exp(negative(exp(negative(z)))),
    inside: (z) => plus(one, exp(negative(z))),
    icdf(u) {
      const z = negative(log(negative(log(u))));
      return { value: z, size: greatest([one, size(z)]) };
    },
    kl: (loc, scale) =>
      sum([times(GAMMA, minus(scale, one)), negative(log(scale)), loc, expm1(minus(logGamma1p(scale), loc))]),
  },
  Logistic: {
    logProb: (z) => [negative(size(z)), times(big(-2), log1p(exp(negative(size(z)))))],
    cdf: sigmoid,
    inside: () => one,
    icdf: (u) => of(logit(u)),
    // d coth(d / 2) - 2
    kl(loc) {
      const d = size(loc);
      if (d.m === 0n) return zero;
      const e = exp(negative(d));
      return minus(over(times(d, plus(one, e)), negative(expm1(negative(d)))), two);
    },
  },
  Normal: {
    logProb: (z) => [negative(over(times(z, z), two)), negative(HALF_LOG_2PI)],
    cdf: normalCdf,
    inside: () => one,
    icdf(u) {
      // Newton's iteration on the logarithm of the lower tail, from what the tail is like
      const half = compare(u, big(0.5));
      if (half === 0) return of(zero, one);
      const tail = half < 0 ? u : minus(one, u),
        target = log(tail);
      let z = negative(power(times(big(-2), target), big(0.5)));
      for (let step = 0; step < 60; step++) {
        const p = normalCdf(z),
          change = over(times(minus(log(p), target), p), normalDensity(z));
        z = minus(z, change);
        if (Math.abs(number(over(change, z))) < 2 ** -90) break;
      }
      return of(half < 0 ? z : negative(z));
    },
    // loc^2 / 2 + ((s^2 - 1) - log s^2) / 2
    kl: (loc, scale) => over(plus(times(loc, loc), excess(times(scale, scale))), two),
  },
};

type Parameters = readonly [loc: number, scale: number];

/** KL(p || q) of two laws of one name. */
export function klOfLaws(name: keyof typeof EXACT_LAWS, [l1, s1]: Parameters, [l2, s2]: Parameters): Big {
  return EXACT_LAWS[name].kl(over(minus(big(l1), big(l2)), big(s2)), over(big(s1), big(s2)));
}

/** log T + d - 2 softplus d, d = logits - T z: of a relaxed bit before the sigmoid. */
function bitTerms(z: Big, logits: number, temperature: number): Big[] {
  const d = minus(big(logits), times(big(temperature), z));
  return [log(big(temperature)), negative(size(d)), times(big(-2), log1p(exp(negative(size(d)))))];
}

const measured = (terms: readonly Big[], extra: readonly Big[] = []): Exact => {
  const value = sum(terms);
  return of(value, greatest([size(value), sum([...terms, ...extra].map(size))]));
};

export const logitBinConcreteValue = (z: number, logits: number, temperature: number): Exact =>
  measured(bitTerms(big(z), logits, temperature), [big(logits), times(big(temperature), big(z))]);

export function binConcreteValue(y: number, logits: number, temperature: number): Exact {
  const l = log(big(y)),
    rest = log1p(negative(big(y))),
    z = minus(l, rest);
  return measured(
    [...bitTerms(z, logits, temperature), negative(l), negative(rest)],
    [big(logits), times(big(temperature), z)],
  );
}

/** log (n-1)! */
const logFactorial = (n: number): Big => {
  let product = one;
  for (let k = 2; k < n; k++) product = times(product, big(k));
  return log(product);
};

interface Concrete {
  readonly terms: Big[];
  /** w and softmax(w), w = logits - T log y. */
  readonly w: Big[];
  readonly q: Big[];
}

function concrete(logY: readonly Big[], logits: Row, temperature: number): Concrete {
  const t = big(temperature),
    n = logits.length;
  const w = logits.map((a, i) => minus(big(a), times(t, logY[i]!))),
    max = greatest(w);
  const e = w.map((v) => exp(minus(v, max))),
    total = sum(e);
  const lse = plus(max, log(total));
  return {
    terms: [logFactorial(n), times(big(n - 1), log(t)), ...w, negative(times(big(n), lse))],
    w,
    q: e.map((v) => over(v, total)),
  };
}

/** The greater of |value| and the mean of the absolute terms; in f64 their sum. */
function density({ terms }: Concrete, n: number, extra: readonly Big[], mean: boolean): Exact {
  const all = [...terms, ...extra],
    value = sum(all),
    absolute = sum(all.map(size));
  return of(value, greatest([size(value), mean ? over(absolute, big(n)) : absolute]));
}

export const expConcreteValue = (logY: Row, logits: Row, temperature: number, mean: boolean): Exact =>
  density(concrete(logY.map(big), logits, temperature), logits.length, [], mean);

export function concreteValue(y: Row, logits: Row, temperature: number, mean: boolean): Exact {
  const logs = y.map((v) => log(big(v)));
  return density(concrete(logs, logits, temperature), logits.length, logs.map(negative), mean);
}

/**
 * d/d log y = -T (1 - n q), d/d logits = 1 - n q, d/dT = (n-1)/T - sum log y (1 - n q). A rounding of w moves n q by
 * n q |w|: that is in the sizes, and where it would move anything there is, nothing is said (a size without end).
 */
export const expConcreteGradients = (
  logY: Row,
  logits: Row,
  temperature: number,
  epsilon: number,
): [logY: Exact[], logits: Exact[], temperature: Exact] => gradientsAt(logY.map(big), logits, temperature, epsilon);

/** The same at y, d/dy = (d/d log y - 1) / y. */
export function concreteGradients(
  y: Row,
  logits: Row,
  temperature: number,
  epsilon: number,
): [y: Exact[], logits: Exact[], temperature: Exact] {
  const [byLogs, ...others] = gradientsAt(y.map((v) => log(big(v))), logits, temperature, epsilon); // prettier-ignore
  const byY = byLogs.map(({ value, size: by }, i) =>
    of(over(minus(value as Big, one), big(y[i]!)), over(plus(by, one), big(y[i]!))),
  );
  return [byY, ...others];
}

function gradientsAt(
  logY: readonly Big[],
  logits: Row,
  temperature: number,
  epsilon: number,
): [logY: Exact[], logits: Exact[], temperature: Exact] {
  const n = big(logits.length),
    t = big(temperature);
  const { q, w } = concrete(logY, logits, temperature);
  const inner = greatest([...logits.map(big), ...logY.map((v) => times(t, v)), ...w].map(size)),
    steep = plus(one, inner),
    endless = number(inner) * epsilon > 2 ** -10;
  const slope = q.map((v) => minus(one, times(n, v))),
    sizes = q.map((v) => (endless ? { m: 1n, e: 5000 } : plus(one, times(times(n, v), steep))));
  const terms = slope.map((v, i) => negative(times(logY[i]!, v))),
    first = over(minus(n, one), t);
  return [
    slope.map((v, i) => of(negative(times(t, v)), times(t, sizes[i]!))),
    slope.map((v, i) => of(v, sizes[i]!)),
    of(plus(first, sum(terms)), sum([first, ...logY.map((v, i) => times(size(v), sizes[i]!))])),
  ];
}
