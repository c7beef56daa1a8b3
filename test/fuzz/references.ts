/**
 * What each op is by its formula, row by row in f64, with the error that the package promises. Rows with special values
 * have tables of their own (test/promises/special_values.test.ts): here are the ordinary ones, of finite T.
 */
import type { Case, Library, Output } from './cases.ts';
import { sum } from '../oracles/numeric.ts';
import type { Data } from './ops.ts';
import type { Numbers } from './values.ts';

type Row = readonly number[];

/** A row of a case: its values in f64, and what the package gave for it. */
interface At {
  readonly c: Case;
  readonly t: number;
  readonly alpha: number;
  readonly in: (data: Data) => Row;
  /** Of the perturbed ops: the row's Gumbel or logistic noise, by the package's own fill. */
  readonly noise: Row;
  /** The unit roundoff of the dtype times two: 1 ULP of 1. */
  readonly epsilon: number;
}

/** Expected values with the greatest error of each; undefined where the formula says nothing. */
interface Expected {
  readonly values: Row;
  readonly within: Row;
}
type Reference = (at: At) => Expected | undefined;

const greatest = (values: Row): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
const finite = (values: Row): boolean => values.every(Number.isFinite);
/** Finite or masked, not all of them masked. */
const ordinary = (values: Row): boolean => values.every((v) => v < Infinity) && greatest(values) > -Infinity;
const ulpOf = (y: number, epsilon: number): number => epsilon * 2 ** Math.floor(Math.log2(Math.abs(y)));

/** (x - max x) / T without overflow, and the greatest of |x| / T. */
function scaled(x: Row, t: number): { z: number[]; size: number } {
  const max = greatest(x);
  const z = x.map((v) => (v === max ? 0 : v - max > -Infinity ? (v - max) / t : 2 * ((v / 2 - max / 2) / t)));
  return { z, size: greatest(x.filter((v) => v > -Infinity).map((v) => Math.abs(v / t))) };
}

const softmax = (z: Row): number[] => {
  const e = z.map(Math.exp),
    total = sum(e);
  return e.map((v) => v / total);
};

/** The weights of a max at its output p: p^(2 - alpha) on the support. */
const weights = (p: Row, alpha: number): number[] => {
  const top = greatest(p);
  return p.map((v) => (v > 0 ? (alpha === 1 ? v : (v / top) ** (2 - alpha)) : 0));
};

/** dx of a max, and the size of its terms. */
function pullBack(p: Row, dp: Row, alpha: number, t: number): { dx: number[]; size: number } {
  const s = weights(p, alpha),
    total = sum(s),
    at = s.indexOf(greatest(s));
  const shifted = dp.map((v) => v - dp[at]!);
  const mean = sum(s.map((v, i) => (v === 0 ? 0 : v * shifted[i]!))) / total;
  const scale = alpha === 1 ? 1 : greatest(p) ** (2 - alpha);
  const dx = s.map((v, i) => (v === 0 ? 0 : (v * scale * (shifted[i]! - mean)) / t));
  const spread = sum(s.map((v, i) => (v === 0 ? 0 : v * Math.abs(shifted[i]!)))) / total;
  return { dx, size: greatest(s.map((v, i) => (v === 0 ? 0 : (v * scale * (Math.abs(shifted[i]!) + spread)) / t))) };
}

const isShares = (p: Row): boolean => finite(p) && p.every((v) => v >= 0) && Math.abs(sum(p) - 1) < 1e-3;
/** Beyond it f32 results overflow where the f64 formula does not. */
const moderate = (values: Row): boolean => finite(values) && values.every((v) => Math.abs(v) < 1e30);
const all = (values: Row, within: number): Expected => ({ values, within: values.map(() => within) });

/** softmax's error: 5 ULP at each T while |max| <= 2000 T, 5 + 2 |z| beyond; what is below 2^-100 may be less exact. */
function shareError(p: Row, z: Row, size: number, epsilon: number): number[] {
  const own = epsilon < 2 ** -30;
  return p.map((v, i) => {
    const ulps = 5 + (own || size > 2000 ? 2 * Math.abs(z[i]!) : 0) + (own ? 4 + Math.abs(z[i]!) : 0);
    return ulps * ulpOf(v, epsilon) + (own ? 2 ** -1000 : 2 ** -100);
  });
}

const softmaxOf: Reference = ({ in: of, t, epsilon }) => {
  const x = of('scores');
  if (!ordinary(x)) return undefined;
  const { z, size } = scaled(x, t),
    p = softmax(z);
  return { values: p, within: shareError(p, z, size, epsilon) };
};

