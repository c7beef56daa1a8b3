/** What the ops on rows give, in 200 bits: values with the size that the error of each is measured by. */
import { type Big, big, compare, exp, expm1, greatest, log, log1p, minus, negative, one, over, plus, size, sum, times, zero } from './big.ts'; // prettier-ignore
import { exactEntmax, exactGradient } from './exact.ts';

/** One value and its size. */
export interface Exact {
  readonly value: Big | number;
  readonly size: Big;
}

type Row = readonly number[];

const of = (value: Big, by = size(value)): Exact => ({ value, size: by });
const at = <V>(values: readonly V[], i: number): V => values[i]!;

interface Softmax {
  /** (x - max) / T; undefined where masked. */
  readonly z: readonly (Big | undefined)[];
  readonly p: readonly Big[];
  /** log p, with the relative precision of its own. */
  readonly logP: readonly (Big | undefined)[];
  readonly max: Big;
  /** log of the sum of exp z */
  readonly logTotal: Big;
}

/** Of a row with a finite entry and without Infinity. */
export function exactSoftmax(x: Row, temperature: number): Softmax {
  const most = x.reduce((a, b) => Math.max(a, b)),
    top = x.indexOf(most),
    max = big(most),
    t = big(temperature);
  const z = x.map((v) => (v > -Infinity ? over(minus(big(v), max), t) : undefined)),
    e = z.map((v) => (v === undefined ? zero : exp(v)));
  const rest = sum(e.filter((_, i) => i !== top)),
    logTotal = log1p(rest),
    total = plus(one, rest);
  return {
    z,
    p: e.map((v) => over(v, total)),
    logP: z.map((v) => v && minus(v, logTotal)),
    max,
    logTotal,
  };
}

export const softmaxValues = (x: Row, t: number): Exact[] => exactSoftmax(x, t).p.map((v) => of(v));

export const logSoftmaxValues = (x: Row, t: number): Exact[] =>
  exactSoftmax(x, t).logP.map((v) => (v === undefined ? { value: -Infinity, size: zero } : of(v)));

/** The greater of the result and the term max / T: the two may cancel. */
export function logSumExpValues(x: Row, temperature: number): Exact[] {
  const { max, logTotal } = exactSoftmax(x, temperature),
    first = over(max, big(temperature));
  return [of(plus(first, logTotal), greatest([size(first), logTotal]))];
}

/** log p of points given by p, with 1 - p of the greatest as the sum of the others. */
function logsOf(p: readonly Big[]): (Big | undefined)[] {
  const most = greatest(p),
    top = p.findIndex((v) => compare(v, most) === 0);
  const rest = sum(p.filter((_, i) => i !== top));
  return p.map((v, i) => (v.m === 0n ? undefined : i === top ? log1p(negative(rest)) : log(v)));
}

/** The terms of the Tsallis entropy: p (1 - p^d) / (alpha d), d = alpha - 1; -p log p at d = 0. */
function entropyTerms(p: readonly Big[], logs: readonly (Big | undefined)[], alpha: number): Big[] {
  const d = minus(big(alpha), one);
  return p.map((v, i) => {
    const l = logs[i];
    if (l === undefined) return zero;
    return d.m === 0n ? negative(times(v, l)) : negative(over(times(v, expm1(times(d, l))), times(big(alpha), d)));
  });
}

/** H of the given p, measured by the greater of itself and its greatest term. */
export function entropyValues(p: Row, alpha: number): Exact[] {
  const exact = p.map(big);
  const terms = entropyTerms(exact, exact.map((v) => (v.m === 0n ? undefined : log(v))), alpha); // prettier-ignore
  const value = sum(terms);
  return [of(value, greatest([size(value), ...terms.map(size)]))];
}

const known = new Map<string, readonly Big[]>();

/** The max of a row, softmax at alpha = 1. What was asked once is kept. */
export function exactMax(x: Row, alpha: number, temperature: number): readonly Big[] {
  const question = `${alpha} ${temperature} ${x}`;
  const p = known.get(question) ?? (alpha === 1 ? exactSoftmax(x, temperature).p : exactEntmax(x, alpha, temperature));
  known.set(question, p);
  return p;
}

