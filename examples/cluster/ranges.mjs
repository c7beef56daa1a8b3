/** Ranges of ids: how they are cut into jobs, whether they cover all ids once, and what was chosen in them. */
import { createHash } from 'node:crypto';

/** @typedef {{ begin: number, end: number }} Range ids from `begin` to before `end` */

/** The ids from 0 to before `count` as ranges of `size`, the last one shorter. @returns {Range[]} */
export function cut(count, size) {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    begin: i * size,
    end: Math.min(count, (i + 1) * size),
  }));
}

/**
 * Errors: Error naming the first ids that are in no range or in two of them.
 * @param {Range[]} ranges in any order @param {number} count
 */
export function checkCover(ranges, count) {
  let next = 0;
  for (const { begin, end } of [...ranges, { begin: count, end: count }].sort((a, b) => a.begin - b.begin)) {
    if (begin > next) throw new Error(`lost: ids ${next} to ${begin - 1}`);
    if (begin < next) throw new Error(`done twice: ids ${begin} to ${Math.min(end, next) - 1}`);
    next = end;
  }
}

/**
 * SHA-256 of all bytes, in order of ids, however they are cut; and how often each byte occurs.
 * @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} pieces
 */
export async function summarise(pieces) {
  const hash = createHash('sha256');
  const counts = new Float64Array(256);
  for await (const piece of pieces) {
    hash.update(piece);
    piece.forEach((choice) => counts[choice]++);
  }
  return { hash: hash.digest('hex'), counts };
}
