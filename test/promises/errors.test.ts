/** Bad arguments: the right class, the argument's name first, nothing written, no Rng advanced. */
import * as vm from 'node:vm';
import {
  argmax,
  categorical,
  entmax,
  expConcrete,
  exponentialRace,
  expConcreteLogProb,
  foldIn,
  gumbelGiven,
  gumbelMax,
  gumbelSigmoid,
  gumbelSoftmax,
  gumbelTopK,
  plackettLuceLogProb,
  hardmax,
  init,
  key,
  logitBinConcrete,
  logSoftmax,
  logSumExp,
  random,
  Rng,
  softmax,
  sparsemax,
  split,
  supportSize,
  topK,
} from 'anymax';
import { describe, expect, test, vi } from 'vitest';
import { expectSame, onBothBackends } from '../support/backends.ts';
import { MAXES } from '../tables/maxes.ts';

type Call = (...args: unknown[]) => unknown;
const loose = (f: unknown): Call => f as Call;

const rng = new Rng(5);
const state = (): string => JSON.stringify(rng.state);

/** The call throws an error of the class that begins with the name and a space or colon; the Rng stays where it is. */
function expectError(call: () => unknown, kind: typeof TypeError | typeof RangeError, name: string): void {
  const before = state();
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toMatch(new RegExp(`^${name}[ :]`));
  expect(state()).toBe(before);
}

interface Entry {
  readonly name: string;
  readonly first: 'x' | 'logits' | 'logY' | 'p' | 'weights' | 'logP' | 'y' | 'z';
  /** Of the result for 2 rows of 3. */
  readonly out: () => Float32Array | Int32Array;
  readonly temperature: boolean;
  /** Without n for an op on elements. */
  readonly call: (x: unknown, n: unknown, options?: unknown, source?: unknown) => unknown;
}

const target = Int32Array.of(0, 2);
const row = (): Float32Array => new Float32Array(6).fill(77),
  value = (): Float32Array => new Float32Array(2).fill(77),
  index = (): Int32Array => new Int32Array(2).fill(77);

const onRows = (
  f: unknown,
  name: string,
  out: Entry['out'],
  temperature = true,
  first: Entry['first'] = 'x',
): Entry => ({
  name,
  first,
  out,
  temperature,
  call: (x, n, o) => loose(f)(x, n, o),
});
const sampler = (f: unknown, name: string, out: Entry['out']): Entry => ({
  name,
  first: 'logits',
  out,
  temperature: true,
  call: (x, n, o, source = rng) => loose(f)(source, x, n, o),
});

/** An op of two inputs on rows of three, the second as long as the first or one value per row. */
const onPairs = (f: unknown, name: string, out: Entry['out'], temperature: boolean, first: Entry['first']): Entry => ({
  ...onRows(f, name, out, temperature, first),
  call: (x, n, o) => loose(f)(x, new Float32Array(/logSumExp|entropy/.test(name) ? 2 : 6), n, o),
});
/** An op on elements, of two inputs. */
const onElements = (f: unknown, name: string, first: Entry['first']): Entry => ({
  ...onRows(f, name, row, true, first),
  call: (x, _, o) => loose(f)(x, new Float32Array(6), o),
});
const ON_ELEMENTS = ['gumbelSigmoid', 'logitBinConcrete'];

