import { checkInteger, keyError, seedError } from '../engine/check.ts';
import { philox } from '../engine/js.ts';
import { DOMAIN_FOLD_IN, DOMAIN_SPLIT, DOMAIN_STRING, TWO_TO_32 } from '../shared/constants.ts';

/** 64 bits that name a stream of random numbers. Frozen; goes through JSON. */
export interface Key {
  readonly high: number;
  readonly low: number;
}

function makeKey(high: number, low: number): Key {
  return Object.freeze({ high, low });
}

/** The key that Philox makes of a key and a 64-bit number, in a domain of its own. */
export function derive({ high, low }: Key, data: bigint | number, domain: number): Key {
  const bits = BigInt.asUintN(64, BigInt(data));
  const [c0, c1] = philox(Number(bits & 0xffffffffn), Number(bits >> 32n), 0, domain, low, high);
  return makeKey(c1, c0);
}

/**
 * The key of a seed. Numbers and bigints are taken modulo 2^64 (1 and 1n are the same seed; 0 is a seed as any other);
 * strings are hashed as UTF-8 in a domain of their own.
 *
 * Errors: a number that is no safe integer is a RangeError, another kind of value a TypeError.
 * Source: keys as values, Salmon et al. 2011 and Claessen and Palka 2013.
 */
export function key(seed: number | bigint | string): Key {
  if (typeof seed === 'string') return hash(seed);
  if (typeof seed !== 'bigint' && !Number.isSafeInteger(seed)) throw seedError(seed);
  const bits = BigInt.asUintN(64, BigInt(seed));
  return makeKey(Number(bits >> 32n), Number(bits & 0xffffffffn));
}

/** Eight bytes at a time, then their number, each under the key so far. */
function hash(text: string): Key {
  const bytes = new TextEncoder().encode(text);
  const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 8) * 8));
  bytes.forEach((byte, i) => padded.setUint8(i, byte));
  let state = makeKey(0, 0);
  for (let i = 0; i < padded.byteLength; i += 8) state = derive(state, padded.getBigUint64(i, true), DOMAIN_STRING);
  return derive(state, bytes.length, DOMAIN_STRING);
}

/**
 * `count` keys of a key, independent of each other, of the key's own draws and of every `foldIn`.
 *
 * Errors: TypeError for what is no key; RangeError for a count that is no positive integer.
 */
export function split(key: Key, count: number = 2): Key[] {
  checkKey('key', key);
  checkInteger('count', count, 1);
  return Array.from({ length: count }, (_, i) => derive(key, i, DOMAIN_SPLIT));
}

/**
 * The key of a key and a number, such as a step or a row: independent of the key's own draws and of every `split`.
 *
 * Errors: TypeError for what is no key; RangeError for data that is no safe integer >= 0.
 */
export function foldIn(key: Key, data: number): Key {
  checkKey('key', key);
  checkInteger('data', data, 0);
  return derive(key, data, DOMAIN_FOLD_IN);
}

export function isKey(value: unknown): value is Key {
  if (typeof value !== 'object' || value === null) return false;
  const { high, low } = value as Partial<Key>;
  return isWord(high) && isWord(low);
}

export function checkKey(name: string, value: unknown): asserts value is Key {
  if (!isKey(value)) throw keyError(name, value);
}

export function isWord(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < TWO_TO_32;
}
