/** topK and logSoftmax.at: what they are by other means, and what may change no bit. */
import { alloc, type Floats, logSoftmax, topK } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectSame, inEverySetting, normals } from '../support/backends.ts';
import { generator } from '../tables/kernels.ts';

/** By a stable sort. */
function sorted(x: ArrayLike<number>, k: number): number[] {
  const all = Array.from(x, (_, i) => i);
  if (all.some((i) => Number.isNaN(x[i]))) return all.slice(0, k).map(() => -1);
  return all.sort((a, b) => (x[a] === x[b] ? a - b : x[b]! - x[a]!)).slice(0, k);
}

inEverySetting((dtype) => {
  describe('topK', () => {
    const kinds: Record<string, (n: number, seed: number) => Floats> = {
      normal: (n, seed) => normals(dtype, n, seed, 3),
      'a language model': (n, seed) => {
        const [low, high] = [normals(dtype, n, seed, 2.5), normals(dtype, n, seed + 1, 3)];
        return low.map((v, i) => (i % 601 === 7 ? high[i]! + 8 : v - 5));
      },
      ties: (n, seed) => normals(dtype, n, seed).map(Math.round),
      'all equal': (n) => dtype.make(n, () => 2),
      ascending: (n) => dtype.make(n, (i) => i),
      descending: (n) => dtype.make(n, (i) => -i),
      'few above many ties': (n, seed) => normals(dtype, n, seed).map((v) => Math.max(v, 2)),
      'one far above': (n, seed) => normals(dtype, n, seed).map((v, i) => (i === n >> 1 ? 1e30 : v)),
      'huge spreads': (n, seed) => normals(dtype, n, seed).map((v) => Math.sign(v) * 10 ** (12 * v)),
      'the whole range': (n, seed) => normals(dtype, n, seed).map((v) => v * dtype.round(6e37)),
      subnormal: (n, seed) => normals(dtype, n, seed).map((v) => Math.round(v * 4) * 1e-44),
      masks: (n, seed) => normals(dtype, n, seed).map((v) => (v < 1 ? -Infinity : v)),
      infinities: (n, seed) => normals(dtype, n, seed).map((v) => (Math.abs(v) > 1 ? v * Infinity : v)),
      zeros: (n, seed) => normals(dtype, n, seed).map((v) => (v < 0 ? -0 : v > 1 ? 1 : 0)),
      masked: (n) => dtype.make(n, () => -Infinity),
    };
    test.each(Object.entries(kinds))('%s: the first of a stable sort', (name, make) => {
      for (const n of [
        1,
        2,
        7,
        16,
        32,
        33,
        128,
        255,
        256,
        1000,
        4099,
        ...(name === 'normal' ? [32768, 131072] : [40_000]),
      ]) {
        const x = make(n, n),
          order = sorted(x, n);
        for (const k of new Set([1, 2, 5, 50, 200, 1000, n >> 1, n - 1, n])) {
          if (k < 1 || k > n || (n > 5000 && k > 1000 && k < n)) continue;
          const values = dtype.make(k),
            top = topK(x, n, k, { values });
          expectSame(top, Int32Array.from(order.slice(0, k)), `n ${n} k ${k}`);
          expectSame(
            values,
            dtype.make(k, (j) => x[order[j]!]!),
            `values, n ${n} k ${k}`,
          );
        }
      }
    });

    test('of a row with a NaN: -1 throughout, and NaN; its neighbours as ever', () => {
      for (const n of [3, 100, 700, 40_000]) {
        const x = normals(dtype, 3 * n, n);
        x[n + 1] = NaN;
        const values = dtype.make(6),
          top = topK(x, n, 2, { values });
        expect([...top.subarray(2, 4)]).toEqual([-1, -1]);
        expect([...values.subarray(2, 4)]).toEqual([NaN, NaN]);
        expect([...top.subarray(4)]).toEqual(sorted(x.subarray(2 * n), 2));
      }
    });

    test('in chunks, in place of its input, resident', () => {
      const [rows, n, k] = [40, 1000, 7];
      const x = normals(dtype, rows * n, 5);
      const expected = Int32Array.from(
        Array.from({ length: rows }, (_, r) => sorted(x.subarray(r * n, (r + 1) * n), k)).flat(),
      );
      const values = dtype.make(rows * k, (i) => x[Math.floor(i / k) * n + expected[i]!]!);
      expectSame(topK(x, n, k), expected);
      const copy = x.slice();
      expectSame(topK(copy, n, k, { out: new Int32Array(copy.buffer, 0, rows * k) }), expected);
      const both = x.slice();
      expectSame(topK(both, n, k, { values: both.subarray(0, rows * k) }), expected);
      expectSame(both.slice(0, rows * k), values);
      const type = dtype.name === 'float32' ? Float32Array : Float64Array;
      const resident = alloc(type as Float32ArrayConstructor, rows * n),
        place = alloc(type as Float32ArrayConstructor, rows * k),
        out = alloc(Int32Array, rows * k);
      resident.view.set(x);
      expectSame(topK(resident, n, k, { values: place, out }), expected);
      expectSame(place.view, values);
      for (const array of [resident, place, out]) array.free();
    });

    test('wrong values: their name first, and nothing written', () => {
      const x = dtype.make(6),
        out = new Int32Array(2).fill(7);
      const call = (k: unknown, options: object) => () => topK(x, 3, k as number, options as { out: Int32Array });
      expect(call(1, { out, values: dtype.make(3) })).toThrow(/^values has length 3, expected 2/);
      expect(call(1, { out, values: new Int32Array(2) })).toThrow(/^values must be/);
      expect(call(1, { out, value: dtype.make(2) })).toThrow(/value/);
      expect(call(4, { out })).toThrow(/^k must be at most n = 3/);
      expect(call(0, { out })).toThrow(/^k must be a positive integer/);
      expect([...out]).toEqual([7, 7]);
    });
  });

  describe('logSoftmax.at', () => {
    test('is the element of logSoftmax, and NaN where there is none', () => {
      const random = generator(9);
      for (const temperature of [1, 0.7, 0, Infinity, 1e-3]) {
        for (const n of [1, 3, 9, 33, 300, 5000]) {
          const rows = 9,
            x = normals(dtype, rows * n, n, 4).map((v, i) => (i % 11 === 3 ? -Infinity : v));
          if (n > 3) x[n] = NaN;
          const indices = new Int32Array(rows).map(() => Math.floor(random() * (n + 2)) - 1);
          const whole = logSoftmax(x, n, { temperature });
          const expected = dtype.make(rows, (r) => {
            const i = indices[r]!;
            return i >= 0 && i < n ? whole[r * n + i]! : NaN;
          });
          expectSame(logSoftmax.at(x, indices, n, { temperature }), expected, `n ${n} T ${temperature}`);
        }
      }
    });

    test('wrong indices', () => {
      const call = (indices: unknown) => () => logSoftmax.at(dtype.make(6), indices as Int32Array, 3);
      expect(call(new Int32Array(3))).toThrow(RangeError);
      expect(call(new Int32Array(3))).toThrow(/^indices has length 3, expected 2/);
      expect(call([0, 1])).toThrow(TypeError);
      expect(call(dtype.make(2))).toThrow(/^indices must be an Int32Array/);
    });
  });
});
