import { bytesOf, type Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

const OUT = ['out'];

/**
 * A class for each row in proportion to its weight, an unnormalised probability: argmin_i of E_i / (w_i / max w), E Exp(1)
 * noise of the source's key laid out by flat element index. No logarithm of the weights is taken.
 *
 * Shapes: weights rows x n; one index a row. Special values: a weight of 0 is never drawn; the first +Infinity wins; -1 for
 * a row with a negative or NaN weight, or without one above 0. Errors: as for gumbelMax. Accuracy: as there. Source: the
 * race of exponential clocks; Maddison 2016.
 */
export function exponentialRace(
  source: Source,
  weights: Values<Floats>,
  n: number,
  options?: { readonly out?: Values<Int32Array> },
): Int32Array {
  checkSource(source);
  const call = openRows('weights', weights, n, options, OUT).gives(1, 'i32');
  call.reserve(0, n * bytesOf(call.dtype));
  const { high, low } = takeKey(source);
  return call.run((kernels, { from, to, scratch, words }, rows, first) =>
    kernels.exponential_race(from[0]!, to[0]!, rows, n, first, low, high, scratch, words),
  ) as Int32Array;
}
