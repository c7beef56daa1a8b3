import * as c from '../../shared/constants.ts';
import { doubles } from '../lane.ts';
import * as Double from '../math/double.ts';
import * as Maxes from './maxes.ts';
import * as Sparse from './sparse.ts';

/** (1 + x)^(1 / d) as exp(log1p(x) / d), 0 where x <= -1; d = alpha - 1. */
function power(x: number, alpha: number): number {
  return x > -1 ? Double.exp(Double.log1p(x) / (alpha - 1)) : 0;
}

/** q^-d, as far as f64 goes: what is 0 stays 0 when multiplied by it. */
function scaleOf(q: number, alpha: number): number {
  return Math.min(Double.exp(-((alpha - 1) * Double.log(q))), c.GREATEST_F64);
}

/**
 * [(alpha - 1) z - t]+^(1 / (alpha - 1)) with sum 1 (Peters, Niculae and Martins 2019), d = alpha - 1, in forms that lose
 * nothing where that one does:
 *
 * - alpha <= 2: p = (1 + d (z - m))+^(1 / d), t = d m - 1, which goes over to softmax as d -> 0. Newton's iteration from
 *   m = 0 on the norm of the bases, which is convex, so that it comes from the left.
 * - above: p = q (1 + d z / q^d)+^(1 / d), t = -q^d, by the greatest p itself: the bases are as small as n^-d. Newton's
 *   iteration in a bracket from q = 1, since p is steep at 0: a step that leaves it is replaced by its middle.
 *
 * The result is m, or q.
 */
function threshold(z: number, end: number, alpha: number): number {
  const d = alpha - 1;
  let m = 0,
    q = 1,
    low = 1 / (end - z),
    high = 1;
  for (let step = 0; step < c.ENTMAX_STEPS; step++) {
    const s = [0, 0, 0, 0],
      w = [0, 0, 0, 0],
      scale = scaleOf(q, alpha);
    for (let p = z; p < end; p++) {
      const x = d * (doubles[p]! - m) * scale,
        y = power(x, alpha),
        lane = (p - z) % 4;
      s[lane]! += y;
      if (y > 0) w[lane]! += y / (1 + x);
    }
    const sum = Sparse.total(s),
      weights = Sparse.total(w);
    if (d <= 1) {
      const next = m - (sum * Double.expm1(-d * Double.log(sum))) / (d * weights);
      if (!(next > m)) return m;
      m = next;
    } else {
      const excess = q * sum - 1;
      if (excess > 0) high = q;
      else low = q;
      let next = q - excess / weights;
      if (next === q) return q;
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (next === low || next === high) return next;
      q = next;
    }
  }
  return d <= 1 ? m : q;
}

function of(z: number, at: number, alpha: number): number {
  const d = alpha - 1;
  return d <= 1 ? power(d * (z - at), alpha) : at * power(d * z * scaleOf(at, alpha), alpha);
}

const Entmax = /* @__PURE__ */ Sparse.sparse({ threshold, of });

/** dst = entmax(src / T) of an alpha > 1, row by row. `scratch`: room for n + 8 f64. */
export function entmax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  scratch: number,
): void {
  Maxes.forward(Entmax, src, dst, rows, n, temperature, scratch, alpha);
}
