/**
 * anymax/threads, as it is built: the bits of every function against the package on one thread, whose own tests say that
 * they are right; errors, workers that end, closing, many calls at once, places without shared memory.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { inputsOf, ROWS } from '../tables/rows.ts';
import type { Pool } from '../../src/threads/types.ts';
import { DTYPES, expectSame, F32, normals } from '../support/backends.ts';

type Package = typeof import('anymax') & typeof import('../../src/tokens/tokens.ts');
type Threads = typeof import('../../src/threads/pool.ts');
const dist = new URL('../../dist/', import.meta.url).pathname;
const anymax = {
  ...(await import(/* @vite-ignore */ `${dist}index.js`)),
  ...(await import(/* @vite-ignore */ `${dist}index.tokens.js`)),
} as Package;
const { pool } = (await import(/* @vite-ignore */ `${dist}threads.js`)) as Threads;

const seed = anymax.key('threads');
/** To be called as the package is: results are promises, which `await` does not mind. */
const asPackage = (made: Pool): Package => made as unknown as Package;

const workers: Worker[] = [];
const collect = (worker: Worker): void => void workers.push(worker);
let two: Pool, three: Pool;
beforeAll(async () => {
  process.on('worker', collect);
  [two, three] = await Promise.all([pool({ threads: 2 }), pool({ threads: 3 })]);
});
afterAll(async () => {
  process.off('worker', collect);
  await Promise.all([two.close(), three.close()]);
});

/** Rows of scores and what goes with them. */
function dataOf(make: (typeof DTYPES)[number], rows: number, n: number) {
  const x = normals(make, rows * n, rows + n),
    d = normals(make, rows * n, rows - n);
  const temperature = 0.7;
  return {
    n,
    x,
    d,
    temperature,
    perRow: normals(make, rows, 1),
    k: Math.min(3, n),
    p: anymax.sparsemax(x, n),
    logP: anymax.logSoftmax(x, n),
    y: anymax.gumbelSoftmax(seed, x, n),
    bit: x.map((v) => 1 / (1 + Math.exp(-v))) as typeof x,
    target: Int32Array.from({ length: rows }, (_, r) => (7 * r) % n),
    dtype: make.name,
  };
}
type Data = ReturnType<typeof dataOf>;

/** The functions of a max. */
const maxCases = (name: string, max: (a: Package) => ReturnType<Package['entmax']>) => ({
  [name]: (a: Package, { x, n, temperature }: Data) => max(a)(x, n, { temperature }),
  [`${name}.vjp`]: (a: Package, { p, d, n, temperature }: Data) => max(a).vjp(p, d, n, { temperature }),
  [`${name}.vjpTemperature`]: (a: Package, { p, d, n }: Data) => max(a).vjpTemperature(p, d, n),
  [`${name}.vjpAlpha`]: (a: Package, { p, d, n }: Data) => max(a).vjpAlpha(p, d, n),
  [`${name}.entropy`]: (a: Package, { p, n }: Data) => max(a).entropy(p, n),
  [`${name}.entropy.vjp`]: (a: Package, { p, perRow, n }: Data) => max(a).entropy.vjp(p, perRow, n),
  [`${name}.loss`]: (a: Package, { x, target, n }: Data) => max(a).loss(x, target, n),
  [`${name}.loss.vjp`]: (a: Package, { x, target, perRow, n, temperature }: Data) =>
    max(a).loss.vjp(x, target, perRow, n, { temperature, ignoreIndex: 0 }),
  [`${name}.lossGradient`]: (a: Package, { x, p, n }: Data) => max(a).lossGradient(x, p, n),
});

