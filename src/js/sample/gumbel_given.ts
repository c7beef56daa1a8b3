import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import { exp, log, log1p, phi } from '../math/double.ts';
import { gumbel } from '../random/gumbel.ts';

/** 1 - exp(-d), d >= 0. */
function share(d: number): number {
  return d < 1 ? d - d * d * phi(-d) : 1 - exp(-d);
}

/**
 * dst = x + g, row by row, given that its greatest element is top_r: with G = x + g as it comes and Z its maximum,
 *
 *     -log(exp(-top) + exp(-G) - exp(-Z)) = top - log(1 + a m)    G >= top        a = exp(-|top - G|)
 *                                         = G - log(a + m)        G < top         m = 1 - exp(G - Z)
 *
 * where nothing cancels (Kool, van Hoof and Welling 2019, appendix B.3, has another form). In f64 for either dtype. A masked x
 * stays -Infinity; the greatest is top itself. dst is apart from src.
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
  const values = heap;
  gumbel(dst, rows * n, first, k0, k1, words);
  for (let r = 0, x = src / BYTES, y = dst / BYTES; r < rows; r++, x += n, y += n) {
    const t = values[top / BYTES + r]!;
    let z = -Infinity,
      wrong = false;
    for (let i = 0; i < n; i++) {
      const score = values[x + i]! + values[y + i]!;
      if (score > z) z = score;
      if (score !== score) wrong = true;
    }
    if (wrong || z === Infinity) z = NaN;
    for (let i = 0; i < n; i++) {
      const score = values[x + i]! + values[y + i]!,
        d = z - score,
        v = t - score,
        m = share(d),
        a = exp(-Math.abs(v));
      const given = v > 0 ? score - log(a + m) : t - log1p(a * m);
      values[y + i] = score === -Infinity ? score : d === 0 || given > t ? t : given;
    }
  }
}
