/** float16: every number of it, and every op on it, bit by bit what the same op gives of the float32 that it is. */
import * as anymax from 'anymax';
import { alloc, type Floats, type Halves, key, Normal, Categorical, Rng, softmax, vjp } from 'anymax';
import * as tokens from 'anymax/tokens';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { expectSame, F32, onBothBackends } from '../support/backends.ts';
import { generator } from '../tables/kernels.ts';
import { type Inputs, inputsOf, mapInputs, resultsOf, ROWS } from '../tables/rows.ts';

const SEED = key('halves');
const DTYPE = { dtype: 'float16' } as const;

/** The number of 16 bits, by the definition of the format. */
function numberOf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
const ALL = Float32Array.from({ length: 1 << 16 }, (_, bits) => numberOf(bits));
/** Numbers from 0 up, in the order of their bits. */
const ABOVE = ALL.subarray(0, 0x7c01);

/** The bits of the least float16 that is not below a number. */
function bitsOf(v: number): number {
  if (Number.isNaN(v)) return 0x7e00;
  let [low, high] = [0, ABOVE.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ABOVE[middle]! < Math.abs(v)) low = middle + 1;
    else high = middle;
  }
  return low | (v < 0 || Object.is(v, -0) ? 0x8000 : 0);
}

/** What a float32 or float64 array is in float16. */
const halvesOf = (values: Floats): Uint16Array => Uint16Array.from(values, bitsOf);
const widenedOf = (halves: Uint16Array): Float32Array => Float32Array.from(halves, (bits) => ALL[bits]!);
const isFloats = (values: unknown): values is Floats => values instanceof Float32Array;

/** The class of the language, where it has it. */
const { Float16Array: Native } = globalThis as { Float16Array?: new (buffer: ArrayBufferLike) => Halves };

/** The ways to give halves: by their bits, and in an array of the language. */
const FORMS: [name: string, of: (halves: Uint16Array) => Halves, options: object][] = [
  ['a Uint16Array', (halves) => halves, DTYPE],
  ...(Native ? [['a Float16Array', (halves: Uint16Array) => new Native(halves.buffer), {}] as never] : []),
];

