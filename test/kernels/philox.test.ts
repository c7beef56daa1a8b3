/** Random words and derived keys against a plain implementation of the layout, which is checked by known answers first. */
import { foldIn, key, random, Rng, split } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectSame, inEverySetting, kernelBytes, onBothBackends } from '../support/backends.ts';

const MASK = 0xffffffffn;

/** Philox4x32-10 as in Salmon et al. 2011, section 4.3, in BigInt. */
function philox(counter: readonly bigint[], [k0, k1]: readonly [bigint, bigint]): bigint[] {
  let [c0, c1, c2, c3] = counter as [bigint, bigint, bigint, bigint];
  for (let round = 0n; round < 10n; round++) {
    const [p0, p1] = [c0 * 0xd2511f53n, c2 * 0xcd9e8d57n];
    const r0 = (k0 + round * 0x9e3779b9n) & MASK,
      r1 = (k1 + round * 0xbb67ae85n) & MASK;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ r0, p1 & MASK, (p0 >> 32n) ^ c3 ^ r1, p0 & MASK];
  }
  return [c0, c1, c2, c3];
}

const rotate = (x: number, k: number): number => ((x << k) | (x >>> (32 - k))) >>> 0;

/** The first outputs of xoshiro128++ (Blackman and Vigna 2019). */
function xoshiro(state: readonly number[], count: number): number[] {
  const s = Uint32Array.from(state);
  return Array.from({ length: count }, () => {
    const result = (rotate((s[0]! + s[3]!) >>> 0, 7) + s[0]!) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11);
    return result;
  });
}

interface Words {
  readonly high: number;
  readonly low: number;
}

const keyWords = ({ high, low }: Words): [bigint, bigint] => [BigInt(low), BigInt(high)];

/** The 1024 words of a block: word i is output i >> 3 of generator i & 7. */
function blockOf(key: Words, block: bigint): Uint32Array {
  const words = new Uint32Array(1024);
  for (let generator = 0; generator < 8; generator++) {
    const state = philox([block & MASK, block >> 32n, BigInt(generator), 0n], keyWords(key));
    xoshiro(state.map(Number), 128).forEach((word, step) => (words[8 * step + generator] = word));
  }
  return words;
}

/** Words from a flat index on. */
function wordsFrom({ high, low }: Words, first: number, count: number): Uint32Array {
  return new Uint32Array(kernelBytes('f32', 4 * count, (k, to, words) => k.bits(to, count, first, low, high, words)));
}

/** The exponential draw of an element. */
function exponentialAt({ high, low }: Words, element: number): number {
  return new Float32Array(kernelBytes('f32', 4, (k, to, words) => k.exponential(to, 1, element, low, high, words)))[0]!;
}

const KEYS = [key(0), key(1), key(-1), key(0x0123456789abcdefn), key('anymax')];

describe('the plain implementation', () => {
  test.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('gives Random123 philox4x32-10 of %s', (counter, k, output) => {
    const words = (text: string): bigint[] => text.split(' ').map((word) => BigInt(`0x${word}`));
    expect(philox(words(counter), words(k) as [bigint, bigint])).toEqual(words(output));
  });

  test('gives xoshiro128++ of the state 1, 2, 3, 4', () => {
    expect(xoshiro([1, 2, 3, 4], 10)).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
    ]);
  });
});

onBothBackends(() => {
  test.each(KEYS.map((k, i) => [i, k] as const))('random.bits are the words of the blocks: key %i', (_, k) => {
    const blocks = Array.from({ length: 19 }, (__, b) => [...blockOf(k, BigInt(b))]);
    expectSame(random.bits(k, 18 * 1024 + 517), Uint32Array.from(blocks.flat()).subarray(0, 18 * 1024 + 517));
  });

  test('the kernel reaches every block, beyond 2^32 and beyond, and starts inside one', () => {
    for (const block of [2 ** 22 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 5, 2 ** 40 + 3, 2 ** 43 - 2]) {
      for (const skip of [0, 1, 8, 515, 1023]) {
        const expected = Uint32Array.from([
          ...blockOf(KEYS[3]!, BigInt(block)),
          ...blockOf(KEYS[3]!, BigInt(block + 1)),
        ]);
        const actual = wordsFrom(KEYS[3]!, block * 1024 + skip, 1024);
        expectSame(actual, expected.subarray(skip, skip + 1024), `block ${block}, from word ${skip}`);
      }
    }
  });
});

