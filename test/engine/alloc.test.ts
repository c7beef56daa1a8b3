/** Arrays in the memory of the engine: taken as any array is, the same bits, valid after growth, gone after free. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  alloc,
  categorical,
  type Floats,
  gumbelMax,
  init,
  key,
  type Key,
  type Resident,
  Rng,
  softmax,
  sparsemax,
} from 'anymax';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/engine/backend.ts';
import { BACKENDS, expectSame, inEverySetting, normals, on, onBothBackends } from '../support/backends.ts';
import { MAXES, OPS } from '../tables/maxes.ts';

const resident: Resident[] = [];
afterEach(() => resident.splice(0).forEach((array) => array.free()));

type Values = Floats | Int32Array;

/** An array with these values in the memory of the backend in use. */
function residentOf<A extends Values>(values: A): Resident<A> {
  const array = (alloc as (type: unknown, length: number) => Resident<A>)(values.constructor, values.length);
  array.view.set(values as ArrayLike<number>);
  resident.push(array);
  return array;
}

/** The result of a call whose `out` is resident has its view. */
function within<A extends Values>(out: Resident<A>, call: (out: A) => unknown, expected: A, label: string): void {
  const result = call(out as unknown as A) as A;
  expectSame(result, expected, label);
  expectSame(out.view, expected, label);
  expect(result.buffer, label).toBe(out.view.buffer);
}

inEverySetting((dtype) => {
  test.each(OPS)('$name takes them as input, as out and as both', (op) => {
    for (const [rows, n] of [
      [1, 1],
      [3, 5],
      [2, 40],
      [50, 700], // in chunks
    ] as const) {
      const x = normals(dtype, rows * n, n).map((v, i) => (i % 9 === 4 ? -Infinity : v));
      const o = op.temperature === 'none' ? {} : { temperature: 0.7 };
      const expected = op.run(x, n, o).slice();
      const input = residentOf(x);
      const given = input as unknown as Floats;
      // one op of the table makes its second input by x.map
      const run: typeof op.run = op.name === 'expConcreteLogProb' ? (_, k, p) => op.run(input.view, k, p) : op.run;
      expectSame(run(given, n, o), expected, `${op.name} n ${n}`);
      within(residentOf(expected), (out) => run(given, n, { ...o, out }), expected, `${op.name} n ${n}, out`);
      within(residentOf(expected), (out) => op.run(x, n, { ...o, out }), expected, `${op.name} n ${n}, out alone`);
      const ordinary = expected.slice().fill(7);
      expect(run(given, n, { ...o, out: ordinary })).toBe(ordinary);
      expectSame(ordinary, expected, op.name);
      expectSame(input.view, x, op.name);
      if (expected.constructor === x.constructor && expected.length === x.length) {
        within(
          input as Resident<Values>,
          (out) => run(given, n, { ...o, out }),
          expected,
          `${op.name} n ${n} in place`,
        );
      }
    }
  });

  test.each(MAXES)('$name: gradients, entropy and loss take them in every place', ({ max }) => {
    const rows = 30,
      n = 700,
      x = normals(dtype, rows * n, 1);
    const p = max(x, n),
      d = normals(dtype, rows * n, 2),
      y = max(d, n);
    const index = Int32Array.from({ length: rows }, (_, r) => r * 20);
    const o = { temperature: 0.7 };
    const calls: [Values[], (inputs: never[], out?: Floats) => Floats][] = [
      [[p, d], ([a, b], out) => max.vjp<Floats>(a!, b!, n, out ? { ...o, out } : o)],
      [[p, d], ([a, b], out) => max.vjpTemperature<Floats>(a!, b!, n, out ? { ...o, out } : o)],
      [[p, d], ([a, b], out) => max.vjpAlpha<Floats>(a!, b!, n, out && { out })],
      [[p], ([a], out) => max.entropy<Floats>(a!, n, out && { out })],
      [[x, y], ([a, b], out) => max.loss<Floats>(a!, b!, n, out && { out })],
      [[x, index], ([a, b], out) => max.loss<Floats>(a!, b!, n, out && { out })],
      [[x, index], ([a, b], out) => max.lossGradient<Floats>(a!, b!, n, out && { out })],
    ];
    for (const [i, [inputs, call]] of calls.entries()) {
      const expected = call(inputs as never[]).slice();
      const given = inputs.map(residentOf);
      expectSame(call(given as never[]), expected, `call ${i}`);
      within(residentOf(expected), (out) => call(given as never[], out), expected, `call ${i}, out`);
      given.forEach((array, k) => expectSame(array.view, inputs[k]!, `call ${i}, input ${k}`));
      if (expected.length !== inputs[0]!.length) continue;
      within(given[0] as Resident<Floats>, (out) => call(given as never[], out), expected, `call ${i}, in place`);
    }
  });

  test('growth keeps them and their values; the view is made anew', () => {
    const x = normals(dtype, 300, 1),
      input = residentOf(x),
      out = residentOf(dtype.make(300)),
      before = input.view;
    const expected = softmax(x, 100);
    for (let length = 1 << 16; length <= 1 << 20; length *= 4) {
      const large = residentOf(dtype.make(length));
      expect(large.view.every((v) => v === 0)).toBe(true);
      softmax(dtype.make(length), length);
      expectSame(input.view, x);
      const result = softmax(input, 100, { out });
      expectSame(result, expected);
      expectSame(out.view, expected);
    }
    expect(before.length === 0 || before.buffer === input.view.buffer).toBe(true);
  });

  test('an Rng whose next() calls an op that grows the memory disturbs no draw', () => {
    const x = normals(dtype, 300, 2),
      rng = new Rng(7);
    const expected = gumbelMax(new Rng(7), x, 100);
    const long = dtype.make(1 << 22, (i) => i % 7);
    class Busy extends Rng {
      override next(): Key {
        softmax(long, long.length);
        return rng.next();
      }
    }
    expectSame(gumbelMax(new Busy(1), x, 100), expected);
  });

  test('a call that grows the memory for itself writes to the view as it is then', () => {
    const n = 1 << 20,
      x = dtype.make(n, (i) => i % 5),
      out = residentOf(dtype.make(n));
    within(out, (given) => sparsemax(x, n, { out: given as Floats }), sparsemax(x, n), 'grown');
  });
});

