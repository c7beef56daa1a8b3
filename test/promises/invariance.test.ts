/**
 * A row's bits depend only on its values, n, T, the key and the flat offset. Then what may
 * change no bit, or few (shifts, log-probabilities), what the samplers are made of, and memory.
 */
import { argmax, backend, type Floats, gumbelMax, gumbelSoftmax, init, logSoftmax, random, softmax } from 'anymax';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  BACKENDS,
  type Dtype,
  DTYPES,
  expectClose,
  expectSame,
  F32,
  inEverySetting,
  normals,
  on,
} from '../support/backends.ts';
import { KEY, OPS, resultLength, WAYS } from '../tables/maxes.ts';

/** Elements that the engine handles at a time (src/engine/call.ts): rows around it are where chunks meet. */
const CHUNK = 16384;
const SIZES = [...Array.from({ length: 40 }, (_, i) => i + 1), 100, 1000, 5000, 20_000];
/** Where the mirror, slow under vitest, takes part: test/kernels/mirror.test.ts compares every kernel of both backends. */
const ON_BOTH = new Set([1, 3, 17, 40, 1000, 20_000]);
const rowsOfChunk = (n: number): number => Math.max(1, Math.floor(CHUNK / n));

describe.each(DTYPES)('a row alone decides: $name', (dtype) => {
  const batches = new Map(
    SIZES.map((n) => [n, normals(dtype, (rowsOfChunk(n) + 2) * n, n, 3).map((v, i) => (i % 31 === 0 ? -Infinity : v))]),
  );

  test.each(OPS)('$name', (op) => {
    for (const n of SIZES) {
      const chunk = rowsOfChunk(n),
        rows = chunk + 2;
      const x = batches.get(n)!;
      const options = op.temperature === 'none' ? {} : { temperature: [1, 0.5, 0.7][n % 3]! };
      const run = (values: Floats): Floats | Int32Array => op.run(values, n, options);
      const width = op.gives === 'row' ? n : 1;
      const expected = on('wasm', () => run(x));
      expect(expected.length).toBe(resultLength(op, rows, n));

      // the backend
      if (ON_BOTH.has(n))
        expectSame(
          on('js', () => run(x)),
          expected,
          `n ${n}, js`,
        );
      init({ backend: 'wasm' });
      // the number of rows, around the end of the chunk
      for (const count of new Set([1, 2, chunk - 1, chunk, chunk + 1])) {
        expectSame(run(x.slice(0, count * n)), expected.slice(0, count * width), `n ${n}, ${count} rows`);
      }
      // the other rows, at the same offset
      const others = x.map((v, i) => (Math.floor(i / n) % 3 === 1 ? v : i % 7));
      const among = run(others);
      for (let r = 1; r < rows; r += 3) {
        const [from, to] = [r * width, (r + 1) * width];
        expectSame(among.subarray(from, to), expected.subarray(from, to), `n ${n}, row ${r} among others`);
      }
      // the offset, where nothing is drawn
      if (!op.draws) {
        for (const r of new Set([1, chunk - 1, chunk, chunk + 1])) {
          const row = run(x.subarray(r * n, (r + 1) * n));
          expectSame(row, expected.slice(r * width, (r + 1) * width), `n ${n}, row ${r} alone`);
        }
      }
      // where the input lies and the result goes
      const offset = 1 + (n % 3);
      const out = op.gives === 'index' ? new Int32Array(expected.length) : dtype.view(expected, 3 - (n % 3));
      out.fill(77);
      expect(op.run(dtype.view(x, offset), n, { ...options, out })).toBe(out);
      expectSame(out, expected, `n ${n}, views`);
      if (op.gives === 'row' || (op.gives === 'value' && n === 1)) {
        const inPlace = dtype.view(x, offset);
        expect(op.run(inPlace, n, { ...options, out: inPlace })).toBe(inPlace);
        expectSame(inPlace, expected, `n ${n}, in place`);
      } else {
        const input = x.slice();
        run(input);
        expectSame(input, x, `n ${n}, input`);
      }
    }
  });
});

/** (l - max l) / T + g, each operation rounded to the dtype. */
function perturbed({ make, round }: Dtype, x: Floats, n: number, temperature: number): Floats {
  const g = random.gumbel(KEY, make(x.length)),
    t = round(temperature);
  let max = NaN;
  return g.map((noise, i) => {
    if (i % n === 0) max = [...x.subarray(i, i + n)].reduce((a, b) => Math.max(a, b));
    return x[i] === -Infinity ? -Infinity : round(round(round(x[i]! - max) / t) + noise);
  });
}

