import { checkInteger } from '../engine/check.ts';
import { dataError, keyError, seedError } from '../engine/check_keys.ts';
import { DOMAIN_FOLD_IN, DOMAIN_FOLD_IN_STRING, DOMAIN_SPLIT, DOMAIN_STRING } from '../shared/constants.ts';
import { highWord, philox } from '../shared/philox.ts';

/** 64 bits that name a stream of random numbers. Frozen; goes through JSON. */
export interface Key {
  /** The high 32 bits. */
  readonly high: number;
  /** The low 32 bits. */
  readonly low: number;
}

/** A Key is a value: nobody can change it. */
export function makeKey(high: number, low: number): Key {
  return Object.freeze({ high, low });
}

/** The key that Philox makes of a key and a 64-bit number, in a domain of its own. */
function derive({ high, low }: Key, dataLow: number, dataHigh: number, domain: number): Key {
  const words = philox(dataLow, dataHigh, 0, domain, low, high);
  return makeKey(words[1], words[0]);
}

/**
 * The key of a seed. Numbers and bigints are taken modulo 2^64 (1 and 1n are the same seed; 0 is a seed as any other).
 * Strings are hashed as UTF-8 in a domain of their own; a lone surrogate is hashed as the three bytes of its code point.
 *
 * Source: keys as values, Salmon et al. 2011 and Claessen and Palka 2013.
 *
 * @param seed A safe integer, a bigint or a string.
 * @returns A frozen key: the same seed gives the same key on every machine.
 * @throws RangeError for a number that is no safe integer; TypeError for another kind of value.
 * @example
 * const root = key('experiment 7');
 * random.gumbel(root, 3); // the same three numbers each time
 */
export function key(seed: number | bigint | string): Key {
  if (typeof seed === 'string') return hash(makeKey(0, 0), seed, DOMAIN_STRING);
  if (typeof seed === 'bigint') return makeKey(wordOf(seed >> 32n), wordOf(seed));
  if (!Number.isSafeInteger(seed)) throw seedError(seed);
  return makeKey(highWord(seed), seed >>> 0);
}

/** The lowest 32 bits. */
function wordOf(bits: bigint): number {
  return Number(BigInt.asUintN(32, bits));
}

/**
 * Eight bytes of a text at a time, the last ones padded with zeros, then their number: each under the key so far.
 *
 * The bytes are UTF-8, where a lone surrogate has the three bytes that the scheme gives its code point (WTF-8), so different
 * texts have different bytes. TextEncoder makes all of them U+FFFD, and is not everywhere.
 */
function hash(start: Key, text: string, domain: number): Key {
  const words: number[] = [];
  let state = start,
    size = 0;
  const put = (byte: number): void => {
    words[size >> 2] = (words[size >> 2] ?? 0) | (byte << (8 * (size & 3)));
    size++;
  };
  for (const character of text) {
    const point = character.codePointAt(0)!;
    let more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    // as many leading ones as there are bytes, then six bits in each of the others
    put(more === 0 ? point : ((0xff80 >> more) & 0xff) | (point >> (6 * more)));
    while (more-- > 0) put(0x80 | ((point >> (6 * more)) & 0x3f));
  }
  for (let i = 0; i < words.length; i += 2) state = derive(state, words[i]!, words[i + 1] ?? 0, domain);
  return derive(state, size, 0, domain);
}

/**
 * `count` keys of a key, independent of each other, of the key's own draws and of every `foldIn`. Fewer keys are the first
 * of more.
 *
 * @param key A key; of an Rng, its next().
 * @param count How many keys, 2 if not given.
 * @returns An array of frozen keys.
 * @throws TypeError for a `key` that is no Key or a `count` that is no number; RangeError for a `count` that is no positive
 *   integer.
 * @example
 * const [forWeights, forData] = split(key(42));
 */
export function split(key: Key, count: number = 2): Key[] {
  checkKey('key', key);
  checkInteger('count', count, 1);
  return Array.from({ length: count }, (_, i) => derive(key, i, 0, DOMAIN_SPLIT));
}

/**
 * The key of a key and a number or a name, such as a step, a row or a layer. It is independent of the key's own draws, of
 * every `split` and of every `foldIn` of other data; the number 1 and the string '1' are different data.
 *
 * @param key A key; of an Rng, its next().
 * @param data A safe integer >= 0, or a string, which is hashed as `key` does, in another domain.
 * @returns A frozen key.
 * @throws TypeError for a `key` that is no Key, or for `data` of another kind; RangeError for a number that is no safe
 *   integer >= 0.
 * @example
 * const root = key(42);
 * const logits = new Float32Array(4);
 * for (let step = 0; step < 3; step++) gumbelMax(foldIn(root, step), logits, 4); // other noise at each step
 * const dropout = foldIn(root, 'dropout');
 */
export function foldIn(key: Key, data: number | string): Key {
  checkKey('key', key);
  if (typeof data === 'string') return hash(key, data, DOMAIN_FOLD_IN_STRING);
  if (!Number.isSafeInteger(data) || data < 0) throw dataError(data);
  return derive(key, data >>> 0, highWord(data), DOMAIN_FOLD_IN);
}

export function isKey(value: unknown): value is Key {
  if (typeof value !== 'object' || value === null) return false;
  const { high, low } = value as Partial<Key>;
  return isWord(high) && isWord(low);
}

export function checkKey(name: string, value: unknown): asserts value is Key {
  if (!isKey(value)) throw keyError(name, value);
}

export function isWord(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}
