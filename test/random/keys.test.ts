/** Keys, streams and fills: what names a sequence of random numbers, and what part of it a call gives. */
import { foldIn, gumbelMax, gumbelSoftmax, type Key, key, random, Rng, split } from 'anymax';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { KEYS } from '../../src/random/rng.ts';
import { DTYPES, expectSame, onBothBackends } from '../support/backends.ts';

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

/** High and low words of keys, as they were before an Rng made them some dozens at a time and without BigInt. */
describe('known keys', () => {
  const words = ({ high, low }: Key): [number, number] => [high, low];

  test.each([
    [-1, [4294967295, 4294967295]],
    [-42, [4294967295, 4294967254]],
    [-(2 ** 32), [4294967295, 0]],
    [-(2 ** 40) - 7, [4294967039, 4294967289]],
    [Number.MIN_SAFE_INTEGER, [4292870144, 1]],
    [Number.MAX_SAFE_INTEGER, [2097151, 4294967295]],
    [2 ** 32, [1, 0]],
    [2 ** 32 - 1, [0, 4294967295]],
    [2 ** 52 + 2 ** 31, [1048576, 2147483648]],
    [-1n, [4294967295, 4294967295]],
    [2n ** 64n - 1n, [4294967295, 4294967295]],
    [2n ** 64n, [0, 0]],
    [2n ** 64n + 5n, [0, 5]],
    [-(2n ** 64n) - 3n, [4294967295, 4294967293]],
    [10n ** 40n, [3119866112, 0]],
    [-(10n ** 40n), [1175101184, 0]],
    ['gumbel µ', [2910800052, 1573699039]],
    ['日本', [1446709542, 2350286843]],
    ['🎲', [2063304035, 2493340425]],
    ['\u00e9', [622115733, 2748574529]],
    ['12345678', [3423204747, 1923186693]],
    ['a\0', [63379555, 3865936415]],
    ['x'.repeat(1000), [4079595567, 1861519397]],
  ])('key %#', (seed, expected) => expect(words(key(seed))).toEqual(expected));

  test.each([
    [0, [2222543691, 2768590969]],
    [1, [3982338379, 1882296233]],
    [77, [3062913273, 115008482]],
    [2 ** 32, [3390057680, 3690067869]],
    [2 ** 52 + 2 ** 31 + 5, [1510454502, 1021736477]],
    [2 ** 53 - 1, [3446380482, 2672784366]],
  ])('foldIn %i', (data, expected) => expect(words(foldIn(key(42), data))).toEqual(expected));

  test('split', () => {
    const expected = [
      [804633687, 1405155954],
      [3582781886, 1617040079],
      [2643521210, 3296446244],
      [3126920497, 860415063],
    ];
    expect(split(key(42), 4).map(words)).toEqual(expected);
  });

  onBothBackends(() => {
    test('the thousandth of an Rng', () => {
      const rng = new Rng(42);
      for (let i = 0; i < 999; i++) rng.next();
      expect(words(rng.next())).toEqual([1754370769, 1888942047]);
    });

    test.each([
      [0, [1721956945, 2639518956], [3230808005, 2195500253]],
      [31, [3007979301, 3347898756], [709968139, 1263511996]],
      [2 ** 32 - 2, [1167116383, 987568071], [16652985, 3882609738]],
      [2 ** 53 - 4, [719517349, 3794245965], [3990659513, 1980004547]],
    ])('an Rng from number %i on', (count, first, third) => {
      const rng = Rng.from({ key: key('stream'), count });
      expect([rng.next(), rng.next(), rng.next()].map(words)).toEqual([first, expect.anything(), third]);
    });
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

  test('foldIn takes strings, apart from numbers, from key and from each other', () => {
    const texts = [
      '',
      '0',
      '1',
      '-1',
      'a',
      'ab',
      '12345678',
      '12345678'.repeat(2),
      '\0',
      '\0\0',
      '日本',
      '\ud800',
      '\ufffd',
    ];
    for (const root of [...roots, { high: 0, low: 0 }]) {
      const keys = [root, ...texts.map((name) => foldIn(root, name)), ...texts.map(key)];
      const numbers = [0, 1, 2, 8, 48, 49].map((data) => foldIn(root, data));
      expect(new Set([...keys, ...numbers, ...split(root, 50)].map(text)).size).toBe(keys.length + 56);
    }
    expect(foldIn(key(7), 'layer')).toEqual(foldIn(key(7), 'layer'));
    expect(foldIn(foldIn(key(7), 'a'), 'b')).not.toEqual(foldIn(foldIn(key(7), 'b'), 'a'));
  });

  test('lone surrogates are texts of their own', () => {
    const texts = [
      '\ud800',
      '\udbff',
      '\udc00',
      '\udfff',
      '\ufffd',
      '\ud83c',
      '\udfb2',
      '\udfb2\ud83c',
      '🎲',
      'a\ud83c',
      '\ud83ca',
    ];
    expect(new Set([...texts.map(key), ...texts.map((name) => foldIn(key(1), name))].map(text)).size).toBe(
      2 * texts.length,
    );
  });

  test('texts need no TextEncoder', () => {
    vi.stubGlobal('TextEncoder', undefined);
    expect(key('anymax')).toEqual({ high: 3190897778, low: 3101994788 });
    vi.unstubAllGlobals();
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

  test('goes through JSON itself, alone or inside of other data', () => {
    const rng = new Rng('json');
    for (let i = 0; i < 100; i++) rng.next();
    const saved = text({ step: 3, rng });
    expect(saved).toBe(text({ step: 3, rng: rng.state }));
    expect(text(rng)).toBe(text(rng.state));
    const expected = Array.from({ length: 200 }, () => rng.next());
    const resumed = Rng.from(JSON.parse(saved).rng);
    expect(Array.from({ length: 200 }, () => resumed.next())).toEqual(expected);
  });

  test('ends after 2^53 - 1 keys, and then throws without a change', () => {
    const rng = Rng.from({ key: key(1), count: 2 ** 53 - 40 });
    const keys = Array.from({ length: 39 }, () => rng.next());
    expect(new Set(keys.map(text)).size).toBe(39);
    const out = new Int32Array(1).fill(77);
    for (const run of [() => rng.next(), () => gumbelMax(rng, new Float32Array(3), 3, { out })]) {
      expect(run).toThrow(RangeError);
      expect(run).toThrow(/^rng has given all of its 2\^53 - 1 keys/);
    }
    expect(out[0]).toBe(77);
    expect(rng.state.count).toBe(2 ** 53 - 1);
    expect(Rng.from(rng.state).state).toEqual(rng.state);
  });

  test("one of one's own gives its keys by its own next()", () => {
    class Every extends Rng {
      override next(): Key {
        super.next();
        return super.next();
      }
    }
    const [own, twin] = [new Every(3), new Rng(3)];
    const logits = new Float32Array(30);
    for (let i = 0; i < 100; i++) {
      twin.next();
      expectSame(gumbelMax(own, logits, 30), gumbelMax(twin.next(), logits, 30));
    }
    expect(own.state).toEqual(twin.state);
    expect(own.state.count).toBe(200);

    const replaced = new Rng(3);
    replaced.next = () => key(9);
    expectSame(random.bits(replaced, 5), random.bits(key(9), 5));
    class Plain extends Rng {}
    expectSame(random.bits(new Plain(3), 5), random.bits(new Rng(3), 5));
  });

  test('the words of a call are those of its key, low and high, as integers of 32 bits', () => {
    const [rng, twin] = [new Rng('words'), new Rng('words')];
    for (let i = 0; i < 300; i++) {
      const { high, low } = twin.next();
      expect([...KEYS.take(KEYS.read(rng))]).toEqual([low | 0, high | 0]);
    }
    expect(rng.state).toEqual(twin.state);
    expect([...KEYS.take(KEYS.read({ high: 1, low: 2 ** 32 - 1 }))]).toEqual([-1, 1]);
    const own = new Rng(1);
    own.next = () => ({ high: 3, low: 4 });
    expect([...KEYS.take(KEYS.read(own))]).toEqual([4, 3]);
    expect(own.state.count).toBe(0);
  });

  test("one of one's own that gives no key is told so, and nothing is written", () => {
    const rng = new Rng(3);
    rng.next = () => ({ high: 1 }) as Key;
    const out = new Float32Array(3).fill(77);
    expect(() => random.gumbel(rng, out)).toThrow(/^next\(\) of source must be a Key, got Object$/);
    expect([...out]).toEqual([77, 77, 77]);
  });

  test('is shown as an Rng', () => {
    expect(inspect(new Rng(1))).toBe('Rng {}');
    expect(String(new Rng(1))).toBe('[object Rng]');
    expect(Rng.name).toBe('Rng');
  });

  onBothBackends(() => {
    test('many of them take turns with ops, each with keys of its own', () => {
      const rngs = Array.from({ length: 5 }, (_, i) => new Rng(i));
      const counts = [0, 0, 0, 0, 0];
      const x = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
      for (let i = 0; i < 500; i++) {
        const j = (i * i) % 5;
        const expected = Rng.from({ key: key(j), count: counts[j]!++ }).next();
        if (i % 3 === 0) expect(rngs[j]!.next()).toEqual(expected);
        else
          expectSame(
            gumbelMax(rngs[j]!, x.subarray(0, 1 + 37 * i), 1 + 37 * i),
            gumbelMax(expected, x.subarray(0, 1 + 37 * i), 1 + 37 * i),
          );
      }
      expect(rngs.map(({ state }) => state.count)).toEqual(counts);
    });
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
    expect(() => random.uniform(key(1), 2 ** 45)).toThrow(/^cannot allocate 140737488355328 bytes$/);
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
