/** Rows that differ: what is refused, by name and place, with nothing written and no Rng advanced; and the types. */
import {
  alloc,
  categorical,
  concreteLogProb,
  type Floats,
  foldIn,
  gumbelMax,
  gumbelSoftmax,
  gumbelTopK,
  key,
  logSumExp,
  perRow,
  type PerRow,
  Rng,
  type RowLength,
  type RowSource,
  softmax,
  sparsemax,
  topK,
} from 'anymax';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { onBothBackends } from '../support/backends.ts';

const x = Float32Array.of(3, 1, 2, 0, 5, 4),
  I = (...values: number[]) => Int32Array.from(values),
  rng = new Rng(1),
  k = key(7);
/** As JavaScript passes it. */
const loose = (f: unknown): ((...args: unknown[]) => unknown) => f as (...args: unknown[]) => unknown;

const CASES: readonly [string, (out: object) => unknown, ErrorConstructor, string][] = [
  ['offsets from 1 on', (o) => softmax(x, I(1, 6), o), RangeError, 'n[0] is 1, but offsets begin at 0'],
  [
    'offsets that fall',
    (o) => softmax(x, I(0, 4, 3, 6), o),
    RangeError,
    'n[2] is 3, below n[1] = 4: offsets never fall',
  ],
  [
    'offsets that end too early',
    (o) => softmax(x, I(0, 4, 5), o),
    RangeError,
    'n[2] is 5, but offsets end at the length of x, 6',
  ],
  ['no offsets', (o) => softmax(x, I(), o), RangeError, 'n has length 0, but offsets begin with a 0'],
  [
    'offsets of another kind',
    (o) => loose(softmax)(x, Float32Array.of(0, 6), o),
    TypeError,
    'n must be an Int32Array, got Float32Array',
  ],
  [
    'a stride beside offsets',
    (o) => softmax(x, I(0, 6), { ...o, stride: 2 }),
    TypeError,
    'stride cannot be given beside offsets',
  ],
  ['a stride of 0', (o) => softmax(x, 3, { ...o, stride: 0 }), RangeError, 'stride must be a positive integer, got 0'],
  [
    'a stride as text',
    (o) => loose(softmax)(x, 3, { ...o, stride: '2' }),
    TypeError,
    'stride must be a number, got "2"',
  ],
  [
    'a stride that does not fit',
    (o) => softmax(x, 3, { ...o, stride: 4 }),
    RangeError,
    'stride: x has length 6, which is not a multiple of n stride = 12',
  ],
  [
    'temperatures of other rows',
    (o) => softmax(x, 3, { ...o, temperature: Float32Array.of(1) }),
    RangeError,
    'temperature has length 1, expected 2',
  ],
  [
    'temperatures of another dtype',
    (o) => loose(softmax)(x, 3, { ...o, temperature: Float64Array.of(1, 1) }),
    TypeError,
    'temperature must be a Float32Array, got Float64Array',
  ],
  [
    'a negative temperature',
    (o) => softmax(x, 3, { ...o, temperature: Float32Array.of(1, -1) }),
    RangeError,
    'temperature[1] must not be negative or NaN, got -1',
  ],
  [
    'a temperature of 0 where there is no limit',
    () => logSumExp(x, 3, { temperature: Float32Array.of(1, 0) }),
    RangeError,
    'temperature[1] must be finite and positive here, got 0 (0 in a Float32Array)',
  ],
  [
    'the same of a density',
    () => concreteLogProb(x, x, 3, { temperature: Float32Array.of(0, 1) }),
    RangeError,
    'temperature[0] must be finite and positive here, got 0 (0 in a Float32Array)',
  ],
  [
    'empty as something else',
    (o) => loose(softmax)(x, 3, { ...o, empty: 'nan' }),
    RangeError,
    `empty must be 'zero', got "nan"`,
  ],
  [
    'empty as a number',
    (o) => loose(softmax.vjp)(x, x, 3, { ...o, empty: 0 }),
    TypeError,
    "empty must be 'zero', got 0",
  ],
  ['keys of other rows', () => gumbelMax([k], x, 3), RangeError, 'source has length 1, but there are 2 rows'],
  ['what is no key among them', () => loose(gumbelMax)([k, 5], x, 3), TypeError, 'source[1] must be a Key, got 5'],
  [
    'an Rng among them',
    () => loose(gumbelMax)([k, rng], x, 3),
    TypeError,
    'source[1] must be a Key, got an Rng: pass its next()',
  ],
  [
    'ids of other rows',
    () => gumbelMax(perRow(k, I(1, 2, 3)), x, 3),
    RangeError,
    'ids has length 3, but there are 2 rows',
  ],
  ['a negative id', () => gumbelMax(perRow(k, I(1, -2)), x, 3), RangeError, 'ids[1] must not be negative, got -2'],
  [
    'ids as an array',
    () => loose(perRow)(k, [1, 2]),
    TypeError,
    'ids must be an Int32Array, got Array: pass Int32Array.from(it)',
  ],
  ['an Rng for rows', () => loose(perRow)(rng), TypeError, 'key must be a Key, got an Rng: pass its next()'],
  [
    'an Rng and wrong offsets',
    () => gumbelMax(rng, x, I(0, 7)),
    RangeError,
    'n[1] is 7, but offsets end at the length of logits, 6',
  ],
  [
    'an Rng and wrong temperatures',
    () => gumbelSoftmax(rng, x, 3, { temperature: Float32Array.of(1, NaN) }),
    RangeError,
    'temperature[1] must not be negative or NaN, got NaN',
  ],
  ['offsets for topK', () => loose(topK)(x, I(0, 6), 2), TypeError, 'n must be a number, got Int32Array'],
];