export function maxValues(x: Row, alpha: number, temperature: number): Exact[] {
  const p = exactMax(x, alpha, temperature),
    most = greatest(p);
  return p.map((value) => of(value, most));
}

/** The Fenchel-Young loss at a class, measured by itself: sum p_i (x_i - x_class) + H(p). */
export function lossValues(x: Row, target: number, alpha: number): Exact[] {
  if (x[target] === -Infinity) return [{ value: Infinity, size: zero }];
  if (alpha === 1) {
    const { max, logTotal } = exactSoftmax(x, 1);
    return [of(plus(minus(max, big(at(x, target))), logTotal))];
  }
  const p = exactMax(x, alpha, 1),
    label = big(at(x, target));
  const linear = p.map((v, i) => (v.m === 0n ? zero : times(v, minus(big(at(x, i)), label))));
  return [of(plus(sum(linear), sum(entropyTerms(p, logsOf(p), alpha))))];
}

/** p - y at a class: there the sum of the others, negated. */
export function lossGradientValues(x: Row, target: number, alpha: number): Exact[] {
  const p = exactMax(x, alpha, 1),
    most = alpha === 1 ? zero : greatest(p);
  const others = negative(sum(p.filter((_, i) => i !== target)));
  return p.map((v, i) => (i === target ? of(others, greatest([most, size(others)])) : of(v, greatest([most, v]))));
}

/** dx of a max at the given p, measured by the greatest term of the row. */
export function vjpValues(p: Row, dp: Row, alpha: number, temperature: number): Exact[] {
  const { dx, term } = exactGradient(p.map(big), dp, alpha, temperature);
  return dx.map((value) => of(value, term));
}

/**
 * sum dp_i ((p_i - q_i) / d^2 - (p_i log p_i - q_i sum p log p) / d), p renormalised, q its weights, d = alpha - 1: with
 * L = log p, f = expm1(-d L) / d, g = (expm1(-d L) + d L) / d^2 (-L and L^2 / 2 at d = 0) and F, M, G the means of f, L, g,
 * it is sum dp p (G - g - F L + M f) / (1 + d F), which cancels nowhere. Measured by the greatest part.
 */
export function vjpAlphaValues(p: Row, dp: Row, alpha: number): Exact[] {
  if (p.filter((v) => v > 0).length < 2) return [of(zero)];
  const d = minus(big(alpha), one),
    total = sum(p.map(big)),
    kept = p.flatMap((v, i) => (v > 0 ? [{ p: over(big(v), total), dp: big(at(dp, i)) }] : []));
  const parts = kept.map(({ p: v, dp: slope }) => {
    const l = log(v),
      t = negative(times(d, l));
    const f = d.m === 0n ? negative(l) : over(expm1(t), d),
      g = d.m === 0n ? over(times(l, l), big(2)) : over(minus(expm1(t), t), times(d, d));
    return { weight: times(v, slope), p: v, l, f, g };
  });
  const mean = (member: 'l' | 'f' | 'g'): Big => sum(parts.map((part) => times(part.p, part[member])));
  const [F, M, G] = [mean('f'), mean('l'), mean('g')],
    scale = plus(one, times(d, F));
  const terms = parts.map(({ weight, l, f, g }) =>
    [G, negative(g), negative(times(F, l)), times(M, f)].map((part) => over(times(weight, part), scale)),
  );
  return [of(sum(terms.flat()), greatest(terms.flat().map(size)))];
}

/** (d - p sum d) / T of the given log p: masked entries are left out and get 0. Measured by the greatest term. */
export function logSoftmaxVjpValues(logP: Row, d: Row, temperature: number): Exact[] {
  const t = big(temperature),
    kept = d.map((v, i) => (at(logP, i) === -Infinity ? zero : big(v))),
    total = sum(kept);
  const parts = logP.map((l, i) => (l === -Infinity ? [zero, zero] : [at(kept, i), times(exp(big(l)), total)]) as [Big, Big]); // prettier-ignore
  const most = over(greatest(parts.flat().map(size)), t);
  return parts.map(([own, mean]) => of(over(minus(own, mean), t), most));
}