onBothBackends((name) => {
  test('zeros of the type and length asked for, apart from each other; free room is used again', () => {
    const used = (): number => engine().memory.buffer.byteLength;
    for (const type of [Float32Array, Float64Array, Int32Array]) {
      const sizes = [0, 1, 3, 16, 1000];
      const arrays = sizes.map((length) => residentOf(new type(length).fill(3) as Values));
      sizes.forEach((length, i) => {
        expect(arrays[i]!.length).toBe(length);
        expect(Object.prototype.toString.call(arrays[i]!.view)).toBe(Object.prototype.toString.call(new type(0)));
        arrays[i]!.view.fill(i);
      });
      arrays.forEach((array, i) => expect(array.view.every((v) => v === i)).toBe(true));
    }
    const rounds = Array.from({ length: 40 }, (_, i) => {
      const arrays = [1e4, 10, 3e4, 77].map((length) => alloc(Float64Array, length + (i % 3)));
      for (const at of [2, 0, 3, 1]) {
        expect(arrays[at]!.view.every((v) => v === 0)).toBe(true);
        arrays[at]!.view.fill(9);
      }
      for (const at of [[2, 0, 3, 1], [0, 1, 2, 3], [3, 2, 1, 0]][i % 3]!) arrays[at]!.free(); // prettier-ignore
      return used();
    });
    expect(rounds.at(-1)).toBe(rounds[3]);
  });

  test('after free: an Error wherever it is used, out of nothing else; a second free does nothing', () => {
    const x = alloc(Float32Array, 6),
      other = residentOf(Float32Array.of(1, 2, 3));
    x.free();
    x.free();
    expect(() => x.view).toThrow(/free/);
    expect(x.length).toBe(6);
    expect(() => softmax(x, 3)).toThrow(/free/);
    expect(() => softmax(new Float32Array(6), 3, { out: x })).toThrow(/free/);
    expect(() => gumbelMax(key(1), x, 3)).toThrow(/free/);
    expectSame(other.view, Float32Array.of(1, 2, 3));
  });

  test('on the other backend it is copied as any array', () => {
    const x = Float32Array.of(1, 2, 3, 0, 0, 1),
      input = residentOf(x),
      out = residentOf(new Float32Array(6));
    const elsewhere = BACKENDS.find((other) => other !== name)!;
    const expected = softmax(x, 3);
    const result = on(elsewhere, () => softmax(input, 3, { out }));
    expectSame(result, expected);
    expectSame(out.view, expected);
    expectSame(on(elsewhere, () => categorical(key(1), input, 3)), categorical(key(1), x, 3)); // prettier-ignore
  });

  test('views of it may be given, also where they overlap', () => {
    const all = residentOf(Float32Array.of(1, 2, 3, 4, 5, 6));
    const part = all.view.subarray(0, 3);
    expectSame(softmax(part, 3), softmax(Float32Array.of(1, 2, 3), 3));
    const shifted = all.view.subarray(1, 4);
    expect(softmax(part, 3, { out: shifted })).toBe(shifted);
    expectSame(shifted, softmax(Float32Array.of(1, 2, 3), 3));
    all.view.set([1, 2, 3, 4, 5, 6]);
    const rest = all.view.subarray(3);
    expect(softmax(all.view.subarray(0, 3), 3, { out: rest })).toBe(rest);
    expectSame(rest, softmax(Float32Array.of(1, 2, 3), 3));
  });

  test('kind and length are checked', () => {
    const call = alloc as (...args: unknown[]) => unknown;
    for (const type of [Uint32Array, Array, null, 'float32', undefined]) expect(() => call(type, 3)).toThrow(/^type /);
    for (const length of [-1, 1.5, NaN, '3', null]) expect(() => call(Float32Array, length)).toThrow(/^length /);
    expect(() => call(Float64Array, 2 ** 50)).toThrow(RangeError);
    const x = residentOf(new Float32Array(6));
    expect(() => softmax(x, 4)).toThrow(/^x /);
    expect(() => softmax(new Float64Array(6), 3, { out: x as never })).toThrow(/^out /);
    expect(() => gumbelMax(key(1), new Float32Array(6), 3, { out: x as never })).toThrow(TypeError);
  });
});

