/** Keys, streams and fills: what names a sequence of random numbers, and what part of it a call gives. */
import { foldIn, gumbelMax, gumbelSoftmax, type Key, key, random, Rng, split } from 'anymax';
import { describe, expect, test, vi } from 'vitest';
import { DTYPES, expectSame, onBothBackends } from './backends.ts';

const NAMES = ['uniform', 'exponential', 'gumbel', 'logistic'] as const;
const text = (value: unknown): string => JSON.stringify(value);

describe('key', () => {
  test('takes numbers and bigints modulo 2^64', () => {
    for (const seed of [0, 1, -1, 42, 2 ** 32, -(2 ** 40), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(key(seed)).toEqual(key(BigInt(seed)));
      expect(key(BigInt(seed) + 2n ** 64n)).toEqual(key(seed));
      expect(key(BigInt(seed) - 2n ** 200n)).toEqual(key(seed));
    }
    expect(key(-0)).toEqual(key(0));
    expect(key(-1)).toEqual({ high: 2 ** 32 - 1, low: 2 ** 32 - 1 });
    expect(key(0x0123456789abcdefn)).toEqual({ high: 0x01234567, low: 0x89abcdef });
  });

  test('gives every seed a sequence of its own, 0 and strings included', () => {
    const numbers = [0, 1, -1, 2, 2 ** 32, 2 ** 52, 2n ** 63n, 10n ** 40n];
    // another order, a combining mark, two UTF-16 units, zeros that padding must not swallow, a whole block of the hash
    const strings = [
      '',
      '0',
      '1',
      '1n',
      '-1',
      'a',
      'b',
      'ab',
      'ba',
      '\u00e9',
      'e\u0301',
      '日本',
      '🎲',
      '\0',
      '\0\0',
      'a\0',
      '12345678',
    ];
    const keys = [...numbers.map(key), ...strings.map(key), key('12345678'.repeat(2)), key('x'.repeat(10_000))];
    expect(new Set(keys.map(text)).size).toBe(keys.length);
    expect(new Set(keys.map((k) => random.bits(k, 2).join())).size).toBe(keys.length);
    expect(strings.map(key)).toEqual(strings.map(key));
  });

  test('has the bits of the day it was written', () => {
    expect([key(''), key('1'), key('anymax')]).toMatchInlineSnapshot(`
      [
        {
          "high": 3852855944,
          "low": 709459553,
        },
        {
          "high": 407515396,
          "low": 1145759614,
        },
        {
          "high": 3190897778,
          "low": 3101994788,
        },
      ]
    `);
  });
});

describe('split and foldIn', () => {
  const roots = [key(0), key(1), key('root')];

  test('give keys that differ from each other, from their root and between the domains', () => {
    for (const root of roots) {
      const parts = split(root, 100);
      const folded = Array.from({ length: 100 }, (_, i) => foldIn(root, i));
      const stream = Rng.from({ key: root, count: 0 });
      const taken = Array.from({ length: 100 }, () => stream.next());
      expect(new Set([root, ...parts, ...folded, ...taken].map(text)).size).toBe(301);
    }
  });

  test('do not give words of the root', () => {
    for (const root of roots) {
      const words = new Set(random.bits(root, 4096));
      for (const { high, low } of [...split(root, 8), foldIn(root, 0), foldIn(root, 1)]) {
        expect([words.has(high), words.has(low)]).toEqual([false, false]); // by chance once in 50 000 runs of a new layout
      }
    }
  });

  test('split gives two by default, and fewer are the first of more', () => {
    expect(split(key(7))).toEqual(split(key(7), 2));
    expect(split(key(7), 1)).toEqual(split(key(7), 3).slice(0, 1));
  });

  test('foldIn takes every safe integer from 0', () => {
    const data = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER];
    expect(new Set(data.map((d) => text(foldIn(key(7), d)))).size).toBe(data.length);
  });

  test('keys are frozen, plain, and go through JSON', () => {
    for (const k of [key(1), key('x'), ...split(key(1)), foldIn(key(1), 3), new Rng(1).next()]) {
      expect(Object.isFrozen(k)).toBe(true);
      const copy = JSON.parse(text(k)) as Key;
      expect(copy).toEqual(k);
      expect(split(copy)).toEqual(split(k));
      expectSame(random.bits(copy, 10), random.bits(k, 10));
    }
  });
});

