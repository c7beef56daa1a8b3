/** Rows by their formulas, over any arithmetic. No code of the package. */
import { type Arithmetic, doubles } from './arithmetic.ts';

export function sum<V>(a: Arithmetic<V>, values: Iterable<V>): V {
  const total = a.adder();
  for (const value of values) total.add(value);
  return total.value();
}

/** The greatest of the values and (value - greatest) / T. */
function centre<V>(a: Arithmetic<V>, values: readonly V[], temperature: number): { max: V; z: V[] } {
  const max = values.reduce((m, v) => (v > m ? v : m));
  const t = a.of(temperature);
  return { max, z: values.map((v) => a.over(a.minus(v, max), t)) };
}

interface Softmax<V> {
  readonly z: V[];
  readonly p: V[];
  readonly logP: V[];
  readonly logSumExp: V;
}

export function softmax<V>(a: Arithmetic<V>, x: readonly V[], temperature: number): Softmax<V> {
  const { max, z } = centre(a, x, temperature);
  const e = z.map((v) => a.exp(v));
  // log sum = log1p of the sum without the maximum, whose exponential is 1
  const top = z.indexOf(a.of(0));
  const total = sum(a, e);
  const log = a.log1p(sum(a, e.toSpliced(top, 1)));
  return {
    z,
    p: e.map((v) => a.over(v, total)),
    logP: z.map((v) => a.minus(v, log)),
    logSumExp: a.plus(a.over(max, a.of(temperature)), log),
  };
}

/** [z - t]+: the support is the longest prefix of the sorted z with 1 + k z_k > z_1 + ... + z_k (Martins and Astudillo 2016). */
export function sparsemax<V>(a: Arithmetic<V>, x: readonly V[], temperature: number): V[] {
  const { z } = centre(a, x, temperature);
  const sorted = z.toSorted((u, v) => (u < v ? 1 : u > v ? -1 : 0));
  const total = a.adder();
  let threshold = a.of(0);
  for (let k = 1; k <= sorted.length; k++) {
    const zk = sorted[k - 1]!;
    total.add(zk);
    if (a.plus(a.of(1), a.times(a.of(k), zk)) <= total.value()) break;
    threshold = a.over(a.minus(total.value(), a.of(1)), a.of(k));
  }
  return z.map((v) => (v > threshold ? a.minus(v, threshold) : a.of(0)));
}

const factorials = new WeakMap<object, Map<number, unknown>>();

/** log (n-1)! as a sum of logarithms. */
function logFactorial<V>(a: Arithmetic<V>, n: number): V {
  const known = (factorials.get(a) ?? factorials.set(a, new Map()).get(a)!) as Map<number, V>;
  let value = known.get(n);
  if (value === undefined) {
    const total = a.adder();
    for (let k = 2; k < n; k++) total.add(a.log(a.of(k)));
    known.set(n, (value = total.value()));
  }
  return value;
}

/** The ExpConcrete log-density, and the mean of its absolute terms: what its error is measured by. */
export function expConcreteLogProb<V>(
  a: Arithmetic<V>,
  logY: readonly V[],
  logits: readonly V[],
  temperature: number,
): { value: V; term: number } {
  const n = logits.length,
    t = a.of(temperature);
  const w = logits.map((l, i) => a.minus(l, a.times(t, logY[i]!)));
  const { max, z } = centre(a, w, 1);
  // n log sum exp w = n max + n log sum exp z, and sum w - n max = sum z
  const logSum = a.log(sum(a, z.map((v) => a.exp(v)))); // prettier-ignore
  const constant = [logFactorial(a, n), a.times(a.of(n - 1), a.log(t))];
  const value = sum(a, [...constant, ...z, a.minus(a.of(0), a.times(a.of(n), logSum))]);
  const lse = a.times(a.of(n), a.plus(max, logSum));
  const term = sum(doubles, [...constant, ...w, lse].map((v) => Math.abs(a.number(v)))) / n; // prettier-ignore
  return { value, term };
}