inEverySetting((dtype, name) => {
  const sizes = [1, 2, 3, 4, 5, 9, 17, 33, 40, 100, 1000, 5000, 20_000];
  const batches = (name === 'wasm' ? sizes : [3, 1000]).map((n) => {
    const x = normals(dtype, n * (rowsOfChunk(n) + 3), n + 1, 4);
    for (let i = 0; i < x.length; i += 41) x[i] = -Infinity;
    return { n, x };
  });

  test('gumbelMax is argmax of (l - max l) / T + random.gumbel of its key', () => {
    for (const { n, x } of batches) {
      for (const temperature of [1, 0.7, 3, 1e-3, Infinity]) {
        const expected = argmax(perturbed(dtype, x, n, temperature), n);
        if (n === 1) for (let i = 0; i < x.length; i++) if (x[i] === -Infinity) expected[i] = -1;
        expectSame(gumbelMax(KEY, x, n, { temperature }), expected, `n ${n} T ${temperature}`);
      }
    }
  });

  // Softmax at T = 1 has a form of its own, without the roundings of the scores: those of 40 or less move y by less than
  // 100 epsilon.
  test.each(WAYS)('gumbelSoftmax is the max of ((l - max l) + random.gumbel) / T: $name', ({ max, alpha }) => {
    for (const { n, x } of batches) {
      const scores = perturbed(dtype, x, n, 1);
      for (const temperature of [1, 0.7, 3, 0, Infinity]) {
        const y = gumbelSoftmax(KEY, x, n, { temperature, max }),
          expected = max(scores, n, { temperature }),
          label = `n ${n} T ${temperature}`;
        if (alpha === 1 && temperature === 1) expectClose(y, expected, 100 * dtype.epsilon, label);
        else expectSame(y, expected, label);
      }
    }
  });

  const shifted = OPS.filter(
    ({ name }) => !['supportSize', 'logSumExp', 'gumbelSigmoid', 'expConcreteLogProb'].includes(name),
  );
  test.each(shifted)('$name: what a shift of the logits that is exact changes', ({ name: op, run, temperature }) => {
    for (const { n, x } of batches) {
      const grid = x.map((v) => Math.round(v * 256) / 256 + 0);
      const options = temperature === 'none' ? {} : { temperature: 0.7 };
      for (const shift of name === 'wasm' ? [-1000, 0.5, 4096.25] : [-100.5]) {
        const actual = run(
          grid.map((v) => v + shift),
          n,
          options,
        );
        const expected = run(grid, n, options),
          label = `n ${n}, shift ${shift}`;
        if (op !== 'softmax' && op !== 'logSoftmax') {
          expectSame(actual, expected, label);
          continue;
        }
        // The maximum is not subtracted: each of the two is within its bound, and |z| < 64 where it counts.
        const bound = shift > 2000 * 0.7 ? 5 + 2 * 64 : 10;
        expected.forEach((v, i) => {
          if (!(Math.abs(actual[i]! - v) <= bound * dtype.epsilon * Math.abs(v)) && !Object.is(actual[i], v))
            throw new Error(`${label}: got ${actual[i]} at ${i}, expected ${v}`);
        });
      }
    }
  });
});

// The scores move by less than 40 epsilon, and another class is within d of the best one with probability below d:
// 0.5 of 10^5 rows in float32, none in float64. A batch with more than ten has lost precision somewhere.
test.each(DTYPES)('log-probabilities as logits give the same samples up to rounding: $name', (dtype) => {
  init({ backend: 'wasm' });
  const n = 10,
    x = normals(dtype, 100_000 * n, 77, 2);
  const logP = logSoftmax(x, n);
  const [fromX, fromLogP] = [gumbelMax(KEY, x, n), gumbelMax(KEY, logP, n)];
  expect(fromX.filter((index, row) => index !== fromLogP[row]).length).toBeLessThanOrEqual(10);
  expectClose(gumbelSoftmax(KEY, logP, n), gumbelSoftmax(KEY, x, n), 40 * dtype.epsilon);
});

