import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import { exp, expm1, log, log1p } from '../math/double.ts';
import { gumbel } from '../random/gumbel.ts';

/** log(exp(d) - 1), d >= 0. */
function logExpm1(d: number): number {
  return d < 1 ? log(expm1(d)) : d + log1p(-exp(-d));
}

/**
 * dst = x + g, row by row, given that its greatest element is top_r: with G = x + g as it comes and Z its maximum,
 *
 *     -log(exp(-top) + exp(-G) - exp(-Z)) = top - log(1 + exp v)        v = top - Z + log(exp(Z - G) - 1)
 *
 * where v > 0 as (Z - log(exp(Z - G) - 1)) - log(1 + exp(-v)): nothing cancels (Kool, van Hoof and Welling 2019, appendix
 * B.3). In f64 for either dtype. A masked x stays -Infinity; the greatest is top itself. dst is apart from src.
 */
export function gumbel_given(
  src: number,
  top: number,
  dst: number,
  rows: number,
  n: number,
  first: number,
  k0: number,
  k1: number,
  words: number,
): void {
  gumbel(dst, rows * n, first, k0, k1, words);
  for (let r = 0, x = src / BYTES, y = dst / BYTES; r < rows; r++, x += n, y += n) {
    const t = heap[top / BYTES + r]!;
    let z = -Infinity,
      wrong = false;
    for (let i = 0; i < n; i++) {
      const score = heap[x + i]! + heap[y + i]!;
      if (score > z) z = score;
      if (score !== score) wrong = true;
    }
    if (wrong) z = NaN;
    for (let i = 0; i < n; i++) {
      const score = heap[x + i]! + heap[y + i]!,
        d = z - score,
        change = logExpm1(d),
        v = t - z + change;
      const low = v > 0 ? z - change : t;
      const given = low - log1p(exp(-Math.abs(v)));
      heap[y + i] = score === -Infinity ? score : d === 0 || given > t ? t : given;
    }
  }
}
