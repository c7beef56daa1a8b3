/** penalize, addBias, allow. */
import { alloc, softmax } from 'anymax';
import { addBias, allow, penalize } from 'anymax/tokens';
import { describe, expect, test } from 'vitest';
import { expectClose, expectSame, inEverySetting, normals } from '../support/backends.ts';

inEverySetting((dtype) => {
  const of = (...v: number[]) => dtype.make(v.length, (i) => v[i]!);

  describe('penalize', () => {
    test('published vectors', () => {
      const equal = of(...Array<number>(5).fill(Math.log(0.2)));
      const some = penalize(equal, 5, Int32Array.of(0, 1, 2, 0, 0), { frequency: 5, presence: 5 });
      expectClose(softmax(some, 5), [0, 0.000023, 0.000023, 0.499977, 0.499977], 1e-6);
      expectClose(
        softmax(penalize(equal, 5, Int32Array.of(0), { repetition: 50 }), 5),
        [0, 0.25, 0.25, 0.25, 0.25],
        1e-6,
      );
    });

    test('once for each distinct token: by its sign, then by its count', () => {
      const x = of(2, -2, 0, 1);
      expectSame(
        penalize(x, 4, Int32Array.of(0, 1, -1, 1), { repetition: 2, frequency: 0.5, presence: 0.25 }),
        of(0.25, -5.25, 0, 1),
      );
      expectSame(x, of(2, -2, 0, 1));
    });

    test('rows with histories and penalties of their own', () => {
      const x = of(1, 2, 3, 1, 2, 3, 1, 2, 3);
      const y = penalize(x, 3, Int32Array.of(2, 0, 0), {
        offsets: Int32Array.of(0, 1, 1, 3),
        presence: of(1, 100, 2),
        frequency: of(0, 0, 1),
      });
      expectSame(y, of(1, 2, 2, 1, 2, 3, -3, 2, 3));
    });

    test('what is not finite stays; nothing to do changes no bit', () => {
      const x = of(-Infinity, Infinity, NaN, -0);
      expectSame(penalize(x, 4, Int32Array.of(0, 1, 2, 3), { repetition: 3, frequency: 1 }).slice(0, 3), x.slice(0, 3));
      const y = normals(dtype, 50, 1);
      expectSame(
        penalize(
          y,
          50,
          Int32Array.from({ length: 50 }, (_, i) => i),
        ),
        y,
      );
    });
  });

  test('addBias: the same tokens of every row', () => {
    const x = of(1, -Infinity, 3, 4, 5, Infinity);
    expectSame(addBias(x, 3, Int32Array.of(0, 1, 0, -1, 2), of(1, 5, 2, 9, -1)), of(4, -Infinity, 2, 7, 10, Infinity));
    expectSame(addBias(x, 3, Int32Array.of(0), of(-Infinity)), of(-Infinity, -Infinity, 3, -Infinity, 5, Infinity));
  });

  test('allow: a mask per row or one for all, of either kind', () => {
    for (const n of [1, 31, 32, 33, 64, 100, 257]) {
      const words = Math.ceil(n / 32),
        x = normals(dtype, 3 * n, n),
        mask = Uint32Array.from({ length: 3 * words }, (_, i) => [0, 0xffffffff, 0xa5a51234, 1, 0x80000000][i % 5]!);
      const allowed = (word: number, i: number): boolean => ((mask[word + (i >> 5)]! >>> (i & 31)) & 1) === 1;
      const each = dtype.make(3 * n, (i) => (allowed(Math.floor(i / n) * words, i % n) ? x[i]! : -Infinity)),
        same = dtype.make(3 * n, (i) => (allowed(0, i % n) ? x[i]! : -Infinity));
      expectSame(allow(x, n, mask), each, `n ${n}`);
      expectSame(allow(x, n, new Int32Array(mask.buffer)), each, `n ${n}`);
      expectSame(allow(x, n, mask.slice(0, words)), same, `n ${n}`);
    }
  });

  test('in place, overlapping, resident', () => {
    const x = normals(dtype, 40, 5),
      expected = addBias(x, 20, Int32Array.of(3), of(1));
    const copy = x.slice();
    expect(addBias(copy, 20, Int32Array.of(3), of(1), { out: copy })).toBe(copy);
    expectSame(copy, expected);
    const wide = dtype.make(45);
    wide.set(x, 5);
    expectSame(addBias(wide.subarray(5), 20, Int32Array.of(3), of(1), { out: wide.subarray(0, 40) }), expected);
    const type = dtype.name === 'float32' ? Float32Array : Float64Array;
    const resident = alloc(type as Float32ArrayConstructor, 40);
    resident.view.set(x);
    addBias(resident as never, 20, Int32Array.of(3), of(1), { out: resident as never });
    expectSame(resident.view, expected);
    resident.free();
  });

  describe('wrong arguments: their name first, and nothing written', () => {
    const x = of(1, 2, 3, 4),
      out = of(7, 7, 7, 7),
      i = (...v: number[]) => Int32Array.of(...v);
    const cases: [string, () => unknown, ErrorConstructor, string][] = [
      ['history', () => penalize(x, 4, i(0, 4), { out }), RangeError, 'history'],
      ['history below', () => penalize(x, 4, i(-2), { out }), RangeError, 'history'],
      ['history of another kind', () => penalize(x, 4, [0] as never, { out }), TypeError, 'history'],
      ['offsets missing', () => penalize(x, 2, i(0), { out }), RangeError, 'offsets'],
      ['offsets from 1', () => penalize(x, 2, i(0), { offsets: i(1, 1, 1), out }), RangeError, 'offsets'],
      ['offsets that fall', () => penalize(x, 2, i(0, 1), { offsets: i(0, 3, 2), out }), RangeError, 'offsets'],
      ['offsets that end early', () => penalize(x, 2, i(0, 1), { offsets: i(0, 0, 1), out }), RangeError, 'offsets'],
      ['offsets too few', () => penalize(x, 2, i(0, 1), { offsets: i(0, 2), out }), RangeError, 'offsets'],
      ['repetition 0', () => penalize(x, 4, i(0), { repetition: 0, out }), RangeError, 'repetition'],
      ['repetition NaN', () => penalize(x, 4, i(0), { repetition: NaN, out }), RangeError, 'repetition'],
      ['frequency', () => penalize(x, 4, i(0), { frequency: Infinity, out }), RangeError, 'frequency'],
      ['presence', () => penalize(x, 4, i(0), { presence: '1' as never, out }), TypeError, 'presence'],
      ['presence per row', () => penalize(x, 4, i(0), { presence: of(1, 2), out }), RangeError, 'presence'],
      ['unknown option', () => penalize(x, 4, i(0), { penalty: 1, out } as never), TypeError, 'options'],
      ['tokens', () => addBias(x, 4, i(4), of(1), { out }), RangeError, 'tokens'],
      ['values', () => addBias(x, 4, i(1), of(1, 2), { out }), RangeError, 'values'],
      ['values of another kind', () => addBias(x, 4, i(1), i(1) as never, { out }), TypeError, 'values'],
      ['mask', () => allow(x, 4, i(1, 2), { out }), RangeError, 'mask'],
      ['mask of another kind', () => allow(x, 4, of(1) as never, { out }), TypeError, 'mask'],
      ['out', () => allow(x, 4, i(1), { out: of(1) }), RangeError, 'out'],
      ['n', () => allow(x, 3, i(1), { out }), RangeError, 'logits'],
    ];
    test.each(cases)('%s', (_, call, type, name) => {
      expect(call).toThrow(type);
      expect(call).toThrow(new RegExp(`^${name}`));
      expect([...out]).toEqual([7, 7, 7, 7]);
    });
  });
});