const logSoftmaxOf: Reference = ({ in: of, t, epsilon }) => {
  const x = of('scores');
  if (!ordinary(x)) return undefined;
  const { z } = scaled(x, t);
  const rest = sum(z.map(Math.exp)) - 1;
  const y = z.map((v) => v - Math.log1p(rest));
  return { values: y, within: y.map((v) => 6 * epsilon * Math.max(1, Math.abs(v))) };
};

const logSumExpOf: Reference = ({ in: of, t, epsilon }) => {
  const x = of('scores');
  if (!ordinary(x)) return undefined;
  const { z } = scaled(x, t),
    at = z.indexOf(0);
  const rest = Math.log1p(sum(z.map((v, i) => (i === at ? 0 : Math.exp(v))))),
    top = greatest(x) / t;
  // the formula's own z is rounded
  const size = Math.max(Math.abs(top), rest),
    own = 2 ** -52 * sum(z.map((v) => (v > -Infinity ? Math.exp(v) * Math.abs(v) : 0)));
  return all([top + rest], 4 * ulpOf(size, epsilon) + own + 2 ** (epsilon < 2 ** -30 ? -1070 : -148));
};

const vjpOf =
  (value: Data, alphaOf: (at: At) => number): Reference =>
  (at) => {
    const [p, dp] = [at.in(value), at.in('gradient')],
      alpha = alphaOf(at);
    if (!isShares(p) || !moderate(dp) || alpha > 4) return undefined;
    const { dx, size } = pullBack(p, dp, alpha, at.t);
    if (!(size < 1e37)) return undefined;
    // a power of a small p takes its exponent's digits, in f64 as in the formula; terms may be subnormal before T divides them
    const own = at.epsilon < 2 ** -30;
    return all(dx, (own ? 64 : 8) * at.epsilon * size + (own ? 2 ** -1070 : 2 ** -146) / at.t + (own ? 1e-300 : 1e-37));
  };

const slopeOf =
  (alphaOf: (at: At) => number): Reference =>
  (at) => {
    const [p, dp] = [at.in('simplex'), at.in('gradient')],
      alpha = alphaOf(at);
    if (!isShares(p) || !moderate(dp) || alpha > 4) return undefined;
    const { dx, size } = pullBack(p, dp, alpha, at.t);
    const w = p.map((v) => (v === 0 ? 0 : alpha === 1 ? Math.log(v) : v ** (alpha - 1) / (alpha - 1)));
    const total = -sum(w.map((v, i) => (dx[i] === 0 ? 0 : v * dx[i]!)));
    const terms = sum(w.map((v, i) => Math.abs(v) * (Math.abs(dx[i]!) + size)));
    // as of the gradient: terms may be subnormal before T divides them
    const subnormal = (sum(w.map(Math.abs)) * (at.epsilon < 2 ** -30 ? 2 ** -1070 : 2 ** -146)) / at.t;
    return terms < 1e37 ? all([total], (8 * at.epsilon + 1e-14 * p.length) * terms + subnormal + 1e-37) : undefined;
  };

const entropyOf =
  (alphaOf: (at: At) => number): Reference =>
  (at) => {
    const p = at.in('simplex'),
      alpha = alphaOf(at);
    if (!isShares(p)) return undefined;
    const terms = p.map((v) =>
      v === 0
        ? 0
        : alpha === 1
          ? -v * Math.log(v)
          : (-v * Math.expm1((alpha - 1) * Math.log(v))) / (alpha * (alpha - 1)),
    );
    return all(
      [sum(terms)],
      4 * ulpOf(Math.max(sum(terms), greatest(terms)), at.epsilon) +
        1e-14 * p.length * greatest(terms.map(Math.abs)) +
        1e-40,
    );
  };

/** -log p of a class, by the sum without its greatest term. */
function crossEntropy(x: Row, at: number): number {
  const max = greatest(x),
    top = x.indexOf(max);
  return Math.log1p(sum(x.map((v, i) => (i === top ? 0 : Math.exp(v - max))))) + (max - x[at]!);
}

const lossOf: Reference = (at) => {
  const [x, target] = [at.in('scores'), at.in('target')];
  if (at.t !== 1 || !moderate(x) || !(at.c.arrays.target instanceof Int32Array) || !(target[0]! in x)) return undefined;
  const y = crossEntropy(x, target[0]!),
    // a difference of scores rounds: in f64 in this formula as well
    rounding =
      at.epsilon < 2 ** -30 ? at.epsilon * (greatest(x) - -greatest(x.map((v) => -v)) + 4) * y + 1e-300 : 1e-37;
  return all([y], 4 * ulpOf(y, at.epsilon) + rounding);
};

