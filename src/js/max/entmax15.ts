import { doubles } from '../lane.ts';
import * as Maxes from './maxes.ts';
import * as Project from './project.ts';
import * as Rescale from './rescale.ts';
import * as Sparse from './sparse.ts';

/**
 * p = [z / 2 - t]+^2 with sum 1 (Peters, Niculae and Martins 2019). Newton's iteration from t = -1 on the norm of
 * [z / 2 - t]+, which is convex and nearly linear in t: it comes from the left and takes 3 to 6 steps.
 */
function threshold(z: number, end: number): number {
  let t = -1;
  while (true) {
    let s0 = 0,
      s1 = 0,
      s2 = 0,
      s3 = 0,
      q0 = 0,
      q1 = 0,
      q2 = 0,
      q3 = 0;
    for (let p = z; p < end; p += 4) {
      const h0 = above(doubles[p]!, t),
        h1 = above(doubles[p + 1]!, t),
        h2 = above(doubles[p + 2]!, t),
        h3 = above(doubles[p + 3]!, t);
      s0 += h0;
      s1 += h1;
      s2 += h2;
      s3 += h3;
      q0 += h0 * h0;
      q1 += h1 * h1;
      q2 += h2 * h2;
      q3 += h3 * h3;
    }
    const norm = Math.sqrt(q0 + q2 + (q1 + q3));
    const next = t + ((norm - 1) * norm) / (s0 + s2 + (s1 + s3));
    if (!(next > t)) return t;
    t = next;
  }
}

/** [z / 2 - t]+ */
function above(z: number, t: number): number {
  const h = z * 0.5 - t;
  return h > 0 ? h : 0;
}

const Entmax15 = /* @__PURE__ */ Rescale.of(
  /* @__PURE__ */ Sparse.sparse({ threshold, of: (z, t) => above(z, t) * above(z, t) }),
);

/** dst = entmax15(src / T), row by row. `scratch`: room for n + 8 f64. */
export function entmax15(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Maxes.forward(Entmax15, src, dst, rows, n, temperature, scratch, 1.5);
}

/** dst = the vector-Jacobian product of entmax15 at its output p. `scratch`: room for a row. */
export function entmax15_vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Project.vjp(p, dp, dst, rows, n, temperature, 1.5, scratch);
}
