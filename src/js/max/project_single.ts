import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Row from '../row.ts';
import * as Argmax from './argmax.ts';
import { innerLogs, weigh } from './tsallis.ts';

/** The sums of s and s d of the last row. */
let mass = 0,
  dot = 0;

/**
 * Sums in f64 over a row, d = dp - centre: of four elements the sums of the first and third go to one total, those of the second
 * and fourth to another.
 */
function add(s: number, dp: number, n: number, centre: number): void {
  const v = heap;
  let mass0 = 0,
    mass1 = 0,
    dot0 = 0,
    dot1 = 0;
  for (let i = 0; i < n; i += 4) {
    const s0 = v[s + i]!,
      s1 = i + 1 < n ? v[s + i + 1]! : 0,
      s2 = i + 2 < n ? v[s + i + 2]! : 0,
      s3 = i + 3 < n ? v[s + i + 3]! : 0,
      d1 = i + 1 < n ? v[dp + i + 1]! : 0,
      d2 = i + 2 < n ? v[dp + i + 2]! : 0,
      d3 = i + 3 < n ? v[dp + i + 3]! : 0;
    mass0 += s0 + s2;
    mass1 += s1 + s3;
    dot0 += s0 * (v[dp + i]! - centre) + s2 * (d2 - centre);
    dot1 += s1 * (d1 - centre) + s3 * (d3 - centre);
  }
  mass = mass0 + mass1;
  dot = dot0 + dot1;
}

/** dst = s (dp - at - rest) factor; whether all of it is finite. */
function project(s: number, dp: number, dst: number, n: number, at: number, rest: number, factor: number): boolean {
  const v = heap;
  let odd = 0;
  for (let i = 0; i < n; i++) {
    v[dst + i] = round(round(v[s + i]! * round(round(v[dp + i]! - at) - rest)) * factor) + 0; // no -0, also where it underflows
    odd += v[dst + i]! - v[dst + i]!;
  }
  return odd === 0;
}

/**
 * The gradients of maxes of float32, row by row: the vector-Jacobian products (s dp - s (s.dp) / sum s) / T at outputs p, with weights
 * s = p^(2 - alpha) on the support, or, if `slopes`, -sum u (dp - mean) / T, the derivatives by T: u is p log p at alpha = 1 and
 * p / (alpha - 1) beyond. 0 at T = 0, where s is 0 and in a row of zeros, NaN rows for a NaN in p.
 *
 * Sums are in f64, of dp - centre, centre its value where p is greatest: there dp - mean would cancel. The mean comes off in two parts,
 * `at` in f32 and the rest. Where that overflows, or 1 / T loses digits, all of the row is in f64. `scratch`: room for two rows.
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
    by = temperature * (alpha === 1 ? 1 : alpha - 1),
    perT = round(1 / temperature),
    width = slopes ? 1 : n;
  for (let r = 0, x = p / BYTES, y = dst / BYTES; r < rows; r++, x += n, y += width) {
    let d = dp / BYTES + r * n;
    const s = weigh(x, scratch / BYTES, n, 2 - alpha, 1),
      centre = values[d + Argmax.index(x, Row.max(x, n))]!;
    const u = slopes && alpha === 1 ? innerLogs(x, scratch / BYTES, r, rows, n) : x;
    add(s, d, n, centre);
    let mean = dot / mass;
    const finite = mean - mean === 0;
    if (!finite) {
      // once more without what has no weight
      const kept = slopes ? scratch / BYTES + 2 * n + c.LOGS / BYTES : y;
      for (let i = 0; i < n; i++) values[kept + i] = values[s + i] === 0 ? 0 : values[d + i]!;
      d = kept;
      add(s, d, n, centre);
      mean = dot / mass;
    }
    const at = round(centre + mean);
    if (!mass || temperature === 0) values.fill(mass === mass ? 0 : NaN, y, y + width);
    else if (slopes) {
      add(u, d, n, centre);
      values[y] = (mean * mass - dot) / by;
    } else if (!finite || !ordinary || !project(s, d, y, n, at, round(mean + (centre - at)), perT)) {
      for (let i = 0; i < n; i++) {
        const w = values[s + i]!;
        values[y + i] = w === 0 ? 0 : (w * (values[d + i]! - centre - mean)) / temperature;
      }
    }
  }
}

/** -alpha (alpha - 1) times the Tsallis entropy of a row, at alpha = 1.5 twice that. `scratch`: room for a row. */
export function inner(p: number, n: number, alpha: number, scratch: number): number {
  const v = heap,
    whole = alpha === 2,
    r = whole ? p : weigh(p, scratch, n, 0.5, 1);
  let total0 = 0,
    total1 = 0;
  for (let i = 0; i < n; i += 4) {
    total0 += term(v[p + i]!, v[r + i]!, whole) + (i + 2 < n ? term(v[p + i + 2]!, v[r + i + 2]!, whole) : 0);
    total1 +=
      (i + 1 < n ? term(v[p + i + 1]!, v[r + i + 1]!, whole) : 0) +
      (i + 3 < n ? term(v[p + i + 3]!, v[r + i + 3]!, whole) : 0);
  }
  return total0 + total1;
}

/** p^2 - p, NaN below 0, or 2 p (sqrt p - 1): of the root r in f32 sqrt p is r + (p - r^2) / (2 r), nearly, and p / r is r. */
function term(p: number, r: number, whole: boolean): number {
  const root = Math.sqrt(p); // NaN below 0: measured, a branch here makes it 4 times slower
  return whole ? p * p - p + (root - root) : r * (3 * p - r * r) - 2 * p;
}
