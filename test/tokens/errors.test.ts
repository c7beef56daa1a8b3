/** truncate and sampleTokens: wrong options, with nothing written and no key taken. */
import { key, Rng } from 'anymax';
import { sampleTokens, truncate } from 'anymax/tokens';
import { describe, expect, test } from 'vitest';
import { inEverySetting } from '../support/backends.ts';

inEverySetting((dtype) => {
  const x = dtype.make(6, (i) => i),
    other = dtype.name === 'float32' ? new Float64Array(2) : new Float32Array(2),
    float = (...v: number[]) => dtype.make(v.length, (i) => v[i]!);
  const UNIT = ['topP', 'minP', 'typicalP', 'epsilon', 'eta'],
    NOT_NEGATIVE = ['temperature', 'nSigma', 'xtcThreshold'],
    COUNTS = ['topK', 'minKeep'];
  const wrong: [string, unknown, ErrorConstructor][] = [
    ...[...UNIT, ...NOT_NEGATIVE].flatMap((name): [string, unknown, ErrorConstructor][] => [
      [name, -0.1, RangeError],
      [name, NaN, RangeError],
      [name, float(0.5), RangeError],
      [name, float(0.5, NaN), RangeError],
      [name, float(0.5, -1), RangeError],
      [name, '1', TypeError],
      [name, null, TypeError],
      [name, [0.5, 0.5], TypeError],
      [name, true, TypeError],
      [name, other, TypeError],
      [name, new Int32Array(2), TypeError],
    ]),
    ...UNIT.flatMap((name): [string, unknown, ErrorConstructor][] => [
      [name, 1.01, RangeError],
      [name, Infinity, RangeError],
      [name, float(1, 2), RangeError],
    ]),
    ...COUNTS.flatMap((name): [string, unknown, ErrorConstructor][] => [
      [name, -1, RangeError],
      [name, 1.5, RangeError],
      [name, NaN, RangeError],
      [name, Infinity, RangeError],
      [name, Int32Array.of(1), RangeError],
      [name, Int32Array.of(1, -1), RangeError],
      [name, float(1, 1), TypeError],
      [name, '1', TypeError],
      [name, null, TypeError],
    ]),
  ];
  const draw: [string, unknown, ErrorConstructor][] = [
    ['logProb', float(1), RangeError],
    ['logProb', other, TypeError],
    ['logProb', [0, 0], TypeError],
    ['temperatureLast', 1, TypeError],
    ['temperatureLast', null, TypeError],
    ['out', new Int32Array(3), RangeError],
    ['out', float(0, 0), TypeError],
  ];

  test.each(wrong)('%s: %o', (name, value, type) => {
    const rng = new Rng(1),
      state = JSON.stringify(rng),
      out = float(7, 7, 7, 7, 7, 7),
      tokens = Int32Array.of(7, 7),
      logProb = float(7, 7);
    const calls = [
      () => truncate(x, 3, { [name]: value, out }),
      () => sampleTokens(rng, x, 3, { [name]: value, out: tokens, logProb }),
    ];
    for (const call of calls) {
      expect(call).toThrow(type);
      expect(call).toThrow(new RegExp(`^${name}`));
    }
    expect([...out, ...tokens, ...logProb]).toEqual(Array(10).fill(7));
    expect(JSON.stringify(rng)).toBe(state);
  });

  test.each(draw)('%s: %o', (name, value, type) => {
    const rng = new Rng(1),
      state = JSON.stringify(rng);
    expect(() => sampleTokens(rng, x, 3, { [name]: value })).toThrow(type);
    expect(() => sampleTokens(rng, x, 3, { [name]: value })).toThrow(new RegExp(`^${name}`));
    expect(JSON.stringify(rng)).toBe(state);
  });

  describe('others', () => {
    test('unknown options, a temperatureLast of truncate, sources', () => {
      expect(() => truncate(x, 3, { topk: 1 } as never)).toThrow(TypeError);
      expect(() => truncate(x, 3, { temperatureLast: true } as never)).toThrow(TypeError);
      expect(() => truncate(x, 3, { stride: 1 } as never)).toThrow(TypeError);
      expect(() => truncate(x, Int32Array.of(0, 3, 6) as never)).toThrow(TypeError);
      expect(() => sampleTokens(1 as never, x, 3)).toThrow(TypeError);
      expect(() => sampleTokens(key(1), x, 4)).toThrow(/^logits/);
      expect(() => sampleTokens(key(1), [1, 2] as never, 2)).toThrow(/^logits/);
    });
  });
});
