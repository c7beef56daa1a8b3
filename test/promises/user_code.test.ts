/**
 * Code and objects of the caller's can do nothing to the call around them: options with getters, arrays with methods of
 * their own, an Rng whose next() frees, detaches, grows or calls ops; memory that is taken away.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  alloc,
  argmax,
  categorical,
  expConcreteLogProb,
  type Floats,
  gumbelMax,
  gumbelSoftmax,
  gumbelTopK,
  init,
  key,
  type Key,
  random,
  type Resident,
  Rng,
  softmax,
} from 'anymax';
import { afterEach, describe, expect, test } from 'vitest';
import { engine } from '../../src/engine/backend.ts';
import { aligned } from '../../src/engine/memory.ts';
import { expectSame, F32, inEverySetting, normals, onBothBackends } from '../support/backends.ts';
import { OPS } from '../tables/maxes.ts';

const SHAPES = [
  [2, 3],
  [3, 40],
  [4000, 5],
] as const;

/** A subclass whose own members lie or fail. */
function hostile<T extends Float32ArrayConstructor>(Type: T) {
  const fail = (): never => {
    throw new Error('called');
  };
  class Hostile extends (Type as Float32ArrayConstructor) {
    static get [Symbol.species](): never {
      return fail();
    }
  }
  for (const name of ['set', 'subarray', 'slice', 'fill', 'at', 'indexOf', 'map', 'copyWithin', Symbol.iterator]) {
    Object.defineProperty(Hostile.prototype, name, { get: fail });
  }
  for (const name of ['length', 'byteOffset', 'byteLength', 'buffer', 'constructor', Symbol.toStringTag]) {
    Object.defineProperty(Hostile.prototype, name, { get: fail });
  }
  return Hostile as unknown as new (array: ArrayBuffer, offset: number, length: number) => Floats;
}

inEverySetting((dtype) => {
  test.each(OPS)('$name calls nothing of an array', (op) => {
    for (const [rows, n] of SHAPES) {
      const x = normals(dtype, rows * n, n),
        o = op.temperature === 'none' ? {} : { temperature: 0.7 };
      const expected = op.run(x, n, o).slice();
      const Input = hostile(x.constructor as Float32ArrayConstructor),
        Output = hostile(expected.constructor as Float32ArrayConstructor);
      const values = x.slice().buffer as ArrayBuffer,
        results = new ArrayBuffer(expected.byteLength + 8);
      // one op of the table makes its second input by x.map
      if (op.name !== 'expConcreteLogProb') {
        const out = new Output(results, 8, expected.length);
        const got = op.run(new Input(values, 0, x.length), n, { ...o, out });
        expect(got === out).toBe(true);
        const Plain = expected.constructor as Float32ArrayConstructor;
        expectSame(new Plain(results, 8, expected.length), expected, `${op.name} ${rows} x ${n}`);
      }
    }
  });

  test('an array out of the bounds of a shrunk buffer is a TypeError, as a detached one', () => {
    const { constructor: Type, BYTES_PER_ELEMENT: size } = dtype.make(0) as Float32Array;
    const buffers = (): ArrayBuffer => Reflect.construct(ArrayBuffer, [6 * size, { maxByteLength: 12 * size }]);
    type Resizable = ArrayBuffer & { resize(bytes: number): void };
    for (const length of [6, undefined]) {
      const buffer = buffers() as Resizable,
        x = new (Type as Float32ArrayConstructor)(buffer, length === undefined ? size * 3 : 0, length);
      buffer.resize(size * 2);
      expect(() => softmax(x, 3)).toThrow(new TypeError('x is detached, or out of the bounds of its buffer'));
      expect(() => argmax(x, 3)).toThrow(TypeError);
      expect(() => softmax.vjp(dtype.make(6) as Float32Array, x, 3)).toThrow(/^(dp is detached|dp must be)/);
      expect(() => softmax(dtype.make(6) as Float32Array, 3, { out: x })).toThrow(/^out /);
      expect(() => random.gumbel(key(1), x)).toThrow(/^out is detached/);
    }
  });
});

