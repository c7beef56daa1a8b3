import { exhaustedError, proxyError, sourceError, stateError } from '../engine/check_keys.ts';
import { fillKeys } from '../engine/keys.ts';
import type { Keys, RowKeys as Rows } from '../engine/op.ts';
import { rngKeys } from '../shared/philox.ts';
import { checkKey, isKey, isWord, key, type Key, makeKey } from './key.ts';
import { idsOf, type PerRow } from './per_row.ts';

/** An Rng as plain data. */
export interface RngState {
  /** The key of the seed. */
  readonly key: Key;
  /** The number of keys taken. */
  readonly count: number;
}

/** Keys that an Rng makes at a time, by the kernel, which computes four at once: measured, 64 take as long as 8 one by one. */
const BATCH = 64;
/** Keys that it makes one by one before: an array for a batch takes as long to allocate as 8 keys to make. */
const FEW = 16;

/** No key made yet. */
const NONE = /* @__PURE__ */ new Int32Array(0);

/** The words of the key taken last, low and high: integers of 32 bits, which engines hand on without a box. */
const taken = /* @__PURE__ */ new Int32Array(2);

/** Whether an object is an Rng, and no Proxy of one. */
let isRng: (value: object) => value is Rng;
/** Takes the next key of an Rng: its words are in `taken` then. An op needs no object. */
let takeNext: (rng: Rng) => void;

/**
 * A stream of keys with a position: each call that takes an Rng takes its next key. Without a seed it draws one from
 * `crypto`, on first use. A class that extends it may override `next()`: calls take their keys from there.
 *
 * @throws RangeError or TypeError for a seed that `key` does not take.
 * @example
 * const rng = new Rng(42);
 * const saved = JSON.stringify(rng);
 * Rng.from(JSON.parse(saved)).next(); // what rng.next() gives
 */
export class Rng {
  #key: Key | undefined;
  #count = 0;
  /** Keys that have been made before they are asked for, from #at on: low and high words in turns. */
  #words: Int32Array = NONE;
  #at = 0;
  #made = 0;

  /**
   * A stream of the keys of a seed.
   *
   * @param seed A safe integer, a bigint or a string; 64 bits of `crypto` if absent.
   * @throws RangeError or TypeError for a seed that `key` does not take.
   */
  constructor(seed?: number | bigint | string) {
    if (seed !== undefined) this.#key = key(seed);
  }

