import { doubles, round } from '../lane.ts';
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
    const sums = [0, 0, 0, 0],
      squares = [0, 0, 0, 0];
    for (let p = z; p < end; p++) {
      const h = above(doubles[p]!, t),
        lane = (p - z) & 3;
      sums[lane]! += h;
      squares[lane]! += h * h;
    }
    const norm = Math.sqrt(Sparse.total(squares));
    const next = t + ((norm - 1) * norm) / Sparse.total(sums);
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

const weight = (p: number): number => round(Math.sqrt(p));

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
  Project.vjp(weight, p, dp, dst, rows, n, temperature, scratch);
}