const lossGradientOf: Reference = (at) => {
  const [x, target] = [at.in('scores'), at.in('target')];
  if (at.t !== 1 || !moderate(x) || !(at.c.arrays.target instanceof Int32Array) || !(target[0]! in x)) return undefined;
  const { z, size } = scaled(x, 1),
    p = softmax(z),
    error = shareError(p, z, size, at.epsilon);
  const others = sum(p.filter((_, i) => i !== target[0]));
  return {
    values: p.map((v, i) => (i === target[0] ? -others : v)),
    within: error.map((e, i) => 2 * (i === target[0] ? Math.max(greatest(error), 4 * ulpOf(others, at.epsilon)) : e)),
  };
};

const logVjpOf: Reference = (at) => {
  const [logP, d] = [at.in('logSimplex'), at.in('gradient')];
  if (!ordinary(logP) || !moderate(d)) return undefined;
  const p = logP.map(Math.exp),
    kept = d.map((v, i) => (logP[i] === -Infinity ? 0 : v)),
    total = sum(kept);
  const size = greatest(kept.map((v, i) => Math.abs(v) + p[i]! * sum(kept.map(Math.abs)))) / at.t;
  if (!(size < 1e37)) return undefined;
  return all(
    kept.map((v, i) => (logP[i] === -Infinity ? 0 : (v - p[i]! * total) / at.t)),
    8 * at.epsilon * size + 1e-37,
  );
};

const logSumExpVjpOf: Reference = (at) => {
  const [x, [d]] = [at.in('scores'), at.in('gradientPerRow') as [number]];
  if (!ordinary(x) || !moderate([d]) || !(Math.abs(d / at.t) < 1e37)) return undefined;
  const { z, size } = scaled(x, at.t),
    p = softmax(z);
  return {
    values: p.map((v) => (v * d) / at.t),
    within: shareError(p, z, size, at.epsilon).map((e) => (2 * e * Math.abs(d)) / at.t + 1e-37),
  };
};

/** The score (l - max l) / T + g, rounded after each operation, and its first maximum. */
const gumbelMaxOf: Reference = ({ c, in: of, t, noise }) => {
  const l = of('scores'),
    max = greatest(l);
  const round = c.dtype === 'float32' ? Math.fround : (v: number): number => v;
  if (!ordinary(l) || l.some((v) => Math.abs(v) > 1e38 && v > -Infinity)) return undefined;
  const scores = l.map((v, i) => round(round(round(v - max) / t) + noise[i]!));
  return all([scores.indexOf(greatest(scores))], 0);
};

const raceOf: Reference = ({ in: of, noise, c }) => {
  const w = of('weights'),
    max = greatest(w);
  if (c.draws !== 1 || !w.every((v) => v >= 0 && v < Infinity) || max === 0) return undefined;
  const round = c.dtype === 'float32' ? Math.fround : (v: number): number => v;
  const times = w.map((v, i) => (v === 0 ? Infinity : round(noise[i]! / round(v / max))));
  return finite(times.filter((v) => v < Infinity))
    ? all([times.indexOf(-greatest(times.map((v) => -v)))], 0)
    : undefined;
};

/** softmax of ((l - max l) + g) / T: the scores' own errors count by how steep softmax is. */
const gumbelSoftmaxOf: Reference = ({ in: of, t, noise, alpha, c, epsilon }) => {
  const l = of('scores');
  if (!ordinary(l) || alpha !== 1 || l.some((v) => Math.abs(v) > 1e30 && v > -Infinity)) return undefined;
  const max = greatest(l);
  const { z } = scaled(
      l.map((v, i) => v - max + noise[i]!),
      t,
    ),
    p = softmax(z);
  const w = l.map((v, i) => (v === -Infinity ? 0 : (Math.abs(v - max) + Math.max(1, Math.abs(noise[i]!))) / t));
  const mean = sum(w.map((v, i) => v * p[i]!));
  const own = c.dtype === 'float64' ? 4 : 1;
  return {
    values: p,
    within: p.map((v, i) => 6 * own * (1 + w[i]! + mean) * ulpOf(v, epsilon) + (own > 1 ? 2 ** -1000 : 2 ** -100)),
  };
};