/** A call of every function of a pool. */
const CASES: Record<string, (a: Package, d: Data) => unknown> = {
  ...maxCases('softmax', (a) => a.softmax),
  ...maxCases('sparsemax', (a) => a.sparsemax),
  ...maxCases('entmax15', (a) => a.entmax15),
  ...maxCases('entmax', (a) => a.entmax(1.3)),
  argmax: (a, { x, n }) => a.argmax(x, n),
  hardmax: (a, { x, n }) => a.hardmax(x, n),
  supportSize: (a, { p, n }) => a.supportSize(p, n),
  logSoftmax: (a, { x, n, temperature }) => a.logSoftmax(x, n, { temperature }),
  'logSoftmax.vjp': (a, { logP, d, n }) => a.logSoftmax.vjp(logP, d, n),
  'logSoftmax.vjpTemperature': (a, { logP, d, n }) => a.logSoftmax.vjpTemperature(logP, d, n),
  logSumExp: (a, { x, n }) => a.logSumExp(x, n),
  'logSumExp.vjp': (a, { x, perRow, n }) => a.logSumExp.vjp(x, perRow, n),
  'logSumExp.vjpTemperature': (a, { x, perRow, n, temperature }) =>
    a.logSumExp.vjpTemperature(x, perRow, n, { temperature }),
  gumbelMax: (a, { x, n, temperature }) => a.gumbelMax(seed, x, n, { temperature }),
  categorical: (a, { x, n }) => a.categorical(new anymax.Rng(4), x, n),
  'logSoftmax.at': (a, { x, target, n, temperature }) => a.logSoftmax.at(x, target, n, { temperature }),
  penalize: (a, { x, n }) =>
    a.penalize(x, n, new Int32Array(x.length / n), {
      offsets: Int32Array.from({ length: x.length / n + 1 }, (_, r) => r),
      presence: 0.5,
    }),
  addBias: (a, { x, n }) =>
    a.addBias(x, n, Int32Array.of(0, -1, 0), new (x.constructor as typeof Float64Array)(3).fill(2)),
  allow: (a, { x, n }) => a.allow(x, n, new Int32Array(Math.ceil(n / 32)).fill(0x5a5aa5a5)),
  truncate: (a, { x, n, temperature }) => a.truncate(x, n, { temperature, topK: 4, topP: 0.8, minP: 0.05, minKeep: 2 }),
  sampleTokens: (a, { x, n, temperature }) => a.sampleTokens(new anymax.Rng(5), x, n, { temperature, topP: 0.9 }),
  topK: (a, { x, n, k }) => a.topK(x, n, k),
  gumbelTopK: (a, { x, n, k }) => a.gumbelTopK(seed, x, n, k),
  gumbelGiven: (a, { x, perRow, n }) => a.gumbelGiven(seed, x, perRow, n),
  exponentialRace: (a, { bit, n }) => a.exponentialRace(seed, bit, n),
  gumbelSoftmax: (a, { x, n, temperature }) => a.gumbelSoftmax(seed, x, n, { temperature }),
  'gumbelSoftmax.vjp': (a, { y, d, n }) => a.gumbelSoftmax.vjp(y, d, n, { max: anymax.entmax15 }),
  'gumbelSoftmax.vjpTemperature': (a, { y, d, n }) => a.gumbelSoftmax.vjpTemperature(y, d, n),
  expConcrete: (a, { x, n, temperature }) => a.expConcrete(seed, x, n, { temperature }),
  'expConcrete.vjp': (a, { logP, d, n }) => a.expConcrete.vjp(logP, d, n),
  'expConcrete.vjpTemperature': (a, { logP, d, n }) => a.expConcrete.vjpTemperature(logP, d, n),
  gumbelSigmoid: (a, { x, temperature }) => a.gumbelSigmoid(seed, x, { temperature }),
  'gumbelSigmoid.vjp': (a, { bit, d, temperature }) => a.gumbelSigmoid.vjp(bit, d, { temperature }),
  logitBinConcrete: (a, { x }) => a.logitBinConcrete(seed, x),
  'logitBinConcrete.vjp': (a, { x, d, temperature }) => a.logitBinConcrete.vjp(x, d, { temperature }),
  'logitBinConcrete.vjpTemperature': (a, { x, d }) => a.logitBinConcrete.vjpTemperature(x, d),
  expConcreteLogProb: (a, { logP, x, n }) => a.expConcreteLogProb(logP, x, n),
  'expConcreteLogProb.vjp': (a, { logP, x, perRow, n }) => a.expConcreteLogProb.vjp(logP, x, perRow, n),
  plackettLuceLogProb: (a, { x, n, k, temperature }) =>
    a.plackettLuceLogProb(x, anymax.gumbelTopK(seed, x, n, k), n, k, { temperature }),
  'plackettLuceLogProb.vjp': (a, { x, perRow, n, k }) =>
    a.plackettLuceLogProb.vjp(x, anymax.gumbelTopK(seed, x, n, k), perRow, n, k),
  concreteLogProb: (a, { y, x, n, temperature }) => a.concreteLogProb(y, x, n, { temperature }),
  'concreteLogProb.vjp': (a, { y, x, perRow, n, temperature }) =>
    a.concreteLogProb.vjp(y, x, perRow, n, { temperature }),
  binConcreteLogProb: (a, { bit, x }) => a.binConcreteLogProb(bit, x),
  'binConcreteLogProb.vjp': (a, { bit, x, d, temperature }) => a.binConcreteLogProb.vjp(bit, x, d, { temperature }),
  logitBinConcreteLogProb: (a, { d, x }) => a.logitBinConcreteLogProb(d, x),
  'logitBinConcreteLogProb.vjp': (a, { d, x, bit }) => a.logitBinConcreteLogProb.vjp(d, x, bit),
  'random.bits': (a, { x }) => a.random.bits(seed, x.length),
  'random.uniform': (a, { x }) => a.random.uniform(seed, x.slice()),
  'random.exponential': (a, { x, dtype }) => a.random.exponential(seed, x.slice(), { dtype }),
  'random.gumbel': (a, { x }) => a.random.gumbel(seed, x.length, { dtype: 'float64' }),
  'random.logistic': (a, { x }) => a.random.logistic(seed, x.length),
  'random.normal': (a, { x }) => a.random.normal(new anymax.Rng(3), x.slice()),
};
/** Where an option leads to other kernels. */
const MORE: typeof CASES = {
  'several draws of a race': (a, { bit, n }) => a.exponentialRace(seed, bit, n, { draws: 3 }),
  'many draws of categorical': (a, { x, n }) => a.categorical(seed, x, n, { draws: n + 2 }),
  'general entmax of gumbelSoftmax': (a, { x, n }) => a.gumbelSoftmax(seed, x, n, { max: anymax.entmax(1.7) }),
  'a distribution as a target': (a, { x, y, n }) => a.softmax.loss(x, y, n),
};