inEverySetting((dtype) => {
  test('random.uniform is (x + 1/2) / 2^32 of the words (float64: 2^64 of two), rounded, below 1', () => {
    const bits = dtype.name === 'float32' ? 32n : 64n;
    const words = random.bits(KEYS[4]!, 4096);
    const greatest = 1 - dtype.epsilon / 2;
    const expected = dtype.make(bits === 32n ? 4096 : 2048, (i) => {
      const x = bits === 32n ? BigInt(words[i]!) : (BigInt(words[2 * i]!) << 32n) | BigInt(words[2 * i + 1]!);
      // 2 x + 1 over 2^(bits + 1): Number rounds to f64 once, and a 33-bit odd integer not at all
      return Math.min(dtype.round(Number(2n * x + 1n) / 2 ** Number(bits + 1n)), greatest);
    });
    expectSame(random.uniform(KEYS[4]!, dtype.make(expected.length)), expected);
  });
});

describe('extension words', () => {
  // Four of 2^25 words are expected within 2^8 of an end; this key has five, on both sides.
  const seed = key(7);
  const near = Array.from({ length: 32 }, (_, piece) => piece * 2 ** 20).flatMap((first) => {
    const found: { index: number; word: number }[] = [];
    wordsFrom(seed, first, 2 ** 20).forEach((word, i) => {
      if (Math.min(word, 2 ** 32 - 1 - word) < 256) found.push({ index: first + i, word });
    });
    return found;
  });

  onBothBackends(() => {
    test('refine a float32 draw whose word is within 2^8 of an end', () => {
      expect(near.some(({ word }) => word < 256) && near.some(({ word }) => word >= 256)).toBe(true);
      for (const { index, word } of near) {
        const [y] = philox([BigInt(index) & MASK, BigInt(index) >> 32n, 0n, 1n], keyWords(seed));
        const m = Math.min(word, 2 ** 32 - 1 - word);
        const v = (m * 2 ** 32 + Number(y) + 0.5) * 2 ** -64;
        const expected = word < 256 ? -Math.log1p(-v) : -Math.log(v);
        // the second half of the word moves the result by more than 2^-20 of itself
        expect(Math.abs(exponentialAt(seed, index) / expected - 1), `element ${index}, word ${word}`).toBeLessThan(
          1.1 * 2 ** -23,
        );
      }
    });
  });
});

describe('derived keys are Philox at a counter of a domain of their own', () => {
  const derived = (k: Words, data: bigint, domain: bigint): Words => {
    const [low, high] = philox([data & MASK, data >> 32n, 0n, domain], keyWords(k));
    return { high: Number(high), low: Number(low) };
  };

  test.each(KEYS.map((k, i) => [i, k] as const))('split, foldIn and Rng of key %i', (_, k) => {
    expect(split(k, 5)).toEqual([0n, 1n, 2n, 3n, 4n].map((i) => derived(k, i, 2n)));
    for (const data of [0, 1, 77, 2 ** 32, 2 ** 53 - 1]) expect(foldIn(k, data)).toEqual(derived(k, BigInt(data), 3n));
    const rng = Rng.from({ key: k, count: 2 ** 32 - 1 });
    expect([rng.next(), rng.next()]).toEqual([derived(k, 2n ** 32n - 1n, 4n), derived(k, 2n ** 32n, 4n)]);
  });

  /** The bytes of a text in eights, then their number, each under the key so far. */
  const hashed = (start: Words, bytes: Uint8Array, domain: bigint): Words => {
    let state = start;
    for (let i = 0; i < bytes.length; i += 8) {
      const data = [...bytes.subarray(i, i + 8)].reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
      state = derived(state, data, domain);
    }
    return derived(state, BigInt(bytes.length), domain);
  };
  const TEXTS = [
    '',
    'a',
    'gumbel µ',
    '12345678',
    '日本の文字',
    '🎲🎲',
    '\0',
    '\x7f\x80\u07ff\u0800\uffff\u{10000}\u{10ffff}',
  ];

  test.each(TEXTS)('a string is hashed as UTF-8, eight bytes at a time, then by its length: %j', (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(key(text)).toEqual(hashed({ high: 0, low: 0 }, bytes, 5n));
    for (const k of KEYS) expect(foldIn(k, text)).toEqual(hashed(k, bytes, 7n));
  });

  test('a lone surrogate is hashed as the three bytes of its code point', () => {
    expect(key('\ud800')).toEqual(hashed({ high: 0, low: 0 }, Uint8Array.of(0xed, 0xa0, 0x80), 5n));
    expect(foldIn(KEYS[4]!, 'a\udfffb')).toEqual(hashed(KEYS[4]!, Uint8Array.of(0x61, 0xed, 0xbf, 0xbf, 0x62), 7n));
  });

  test.each(KEYS.map((k, i) => [i, k] as const))(
    '300 keys of an Rng of key %i, whatever number it begins at',
    (_, k) => {
      for (const count of [0, 5, 2 ** 32 - 100, 2 ** 52 + 1]) {
        const rng = Rng.from({ key: k, count });
        for (let i = 0; i < 300; i++) expect(rng.next()).toEqual(derived(k, BigInt(count + i), 4n));
      }
    },
  );
});
