import { doubles } from '../lane.ts';
import * as Maxes from './maxes.ts';
import * as Project from './project.ts';
import * as Rescale from './rescale.ts';
import * as Sparse from './sparse.ts';

/**
 * p = [z - t]+ with sum 1: t = (sum of the support's z - 1) / its size. Newton's iteration on the sum from t = -1, where
 * every candidate is in the support; the support only shrinks, so that it ends, exactly, after finitely many steps
 * (Michelot 1986; Martins and Astudillo 2016, section 2).
 */
function threshold(z: number, end: number): number {
  let t = -1;
  while (true) {
    const sums = [0, 0, 0, 0];
    let size = 0;
    for (let p = z; p < end; p++) {
      const v = doubles[p]!;
      if (v > t) {
        sums[(p - z) & 3]! += v;
        size++;
      }
    }
    const next = (Sparse.total(sums) - 1) / size;
    if (!(next > t)) return t;
    t = next;
  }
}

const Sparsemax = /* @__PURE__ */ Rescale.of(
  /* @__PURE__ */ Sparse.sparse({ threshold, of: (z, t) => (z > t ? z - t : 0) }),
);

/** dst = sparsemax(src / T), row by row. `scratch`: room for n + 8 f64. */
export function sparsemax(
  src: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Maxes.forward(Sparsemax, src, dst, rows, n, temperature, scratch, 2);
}

/** dst = the vector-Jacobian product of sparsemax at its output p. `scratch`: room for a row. */
export function sparsemax_vjp(
  p: number,
  dp: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  Project.vjp(p, dp, dst, rows, n, temperature, 2, scratch);
}
