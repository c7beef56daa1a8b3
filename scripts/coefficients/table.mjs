import { central, exp, fromNumber, log, log1pOfS, mul, ONE, sqrt, toNumber } from './fixed_point.mjs';

// The table of the polynomials.
//
// An entry approximates value(x) by base(x) + lead(x) (c_0 + c_1 step(x) + c_2 step(x)^2 + ...), `terms` coefficients,
// on the interval, with the largest |error| / scale(x) as small as it can be.

const EXP = {
  value: exp,
  // The bound counts ULPs, so exp(r) in [1/2, 1) weighs double. Measured over every f32 from -87 to 0: 0.9860 ULP with
  // this scale, 0.9886 with exp(r) itself.
  scale: (r) => (r < 0n ? ONE / 2n : ONE),
  unit: 'of the power of two at or below exp(r)',
  base: (r) => ONE + r,
  lead: (r) => mul(r, r),
  step: (r) => r,
  // ln2 / 2 = 0.346574, and a little where x log2(e) rounds across a half: 0.346577 measured over every f32 from -87.
  interval: [-0.3466, 0.3466],
  variable: 'r',
  form: 'exp(r) = 1 + (r + r^2 q(r)), q(r) = sum of NAME[j] r^j',
};

/**
 * Exponentials whose factor does not matter: K exp(r), K so that the fit of degree 5 begins with r^5 itself, which saves
 * the product with its coefficient. Relative error, as all of them are divided by their sum. Of the K near the best one, it is one
 * with which a product with the float32 at 1 / sum is right to the last bit for zeros up to n = 32, and for two equal logits, whole
 * numbers up to 5 and 10 and many more: softmax gives 1 / 2 there.
 */
const POWER = {
  ...EXP,
  factor: 120.584891,
  value: (r) => mul(fromNumber(POWER.factor), exp(r)),
  scale: (r) => POWER.value(r),
  unit: 'of K exp(r)',
  base: (r) => mul(mul(mul(r, r), mul(r, r)), r),
  lead: () => ONE,
  form: 'K exp(r) = r^5 + the sum of NAME[j] r^j, K = NAME_FACTOR',
};

/** The same of powers of two, of which a bound is enough: K for a fit of degree 3. */
const WEIGHT = {
  ...POWER,
  factor: 18.12546,
  value: (f) => mul(fromNumber(WEIGHT.factor), exp(mul(f, log(2n * ONE)))),
  scale: (f) => WEIGHT.value(f),
  unit: 'of K 2^f',
  base: (f) => mul(f, mul(f, f)),
  interval: [-0.5, 0.5],
  variable: 'f',
  form: 'K 2^f = f^3 + the sum of NAME[j] f^j, K = NAME_FACTOR',
};

const PHI = {
  ...EXP,
  scale: (t) => mul(t, t),
  unit: 'of t^2',
  interval: [-1, 1],
  variable: 't',
  form: 'exp(t) = 1 + t + t^2 phi(t), phi(t) = sum of NAME[j] t^j',
};

const LOG = {
  value: log1pOfS,
  scale: log1pOfS,
  unit: 'of log1p(f)',
  base: (s) => 2n * s, // = f - s f
  lead: (s) => mul(s, mul(s, s)),
  step: (s) => mul(s, s),
  // f from sqrt(1/2) - 1 to sqrt(2) - 1 is |s| <= 0.171573. The relative error is even in s and vanishes as s^2, so
  // positive s will do, and the lower end only keeps 0 / 0 out.
  interval: [2 ** -12, 0.1716],
  variable: 's',
  form: 'log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = z times the sum of NAME[j] z^j',
};

/**
 * The normal quantile y = Q(v) > 0: a = 1 - 2 v = P(|N(0, 1)| < y), w = -log(4 v (1 - v)) = -log(1 - a^2). The fits walk
 * over y, from which a and w follow, so that nothing has to be inverted. The intervals overlap a little where w = 4.5 and
 * v = 2^-24; 4.5 balances the terms (f64: 20 and 20), 2.25, 3 and 5.25 are the middles (NORMAL_... in src/shared/random.ts).
 */
const parts = new Map();
function partsOf(y) {
  if (!parts.has(y)) {
    const a = central(y);
    const w = -log(mul(ONE - a, ONE + a));
    parts.set(y, { a, w, s: sqrt(w) });
  }
  return parts.get(y);
}

const NORMAL = {
  value: (y) => y,
  scale: (y) => y,
  unit: 'of y',
  base: () => 0n,
  variable: 'y',
};

const NORMAL_CENTRE = {
  ...NORMAL,
  lead: (y) => partsOf(y).a,
  step: (y) => partsOf(y).w - fromNumber(2.25),
  interval: [2 ** -12, 2.78], // w up to 4.5
  form: 'y = a P(w - 2.25), P(t) = sum of NAME[j] t^j',
};

const NORMAL_TAIL = {
  ...NORMAL,
  lead: () => ONE,
  step: (y) => partsOf(y).s - fromNumber(3),
  interval: [2.77, 5.295], // w from 4.5 to 15.25, v from 2^-24
  form: 'y = P(sqrt(w) - 3), P(t) = sum of NAME[j] t^j',
};

const NORMAL_FAR = {
  ...NORMAL,
  lead: () => ONE,
  step: (y) => partsOf(y).s - fromNumber(5.25),
  interval: [5.29, 9.16], // v from 2^-65 to 2^-24
  form: 'y = P(sqrt(w) - 5.25), P(t) = sum of NAME[j] t^j',
};

/** For what needs no more: the w of normals. */
const LOG_SHORT = {
  ...LOG,
  base: () => 0n,
  lead: (s) => s,
  form: 'log1p(f) = s times the sum of NAME[j] z^j, s = f / (2 + f), z = s^2',
};

const F32 = { dtype: 'f32', round: (a) => Math.fround(toNumber(a)) };
const F64 = { dtype: 'f64', round: toNumber };

export const POLYNOMIALS = [
  { name: 'EXP_F32', ...EXP, ...F32, terms: 5 },
  { name: 'EXP_F64', ...EXP, ...F64, terms: 10 }, // 10 leave 2^-57.3 = 0.025 ULP
  { name: 'POWER_F32', ...POWER, ...F32, terms: 5 },
  { name: 'WEIGHT_F32', ...WEIGHT, ...F32, terms: 3 },
  { name: 'PHI_F32', ...PHI, ...F32, terms: 8 },
  { name: 'PHI_F64', ...PHI, ...F64, terms: 15 },
  { name: 'LOG_F32', ...LOG, ...F32, terms: 3 },
  { name: 'LOG_F64', ...LOG, ...F64, terms: 7 },
  { name: 'LOG_RATIO', ...LOG, ...F64, terms: 3, interval: [2 ** -12, 0.2003] }, // f up to 1/2
  { name: 'LOG_SHORT_F32', ...LOG_SHORT, ...F32, terms: 3 },
  { name: 'NORMAL_CENTRE_F32', ...NORMAL_CENTRE, ...F32, terms: 9 },
  { name: 'NORMAL_CENTRE_F64', ...NORMAL_CENTRE, ...F64, terms: 20 },
  { name: 'NORMAL_TAIL_F32', ...NORMAL_TAIL, ...F32, terms: 8 },
  { name: 'NORMAL_TAIL_F64', ...NORMAL_TAIL, ...F64, terms: 20 },
  { name: 'NORMAL_FAR_F32', ...NORMAL_FAR, ...F32, terms: 7 },
  { name: 'NORMAL_FAR_F64', ...NORMAL_FAR, ...F64, terms: 18 },
];
