/** vjp: the value of an op and its gradient, with nothing to repeat. */
import * as anymax from 'anymax';
import { alloc, entmax, type Floats, gumbelSoftmax, klDivergence, logSoftmax, logSumExp, Normal, Rng, softmax, sparsemax, vjp } from 'anymax'; // prettier-ignore
import { describe, expect, expectTypeOf, test } from 'vitest';
import { expectSame, inEverySetting, normals } from '../support/backends.ts';
import { KEY } from '../tables/maxes.ts';

type Gradient = Floats | Record<string, Floats>;
/** An op with its arguments, and the gradient that `back(d)` must give, by the op's own vjp. */
interface Row {
  readonly name: string;
  readonly run: () => [Floats, (d: Floats, o?: object) => Gradient];
  readonly value: () => Floats;
  readonly gradient: (y: Floats, d: Floats) => Gradient;
}

const o = { temperature: 0.7 };

inEverySetting((dtype) => {
  const x = normals(dtype, 12, 1),
    logits = normals(dtype, 12, 2),
    target = Int32Array.of(0, 3, -1),
    ranking = Int32Array.of(0, 3, 2, 1, 3, -1),
    p = softmax(x, 4),
    logP = logSoftmax(x, 4);
  const row = (
    name: string,
    op: object,
    args: unknown[],
    gradient: (op: { vjp: (...args: unknown[]) => Gradient }) => Row['gradient'],
  ): Row => ({
    name,
    run: () => (vjp as (...args: unknown[]) => ReturnType<Row['run']>)(op, ...args),
    value: () => (op as (...args: unknown[]) => Floats)(...args),
    gradient: gradient(op as never),
  });
  const rows: Row[] = [
    ...[softmax, sparsemax, anymax.entmax15, entmax(3)].flatMap((max) => [
      row(`alpha ${max.alpha}`, max, [x, 4, o], (op) => (y, d) => op.vjp(y, d, 4, o)),
      row(`alpha ${max.alpha}, T 1`, max, [x, 4], (op) => (y, d) => op.vjp(y, d, 4)),
      row(`entropy of ${max.alpha}`, max.entropy, [p, 4], (op) => (_, d) => op.vjp(p, d, 4)),
      row(
        `loss of ${max.alpha}`,
        max.loss,
        [x, target, 4, { ...o, ignoreIndex: -1 }],
        (op) => (_, d) => op.vjp(x, target, d, 4, { ...o, ignoreIndex: -1 }),
      ),
      row(`loss of ${max.alpha} at p`, max.loss, [x, p, 4], (op) => (_, d) => op.vjp(x, p, d, 4)),
    ]),
    row('logSoftmax', logSoftmax, [x, 4, o], (op) => (y, d) => op.vjp(y, d, 4, o)),
    row('logSumExp', logSumExp, [x, 4, o], (op) => (_, d) => op.vjp(x, d, 4, o)),
    row('logSumExp of rows of one', logSumExp, [x, 1, o], (op) => (_, d) => op.vjp(x, d, 1, o)),
    row('gumbelSoftmax', gumbelSoftmax, [KEY, x, 4, o], (op) => (y, d) => op.vjp(y, d, 4, o)),
    row(
      'gumbelSoftmax of sparsemax',
      gumbelSoftmax,
      [KEY, x, 4, { ...o, max: sparsemax }],
      (op) => (y, d) => op.vjp(y, d, 4, { ...o, max: sparsemax }),
    ),
    row('expConcrete', anymax.expConcrete, [KEY, x, 4, o], (op) => (y, d) => op.vjp(y, d, 4, o)),
    row('gumbelSigmoid', anymax.gumbelSigmoid, [KEY, x, o], (op) => (y, d) => op.vjp(y, d, o)),
    row('logitBinConcrete', anymax.logitBinConcrete, [KEY, x, o], (op) => (y, d) => op.vjp(y, d, o)),
    row(
      'expConcreteLogProb',
      anymax.expConcreteLogProb,
      [logP, logits, 4, o],
      (op) => (_, d) => op.vjp(logP, logits, d, 4, o),
    ),
    row('concreteLogProb', anymax.concreteLogProb, [p, logits, 4, o], (op) => (_, d) => op.vjp(p, logits, d, 4, o)),
    row(
      'plackettLuceLogProb',
      anymax.plackettLuceLogProb,
      [x, ranking, 4, 2, o],
      (op) => (_, d) => op.vjp(x, ranking, d, 4, 2, o),
    ),
    row('binConcreteLogProb', anymax.binConcreteLogProb, [p, logits, o], (op) => (_, d) => op.vjp(p, logits, d, o)),
    row('logitBinConcreteLogProb', anymax.logitBinConcreteLogProb, [x, logits], (op) => (_, d) => op.vjp(x, logits, d)),
  ];

  test.each(rows)('$name: the value is that of the op, back(d) that of its vjp', ({ run, value, gradient }) => {
    const [y, back] = run();
    expectSame(y, value());
    const d = normals(dtype, y.length, 3),
      got = back(d),
      expected = gradient(y, d);
    if (ArrayBuffer.isView(expected)) {
      expectSame(got as Floats, expected);
      const out = dtype.make(expected.length);
      expect(back(d, { out })).toBe(out);
      expectSame(out, expected);
    } else {
      expect(Object.keys(got)).toEqual(Object.keys(expected));
      for (const [name, values] of Object.entries(expected)) expectSame((got as Record<string, Floats>)[name]!, values);
      expect(() => back(d, { out: d })).toThrow(/unknown name 'out'/);
    }
    expect(() => back(d, { temperature: 2 })).toThrow(/unknown name 'temperature', expected out/);
  });

  test('an Rng gives one key, once, and none when the call throws', () => {
    const rng = new Rng(1);
    expect(() => vjp(gumbelSoftmax, rng, x, 5)).toThrow(/^logits/);
    expect(rng.state.count).toBe(0);
    const [y, back] = vjp(gumbelSoftmax, rng, x, 4, o);
    expect(rng.state.count).toBe(1);
    expectSame(y, gumbelSoftmax(new Rng(1), x, 4, o) as typeof y);
    back(y);
    back(y);
    expect(rng.state.count).toBe(1);
  });

  test('options are those of the call, whatever becomes of them', () => {
    const options = { ...o, out: dtype.make(12) };
    const [y, back] = vjp(softmax, x, 4, options);
    expect(y).toBe(options.out);
    options.temperature = 5;
    expectSame(back(x), softmax.vjp(y, x, 4, o));
  });

  test('temperatures, offsets and strides are those of the call, whatever becomes of the arrays', () => {
    const loose = vjp as (...args: unknown[]) => ReturnType<Row['run']>,
      of = (f: unknown, ...args: unknown[]): Floats => (f as (...args: unknown[]) => Floats)(...args);
    const offsets = Int32Array.of(0, 5, 5, 12),
      temperature = dtype.make(3, (i) => 1 + i);
    const [y, back] = loose(softmax, x, offsets, { temperature });
    const expected = of(softmax.vjp, y, x, offsets.slice(), { temperature: temperature.slice() });
    offsets.fill(0);
    temperature.fill(9);
    expectSame(back(x) as Floats, expected);
    const [z, backEntropy] = loose(softmax.entropy, p, 3, { stride: 4 });
    expectSame(backEntropy(z) as Floats, of(softmax.entropy.vjp, p, z, 3, { stride: 4 }));
    const [w, backMax] = loose(sparsemax, x, 3, { stride: 4, temperature: 2 });
    expectSame(backMax(w) as Floats, of(sparsemax.vjp, w, w, 3, { stride: 4, temperature: 2 }));
    const resident = alloc(Int32Array, 3);
    resident.view.set([0, 5, 12]);
    const [v, backRagged] = loose(logSumExp, x, resident);
    resident.view.fill(0);
    expectSame(backRagged(v) as Floats, of(logSumExp.vjp, x, v, Int32Array.of(0, 5, 12)));
    resident.free();
  });

  describe('rows that differ: offsets resident or not, temperatures per row, stride, keys per row, empty', () => {
    type Loose = (...args: unknown[]) => Gradient;
    /** Ops by their arguments around n; at the output, or at their inputs. */
    const ops: [name: string, op: object, before: unknown[], after: unknown[], atOutput: boolean, o: object][] = [
      ...[softmax, sparsemax, entmax(1.3)].flatMap((max): (typeof ops)[number][] => [
        [`max ${max.alpha}`, max, [x], [], true, { empty: 'zero' }],
        [`loss ${max.alpha}`, max.loss, [x, target], [], false, { ignoreIndex: 0 }],
        [`entropy ${max.alpha}`, max.entropy, [p], [], false, {}],
      ]),
      ['logSoftmax', logSoftmax, [x], [], true, {}],
      ['logSumExp', logSumExp, [x], [], false, {}],
      ['gumbelSoftmax', gumbelSoftmax, [anymax.perRow(KEY), x], [], true, { max: sparsemax }],
      ['expConcrete', anymax.expConcrete, [anymax.perRow(KEY), x], [], true, {}],
      ['expConcreteLogProb', anymax.expConcreteLogProb, [logP, logits], [], false, {}],
      ['concreteLogProb', anymax.concreteLogProb, [p, logits], [], false, {}],
      ['plackettLuceLogProb', anymax.plackettLuceLogProb, [x, ranking], [2], false, {}],
    ];
    test.each(ops)('%s', (_, op, before, after, atOutput, options) => {
      const offsets = Int32Array.of(0, 5, 5, 12),
        resident = alloc(Int32Array, 4),
        tempered = op !== softmax.entropy && !before.includes(p) ? { temperature: dtype.make(3, (r) => 1 + r) } : {};
      resident.view.set(offsets);
      const cases: [n: unknown, given: object, same: unknown][] = [
        [offsets, { ...options, ...tempered }, offsets],
        [resident, { ...options, ...tempered }, offsets],
        [2, { ...options, stride: 2 }, 2],
      ];
      for (const [n, given, same] of cases) {
        const ranks = n === 2 ? Int32Array.from({ length: 12 }, (_, i) => i & 1) : ranking,
          rows = n === 2 ? Int32Array.from({ length: 6 }, (_, r) => r & 1) : target;
        const inputs = before.map((value) => (value === ranking ? ranks : value === target ? rows : value));
        const [y, back] = (vjp as (...args: unknown[]) => [Floats, Loose])(op, ...inputs, n, ...after, given);
        expectSame(y, (op as Loose)(...inputs, same, ...after, given) as Floats);
        const d = normals(dtype, y.length, 9),
          at = atOutput ? [y] : inputs;
        resident.view.fill(0);
        const got = back(d),
          expected = (op as { vjp: Loose }).vjp(...at, d, same, ...after, given);
        resident.view.set(offsets);
        if (ArrayBuffer.isView(expected)) expectSame(got as Floats, expected);
        else for (const [name, values] of Object.entries(expected)) expectSame((got as never)[name], values);
      }
      resident.free();
    });
  });

  test('resident arrays: also when the memory grows in between', () => {
    const type = (dtype.name === 'float32' ? Float32Array : Float64Array) as Float32ArrayConstructor;
    const resident = alloc(type, 12),
      result = alloc(type, 12);
    resident.view.set(x);
    const [y, back] = vjp(softmax, resident, 4, { ...o, out: result });
    expectSame(y, softmax(x as Float32Array, 4, o));
    const grown = alloc(Float64Array, 3_000_000);
    expectSame(back(x as Float32Array), softmax.vjp(softmax(x as Float32Array, 4, o), x as Float32Array, 4, o));
    for (const each of [resident, result, grown]) each.free();
  });
});