/** -sum of log p (d - p sum d) / T at the given log p, measured by the sum of the absolute values of log p d / T and log p p sum d / T. */
export function logSoftmaxSlopeValues(logP: Row, d: Row, temperature: number): Exact[] {
  const t = big(temperature),
    kept = d.map((v, i) => (at(logP, i) === -Infinity ? zero : big(v))),
    total = sum(kept);
  const terms = logP.flatMap((l, i) =>
    l === -Infinity ? [] : [kept[i]!, negative(times(exp(big(l)), total))].map((v) => over(times(big(l), v), t)),
  );
  // a p below 2^-125 of float32 is 0
  return [of(negative(sum(terms)), greatest([sum(terms.map(size)), over(big(2 ** -96), t)]))];
}

/** -d sum p x / T^2, p the softmax of x / T; measured by the sum of the terms' absolute values. */
export function logSumExpSlopeValues(x: Row, d: number, temperature: number): Exact[] {
  const t = big(temperature),
    scale = over(big(d), times(t, t));
  const terms = exactSoftmax(x, temperature).p.map((v, i) => (at(x, i) === -Infinity ? zero : times(times(v, big(at(x, i))), scale))); // prettier-ignore
  return [of(negative(sum(terms)), sum(terms.map(size)))];
}

/**
 * -sum w dx of a max at the given p, w = (p^(alpha-1) - 1) / (alpha - 1), log p at alpha = 1; measured by the sum of the
 * terms' absolute values.
 */
export function vjpTemperatureValues(p: Row, dp: Row, alpha: number, temperature: number): Exact[] {
  const d = minus(big(alpha), one);
  const terms = vjpValues(p, dp, alpha, temperature).map(({ value }, i) => {
    if (at(p, i) === 0) return zero;
    const l = log(big(at(p, i)));
    return times(d.m === 0n ? l : over(expm1(times(d, l)), d), value as Big);
  });
  return [of(negative(sum(terms)), sum(terms.map(size)))];
}

/** -d (w + 1 / alpha), w = (p^(alpha-1) - 1) / (alpha-1), log p at alpha = 1; measured by d times the greater term. */
export function entropyVjpValues(p: Row, d: number, alpha: number): Exact[] {
  const a = big(alpha),
    e = minus(a, one),
    by = big(d);
  return p.map((v) => {
    if (v === 0) {
      if (alpha === 1) return { value: d * Infinity, size: zero };
      return of(over(by, times(a, e)), over(size(by), e));
    }
    const l = log(big(v));
    if (e.m === 0n) return of(negative(times(by, plus(one, l))), times(size(by), greatest([one, size(l)])));
    const w = over(expm1(times(e, l)), e),
      rest = over(one, a);
    return of(negative(times(by, plus(w, rest))), times(size(by), greatest([size(w), rest])));
  });
}

export function logSumExpVjpValues(x: Row, d: number, temperature: number): Exact[] {
  const { p } = exactSoftmax(x, temperature),
    scale = over(big(d), big(temperature));
  return p.map((v) => of(times(v, scale)));
}

/** -log p of a class as itself, of a Categorical. */
export function classLogProb(logits: Row, value: number): Exact {
  const l = value in logits ? exactSoftmax(logits, 1).logP[value] : undefined;
  return l === undefined ? { value: -Infinity, size: zero } : of(l);
}

/** Of logits: H, measured by the greater of itself and its greatest term. */
export function shannonOfLogits(logits: Row): Exact {
  const { p, logP } = exactSoftmax(logits, 1);
  const terms = entropyTerms(p, logP, 1),
    value = sum(terms);
  return of(value, greatest([value, ...terms]));
}

/** KL of two rows of logits: sum of p (expm1(-d) + d), d = log p - log q; where q has no mass, Infinity. */
export function klOfLogits(a: Row, b: Row): Exact {
  const p = exactSoftmax(a, 1),
    q = exactSoftmax(b, 1);
  if (p.logP.some((v, i) => v !== undefined && q.logP[i] === undefined)) return { value: Infinity, size: zero };
  const d = p.logP.map((v, i) => (v === undefined ? zero : minus(v, q.logP[i]!)));
  const terms = d.map((v, i) => (p.p[i]!.m === 0n ? q.p[i]! : times(p.p[i]!, plus(expm1(negative(v)), v))));
  return of(sum(terms));
}
