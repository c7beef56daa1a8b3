import { keyError, stateError } from '../engine/check.ts';
import { DOMAIN_RNG } from '../shared/constants.ts';
import { derive, isKey, key, type Key } from './key.ts';

/** An Rng as plain data. */
export interface RngState {
  readonly key: Key;
  readonly count: number;
}

/**
 * A stream of keys with a position: each call that takes an Rng takes its next key. Without a seed it draws one from
 * `crypto`, on first use.
 *
 *     const rng = new Rng(42);
 *     const saved = JSON.stringify(rng.state);
 *     Rng.from(JSON.parse(saved)).next(); // what rng.next() gives
 *
 * Errors: those of `key`; `Rng.from` throws a TypeError for what is no state.
 */
export class Rng {
  #key: Key | undefined;
  #count = 0;

  constructor(seed?: number | bigint | string) {
    if (seed !== undefined) this.#key = key(seed);
  }

  /** The next key: Philox of the seed's key and of the number of keys taken before. */
  next(): Key {
    const { key, count } = this.state;
    this.#count++;
    return derive(key, count, DOMAIN_RNG);
  }

  /** The position as plain data, for JSON and `Rng.from`. */
  get state(): RngState {
    this.#key ??= key(crypto.getRandomValues(new BigUint64Array(1))[0]!);
    return { key: this.#key, count: this.#count };
  }

  /** The Rng at a position: it goes on as the one whose `state` this was. TypeError for what is no state. */
  static from(state: RngState): Rng {
    if (typeof state !== 'object' || state === null || !isKey(state.key)) throw stateError(state);
    if (!Number.isSafeInteger(state.count) || state.count < 0) throw stateError(state);
    const rng = new Rng();
    rng.#key = Object.freeze({ high: state.key.high, low: state.key.low });
    rng.#count = state.count;
    return rng;
  }
}

/** Where randomness comes from: a key, or an Rng, which gives its next one. */
export type Source = Key | Rng;

export function checkSource(source: unknown): asserts source is Source {
  if (!(source instanceof Rng) && !isKey(source)) throw keyError('source', source);
}

/** The key to draw with: called after all arguments have passed, since an Rng advances here. */
export function takeKey(source: Source): Key {
  return source instanceof Rng ? source.next() : source;
}