test('klDivergence', () => {
  const [p, q] = [new Normal(1, 2), new Normal(0, 1)];
  const [y, back] = vjp(klDivergence, p, q);
  expectSame(y, klDivergence(p, q));
  const d = Float32Array.of(3);
  expect(back(d)).toEqual(klDivergence.vjp(p, q, d));
});

test('every op that has a vjp is taken', () => {
  const named = Object.entries(anymax).filter(([, op]) => typeof op === 'function' && 'vjp' in op);
  expect(named.length).toBeGreaterThan(14);
});

describe('wrong arguments', () => {
  test.each([undefined, null, 3, 'softmax', {}, anymax.argmax, anymax.random, () => 1, { vjp: () => 1 }])(
    '%s',
    (op) => {
      expect(() => (vjp as (...args: unknown[]) => unknown)(op, Float32Array.of(1), 1)).toThrow(TypeError);
      expect(() => (vjp as (...args: unknown[]) => unknown)(op, Float32Array.of(1), 1)).toThrow(
        /^op must be a function/,
      );
    },
  );
  test('of the op, and of back', () => {
    const x = Float32Array.of(1, 2);
    expect(() => vjp(softmax, x, 3)).toThrow(RangeError);
    expect(() => vjp(softmax, x, 2, { temperature: -1 })).toThrow(/^temperature/);
    const [, back] = vjp(softmax, x, 2);
    expect(() => back(Float32Array.of(1))).toThrow(/^dp has length 1, expected 2/);
    expect(() => back(Float64Array.of(1, 2) as never)).toThrow(/^dp must be a Float32Array/);
  });
});

test('types: the dtype of the input; records of densities', () => {
  const x = Float32Array.of(1, 2);
  const [y, back] = vjp(softmax, x, 2);
  expectTypeOf(y).toExtend<Float32Array>();
  expectTypeOf(back(y)).toExtend<Float32Array>();
  const [, byName] = vjp(anymax.expConcreteLogProb, new Float64Array(2), new Float64Array(2), 2);
  expectTypeOf(byName(new Float64Array(1)).logY).toExtend<Float64Array>();
  const [, ofBoth] = vjp(klDivergence, new Normal(x, x), new Normal(x, x));
  expectTypeOf(ofBoth(x).p.loc).toExtend<Float32Array>();
});