const ENTRIES: readonly Entry[] = [
  onRows(argmax, 'argmax', index, false),
  { ...onRows(topK, 'topK', index, false), call: (x, n, o) => loose(topK)(x, n, 1, o) },
  onRows(hardmax, 'hardmax', row, false),
  onRows(logSoftmax, 'logSoftmax', row),
  onRows(logSumExp, 'logSumExp', value),
  onRows(supportSize, 'supportSize', index, false, 'p'),
  ...MAXES.filter(({ alpha }) => alpha <= 2).map(({ name, max }) => onRows(max, name, row)),
  ...[MAXES[1]!, MAXES[6]!].flatMap(
    ({ name, max }) =>
      [
        onPairs(max.vjp, `${name}.vjp`, row, true, 'p'),
        onPairs(max.vjpTemperature, `${name}.vjpTemperature`, value, true, 'p'),
        onPairs(max.vjpAlpha, `${name}.vjpAlpha`, value, false, 'p'),
        onRows(max.entropy, `${name}.entropy`, value, false, 'p'),
        onPairs(max.entropy.vjp, `${name}.entropy.vjp`, row, false, 'p'),
        { ...onRows(max.loss, `${name}.loss`, value), call: (x, n, o) => loose(max.loss)(x, target, n, o) },
        {
          ...onRows(max.loss.vjp, `${name}.loss.vjp`, row),
          call: (x, n, o) => loose(max.loss.vjp)(x, target, new Float32Array(2), n, o),
        },
        {
          ...onRows(max.lossGradient, `${name}.lossGradient`, row),
          call: (x, n, o) => loose(max.lossGradient)(x, target, n, o),
        },
      ] satisfies Entry[],
  ),
  onPairs(logSoftmax.vjp, 'logSoftmax.vjp', row, true, 'logP'),
  onPairs(logSoftmax.vjpTemperature, 'logSoftmax.vjpTemperature', value, true, 'logP'),
  onPairs(logSumExp.vjp, 'logSumExp.vjp', row, true, 'x'),
  onPairs(logSumExp.vjpTemperature, 'logSumExp.vjpTemperature', value, true, 'x'),
  onPairs(expConcrete.vjp, 'expConcrete.vjp', row, true, 'logY'),
  onPairs(expConcrete.vjpTemperature, 'expConcrete.vjpTemperature', value, true, 'logY'),
  onPairs(gumbelSoftmax.vjp, 'gumbelSoftmax.vjp', row, true, 'y'),
  onPairs(gumbelSoftmax.vjpTemperature, 'gumbelSoftmax.vjpTemperature', value, true, 'y'),
  onElements(gumbelSigmoid.vjp, 'gumbelSigmoid.vjp', 'y'),
  onElements(logitBinConcrete.vjp, 'logitBinConcrete.vjp', 'z'),
  onElements(logitBinConcrete.vjpTemperature, 'logitBinConcrete.vjpTemperature', 'z'),
  sampler(categorical, 'categorical', index),
  { ...sampler(exponentialRace, 'exponentialRace', index), first: 'weights', temperature: false },
  {
    ...sampler(gumbelTopK, 'gumbelTopK', index),
    call: (x, n, o, s = rng) => loose(gumbelTopK)(s, x, n, 1, o),
  },
  {
    ...sampler(logitBinConcrete, 'logitBinConcrete', row),
    call: (x, _, o, s = rng) => loose(logitBinConcrete)(s, x, o),
  },
  {
    ...sampler(gumbelGiven, 'gumbelGiven', row),
    temperature: false,
    call: (x, n, o, s = rng) => loose(gumbelGiven)(s, x, new Float32Array(2), n, o),
  },
  {
    ...onRows(plackettLuceLogProb, 'plackettLuceLogProb', value, true, 'logits'),
    call: (x, n, o) => loose(plackettLuceLogProb)(x, new Int32Array(2), n, 1, o),
  },
  sampler(gumbelMax, 'gumbelMax', index),
  sampler(gumbelSoftmax, 'gumbelSoftmax', row),
  sampler(expConcrete, 'expConcrete', row),
  { ...sampler(gumbelSigmoid, 'gumbelSigmoid', row), call: (x, _, o, s = rng) => loose(gumbelSigmoid)(s, x, o) },
  {
    ...onRows(expConcreteLogProb, 'expConcreteLogProb', value),
    first: 'logY',
    call: (x, n, o) => loose(expConcreteLogProb)(x, new Float32Array(6), n, o),
  },
];
const WITH_N = ENTRIES.filter(({ name }) => !ON_ELEMENTS.includes(name.split('.')[0]!));

function detached<A extends Float32Array | Float64Array | Int32Array>(array: A): A {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
  return array;
}

const x = Float32Array.of(1, -2, 3, 0.5, 0, -1);

