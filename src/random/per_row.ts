import { checkIds, idsError } from '../engine/check_rows.ts';
import { copyOf, I32, kindOf } from '../engine/kind.ts';
import { arrayOf } from '../engine/layout.ts';
import type { Values } from '../engine/resident.ts';
import { checkKey, type Key } from './key.ts';

/** A key per row of a batch, made of one key: what `perRow` gives. */
export interface PerRow {
  readonly key: Key;
  /** A number per row; those of the rows in the batch, from 0 on, if there are none. */
  readonly ids: Values<Int32Array> | undefined;
}

/**
 * A source by which row r of a batch draws what it would draw alone with `foldIn(key, ids ? ids[r] : r)`. So draws depend
 * on the key and on the number of a row alone, not on the batch that it is in: a batch may be split over machines, come in
 * any order, and be tried again.
 *
 * @param key A key; of an Rng, its next().
 * @param ids Numbers of the rows, none of them negative. They are read at each call.
 * @returns A source for samplers of rows.
 * @throws TypeError for a `key` that is no Key, or for `ids` that are no Int32Array. Calls throw a RangeError where there are
 *   not as many ids as rows, or where one is negative.
 * @example
 * const requests = Int32Array.of(1007, 1003);
 * const logits = Float32Array.of(2, 1, 0, 2, 1, 0);
 * gumbelMax(perRow(key(42), requests), logits, 3); // [0, 0]
 */
export function perRow(key: Key, ids?: Values<Int32Array>): PerRow {
  checkKey('key', key);
  if (ids !== undefined && kindOf(arrayOf(ids)) !== I32) throw idsError(ids);
  return Object.freeze({ key, ids });
}

/** The numbers as they are now. */
export function idsOf({ ids }: PerRow): Int32Array | undefined {
  if (ids === undefined) return undefined;
  const array = arrayOf(ids);
  if (kindOf(array) !== I32) throw idsError(ids);
  const copy = copyOf(array as Int32Array);
  checkIds(copy);
  return copy;
}