/** The paths of the functions that hang on something. */
function pathsOf(of: object, path: readonly string[] = []): string[] {
  return Object.entries(of).flatMap(([name, value]) => {
    if (typeof value !== 'function' && typeof value !== 'object') return [];
    const here = [...path, name];
    return [...(typeof value === 'function' ? [here.join('.')] : []), ...pathsOf(value as object, here)];
  });
}

/** Several arrays as well as one. */
function expectSameResult(actual: unknown, expected: unknown): void {
  if (ArrayBuffer.isView(expected)) return expectSame(actual as Float32Array, expected as Float32Array);
  expect(Object.keys(actual as object)).toEqual(Object.keys(expected as object));
  for (const [name, values] of Object.entries(expected as object)) {
    expectSame((actual as Record<string, Float32Array>)[name]!, values as Float32Array, name);
  }
}

test('a pool has a function for every one of the package that works on batches, and here is a case for each', () => {
  const others =
    /^(alloc|backend|fallbackReason|foldIn|init|key|perRow|split|Rng|vjp)$|\.prepare$|ElboTerm|^semiSupervised|^kl/;
  const ofPackage = pathsOf(anymax).filter((path) => !others.test(path) && !/^[A-Z]/.test(path));
  expect(
    pathsOf(two)
      .filter((path) => path !== 'close')
      .sort(),
  ).toEqual(ofPackage.sort());
  const ofMaxes = pathsOf(two.entmax(1.3), ['entmax']);
  expect(Object.keys(CASES).sort()).toEqual([...ofPackage, ...ofMaxes].sort());
  expect([two.softmax.alpha, two.entmax(1.3).alpha]).toEqual([1, 1.3]);
});

describe.each(DTYPES)('the bits of one thread, $name', (make) => {
  // one row; fewer than threads; one part; rows longer than a part; parts that end anywhere
  const data = [
    [1, 5],
    [2, 3],
    [31, 7],
    [4, 17001],
    [9835, 5],
    [0, 4],
  ].map(([rows, n]) => dataOf(make, rows!, n!));

  test.each(Object.keys({ ...CASES, ...MORE }))('%s', async (name) => {
    const run = { ...CASES, ...MORE }[name]!;
    for (const d of data) {
      const expected = run(anymax, d);
      expectSameResult(await run(asPackage(two), d), expected);
      expectSameResult(await run(asPackage(three), d), expected);
    }
  });
});