  /**
   * The next key: Philox of the seed's key and of the number of keys taken before.
   *
   * @returns A frozen key that no other call of this Rng gives.
   * @throws RangeError after 2^53 - 1 keys; TypeError on a Proxy of an Rng.
   * @example
   * const rng = new Rng(42);
   * const [a, b] = split(rng.next());
   */
  next(): Key {
    if (!(#at in this)) throw proxyError();
    takeNext(this);
    return makeKey(taken[1]! >>> 0, taken[0]! >>> 0);
  }

  static {
    isRng = (value): value is Rng => #at in value;
    takeNext = (rng) => {
      let at = rng.#at,
        words = rng.#words;
      if (at === words.length) {
        words = rng.#make();
        at = 0;
      }
      taken[0] = words[at]!;
      taken[1] = words[at + 1]!;
      rng.#at = at + 2;
      rng.#count++;
    };
  }

  /** Makes keys: one at a time at first, since many an Rng gives a few only. */
  #make(): Int32Array {
    const keys = Math.min(this.#made < FEW ? 1 : BATCH, Number.MAX_SAFE_INTEGER - this.#count);
    if (keys === 0) throw exhaustedError();
    const { high, low } = this.state.key;
    const words = this.#words.length === 2 * keys ? this.#words : new Int32Array(2 * keys);
    if (keys < BATCH) rngKeys(words, 0, keys, this.#count, low, high);
    else fillKeys(words, this.#count, high, low);
    this.#words = words;
    this.#made += keys;
    return words;
  }

  /** The position as plain data, for JSON and `Rng.from`. */
  get state(): RngState {
    if (!(#at in this)) throw proxyError();
    this.#key ??= randomKey();
    return { key: this.#key, count: this.#count };
  }

  /** The `state`: so JSON.stringify takes an Rng, alone or inside of other data. */
  toJSON(): RngState {
    return this.state;
  }

  /** 'Rng', also where a bundler has renamed the class. */
  get [Symbol.toStringTag](): string {
    return 'Rng';
  }

  /**
   * The Rng at a position: it goes on as the one whose `state` this was.
   *
   * @param state The `state` of an Rng, also from JSON.
   * @returns A new Rng.
   * @throws TypeError for what is no state.
   */
  static from(state: RngState): Rng {
    if (typeof state !== 'object' || state === null || !isKey(state.key)) throw stateError(state);
    if (!Number.isSafeInteger(state.count) || state.count < 0) throw stateError(state);
    const rng = create();
    rng.#key = makeKey(state.key.high, state.key.low);
    rng.#count = state.count;
    return rng;
  }
}

/** Apart, since compilers rename a class that names itself. */
const create = (): Rng => new Rng();

function randomKey(): Key {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as Iterable<number> as [number, number];
  return makeKey(high, low);
}

/** Where randomness comes from: a key, or an Rng, which gives its next one. */
export type Source = Key | Rng;

/** Where rows are drawn: a source for all of them, a key per row, or what `perRow` makes of a key. */
export type RowSource = Source | readonly Key[] | PerRow;

/** Rng's own `next`, whatever has become of its prototype. */
const next = /* @__PURE__ */ (() => Rng.prototype.next)();

/** An Rng whose `next` is another than that of the class. */
class Foreign {
  constructor(readonly rng: Rng) {}
}

/** Keys of rows, as the engine takes them. */
export class RowKeys implements Rows {
  readonly count: number | undefined;
  readonly name: 'source' | 'ids';

  constructor(
    readonly words: Uint32Array | undefined,
    readonly ids: Int32Array | undefined,
    readonly low = 0,
    readonly high = 0,
  ) {
    this.count = words === undefined ? ids?.length : words.length / 2;
    this.name = words === undefined ? 'ids' : 'source';
  }
}

/** A key, as it was when a call was made. */
class OneKey {
  constructor(
    readonly low: number,
    readonly high: number,
  ) {}
}

/** A source of one key. */
function read(source: unknown): unknown {
  const one = readOne(source);
  if (one === undefined) throw sourceError(source);
  return one;
}

function readOne(source: unknown): unknown {
  const one = wordsOfOne(source);
  if (one !== undefined) return one === taken ? new OneKey(taken[0]!, taken[1]!) : one;
  return source instanceof Rng ? new Foreign(source) : undefined;
}

/** `taken`, with the words of a key; an Rng as it is, if its `next` is that of the class; nothing for all else. */
function wordsOfOne(source: unknown): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  const { high, low } = source as Partial<Key>;
  if (!isWord(high) || !isWord(low)) return isRng(source) && source.next === next ? source : undefined;
  taken[0] = low;
  taken[1] = high;
  return taken;
}

/** A source of keys for rows. */
function readRows(source: unknown): unknown {
  if (source instanceof RowKeys) return source;
  const one = readOne(source);
  if (one !== undefined) return one;
  if (Array.isArray(source)) return new RowKeys(wordsOf(source), undefined);
  const key = (source as Partial<PerRow> | null | undefined)?.key;
  if (!isKey(key)) throw sourceError(source);
  return new RowKeys(undefined, idsOf(source as PerRow), key.low, key.high);
}

function wordsOf(keys: readonly unknown[]): Uint32Array {
  const words = new Uint32Array(2 * keys.length);
  for (let r = 0; r < keys.length; r++) {
    const key = keys[r];
    checkKey(`source[${r}]`, key);
    words[2 * r] = key.low;
    words[2 * r + 1] = key.high;
  }
  return words;
}

/** Sources, as the engine takes them: the words of a key are read once, when the call is made. */
const keysBy = (read: Keys['read']): Keys => ({
  read,
  words: taken,
  one: wordsOfOne,
  next: takeNext as (given: unknown) => void,
  take(given) {
    if (given instanceof Rng) {
      takeNext(given);
      return taken;
    }
    const { high, low } = given instanceof OneKey ? given : keyOf((given as Foreign).rng.next());
    taken[0] = low;
    taken[1] = high;
    return taken;
  },
  foreign: (given) => given instanceof Foreign,
  rows: (given) => (given instanceof RowKeys ? given : undefined),
});

/** Sources of one key. */
export const KEYS: Keys = /* @__PURE__ */ keysBy(read);
/** Sources of ops that draw rows, each of which may have its key. */
export const ROW_KEYS: Keys = /* @__PURE__ */ keysBy(readRows);

function keyOf(key: unknown): Key {
  checkKey('next() of source', key);
  return key;
}