describe('Rng', () => {
  test('the same seed gives the same sequence of keys, all different', () => {
    for (const seed of [0, 12n, 'abc']) {
      const [a, b] = [new Rng(seed), new Rng(seed)];
      const keys = Array.from({ length: 50 }, () => a.next());
      expect(Array.from({ length: 50 }, () => b.next())).toEqual(keys);
      expect(new Set(keys.map(text)).size).toBe(50);
    }
  });

  test('resumes from its state, through JSON, without disturbing the original', () => {
    const rng = new Rng('resume');
    for (let i = 0; i < 3; i++) rng.next();
    const saved = text(rng.state);
    const expected = [rng.next(), rng.next()];
    const resumed = Rng.from(JSON.parse(saved));
    expect(text(resumed.state)).toBe(saved);
    expect([resumed.next(), resumed.next()]).toEqual(expected);
    expect(text(Rng.from(JSON.parse(saved)).state)).toBe(saved);
  });

  test('does not see what happens to the object that it was made from', () => {
    const state = { key: { high: 1, low: 2 }, count: 0 };
    const rng = Rng.from(state);
    state.key.low = 3;
    expect(rng.next()).toEqual(Rng.from({ key: { high: 1, low: 2 }, count: 0 }).next());
  });

  test('without a seed takes 64 bits of crypto on first use, others every time', () => {
    const spy = vi.spyOn(crypto, 'getRandomValues');
    const rngs = Array.from({ length: 20 }, () => new Rng());
    expect(spy).toHaveBeenCalledTimes(0);
    expect(new Set(rngs.map((rng) => text(rng.next()))).size).toBe(20);
    expect(spy).toHaveBeenCalledTimes(20);
    rngs[0]!.next();
    expect(text(Rng.from(rngs[0]!.state).next())).toBe(text(rngs[0]!.next()));
    expect(spy).toHaveBeenCalledTimes(20);
    spy.mockRestore();
  });

  test('gives one key per call, the same that next() gives', () => {
    const logits = new Float32Array(12);
    const [used, twin] = [new Rng(3), new Rng(3)];
    expectSame(gumbelMax(used, logits, 3), gumbelMax(twin.next(), logits, 3));
    expectSame(gumbelSoftmax(used, logits, 3), gumbelSoftmax(twin.next(), logits, 3));
    expectSame(random.gumbel(used, 5), random.gumbel(twin.next(), 5));
    expectSame(random.bits(used, 0), random.bits(twin.next(), 0));
    expect(used.state).toEqual(twin.state);
    expect(used.state.count).toBe(4);
  });
});

onBothBackends(() => {
  describe.each(NAMES)('random.%s', (name) => {
    const fill = random[name];

    test('gives float32 by default, the dtype asked for, or that of the array', () => {
      const k = key(9);
      expect(fill(k, 3)).toBeInstanceOf(Float32Array);
      expectSame(fill(k, 3, { dtype: 'float32' }), fill(k, 3));
      expect(fill(k, 3, { dtype: 'float64' })).toBeInstanceOf(Float64Array);
      expectSame(fill(k, new Float32Array(3)), fill(k, 3));
      expectSame(fill(k, new Float64Array(3)), fill(k, 3, { dtype: 'float64' }));
      expectSame(fill(k, new Float64Array(3), { dtype: 'float64' }), fill(k, new Float64Array(3)));
      expect(fill(k, 0).length).toBe(0);
      expect(fill(k, new Float64Array(0)).length).toBe(0);
    });

    test.each(DTYPES)('fills the array given and nothing around it: $name', ({ make }) => {
      for (const length of [1, 2, 3, 5, 8, 1023, 16_385]) {
        const whole = make(length + 9, () => 77);
        const out = whole.subarray(5, 5 + length);
        expect(fill(key(length), out)).toBe(out);
        expectSame(out, fill(key(length), make(length)));
        expect([...whole.subarray(0, 5), ...whole.subarray(5 + length)]).toEqual(Array(9).fill(77));
      }
    });

    test.each(DTYPES)('a longer array begins with the shorter one: $name', ({ make }) => {
      const longest = fill(key(1), make(40_000));
      for (const length of [1, 3, 4, 511, 512, 513, 1024, 1025, 4099, 16_383, 16_384, 16_385, 32_769]) {
        expectSame(fill(key(1), make(length)), longest.slice(0, length), `length ${length}`);
      }
    });

    test('is finite, and inside its range', () => {
      const [least, greatest] = {
        uniform: [0, 1],
        exponential: [0, 45.2],
        gumbel: [-3.82, 45.2],
        logistic: [-45.2, 45.2],
      }[name] as [number, number];
      for (const { make } of DTYPES) {
        const all = fill(key(2), make(50_000));
        expect(all.every((v) => v > least && v < greatest)).toBe(true);
      }
    });
  });

  test('a length that no array can have names the memory', () => {
    expect(() => random.uniform(key(1), 2 ** 45)).toThrow(/^memory for 140737488355328 bytes cannot be had$/);
    expect(random.uniform(key(1), 2).length).toBe(2);
  });

  test('random.bits: the prefix property, arrays given, other keys other words', () => {
    const longest = random.bits(key(1), 40_000);
    for (const length of [1, 7, 1023, 1024, 1025, 16_384, 16_385]) {
      expectSame(random.bits(key(1), length), longest.slice(0, length));
      const whole = new Uint32Array(length + 4).fill(77);
      const out = whole.subarray(3, 3 + length);
      expect(random.bits(key(1), out)).toBe(out);
      expectSame(out, longest.slice(0, length));
      expect([...whole.subarray(0, 3), whole[length + 3]]).toEqual([77, 77, 77, 77]);
    }
    const words = [key(1), key(2), key(2 ** 32), ...split(key(1))].flatMap((k) => [...random.bits(k, 2000)]);
    expect(words.length - new Set(words).size).toBeLessThan(5); // 0.01 pairs expected among 10 000 words
  });
});