describe.each(DTYPES)('rows that differ, $name', (make) => {
  const keys = anymax.perRow(
      seed,
      Int32Array.from({ length: 400 }, (_, r) => 3 * r),
    ),
    list = Array.from({ length: 400 }, (_, r) => anymax.foldIn(seed, r + 7));
  test.each(ROWS)('$name', async (op) => {
    const inputs = inputsOf(make, Array<number>(400).fill(130), 1);
    const temperature = make.make(400, (r) => 0.25 * ((r >> 1) % 7) + 0.25);
    const options = op.temperature === 'none' ? {} : { temperature };
    for (const source of op.draws ? [seed, keys, list, anymax.perRow(seed)] : [seed]) {
      const expected = op.run({ ...anymax, max: anymax }, inputs, 130, options, source);
      expectSameResult(await op.run({ ...two, max: anymax }, inputs, 130, options, source), expected);
    }
  });
});

describe('arrays', () => {
  const n = 5,
    x = normals(F32, 9835 * n, 1) as Float32Array,
    expected = anymax.softmax(x, n);
  const shared = (): Float32Array<SharedArrayBuffer> => {
    const array = new Float32Array(new SharedArrayBuffer(x.byteLength + 8), 8);
    array.set(x);
    return array;
  };

  test('those in shared memory are used where they lie, also in place', async () => {
    const input = shared(),
      out = shared();
    expect(await two.softmax<Float32Array>(input, n, { out })).toBe(out);
    expectSame(out, expected);
    expectSame(input, x);
    expect(await two.softmax<Float32Array>(input, n, { out: input })).toBe(input);
    expectSame(input, expected);
    expect((await two.softmax(x, n)).buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('float16 is widened before it is sent: arrays, shared or not, and temperatures per row', async () => {
    const halves = Uint16Array.from({ length: 100 * 300 }, (_, i) => (i * 7919) & 0x3fff),
      there = new Uint16Array(new SharedArrayBuffer(halves.byteLength)),
      o = { dtype: 'float16', temperature: Uint16Array.from({ length: 100 }, (_, r) => 0x3c00 + r) } as const;
    there.set(halves);
    const p = anymax.softmax(halves, 300, o),
      drawn = anymax.gumbelMax(seed, halves, 300, o);
    for (const x of [halves, there]) {
      expectSame(await asPackage(two).softmax(x, 300, o), p);
      expectSame(await asPackage(two).gumbelMax(seed, x, 300, o), drawn);
      const tokens = { dtype: 'float16', topK: 20 } as const;
      expectSame(await two.sampleTokens(seed, x, 300, tokens), anymax.sampleTokens(seed, halves, 300, tokens));
    }
    expectSame(await asPackage(two).softmax(halves.subarray(0, 0), 300, { dtype: 'float16' }), new Float32Array(0));
    await expect(asPackage(two).softmax(halves, 300)).rejects.toThrow(/^x must be .* say \{ dtype: 'float16' \}$/);
  });

  test('two results, of which one lies there', async () => {
    const [values, there] = [new Float32Array(9835 * 2), shared().subarray(0, 9835 * 2)],
      copy = values.slice();
    const top = anymax.topK(x, n, 2, { values });
    expectSame(await two.topK(x, n, 2, { values: copy }), top);
    expectSame(copy, values);
    expectSame(await two.topK(x, n, 2, { values: there }), top);
    expectSame(there, values);
    const drawn = anymax.gumbelTopK(seed, x, n, 2, { scores: values });
    expectSame(await two.gumbelTopK(seed, x, n, 2, { scores: copy }), drawn);
    expectSame(copy, values);
  });

  test('others are copied to and from it, also in place', async () => {
    const inPlace = x.slice(),
      out = new Float32Array(x.length);
    expect(await two.softmax(inPlace, n, { out: inPlace })).toBe(inPlace);
    expect(await two.softmax(x, n, { out })).toBe(out);
    expectSame(inPlace, expected);
    expectSame(out, expected);
    const noise = new Uint32Array(50_000);
    expect(await two.random.bits(seed, noise)).toBe(noise);
    expectSame(noise, anymax.random.bits(seed, noise.length));
  });

  test('resident ones are read and written as they lie when the call has its turn', async () => {
    const input = anymax.alloc(Float32Array, x.length),
      out = anymax.alloc(Float32Array, x.length);
    input.view.set(x);
    const call = two.softmax(input, n, { out });
    const large = anymax.alloc(Float64Array, 4_000_000); // the memory grows: views of it are detached
    expectSame(await call, expected);
    expectSame(out.view, expected);
    for (const resident of [input, out, large]) resident.free();
    await expect(two.softmax(input, n)).rejects.toThrow('used after free()');
  });
});

describe('errors', () => {
  const x = Float32Array.of(1, 2, 3, 4),
    out = Float32Array.of(5, 6, 7, 8);
  const bad: Record<string, (a: Package) => unknown> = {
    'another kind of array': (a) => a.softmax([1, 2] as unknown as Float32Array, 2),
    'a length that is no multiple': (a) => a.softmax(x, 3, { out }),
    'no n': (a) => a.argmax(x, 0),
    temperature: (a) => a.softmax(x, 2, { temperature: -1, out }),
    'an option that is not known': (a) => a.softmax(x, 2, { tau: 1, out } as object),
    'a wrong out': (a) => a.softmax(x, 2, { out: out.subarray(1) }),
    'another dtype': (a) => a.softmax.vjp(x, new Float64Array(4) as unknown as Float32Array, 2, { out }),
    'no source': (a) => a.gumbelMax({} as Parameters<Package['gumbelMax']>[0], x, 2),
    'no max': (a) => a.gumbelSoftmax(seed, x, 2, { max: (() => x) as never, out }),
    'too large a k': (a) => a.gumbelTopK(seed, x, 2, 3),
    draws: (a) => a.categorical(seed, x, 2, { draws: 0 }),
    'a length': (a) => a.random.gumbel(seed, -1),
    'a wrong dtype': (a) => a.random.normal(seed, out, { dtype: 'float64' }),
    'of a pair': (a) => a.gumbelSigmoid.vjp(x, x.subarray(1), { out }),
  };

  test.each(Object.entries(bad))('%s: those of the package, and out is untouched', async (_, run) => {
    let expected: unknown;
    try {
      run(anymax);
    } catch (error) {
      expected = error;
    }
    expect(expected).toBeInstanceOf(Error);
    const actual: unknown = await Promise.resolve(run(asPackage(two))).catch((error: unknown) => error);
    expect(actual).toBeInstanceOf((expected as Error).constructor);
    expect((actual as Error).message).toBe((expected as Error).message);
    expect([...out]).toEqual([5, 6, 7, 8]);
  });

  test('an Rng gives its keys in the order of the calls, and none to a call that fails', async () => {
    const rng = new anymax.Rng(1),
      same = new anymax.Rng(1);
    await expect(two.gumbelMax(rng, x, 3)).rejects.toThrow(RangeError);
    const drawn = [two.random.gumbel(rng, 3), two.gumbelMax(rng, x, 2), two.random.gumbel(rng, 4)];
    expect(rng.state.count).toBe(3);
    const [a, b, c] = await Promise.all(drawn);
    expectSame(a!, anymax.random.gumbel(same, 3));
    expectSame(b!, anymax.gumbelMax(same, x, 2));
    expectSame(c!, anymax.random.gumbel(same, 4));
  });

  test('options are read when the call is made, once; a getter may call the package', async () => {
    const o = { temperature: 1 } as { temperature: number; out?: Float32Array };
    const calls = Array.from({ length: 9 }, (_, i) => {
      o.temperature = 1 + i;
      return two.softmax(x, 2, o);
    });
    o.out = out;
    for (const [i, p] of (await Promise.all(calls)).entries()) {
      expectSame(p, anymax.softmax(x, 2, { temperature: 1 + i }));
    }
    expect([...out]).toEqual([5, 6, 7, 8]);
    let asked = 0;
    class Options {
      get temperature(): number {
        asked++;
        return anymax.softmax(Float32Array.of(3, 3, 3), 3)[0]!;
      }
    }
    expectSame(await two.softmax(x, 2, new Options()), anymax.softmax(x, 2, { temperature: 1 / 3 }));
    expect(asked).toBe(1);
  });

  test('a rejection that nobody awaits is reported', async () => {
    const code = `
      import { pool } from '${dist}threads.js';
      process.on('unhandledRejection', (error) => { console.log(error.message); process.exit(7); });
      const p = await pool({ threads: 1 });
      p.softmax(new Float32Array(3), 2);
      setTimeout(() => {}, 5000);`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], { timeout: 20_000 });
    await expect(run).rejects.toMatchObject({ code: 7, stdout: expect.stringMatching(/^x has length 3/) });
  });

  test('of pool', async () => {
    await expect(pool({ threads: null as never })).rejects.toThrow('threads must be a number, got null');
    await expect(pool({ threads: 0 })).rejects.toThrow(new RangeError('threads must be a positive integer, got 0'));
    await expect(pool({ threads: '2' as never })).rejects.toThrow(TypeError);
    await expect(pool({ workers: 2 } as object)).rejects.toThrow("options: unknown name 'workers'");
    expect(() => two.entmax(0.5)).toThrow(RangeError);
  });
});

test('a worker that ends fails its calls, and another takes its place', async () => {
  const first = workers.length;
  const own = await pool({ threads: 2 });
  const [victim, survivor] = workers.slice(first) as [Worker, Worker];
  const out = new Float32Array(2 ** 23);
  const call = own.random.normal(seed, out);
  const settled = own.argmax(Float32Array.of(1, 2), 2).catch(() => {}); // of the other worker, or behind the first call
  const failed = expect(call).rejects.toThrow(/^a thread has ended before its work: exit code 1$/);
  await victim.terminate();
  await failed;
  expect(out.some((v) => v !== 0)).toBe(false);
  await settled;
  expect(workers.length).toBe(first + 3);
  const x = normals(F32, 50_000, 2);
  expectSame(await own.softmax(x, 5), anymax.softmax(x, 5)); // both have a part of it
  // idle ones as well, both at once
  await Promise.all([survivor.terminate(), workers.at(-1)!.terminate()]);
  expectSame(await own.softmax(x, 5), anymax.softmax(x, 5));
  expect([workers.length, own.threads, own.reason]).toEqual([first + 5, 2, undefined]);
  await own.close();
});

test('after close() calls reject; those made before are done', async () => {
  const own = await pool({ threads: 1 });
  const x = normals(F32, 50_000, 3);
  const calls = Array.from({ length: 9 }, (_, i) => own.softmax(x, 5, { temperature: i }));
  const closed = own.close();
  await expect(own.softmax(x, 5)).rejects.toThrow(new Error('pool used after close()'));
  await closed;
  for (const [i, p] of (await Promise.all(calls)).entries()) expectSame(p, anymax.softmax(x, 5, { temperature: i }));
  await own.close();
});

test('1024 calls may be under way, the next one is an error', async () => {
  const rng = new anymax.Rng(5),
    same = new anymax.Rng(5);
  const calls = await Promise.allSettled(Array.from({ length: 1030 }, () => two.random.uniform(rng, 3)));
  for (const [i, call] of calls.entries()) {
    if (call.status === 'fulfilled') expectSame(call.value, anymax.random.uniform(same, 3));
    else expect([i >= 1024, String(call.reason)]).toEqual([true, expect.stringContaining('1024 calls')]);
  }
  expect(calls.filter(({ status }) => status === 'rejected').length).toBe(6);
  expect(rng.state.count).toBe(1024);
  expectSame(await two.random.uniform(rng, 3), anymax.random.uniform(same, 3));
});

/** Every call gives what the package gives, on one thread, and the reason is known. */
async function expectOneThread(own: Pool, reason: RegExp): Promise<void> {
  expect([own.threads, String(own.reason)]).toEqual([1, expect.stringMatching(reason)]);
  const x = normals(F32, 20, 4);
  expectSame(await own.softmax(x, 5), anymax.softmax(x, 5));
  await expect(own.softmax(x, 7)).rejects.toThrow(RangeError);
  await own.close();
  await expect(own.softmax(x, 5)).rejects.toThrow('after close()');
}

describe('one thread', () => {
  test('where there is no SharedArrayBuffer', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    try {
      await expectOneThread(await pool({ threads: 2 }), /no SharedArrayBuffer/);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('where workers cannot be started', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anymax-threads-'));
    try {
      for (const name of ['index.core.js', 'index.js', 'index.tokens.js', 'threads.js', 'threads_ops.js']) {
        cpSync(join(dist, name), join(folder, name));
      }
      cpSync(join(dist, '../package.json'), join(folder, 'package.json'));
      const alone = (await import(/* @vite-ignore */ join(folder, 'threads.js'))) as Threads;
      await expectOneThread(await alone.pool({ threads: 2 }), /threads_worker\.js/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test.each([
  ['that is closed', 'await p.close();'],
  ['that is idle', ''],
])('a process does not stay for a pool %s', async (_, end) => {
  const code = `
    import { pool } from '${dist}threads.js';
    const p = await pool({ threads: 2 });
    console.log((await p.softmax(new Float32Array(100000), 4))[99999]);
    ${end}`;
  const node = ['--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: 20_000 });
  expect(stdout).toBe('0.25\n');
});
