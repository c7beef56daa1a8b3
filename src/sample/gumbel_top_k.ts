import { bytesOf, checkInteger, checkK, type Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';
import type { IndexOptions } from './gumbel_max.ts';

/**
 * k classes for each row without replacement, as if drawn one after the other from softmax(logits / T) of what is left,
 * best first: the k greatest scores of gumbelMax, whose draw is the first of them for the same source.
 *
 * Shapes: logits rows x n; the result rows x k. Special values: a class at -Infinity is never drawn, and the missing
 * places are -1 when the classes run out; -1 throughout for a row with a NaN; classes at +Infinity come first, in
 * order, and nothing else beside them;
 * T = 0 sorts, ties by the lowest index. Errors: as for gumbelMax; RangeError for a k that is no positive integer or
 * above n. Source: Yellott 1977; Kool, van Hoof and Welling 2019.
 */
export function gumbelTopK(
  source: Source,
  logits: Values<Floats>,
  n: number,
  k: number,
  options?: IndexOptions,
): Int32Array {
  checkSource(source);
  checkInteger('n', n, 1);
  checkK(k, n);
  const call = openRows('logits', logits, n, options).gives(k, 'i32'),
    bytes = bytesOf(call.dtype);
  call.reserve((2 * n + 16) * bytes, n * bytes);
  const { high, low } = takeKey(source);
  return call.run((kernels, { from, to, temperature, scratch, words }, rows, first) =>
    kernels.gumbel_top_k(from[0]!, to[0]!, rows, n, k, temperature, first, low, high, scratch, words),
  ) as Int32Array;
}
