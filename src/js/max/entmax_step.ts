import * as c from '../../shared/constants.ts';
import * as Double from '../math/double.ts';

/** (u - 1) / u, in f64. */
export function partOf(z: number, slope: number): number {
  const product = z * slope,
    u = 1 + product;
  return product / (u < c.LEAST_NORMAL_F32 ? c.LEAST_NORMAL_F32 : u);
}

const fifthPower = (x: number): number => x * x * (x * x) * x;

/** The next root, whether this is the last step, whether a root is below what is solved for, factors of p in powers of q. */
type Step = [root: number, done: boolean, passed: boolean, factors: number[]];

/**
 * A step from a root, by the sums S, Q, D, T, V, W of p, p q, ..., p q^5, q = (u - 1) / u.
 *
 * With root / next = 1 + eta, u becomes u (1 + eta q): p becomes p (1 + eta q)^c, whose binomial series, in k = c eta,
 * is taken up to the fourth order, at the root of which sum p = root^-c by the cumulants of q. No p is computed anew for it, and
 * the fifth order, k^5 W, tells what it leaves: a class near the edge of the support, where q is great, shows there.
 * Far from the root Newton's step is taken instead, on the norm of the bases, which is convex: it comes from above. The others end
 * above the root too, so that no class enters the support; where one has passed it, because classes left, Newton's steps alone
 * go on. The last step is also one whose excess of the root is small; what is left of that is an error of the greatest p of at
 * most min(c, log n) times the excess.
 */
export function stepOf(sums: readonly number[], root: number, d: number, passed: boolean): Step {
  const [S, Q, D, T, V, W] = sums as [number, number, number, number, number, number];
  const c2 = (1 - d) * 0.5,
    c3 = (1 - 2 * d) * c.THIRD,
    c4 = (1 - 3 * d) * 0.25;
  const over = root - Double.pow(S, -d),
    fifth = S * fifthPower(d) - W;
  let k = (root / (root - (S * over) / (S - Q)) - 1) / d;
  const reach = k * c.ENTMAX_ABOVE;
  passed ||= over < 0;
  const small = !passed && fifthPower(k) * fifth <= S * (c.ENTMAX_NEAR < reach ? c.ENTMAX_NEAR : reach);
  if (small) {
    const g = Double.log1p(-(over / root)) / d,
      m1 = Q / S,
      m2 = (c2 * D) / S,
      m3 = (c2 * c3 * T) / S,
      m4 = (c2 * c3 * c4 * V) / S,
      square = m1 * m1;
    const A = m1 - 1,
      B = m2 - square * 0.5 + d * 0.5,
      C = m3 - m1 * m2 + (square * m1 - d * d) * c.THIRD,
      E = m4 - m1 * m3 - 0.5 * (m2 * m2) + (square * m2 - (square * square - d * d * d) * 0.25);
    for (let i = 0; i < 2; i++) {
      const t = k * E,
        u = C + t,
        v = B + k * u,
        h = A + k * v;
      k -= (k * h - g) / (h + k * (v + k * (u + t)));
    }
  }
  const left = fifthPower(k) * fifth,
    f1 = small ? k * c2 : 0,
    f2 = f1 * (k * c3),
    f3 = f2 * (k * c4);
  const scale = 1 / (S + k * (Q + (f1 * D + (f2 * T + f3 * V)))),
    first = scale * k,
    rest = small ? ((d * left) / S) * c.ENTMAX_ABOVE : 0;
  const last = small && left <= (d > 0.2 ? 1 : S) * c.ENTMAX_LEFT;
  return [
    (root / (1 + k * d)) * (1 + rest),
    last || !(Math.abs(over) >= root * (c.ENTMAX_EXCESS_F32 * (1 + 16 * d))),
    passed,
    [first * f3, first * f2, first * f1, first, scale],
  ];
}