onBothBackends(() => {
  describe.each(FORMS)('%s', (_, of, dtype) => {
    test('every number is what it is', () => {
      const all = of(Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits));
      // rows of one that stay as they are
      expectSame(tokens.truncate(all, 1, dtype), ALL);
    });

    test.each(ROWS)('$name', (op) => {
      const inputs = inputsOf(F32, Array<number>(30).fill(7), 5);
      inputs.x[3] = NaN;
      const halves = mapInputs(inputs, (array) => (isFloats(array) ? (halvesOf(array) as never) : array));
      const wide = mapInputs(halves, (array) => (array instanceof Uint16Array ? (widenedOf(array) as never) : array));
      const given = mapInputs(halves, (array) => (array instanceof Uint16Array ? (of(array) as never) : array));
      const run = (all: Inputs, options: object) => resultsOf(op, { ...anymax, max: anymax }, all, 7, options, SEED);
      const expected = run(wide, {}),
        actual = run(given, dtype);
      expected.forEach((result, i) => expectSame(actual[i]!, result, op.name));
      if (op.temperature === 'none') return;
      const temperature = Float32Array.from({ length: 30 }, (_, r) => [0.5, 1, 2][r % 3]!),
        each = run(wide, { temperature });
      for (const some of [temperature, of(halvesOf(temperature))]) {
        run(given, { ...dtype, temperature: some }).forEach((result, i) => expectSame(result, each[i]!, op.name));
      }
    });

    test('offsets, stride, several chunks, residents, out', () => {
      const random = generator(3),
        halves = Uint16Array.from({ length: 40000 }, () => bitsOf(8 * random() - 4)),
        [x, wide] = [of(halves), widenedOf(halves)];
      const offsets = Int32Array.of(0, 10, 10, 25000, 40000);
      expectSame(softmax(x, offsets, dtype), softmax(wide, offsets));
      expectSame(softmax(x, 200, { ...dtype, stride: 4 }), softmax(wide, 200, { stride: 4 }));
      const out = alloc(Float32Array, 40000);
      expect(softmax(x, 100, { ...dtype, out })).toBe(out.view);
      expectSame(out.view, softmax(wide, 100));
      out.free();
      // a result over the halves themselves
      const over = new Float32Array(40000),
        under = new Uint16Array(over.buffer, 0, 40000);
      under.set(halves);
      if (dtype === DTYPE) expectSame(softmax(under, 100, { ...dtype, out: over }), softmax(wide, 100));
    });

    test('elements, distributions, anymax/tokens', () => {
      const halves = Uint16Array.of(0x3c00, 0xbc00, 0x0001, 0x8000, 0x4400, 0x7bff),
        [x, wide] = [of(halves), widenedOf(halves)];
      expectSame(anymax.gumbelSigmoid(SEED, x, dtype), anymax.gumbelSigmoid(SEED, wide));
      expectSame(anymax.logitBinConcrete(SEED, x, dtype), anymax.logitBinConcrete(SEED, wide));
      const o = { topP: 0.9, temperature: 0.7 };
      expect(tokens.sampleTokens(SEED, x, 3, { ...o, ...dtype })).toEqual(tokens.sampleTokens(SEED, wide, 3, o));
      expectSame(tokens.truncate(x, 3, { ...o, ...dtype }), tokens.truncate(wide, 3, o));
      expectSame(tokens.allow(x, 6, Int32Array.of(5), dtype), tokens.allow(wide, 6, Int32Array.of(5)));
      const at = Int32Array.of(1, 2);
      for (const values of [Float32Array.of(1, -Infinity), of(Uint16Array.of(0x3c00, 0xfc00))]) {
        expectSame(tokens.addBias(x, 6, at, values, dtype), tokens.addBias(wide, 6, at, Float32Array.of(1, -Infinity)));
      }
      const penalties = { repetition: 1.3, frequency: 0.1 };
      expectSame(tokens.penalize(x, 6, at, { ...penalties, ...dtype }), tokens.penalize(wide, 6, at, penalties));
      const tables = anymax.categorical.prepare(x, 6, dtype),
        same = anymax.categorical.prepare(wide, 6);
      expect(tables.draw(SEED, 20)).toEqual(same.draw(SEED, 20));
      tables.free();
      same.free();
    });

    test('vjp', () => {
      const halves = Uint16Array.of(0x3c00, 0xbc00, 0x0001),
        [x, wide] = [of(halves), widenedOf(halves)];
      const d = Float32Array.of(1, 2, 3),
        one = Float32Array.of(2);
      const [p, back] = vjp(softmax, x, 3, { ...dtype, temperature: 0.5 }),
        [q, backOf] = vjp(softmax, wide, 3, { temperature: 0.5 });
      expectSame(p, q);
      expectSame(back(d), backOf(d));
      expectSame(back(of(halvesOf(d))), backOf(d));
      const target = Int32Array.of(2);
      expectSame(vjp(softmax.loss, x, target, 3, dtype)[1](one), vjp(softmax.loss, wide, target, 3)[1](one));
    });

    test('beside float64 it is an error that names it, and nothing is drawn', () => {
      const rng = new Rng(1),
        before = rng.state;
      const halves = of(Uint16Array.of(1, 2)),
        doubles = new Float64Array(2);
      const wrong = softmax.vjp as (...args: unknown[]) => unknown;
      expect(() => wrong(doubles, halves, 2, dtype)).toThrow(/^dp must be a Float64Array, got (Float|Uint)16Array/);
      const draw = anymax.gumbelGiven as (...args: unknown[]) => unknown;
      expect(() => draw(rng, doubles, of(Uint16Array.of(1)), 2, dtype)).toThrow(TypeError);
      expect(() => wrong(halves, new Float32Array(3), 2, dtype)).toThrow(/^dp has length 3, expected 2/);
      expect(rng.state).toEqual(before);
    });
  });

  test('a distribution takes an array of the language', () => {
    if (!Native) return expect(() => new Categorical(Uint16Array.of(1, 2) as never, 2)).toThrow(/^logits must be/);
    const halves = new Native(Uint16Array.of(0x3c00, 0xbc00).buffer);
    expectSame(new Categorical(halves as never, 2).entropy(), new Categorical(Float32Array.of(1, -1), 2).entropy());
    expectSame(new Normal(halves as never, 1).mean(), Float32Array.of(1, -1));
  });
});