onBothBackends(() => {
  describe.each(ENTRIES)('$name', ({ first, out, temperature, call }) => {
    /** Fails with `out` given, which stays as it is. */
    function fails(kind: typeof TypeError, name: string, values: unknown, n: unknown, options: object = {}): void {
      const result = out(),
        before = out();
      expectError(() => call(values, n, { out: result, ...options }), kind, name);
      expectSame(result, before);
    }

    test('takes Float32Array and Float64Array only, alive', () => {
      const others = [
        [1, 2, 3],
        null,
        undefined,
        3,
        'x',
        new Int32Array(6),
        new Uint8Array(6),
        new ArrayBuffer(24),
        {},
      ];
      const claims = { [Symbol.toStringTag]: 'Float32Array', length: 6, buffer: new ArrayBuffer(24), byteOffset: 0 };
      for (const bad of [...others, claims, new DataView(new ArrayBuffer(24)), Symbol('x'), 1n, () => x]) {
        fails(TypeError, first, bad, 3);
      }
      fails(TypeError, first, detached(new Float32Array(6)), 3);
      fails(TypeError, first, detached(new Float64Array(6)), 3);
    });

    test('checks options: kind and names', () => {
      for (const bad of [null, 1, 'hot', true, () => 1]) expectError(() => call(x, 3, bad), TypeError, 'options');
      for (const name of ['tau', 'Temperature', 'axis', 'hard']) fails(TypeError, 'options', x, 3, { [name]: 1 });
      if (!temperature) fails(TypeError, 'options', x, 3, { temperature: 1 });
      expect(() => call(x, 3, { out: undefined })).not.toThrow();
    });

    if (temperature) {
      test('temperature is a number >= 0', () => {
        for (const bad of ['1', null, true, 1n, {}, [1], Symbol('T')])
          fails(TypeError, 'temperature', x, 3, { temperature: bad });
        for (const bad of [-1, NaN, -Infinity, -1e-300]) fails(RangeError, 'temperature', x, 3, { temperature: bad });
        expect(() => call(x, 3, { temperature: undefined })).not.toThrow();
      });
    }

    test('out has the kind and length of the result, alive', () => {
      const length = out().length;
      const wrongKinds = [
        new Float64Array(length),
        new Uint32Array(length),
        Array.from({ length }),
        null,
        'out',
        out() instanceof Int32Array ? new Float32Array(length) : new Int32Array(length),
        detached(out()),
      ];
      for (const bad of wrongKinds) expectError(() => call(x, 3, { out: bad }), TypeError, 'out');
      const constructor = out().constructor as Float32ArrayConstructor;
      for (const wrong of [0, 1, length - 1, length + 1, 2 * length]) {
        const bad = new constructor(wrong).fill(77);
        expectError(() => call(x, 3, { out: bad }), RangeError, 'out');
        expectSame(bad, new constructor(wrong).fill(77));
      }
    });

    test('takes arrays of another realm, as input and as out', () => {
      const foreign = (code: string): unknown => vm.runInNewContext(code);
      if (first !== 'logits')
        expectSame(
          call(foreign('Float32Array.of(1, -2, 3, 0.5, 0, -1)'), 3) as Float32Array,
          call(x, 3) as Float32Array,
        );
      const seed = key(3);
      const expected = call(x, 3, {}, seed) as Float32Array;
      const from = call(foreign('Float32Array.of(1, -2, 3, 0.5, 0, -1)'), 3, {}, seed) as Float32Array;
      expectSame(from, expected);
      const result = foreign(`new ${expected.constructor.name}(${expected.length})`) as Float32Array;
      expect(call(x, 3, { out: result }, seed)).toBe(result);
      expect([...result]).toEqual([...expected]);
    });
  });

  describe.each(WITH_N)('n of $name', ({ first, out, call }) => {
    test('is a positive integer that divides the length', () => {
      const result = out(),
        before = out();
      for (const bad of [undefined, null, '3', 3n, {}, [3]])
        expectError(() => call(x, bad, { out: result }), TypeError, 'n');
      for (const bad of [0, -3, 1.5, NaN, Infinity, -0, 2 ** 53]) {
        expectError(() => call(x, bad, { out: result }), RangeError, 'n');
      }
      for (const bad of [4, 5, 7, 12]) expectError(() => call(x, bad, { out: result }), RangeError, first);
      expectSame(result, before);
    });
  });

  test('expConcreteLogProb: logits of the dtype and length of logY', () => {
    for (const bad of [
      new Float64Array(6),
      [1, 2, 3, 4, 5, 6],
      null,
      new Int32Array(6),
      detached(new Float32Array(6)),
    ]) {
      expectError(() => loose(expConcreteLogProb)(x, bad, 3), TypeError, 'logits');
    }
    for (const bad of [0, 3, 9])
      expectError(() => expConcreteLogProb(x, new Float32Array(bad), 3), RangeError, 'logits');
  });

  test.each(ENTRIES.filter(({ first, name }) => ['logits', 'weights'].includes(first) && !/LogProb/.test(name)))(
    '$name: source is a Key or an Rng',
    ({ call }) => {
      const bad = [null, 7, 7n, 'seed', {}, { high: 1 }, { high: 1, low: -1 }, { high: 0.5, low: 1 }];
      for (const source of [
        ...bad,
        { high: 1, low: 2 ** 32 },
        { high: '1', low: 1 },
        () => key(1),
        Symbol('key'),
        Rng,
      ]) {
        expectError(() => call(x, 3, {}, source), TypeError, 'source');
      }
      expect(() => call(x, 3, {}, { high: 2 ** 32 - 1, low: 0 })).not.toThrow();
    },
  );

  test('the second input of a gradient has the dtype and length of the first', () => {
    for (const [f, name] of [
      ...[softmax.vjp, softmax.vjpTemperature, entmax(1.2).vjpAlpha].map((g) => [g, 'dp'] as const),
      [logSoftmax.vjp, 'dLogP'],
      [expConcrete.vjp, 'dLogY'],
      [expConcrete.vjpTemperature, 'dLogY'],
      [gumbelSoftmax.vjp, 'dy'],
      [gumbelSoftmax.vjpTemperature, 'dy'],
      [logSumExp.vjp, 'd'],
    ] as const) {
      for (const bad of [new Float64Array(6), [1], null, new Int32Array(6), detached(new Float32Array(6))]) {
        expectError(() => loose(f)(x, bad, 3), TypeError, name);
      }
      for (const length of [0, 3, 7]) expectError(() => loose(f)(x, new Float32Array(length), 3), RangeError, name);
    }
    for (const [f, name] of [
      [gumbelSigmoid.vjp, 'dy'],
      [logitBinConcrete.vjp, 'dz'],
      [logitBinConcrete.vjpTemperature, 'dz'],
    ] as const) {
      expectError(() => loose(f)(x, new Float64Array(6)), TypeError, name);
      expectError(() => loose(f)(x, new Float32Array(5)), RangeError, name);
    }
  });

  test('target: an Int32Array of an index per row, or distributions of the dtype', () => {
    for (const f of [softmax.loss, sparsemax.lossGradient]) {
      for (const bad of [[0, 1], null, 1, new Float64Array(6), new Uint32Array(2), detached(new Int32Array(2))]) {
        expectError(() => loose(f)(x, bad, 3), TypeError, 'target');
      }
      for (const bad of [new Int32Array(3), new Int32Array(6), new Float32Array(2), new Float32Array(0)]) {
        expectError(() => loose(f)(x, bad, 3), RangeError, 'target');
      }
    }
  });

  test('k and draws are positive integers, k at most n', () => {
    for (const bad of [0, -1, 1.5, NaN, Infinity, 4]) expectError(() => gumbelTopK(rng, x, 3, bad), RangeError, 'k');
    for (const bad of ['1', null, undefined, 1n]) expectError(() => loose(gumbelTopK)(rng, x, 3, bad), TypeError, 'k');
    for (const draws of [0, -1, 1.5, NaN, Infinity]) {
      expectError(() => categorical(rng, x, 3, { draws }), RangeError, 'draws');
    }
    for (const draws of ['1', null, 1n]) {
      expectError(() => loose(categorical)(rng, x, 3, { draws }), TypeError, 'draws');
    }
    expectError(() => categorical(rng, x, 3, { draws: 5, out: new Int32Array(2) }), RangeError, 'out');
  });

  test('gumbelSoftmax: max is one of the family', () => {
    for (const max of [null, 'softmax', {}, (v: Float32Array) => v, argmax, hardmax, logSoftmax, 2]) {
      expectError(() => loose(gumbelSoftmax)(rng, x, 3, { max }), TypeError, 'max');
    }
    for (const max of [softmax, sparsemax, undefined])
      expect(() => loose(gumbelSoftmax)(rng, x, 3, { max })).not.toThrow();
  });

  test.each(['uniform', 'exponential', 'gumbel', 'logistic', 'bits'] as const)('random.%s', (name) => {
    const fill = loose(random[name]);
    for (const source of [null, undefined, 7, {}, 'seed']) expectError(() => fill(source, 4), TypeError, 'source');
    for (const length of [-1, 1.5, NaN, Infinity, 2 ** 53]) expectError(() => fill(rng, length), RangeError, 'length');
    for (const out of [null, undefined, '4', [0, 0], {}, 4n, new Int32Array(4), new DataView(new ArrayBuffer(8))]) {
      expectError(() => fill(rng, out), TypeError, 'out');
    }
    const own = name === 'bits' ? new Uint32Array(4) : new Float32Array(4);
    const other = name === 'bits' ? new Float32Array(4) : new Uint32Array(4);
    expectError(() => fill(rng, other), TypeError, 'out');
    expectError(() => fill(rng, detached(own as Float32Array)), TypeError, 'out');
    if (name === 'bits') return;
    for (const dtype of ['f32', 'Float32', '']) expectError(() => fill(rng, 4, { dtype }), RangeError, 'dtype');
    for (const dtype of [32, null, Float32Array]) expectError(() => fill(rng, 4, { dtype }), TypeError, 'dtype');
    expectError(() => fill(rng, new Float32Array(4), { dtype: 'float64' }), TypeError, 'dtype');
    expectError(() => fill(rng, new Float64Array(4), { dtype: 'float32' }), TypeError, 'dtype');
    expectError(() => fill(rng, 4, { length: 4 }), TypeError, 'options');
    expectError(() => fill(rng, 4, 'float64'), TypeError, 'options');
  });
});