const gumbelSigmoidOf: Reference = ({ in: of, t, noise, epsilon, c }) => {
  const a = of('scores');
  if (!moderate(a)) return undefined;
  const z = a.map((v, i) => (v + noise[i]!) / t);
  const y = z.map((v) => (v < 0 ? Math.exp(v) / (1 + Math.exp(v)) : 1 / (1 + Math.exp(-v))));
  const own = c.dtype === 'float64' ? 4 : 1;
  return {
    values: y,
    within: y.map(
      (v, i) =>
        4 * own * (1 + (Math.abs(a[i]!) + Math.max(1, Math.abs(noise[i]!))) / t) * ulpOf(v, epsilon) +
        (own > 1 ? 2 ** -1000 : 2 ** -100),
    ),
  };
};

const logitOf: Reference = ({ in: of, t, noise, epsilon }) => {
  const a = of('scores');
  if (!moderate(a)) return undefined;
  return {
    values: a.map((v, i) => (v + noise[i]!) / t),
    within: a.map((v, i) => (4 * epsilon * (Math.abs(v) + Math.max(1, Math.abs(noise[i]!)))) / t + 1e-40),
  };
};

const factorials = (n: number): number => sum(Array.from({ length: n - 1 }, (_, i) => Math.log(i + 1)));

const expConcreteOf: Reference = ({ in: of, t, epsilon }) => {
  const [y, a] = [of('logSimplex'), of('scores')];
  if (!finite(y) || !moderate(a)) return undefined;
  const w = a.map((v, i) => v - t * y[i]!),
    n = w.length,
    max = greatest(w),
    lse = Math.log(sum(w.map((v) => Math.exp(v - max))));
  const terms = w.map((v) => v - max - lse);
  const value = factorials(n) + (n - 1) * Math.log(t) + sum(terms);
  const size = Math.max(
    Math.abs(value),
    (factorials(n) + (n - 1) * Math.abs(Math.log(t)) + sum(terms.map(Math.abs)) + sum(w.map(Math.abs))) / n,
  );
  return finite([value]) ? all([value], (epsilon < 2 ** -30 ? 1e-12 * n : 1e-6) * size + 1e-30) : undefined;
};

const logitDensityOf: Reference = ({ in: of, t, epsilon }) => {
  const z = of('scores');
  // the one array is both the value and the logits
  if (!moderate(z)) return undefined;
  const d = z.map((v) => v - t * v),
    y = d.map((v) => Math.log(t) - Math.abs(v) - 2 * Math.log1p(Math.exp(-Math.abs(v))));
  return {
    values: y,
    within: z.map((v) => 8 * epsilon * (Math.abs(Math.log(t)) + Math.abs(v) * (1 + t) + 1.5) * 1 + 1e-30),
  };
};

const one = (): number => 1;
const given = ({ alpha }: At): number => alpha;

const REFERENCES: Readonly<Record<string, Reference>> = {
  softmax: softmaxOf,
  logSoftmax: logSoftmaxOf,
  logSumExp: logSumExpOf,
  'logSumExp.vjp': logSumExpVjpOf,
  'logSoftmax.vjp': logVjpOf,
  'expConcrete.vjp': logVjpOf,
  argmax: ({ in: of }) => {
    const x = of('scores'),
      nan = x.findIndex(Number.isNaN);
    return all([nan >= 0 ? nan : x.indexOf(greatest(x))], 0);
  },
  hardmax: ({ in: of }) => {
    const x = of('scores'),
      at = x.indexOf(greatest(x));
    return all(
      x.map((_, i) => (x.some(Number.isNaN) ? NaN : Number(i === at))),
      0,
    );
  },
  supportSize: ({ in: of }) => all([of('simplex').filter((v) => v > 0).length], 0),
  'softmax.vjp': vjpOf('simplex', one),
  'entmax15.vjp': vjpOf('simplex', () => 1.5),
  'sparsemax.vjp': vjpOf('simplex', () => 2),
  'entmax.vjp': vjpOf('simplex', given),
  'gumbelSoftmax.vjp': vjpOf('simplex', given),
  'softmax.vjpTemperature': slopeOf(one),
  'entmax15.vjpTemperature': slopeOf(() => 1.5),
  'sparsemax.vjpTemperature': slopeOf(() => 2),
  'entmax.vjpTemperature': slopeOf(given),
  'gumbelSoftmax.vjpTemperature': slopeOf(given),
  'softmax.entropy': entropyOf(one),
  'entmax15.entropy': entropyOf(() => 1.5),
  'sparsemax.entropy': entropyOf(() => 2),
  'entmax.entropy': entropyOf(given),
  'softmax.loss': lossOf,
  'softmax.lossGradient': lossGradientOf,
  gumbelMax: gumbelMaxOf,
  exponentialRace: raceOf,
  gumbelSoftmax: gumbelSoftmaxOf,
  gumbelSigmoid: gumbelSigmoidOf,
  logitBinConcrete: logitOf,
  expConcreteLogProb: expConcreteOf,
  logitBinConcreteLogProb: logitDensityOf,
};

