import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, integers, round } from '../lane.ts';
import * as Row from '../row.ts';
import { innerLogs, weigh } from './tsallis.ts';

/** The bits of a number without its sign. */
const MAGNITUDE = 0x7fffffff;

/** The sums of s and s d of the last row: a module's variable would be an object made anew for each. */
const sums = /* @__PURE__ */ new Float64Array(2);

/** The index of a row's greatest p, the first one, by its bits, whose order is that of what they stand for: no branch to be foretold. */
function greatest(p: number, n: number): number {
  const bits = integers;
  let most = 0,
    at = 0;
  for (let i = 0; i < n; i++) {
    const less = most - (bits[p + i]! & MAGNITUDE),
      greater = less >> 31;
    most -= less & greater;
    at += (i - at) & greater;
  }
  return at;
}

/** The product at two indices, and the sum over those of a lane of four vectors. */
const product = (v: typeof heap, s: number, dp: number, centre: number): number =>
  round(v[s]! * round(4 * (v[dp]! - centre)));
const lane = (v: typeof heap, s: number, dp: number, centre: number): number =>
  Row.four(
    product(v, s, dp, centre),
    product(v, s + 4, dp + 4, centre),
    product(v, s + 8, dp + 8, centre),
    product(v, s + 12, dp + 12, centre),
  );

/**
 * The sums over a row, d = dp - centre. Of 16 elements those a multiple of 4 apart are added in f32; all that follows is f64: the first
 * and third sum go to one total, the second and fourth to another, and there the elements of even and of odd index that are left. 4 d is
 * finite where no difference of two dp overflows.
 */
function add(s: number, dp: number, n: number, centre: number): void {
  const v = heap,
    bulk = n - (n % 16);
  let i = 0,
    mass = 0,
    dot = 0,
    otherMass = 0,
    otherDot = 0;
  // the totals change places at each step
  for (; i < bulk; i += i & 1 ? 15 : 1) {
    const x = s + i,
      m = mass + (Row.lane(v, x) + Row.lane(v, x + 2)),
      d = dot + (lane(v, x, dp + i, centre) + lane(v, x + 2, dp + i + 2, centre));
    mass = otherMass;
    dot = otherDot;
    otherMass = m;
    otherDot = d;
  }
  for (; i < n; i++) {
    const m = mass + v[s + i]!,
      d = dot + product(v, s + i, dp + i, centre);
    mass = otherMass;
    dot = otherDot;
    otherMass = m;
    otherDot = d;
  }
  sums[0] = mass + otherMass;
  sums[1] = (dot + otherDot) / 4;
}

/** dst = s (dp - at - rest) factor. */
function project(s: number, dp: number, dst: number, n: number, at: number, rest: number, factor: number): void {
  const v = heap;
  // no -0, also where it underflows
  for (let i = 0; i < n; i++) v[dst + i] = round(round(v[s + i]! * round(round(v[dp + i]! - at) - rest)) * factor) + 0;
}

/** A row in f64, without what has no weight: where f32 overflows, or 1 / T loses digits. */
function inDoubles(
  s: number,
  u: number,
  dp: number,
  dst: number,
  n: number,
  centre: number,
  by: number,
  slopes: boolean,
): void {
  const v = heap;
  let mass = 0,
    dot = 0,
    total = 0;
  for (let i = 0; i < n; i++) {
    const w = v[s + i]!;
    if (w === 0) continue;
    mass += w;
    dot += w * (v[dp + i]! - centre);
  }
  const mean = dot / mass;
  if (!mass || by === 0) v.fill(mass === mass ? 0 : NaN, dst, dst + (slopes ? 1 : n));
  else {
    for (let i = 0; i < n; i++) {
      const w = v[u + i]!,
        term = w === 0 ? 0 : w * (v[dp + i]! - centre - mean);
      if (slopes) total += term;
      else v[dst + i] = term / by;
    }
    if (slopes) v[dst] = 0 - total / by;
  }
}

/**
 * The gradients of maxes of float32, row by row: the vector-Jacobian products (s dp - s (s.dp) / sum s) / T at outputs p, with weights
 * s = p^(2 - alpha) on the support, or, if `slopes`, -sum u (dp - mean) / T, the derivatives by T: u is p log p at alpha = 1 and
 * p / (alpha - 1) beyond. 0 at T = 0, where s is 0 and in a row of zeros, NaN rows for a NaN in p.
 *
 * Sums are in f64, of dp - centre, centre its value where p is greatest: there dp - mean would cancel. The mean comes off in two parts,
 * one in f32 and the rest. `scratch`: room for two rows.
 */
export function rows(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  alpha: number,
  slopes: boolean,
  scratch: number,
): void {
  const values = heap,
    ordinary = temperature > c.LEAST_SCALE && temperature < c.GREATEST_SCALE,
    by = slopes && alpha !== 1 ? temperature * (alpha - 1) : temperature,
    perT = round(1 / temperature),
    width = slopes ? 1 : n;
  for (let r = 0, x = p / BYTES, d = dp / BYTES, y = dst / BYTES; r < rows; r++, x += n, d += n, y += width) {
    const s = weigh(x, scratch / BYTES, n, 2 - alpha, 1),
      u = !slopes ? s : alpha === 1 ? innerLogs(x, scratch / BYTES, r, rows, n) : x,
      centre = values[d + greatest(x, n)]!;
    add(s, d, n, centre);
    const mass = sums[0]!,
      mean = sums[1]! / mass,
      at = round(centre + mean);
    let finite = ordinary && mass + mean - (mass + mean) === 0;
    if (finite && slopes) {
      add(u, d, n, centre);
      const slope = (mean * sums[0]! - sums[1]!) / by;
      values[y] = slope;
      finite = slope - slope === 0;
    } else if (finite) project(s, d, y, n, at, round(mean + (centre - at)), perT);
    if (!finite) inDoubles(s, u, d, y, n, centre, by, slopes);
  }
}

/** -alpha (alpha - 1) times the Tsallis entropy of a row, at alpha = 1.5 twice that. `scratch`: room for a row. */
export function inner(p: number, n: number, alpha: number, scratch: number): number {
  const v = heap,
    whole = alpha === 2,
    r = whole ? p : weigh(p, scratch, n, 0.5, 1);
  let total = 0,
    other = 0;
  for (let i = 0; i < n; i += i & 1 ? 3 : 1) {
    const next =
      total + (term(v[p + i]!, v[r + i]!, whole) + (i + 2 < n ? term(v[p + i + 2]!, v[r + i + 2]!, whole) : 0));
    total = other;
    other = next;
  }
  return total + other;
}

/** p^2 - p, NaN below 0, or 2 p (sqrt p - 1): of the root r in f32 sqrt p is r + (p - r^2) / (2 r), nearly, and p / r is r. */
function term(p: number, r: number, whole: boolean): number {
  const root = Math.sqrt(p); // NaN below 0: measured, a branch here makes it 4 times slower
  return whole ? p * p - p + (root - root) : r * (3 * p - r * r) - 2 * p;
}
