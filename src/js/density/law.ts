import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import * as Double from '../math/double.ts';

/** exp x; below LAW_DEEP, where the result may be subnormal, exp(x / 2)^2. */
function exp(x: number): number {
  if (!(x < c.LAW_DEEP)) return Double.exp(x);
  const e = Double.exp(x / 2);
  return e * e;
}

/** (x - loc) / scale, where a difference that overflows may still have a finite quotient. */
function quotient(x: number, loc: number, scale: number): number {
  const d = x - loc;
  return BYTES === 8 && Math.abs(d) === Infinity ? ((x / 2 - loc / 2) / scale) * 2 : d / scale;
}

/** A function at z; log-densities are those at scale 1. With e = exp -|z|, sigmoid(z) = 1 / (1 + e) or e / (1 + e). */
function of(z: number, op: number): number {
  if (op === c.LAW_NORMAL) return -(z * z) / 2 - c.HALF_LOG_2PI;
  if (op === c.LAW_EXP) return exp(z);
  if (op >= c.LAW_GUMBEL && op <= c.LAW_GUMBEL_CDF) {
    const e = exp(0 - z);
    if (op === c.LAW_GUMBEL_CDF) return exp(0 - e);
    if (op === c.LAW_GUMBEL_LOG_CDF) return 0 - e;
    return Math.abs(z) === Infinity ? -Infinity : 0 - z - e;
  }
  const size = Math.abs(z),
    e = exp(-size);
  if (op === c.LAW_SIGMOID) return (z < 0 ? e : 1) / (1 + e);
  const tail = Double.log1p(e);
  if (op === c.LAW_LOG_SIGMOID) return (z < 0 ? z : 0) - tail;
  if (op === c.LAW_LOGISTIC) return -size - 2 * tail;
  return e === 0 ? tail : tail + (size * e) / (1 + e);
}

/**
 * dst = a function (LAW_) at z = (x - loc) / scale or, without loc and scale, at x, element by element: in f64, rounded
 * once. From a log-density goes log scale.
 */
export function law(x: number, loc: number, scale: number, dst: number, op: number, count: number): void {
  let before = 0,
    logScale = 0;
  for (let i = 0; i < count; i++) {
    let z = heap[x / BYTES + i]!;
    if (scale !== 0) {
      const s = heap[scale / BYTES + i]!;
      z = quotient(z, heap[loc / BYTES + i]!, s);
      if (op <= c.LAW_GUMBEL && s !== before) {
        before = s;
        logScale = Double.log(s);
      }
    }
    heap[dst / BYTES + i] = of(z, op) - logScale;
  }
}