/** Maxes whose threshold has no formula: what makes a point of the simplex their value. */
const POWERS: Readonly<Record<string, (at: At) => number>> = {
  sparsemax: () => 2,
  entmax15: () => 1.5,
  entmax: given,
};

/** The conditions of Karush, Kuhn and Tucker of max <p, z> + H(p), each within what the error of p makes of it. */
function simplexFailure({ in: of, t, epsilon, c }: At, p: Row, alpha: number): string | undefined {
  const x = of('scores');
  if (!ordinary(x) || alpha === 1) return undefined;
  const own = c.dtype === 'float64',
    top = greatest(p),
    error = own ? 1e-12 * top : 4 * ulpOf(top, epsilon);
  const total = sum(p),
    slack = own ? 1e-14 * Math.max(1, p.length / 64) : 2 ** -22;
  if (!(Math.abs(total - 1) <= slack)) return `the sum is 1 + ${total - 1}`;
  const { z } = scaled(x, t);
  for (let i = 0; i < p.length; i++) {
    const [low, high] = [Math.max(0, p[i]! - error), p[i]! + error].map((v) => v ** (alpha - 1)) as [number, number];
    const [least, most] = [top - error, top + error].map((v) => v ** (alpha - 1) + (alpha - 1) * z[i]!) as [
      number,
      number,
    ];
    const rounding = 1e-13 * (1 + (alpha - 1) * Math.abs(z[i]! === -Infinity ? 0 : z[i]!));
    // off the support anything below 0 will do
    if (!(high >= least - rounding) || !(low <= Math.max(most, 0) + rounding))
      return `p = ${p[i]} at z = ${z[i]}, with max p = ${top}`;
  }
  return undefined;
}

const NOISE: Readonly<Record<string, string>> = {
  gumbelMax: 'gumbel',
  gumbelSoftmax: 'gumbel',
  exponentialRace: 'exponential',
  gumbelSigmoid: 'logistic',
  logitBinConcrete: 'logistic',
};

/** The first row in which a result is not what the formula says; undefined where all are. */
export function referenceFailure(c: Case, output: Output, library: Library): string | undefined {
  const { name, rows, op, alpha, dtype } = c;
  if (rows * c.n === 0) return undefined;
  const reference = REFERENCES[name],
    power = POWERS[name];
  const t = op.options.includes('temperature') ? (dtype === 'float32' ? Math.fround(c.temperature) : c.temperature) : 1;
  if ((reference === undefined && power === undefined) || !(t > 0 && t < Infinity)) return undefined;
  const kind = NOISE[name];
  const noise: Numbers | undefined = kind && library.random[kind](c.key ?? library.key(c.seed), rows * c.n, { dtype });
  const rowOf = (array: Numbers, r: number): number[] => {
    const width = array.length / rows;
    return Array.from(array.subarray(r * width, (r + 1) * width));
  };
  const epsilon = dtype === 'float32' ? 2 ** -23 : 2 ** -52,
    round = dtype === 'float32' ? Math.fround : (v: number): number => v; // also to Infinity
  for (let r = 0; r < rows; r++) {
    const at: At = {
      c,
      t,
      alpha,
      epsilon,
      in: (data) => rowOf(c.arrays[data]!, r),
      noise: noise ? rowOf(noise, r) : [],
    };
    const got = rowOf(output[0]!, r);
    if (power !== undefined) {
      const failure = simplexFailure(at, got, power(at));
      if (failure !== undefined) return `row ${r}: ${failure}`;
      continue;
    }
    const expected = reference!(at);
    if (expected === undefined) continue;
    const wrong = got.findIndex((v, i) => {
      const [wanted, within] = [expected.values[i]!, expected.within[i]!];
      return !Object.is(v, round(wanted)) && !(Math.abs(v - wanted) <= within);
    });
    if (wrong >= 0)
      return `row ${r}, ${wrong}: ${got[wrong]}, by the formula ${expected.values[wrong]} +- ${expected.within[wrong]}`;
  }
  return undefined;
}