describe('what is forgotten', () => {
  const collect = (setFlagsFromString('--expose_gc'), runInNewContext('gc') as () => void);

  test('is freed once it is collected', async () => {
    init({ backend: 'wasm' });
    const before = engine().memory.buffer.byteLength;
    for (let i = 0; i < 30; i++) {
      alloc(Float64Array, 1 << 20);
      collect();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(engine().memory.buffer.byteLength - before).toBeLessThan(15 * 2 ** 23);
  });

  test('the finaliser frees nothing that was freed before, and no one else', async () => {
    const finalisers: (() => void)[] = [];
    class Registry {
      constructor(readonly callback: (free: () => void) => void) {}
      register(_: Resident, free: () => void): void {
        finalisers.push(() => this.callback(free));
      }
      unregister(): void {}
    }
    vi.stubGlobal('FinalizationRegistry', Registry);
    vi.resetModules();
    const fresh = await import('anymax');
    fresh.init({ backend: 'js' });
    const x = fresh.alloc(Float32Array, 100);
    finalisers[0]!();
    expect(() => x.view).toThrow(/free/);
    const y = fresh.alloc(Float32Array, 100);
    y.view.fill(5);
    x.free();
    finalisers[0]!();
    const z = fresh.alloc(Float32Array, 100);
    z.view.fill(6);
    expect(y.view.every((v) => v === 5)).toBe(true);
    vi.unstubAllGlobals();
    expect(finalisers.length).toBe(3);
  });
});