describe.each(BACKENDS)('memory: %s', (name) => {
  /** A fresh instance, so that nothing has made it grow. */
  let fresh: typeof import('anymax');
  let freshUsed: () => number;

  beforeEach(async () => {
    vi.resetModules();
    fresh = await import('anymax');
    const engine = await import('../../src/engine/backend.ts');
    freshUsed = () => engine.engine().backend.memory(0).byteLength;
    fresh.init({ backend: name });
  });
  afterEach(() => vi.unstubAllGlobals());

  const many = name === 'wasm' ? 1e7 : 1e5; // more chunks are no more memory, and the mirror is slow under vitest
  test(`a batch of ${many} values takes no more than 8 MiB`, () => {
    const x = new Float32Array(many);
    for (const n of [10, 1000]) {
      fresh.softmax(x, n, { out: x });
      fresh.gumbelMax(KEY, x, n);
      fresh.gumbelSoftmax(KEY, x, n, { out: x, max: fresh.sparsemax });
    }
    fresh.random.gumbel(KEY, x);
    fresh.expConcreteLogProb(x, x, 10);
    expect(freshUsed()).toBeLessThanOrEqual(8 * 2 ** 20);
  });

  test('a first call has the scratch that it needs', () => {
    const y = fresh.gumbelSoftmax(KEY, new Float32Array(17 * 3), 17);
    expect(y.every((v) => v > 0)).toBe(true);
  });

  test('one long row makes it grow; what was given before stays, and what comes after is right', () => {
    const [before, noise] = [fresh.softmax(Float32Array.of(1, 2, 3), 3), fresh.random.gumbel(KEY, 2000)];
    const copies = [before.slice(), noise.slice()];
    const long = normals(F32, (3 * many) / 10, 5);
    const p = fresh.softmax(long, long.length);
    expect(freshUsed()).toBeGreaterThanOrEqual(2 * long.byteLength);
    expectSame(
      p,
      on('wasm', () => softmax(long, long.length)),
    );
    expectSame(before, copies[0]!);
    expectSame(noise, copies[1]!);
    expectSame(fresh.softmax(Float32Array.of(1, 2, 3), 3), before);
    expectSame(fresh.random.gumbel(KEY, 2000), noise);
  });

  test('an error leaves the next call as it was', () => {
    const x = normals(F32, 12, 1);
    const expected = fresh.gumbelMax(KEY, x, 4);
    expect(() => fresh.gumbelMax(KEY, x, 5)).toThrow(RangeError);
    expectSame(fresh.gumbelMax(KEY, x, 4), expected);
  });

  test('a module that cannot be had: an Error that says why, the backend in use stays; auto falls back to JS', () => {
    const wasm = Uint8Array.of(0, 97, 115, 109, 1, 2, 3);
    expect(() => fresh.init({ backend: 'wasm', wasm })).toThrow(/^backend 'wasm' is not available here: /);
    expect(fresh.backend()).toBe(name);
    fresh.init({ wasm });
    expect([fresh.backend(), fresh.fallbackReason()]).toEqual(['js', expect.any(WebAssembly.CompileError)]);
    expectSame(fresh.softmax(Float32Array.of(2, 2), 2), Float32Array.of(0.5, 0.5));
    fresh.init({ backend: 'wasm', wasm: readFileSync('build/anymax.wasm') });
    expect([fresh.backend(), fresh.fallbackReason()]).toEqual(['wasm', undefined]);
  });

  test('where it cannot grow: a RangeError that names the size, out and Rng untouched, and the next small call works', () => {
    if (name === 'wasm') fresh.init({ backend: 'wasm', wasm: withoutGrowth(readFileSync('build/anymax.wasm')) });
    else vi.stubGlobal('ArrayBuffer', SmallBuffer);
    expect(fresh.backend()).toBe(name);
    const expected = on(name, () => softmax(Float32Array.of(1, 2, 3), 3));
    const [x, out] = [new Float32Array(1e6), new Float32Array(1e6).fill(77)];
    const call = (): unknown => fresh.softmax(x, x.length, { out });
    expect(call).toThrow(RangeError);
    expect(call).toThrow(/cannot allocate \d{7,} bytes/);
    expect(out.every((v) => v === 77)).toBe(true);
    expectSame(fresh.softmax(Float32Array.of(1, 2, 3), 3), expected);
    const rng = new fresh.Rng(1),
      { state } = rng;
    for (const draw of [fresh.gumbelSoftmax, fresh.gumbelMax, fresh.expConcrete, fresh.categorical]) {
      expect(() => draw(rng, x, x.length)).toThrow(/cannot allocate \d{7,} bytes/);
    }
    expect(rng.state).toEqual(state);
  });
});

const RealBuffer = ArrayBuffer;

/** An ArrayBuffer of which only small ones can be had. */
class SmallBuffer extends RealBuffer {
  constructor(bytes: number) {
    if (bytes > 2 ** 20) throw new RangeError('Array buffer allocation failed');
    super(bytes);
  }
}

/** The module with its memory's least size as its greatest: section 5, "one memory, no maximum, m pages" with m < 128. */
function withoutGrowth(module: Uint8Array): Uint8Array {
  const at = module.findIndex((_, i) => i >= 8 && module.subarray(i, i + 4).join() === '5,3,1,0');
  const pages = module[at + 4]!;
  expect([at > 0, pages > 0 && pages < 128]).toEqual([true, true]);
  const patched = Uint8Array.from([...module.subarray(0, at), 5, 4, 1, 1, pages, pages, ...module.subarray(at + 5)]);
  expect(WebAssembly.validate(patched)).toBe(true);
  return patched;
}

test('the backend in use is the one that was asked for', () => {
  for (const name of BACKENDS) expect(on(name, backend)).toBe(name);
});