test('entmax: alpha is finite and at least 1', () => {
  for (const alpha of [0.999, 0, -1, NaN, Infinity]) expectError(() => entmax(alpha), RangeError, 'alpha');
  for (const alpha of ['1.5', null, undefined, 2n]) expectError(() => loose(entmax)(alpha), TypeError, 'alpha');
});

test('init: options, backend; what fails changes nothing', () => {
  expectError(() => loose(init)({ backend: 'gpu' }), RangeError, 'backend');
  expectError(() => loose(init)({ backend: 1 }), TypeError, 'backend');
  expectError(() => loose(init)('js'), TypeError, 'options');
  expectError(() => loose(init)({ threads: 4 }), TypeError, 'options');
});

test('key: safe integers, bigints and strings; split, foldIn and Rng', () => {
  for (const seed of [1.5, 2 ** 53, -(2 ** 53), NaN, Infinity]) {
    expectError(() => key(seed), RangeError, 'seed');
    expectError(() => new Rng(seed), RangeError, 'seed');
  }
  for (const seed of [{}, null, Symbol('seed'), true, [1], () => 1, new Date(0)]) {
    expectError(() => loose(key)(seed), TypeError, 'seed');
    expectError(() => Reflect.construct(Rng, [seed]), TypeError, 'seed');
  }
  expectError(() => loose(key)(), TypeError, 'seed');
  for (const bad of [null, undefined, 1, 'k', {}, { high: 1, low: 1.5 }, rng]) {
    expectError(() => loose(split)(bad), TypeError, 'key');
    expectError(() => loose(foldIn)(bad, 1), TypeError, 'key');
  }
  for (const bad of [0, -1, 1.5, NaN, Infinity]) expectError(() => split(key(1), bad), RangeError, 'count');
  for (const bad of ['2', null, 2n]) expectError(() => loose(split)(key(1), bad), TypeError, 'count');
  for (const bad of [-1, 0.5, 2 ** 53, NaN]) expectError(() => foldIn(key(1), bad), RangeError, 'data');
  for (const bad of [undefined, null, 2n, {}, Symbol('data')]) {
    expectError(() => loose(foldIn)(key(1), bad), TypeError, 'data');
  }
  expect(() => loose(split)(rng)).toThrow(/^key must be a Key, got an Rng: pass its next\(\)$/);
  expect(() => loose(foldIn)(rng, 1)).toThrow(/^key must be a Key, got an Rng: pass its next\(\)$/);
  const states = [null, undefined, 1, 'state', {}, { key: key(1) }, { count: 0 }, { key: {}, count: 0 }];
  for (const bad of [...states, { key: key(1), count: -1 }, { key: key(1), count: 0.5 }, { key: key(1), count: '0' }]) {
    expectError(() => loose(Rng.from)(bad), TypeError, 'state');
  }
});

test('an Rng or a max of another copy of the package is told as such', async () => {
  vi.resetModules();
  const other = await import('anymax');
  expect(other.Rng).not.toBe(Rng);
  const x = new Float32Array(3);
  expect(() => gumbelMax(new other.Rng(1), x, 3)).toThrow(
    /^source is an Rng of another copy of anymax: pass its next\(\)$/,
  );
  expectSame(gumbelMax(new other.Rng(1).next(), x, 3), gumbelMax(new Rng(1), x, 3));
  expect(() => gumbelSoftmax(key(1), x, 3, { max: other.sparsemax })).toThrow(
    /^max is a max of another copy of anymax$/,
  );
});

test('a Proxy of an Rng is told as such', () => {
  const rngs = [new Proxy(new Rng(1), {}), Object.create(Rng.prototype) as Rng];
  for (const bad of rngs) {
    for (const run of [() => bad.next(), () => bad.state, () => JSON.stringify(bad), () => random.bits(bad, 3)]) {
      expectError(run, TypeError, 'rng');
      expect(run).toThrow(/^rng is a Proxy of an Rng, or not made by its constructor$/);
    }
  }
});