onBothBackends(() => {
  test.each(CASES)('%s', (_, run, kind, message) => {
    const out = new Float32Array(6).fill(9),
      before = JSON.stringify(rng);
    let error: unknown;
    try {
      run({ out });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(message);
    expect([...out]).toEqual(Array(6).fill(9));
    expect(JSON.stringify(rng)).toBe(before);
  });

  test('what differs may live in the engine', () => {
    const [n, temperature, ids] = [alloc(Int32Array, 3), alloc(Float32Array, 2), alloc(Int32Array, 2)];
    n.view.set([0, 2, 6]);
    temperature.view.set([1, 2]);
    ids.view.set([5, 3]);
    const options = { temperature: Float32Array.of(1, 2) };
    expect(softmax(x, n, { temperature })).toEqual(softmax(x, I(0, 2, 6), options));
    expect(gumbelMax(perRow(k, ids), x, n, { temperature })).toEqual(
      gumbelMax([foldIn(k, 5), foldIn(k, 3)], x, I(0, 2, 6), options),
    );
    for (const resident of [n, temperature, ids]) resident.free();
  });

  test('gumbelTopK gives -1 where a row has fewer classes, several draws of categorical stand row by row', () => {
    expect([...gumbelTopK(k, x, I(0, 1, 1, 6), 2, { temperature: 0 })]).toEqual([0, -1, -1, -1, 3, 4]);
    expect([...categorical(k, x, I(0, 1, 1, 6), { draws: 2, temperature: 0 })]).toEqual([0, 0, -1, -1, 3, 3]);
  });
});

describe('types', () => {
  test('a number or an array, a source or keys', () => {
    expectTypeOf(softmax(x, 3, { temperature: 1 })).toEqualTypeOf<Float32Array<ArrayBuffer>>();
    expectTypeOf(softmax).toBeCallableWith(x, I(0, 6), { temperature: x });
    expectTypeOf(sparsemax.vjp).toBeCallableWith(x, x, I(0, 6), { temperature: x, stride: undefined });
    expectTypeOf(gumbelMax).toBeCallableWith([k], x, 6, { temperature: x });
    expectTypeOf(gumbelMax).toBeCallableWith(perRow(k), x, I(0, 6), { stride: 1 });
    expectTypeOf(perRow(k, I(1))).toEqualTypeOf<PerRow>();
    expectTypeOf<Rng>().toExtend<RowSource>();
    expectTypeOf<number>().toExtend<RowLength>();
    // @ts-expect-error another dtype
    const mixed = (): Floats => softmax(x, 3, { temperature: Float64Array.of(1, 1) });
    expect(mixed).toThrow(TypeError);
  });
});