onBothBackends((name) => {
  const freed: Resident[] = [];
  afterEach(() => freed.splice(0).forEach((array) => array.free()));
  const x = normals(F32, 300, 2) as Float32Array;

  /** An Rng that does something of its own and then gives the keys of another. */
  function rngWith(act: () => void, seed = 7): Rng {
    const keys = new Rng(seed);
    class Own extends Rng {
      override next(): Key {
        act();
        return keys.next();
      }
    }
    return new Own(1);
  }

  test.each([
    ['gumbelMax', (rng: Rng, v: Float32Array, out?: Int32Array) => gumbelMax(rng, v, 100, out && { out })],
    ['gumbelTopK', (rng: Rng, v: Float32Array, out?: Int32Array) => gumbelTopK(rng, v, 100, 1, out && { out })],
    ['categorical', (rng: Rng, v: Float32Array, out?: Int32Array) => categorical(rng, v, 100, out && { out })],
  ] as const)('%s: what next() does changes no draw, or is an error', (_, draw) => {
    const expected = draw(new Rng(7), x);
    const other = alloc(Float32Array, 64),
      mark = (): void => expect(other.view.every((v) => v === 5)).toBe(true);
    freed.push(other);
    other.view.fill(5);
    expectSame(
      draw(
        rngWith(() => softmax(new Float32Array(1 << 22), 1 << 22)),
        x,
      ),
      expected,
    );
    expectSame(
      draw(
        rngWith(() => freed.push(alloc(Float64Array, 1e6))),
        x,
      ),
      expected,
    );
    // a view of the memory that grows meanwhile
    const resident = alloc(Float32Array, 300);
    resident.view.set(x);
    expectSame(
      draw(
        rngWith(() => freed.push(alloc(Float64Array, 2e6))),
        resident as never,
      ),
      expected,
    );
    const out = alloc(Int32Array, 3);
    draw(
      rngWith(() => freed.push(alloc(Float64Array, 3e6))),
      x,
      out as never,
    );
    expectSame(out.view, expected);
    expect(() =>
      draw(
        rngWith(() => out.free()),
        x,
        out as never,
      ),
    ).toThrow(/free/);
    expect(() =>
      draw(
        rngWith(() => resident.free()),
        resident as never,
      ),
    ).toThrow(/free/);
    const gone = x.slice();
    const transfer = (): void => void structuredClone(gone.buffer, { transfer: [gone.buffer] });
    expect(() => draw(rngWith(transfer), gone)).toThrow(/^logits is detached/);
    const result = new Int32Array(3);
    const detach = (): void => void structuredClone(result.buffer, { transfer: [result.buffer] });
    expect(() => draw(rngWith(detach), x, result)).toThrow(/^out is detached/);
    const wrong = new Int32Array(3).fill(9);
    expect(() => draw(rngWith(() => { throw new Error('own'); }), x, wrong)).toThrow('own'); // prettier-ignore
    expectSame(wrong, new Int32Array(3).fill(9));
    class NoKey extends Rng {
      override next(): Key {
        return 3 as never;
      }
    }
    expect(() => draw(new NoKey(), x, wrong)).toThrow(/^next\(\) of source must be a Key/);
    mark();
    expectSame(draw(new Rng(7), x), expected);
  });

  test('options are asked once, also through a prototype; a getter may call ops', () => {
    const asked: string[] = [];
    class Options {
      get temperature(): number {
        asked.push('temperature');
        softmax(new Float32Array(1 << 20), 1 << 20);
        return 0.5;
      }
      get out(): undefined {
        asked.push('out');
        return undefined;
      }
    }
    expectSame(softmax(x, 100, new Options() as never), softmax(x, 100, { temperature: 0.5 }));
    expectSame(gumbelSoftmax(key(1), x, 100, new Options() as never), gumbelSoftmax(key(1), x, 100, { temperature: 0.5 })); // prettier-ignore
    expectSame(softmax.vjp(x, x, 100, new Options() as never), softmax.vjp(x, x, 100, { temperature: 0.5 }));
    expect(asked).toEqual(['temperature', 'out', 'temperature', 'out', 'temperature', 'out']);
    const inherited = Object.create({ temperature: 0.5 }) as object;
    expectSame(softmax(x, 100, inherited), softmax(x, 100, { temperature: 0.5 }));
  });

  test('options are nothing else, and have no other names', () => {
    const call = softmax as (...args: unknown[]) => unknown;
    for (const bad of [new Map([['temperature', 1]]), alloc(Float32Array, 300), new Rng(1), [], x, new Set(), key(1)]) {
      expect(() => call(x, 100, bad)).toThrow(/^options/);
    }
    expect(() => call(x, 100, Object.create({ tau: 1 }))).toThrow("options: unknown name 'tau'");
    Object.defineProperty(Object.prototype, 'polluted', {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      expectSame(softmax(x, 100, { temperature: 2 }), softmax(x, 100, { temperature: 2 }));
      expect(() => expConcreteLogProb(x, x, 100, {})).not.toThrow();
      expect(() => init({ backend: name })).not.toThrow();
      expect(() => call(x, 100, { tau: 1 })).toThrow(TypeError);
    } finally {
      delete (Object.prototype as { polluted?: unknown }).polluted;
    }
  });

  test('a Proxy of a Resident or an Rng is a TypeError that says so', () => {
    expect(() => softmax(new Proxy(alloc(Float32Array, 3), {}) as never, 3)).toThrow(
      'x must be a Float32Array or Float64Array, got Resident of another copy of the package, or a Proxy of one',
    );
    expect(() => gumbelMax(new Proxy(new Rng(1), {}), x, 100)).toThrow(TypeError);
    expect(() => structuredClone(alloc(Float32Array, 3))).toThrow();
  });

  test('a view keeps its array', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const views = Array.from({ length: 20 }, (_, i) => alloc(Float32Array, 1000).view.fill(i));
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 1));
      alloc(Float32Array, 1000).view.fill(99);
    }
    views.forEach((view, i) => expect(view.every((v) => v === i)).toBe(true));
  });

  test('views at the very end of the memory', () => {
    const { buffer } = engine().memory,
      end = new Float32Array(buffer, buffer.byteLength - 12, 3);
    const before = end.slice();
    end.set([1, 2, 3]);
    expectSame(softmax(end, 3), softmax(Float32Array.of(1, 2, 3), 3));
    expect(gumbelMax(key(1), end, 3).length).toBe(1);
    end.set(before);
  });

  test('many arrays: made and freed in a time that grows as their number does', () => {
    const before = engine().memory.buffer.byteLength;
    const arrays = Array.from({ length: 3000 }, () => alloc(Float32Array, 1000));
    for (let i = 0; i < arrays.length; i += 2) arrays[i]!.free();
    for (let i = 1; i < arrays.length; i += 2) arrays[i]!.free();
    const again = Array.from({ length: 3000 }, () => alloc(Float32Array, 1000));
    const used = engine().memory.buffer.byteLength;
    for (const array of again) array.free();
    expect(used).toBeLessThan(2 * before + 40e6);
    const whole = alloc(Float32Array, 3e6);
    expect(engine().memory.buffer.byteLength).toBe(used);
    whole.free();
  });

  test('sizes are numbers, not 32-bit integers', () => {
    expect([2 ** 31 - 1, 2 ** 31 + 1, 2 ** 33, 2 ** 40 + 5].map(aligned)).toEqual([2 ** 31, 2 ** 31 + 16, 2 ** 33, 2 ** 40 + 16]); // prettier-ignore
    const out = new Int32Array(3).fill(7),
      rng = new Rng(3);
    for (const draws of [2 ** 31, 2 ** 32 + 1, 2 ** 52]) {
      expect(() => categorical(rng, x, 100, { draws })).toThrow(/^cannot allocate/);
      expect(() => categorical(rng, x, 100, { draws, out })).toThrow(RangeError);
    }
    expect(rng.state.count).toBe(0);
    expectSame(out, new Int32Array(3).fill(7));
  });
});

describe('the memory of JS', () => {
  test('is begun anew when its buffer was transferred away; what lived there says so', () => {
    init({ backend: 'js' });
    const expected = softmax(Float32Array.of(1, 2, 3), 3);
    const lost = alloc(Float32Array, 3);
    const { buffer } = lost.view;
    structuredClone(buffer, { transfer: [buffer] });
    expect(() => lost.view).toThrow(/transferred/);
    expect(() => softmax(lost, 3)).toThrow(/transferred/);
    expectSame(softmax(Float32Array.of(1, 2, 3), 3), expected);
    const next = alloc(Float32Array, 3);
    next.view.set([1, 2, 3]);
    lost.free();
    expectSame(softmax(next, 3, { out: next }), expected);
    next.free();
    init({ backend: 'auto' });
  });
});
