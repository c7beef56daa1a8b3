/** The family by its definitions in 200 bits: no code of the package, and nothing that cancels or overflows. */
import { type Big, big, greatest, log, minus, number, one, over, plus, power, sign, size, sum, times, zero } from './big.ts'; // prettier-ignore

/** The weights of a max: s = p^(2 - alpha) on the support. */
const weightsOf = (p: readonly Big[], alpha: number): Big[] =>
  p.map((v) => (v.m === 0n ? zero : alpha === 1 ? v : power(v, minus(big(2), big(alpha)))));

/**
 * The vector-Jacobian product at p, s (dp - mean) / T with the mean under s, dp counted from where s is greatest; and the
 * greatest term of the row, of s |dp| / T and s |mean| / T.
 */
export function exactGradient(
  p: readonly Big[],
  dp: readonly number[],
  alpha: number,
  temperature: number,
): { dx: Big[]; term: Big } {
  const s = weightsOf(p, alpha),
    T = big(temperature),
    most = greatest(s);
  const centre = big(dp[s.findIndex((v) => sign(minus(most, v)) === 0)]!),
    d = dp.map((v, i) => (s[i]!.m === 0n ? zero : minus(big(v), centre)));
  const mean = over(sum(s.map((v, i) => times(v, d[i]!))), sum(s));
  return {
    dx: s.map((v, i) => over(times(v, minus(d[i]!, mean)), T)),
    term: over(greatest(s.flatMap((v, i) => [size(times(v, d[i]!)), size(times(v, mean))])), T),
  };
}

/** The same in numbers. */
export function exactVjp(
  p: readonly number[],
  dp: readonly number[],
  alpha: number,
  temperature: number,
): { exact: number[]; term: number } {
  const { dx, term } = exactGradient(p.map(big), dp, alpha, temperature);
  return { exact: dx.map(number), term: number(term) };
}

/**
 * alpha-entmax, alpha > 1: u_i = d (z_i - z_least) + v, p_i = u_i^(1 / d), by Newton's iteration in a bracket on v for
 * d <= 1, on the least positive p, r = v^(1 / d), above. Equal scores are taken once. What it gives is checked against the
 * definition.
 */
export function exactEntmax(x: readonly number[], alpha: number, temperature: number): Big[] {
  const d = minus(big(alpha), one),
    c = over(one, d),
    T = big(temperature),
    byBase = alpha <= 2;
  const counts = new Map<number, number>();
  for (const v of x) counts.set(v + 0, (counts.get(v + 0) ?? 0) + 1);
  // descending, with how many there are of each
  const classes = [...counts].filter(([v]) => v > -Infinity).sort(([a], [b]) => b - a);
  const sorted = classes.map(([v, count]) => ({ u: over(times(d, big(v)), T), count: big(count) }));
  const total = (values: readonly Big[]): Big => sum(values.map((v, i) => times(v, sorted[i]!.count)));
  const at = (v: Big, base: Big): Big => power(plus(v, base), c);
  // the support: the classes that have mass when no other class below has any; the sum ascends with k
  const within = (k: number): boolean =>
    sign(minus(total(sorted.slice(0, k).map(({ u }) => at(minus(u, sorted[k - 1]!.u), zero))), one)) < 0;
  let [k, outside] = [1, sorted.length + 1];
  while (outside - k > 1) {
    const middle = (k + outside) >> 1;
    if (within(middle)) k = middle;
    else outside = middle;
  }
  const least = sorted[k - 1]!.u,
    above = sorted.slice(0, k).map(({ u }) => minus(u, least));
  const even = over(one, total(above.map(() => one)));
  let [low, high] = [zero, byBase ? power(even, d) : even],
    r = high;
  const baseOf = (v: Big): Big => (byBase ? v : power(v, d));
  for (let step = 0; step < 500; step++) {
    const base = baseOf(r),
      p = above.map((v) => at(v, base)),
      mass = total(p);
    if (sign(minus(mass, one)) > 0) high = r;
    else low = r;
    const slope = byBase
      ? times(c, total(p.map((v) => power(v, minus(one, d)))))
      : total(p.map((v) => power(over(r, v), minus(d, one))));
    // on the logarithm of the sum, which may be of any size; by halves now and then, for what Newton does not take
    let next = minus(r, over(times(mass, log(mass)), slope));
    if (step % 8 === 7 || sign(minus(next, low)) < 0 || sign(minus(high, next)) < 0)
      next = over(plus(low, high), big(2));
    const change = size(minus(next, r));
    r = next;
    if (sign(minus(times(change, big(2 ** 160)), r)) < 0) break;
  }
  const base = baseOf(r);
  const p = sorted.map(({ u }) => {
    const b = plus(minus(u, least), base);
    return sign(b) > 0 ? power(b, c) : zero;
  });
  if (!(Math.abs(number(minus(total(p), one))) < 2 ** -80)) throw Error(`not on the simplex: ${x}`);
  const found = new Map(classes.map(([v], i) => [v, p[i]!]));
  return x.map((v) => found.get(v + 0) ?? zero);
}