test('wrong arguments: what is missing, and what is too much', () => {
  const halves = Uint16Array.of(1, 2, 3),
    call = softmax as (...args: unknown[]) => unknown;
  expect(() => call(halves, 3)).toThrow(TypeError);
  expect(() => call(halves, 3)).toThrow(
    /^x must be a Float32Array or Float64Array, got Uint16Array: if it holds float16, say \{ dtype: 'float16' \}/,
  );
  expect(() => call(new Float32Array(3), 3, DTYPE)).toThrow(TypeError);
  expect(() => call(new Float32Array(3), 3, DTYPE)).toThrow(
    /^dtype 'float16' is for a Uint16Array, but x is of Float32Array/,
  );
  expect(() => call(alloc(Float32Array, 3), 3, DTYPE)).toThrow(/^dtype 'float16' is .* but x is of Resident/);
  expect(() => call(halves, 3, { dtype: 'float32' })).toThrow(RangeError);
  expect(() => call(halves, 3, { dtype: 'float32' })).toThrow(/^dtype must be 'float16', got "float32"/);
  expect(() => call(halves, 3, { dtype: 16 })).toThrow(TypeError);
  expect(() => call(Int16Array.of(1), 1, DTYPE)).toThrow(TypeError);
  expect(() => call(halves, 2, DTYPE)).toThrow(/^x has length 3, which is not a multiple of n = 2/);
  expect(() => call(halves, 3, { ...DTYPE, out: new Uint16Array(3) })).toThrow(/^out must be a Float32Array/);
  const gone = new Uint16Array(3);
  structuredClone(gone, { transfer: [gone.buffer] });
  expect(() => call(gone, 3, DTYPE)).toThrow(/^x is detached/);
  expect(() => (tokens.allow as typeof call)(new Float32Array(3), 3, Int32Array.of(1), DTYPE)).toThrow(
    /^dtype 'float16' is/,
  );
});

test('types: float32 of float16', () => {
  const x = Uint16Array.of(1, 2),
    y = x as Halves;
  expectTypeOf(softmax(x, 2, DTYPE)).toEqualTypeOf<Float32Array>();
  expectTypeOf(softmax(x, 2, { ...DTYPE, temperature: x.subarray(1) })).toEqualTypeOf<Float32Array>();
  expectTypeOf(softmax.vjp).toBeCallableWith(Float32Array.of(1), y, 1, DTYPE);
  expectTypeOf(softmax.loss(x, Int32Array.of(0), 2, DTYPE)).toEqualTypeOf<Float32Array>();
  expectTypeOf(anymax.gumbelSoftmax(SEED, x, 2, DTYPE)).toEqualTypeOf<Float32Array>();
  expectTypeOf(anymax.gumbelMax(SEED, x, 2, DTYPE)).toEqualTypeOf<Int32Array>();
  expectTypeOf(tokens.truncate(x, 2, DTYPE)).toEqualTypeOf<Float32Array>();
  expectTypeOf(vjp(softmax, x, 2, DTYPE)[0]).toEqualTypeOf<Float32Array>();
  // @ts-expect-error the result is float32
  expect(() => softmax(x, 2, { ...DTYPE, out: new Uint16Array(2) })).toThrow(TypeError);
});
