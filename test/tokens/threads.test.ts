/** anymax/tokens in a pool, as it is built: the bits of one thread with every option, one value per row, and a row alone as in its batch. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DTYPES, expectSame, normals } from '../support/backends.ts';

const dist = new URL('../../dist/', import.meta.url).pathname;
const load = (file: string): Promise<unknown> => import(/* @vite-ignore */ `${dist}${file}`);
const anymax = (await load('index.js')) as typeof import('anymax');
const tokens = (await load('index.tokens.js')) as typeof import('../../src/tokens/tokens.ts');
const { pool } = (await load('threads.js')) as typeof import('../../src/threads/pool.ts');

const N = 3000,
  ROWS = 40;
let workers: Awaited<ReturnType<typeof pool>>;
beforeAll(async () => {
  workers = await pool({ threads: 3 });
});
afterAll(() => workers.close());

describe.each(DTYPES)('$name', (make) => {
  const logits = normals(make, ROWS * N, 3).map((v) => 3 * v) as ReturnType<typeof normals>;
  logits[2 * N + 5] = NaN;
  logits[3 * N + 7] = Infinity;
  logits.fill(-Infinity, 4 * N, 5 * N);
  const perRow = (of: (r: number) => number) => make.make(ROWS, of),
    counts = (of: (r: number) => number) => Int32Array.from({ length: ROWS }, (_, r) => of(r));
  const options = {
    temperature: perRow((r) => (r % 5) / 4),
    nSigma: perRow((r) => 2 + (r % 3)),
    topK: counts((r) => 20 * (r % 4)),
    typicalP: perRow((r) => 1 - (r % 2) / 20),
    topP: perRow((r) => 1 - (r % 7) / 20),
    minP: perRow((r) => (r % 6) / 100),
    epsilon: 1e-4,
    eta: 1e-4,
    xtcThreshold: perRow((r) => 0.2 + (r % 3) / 5),
    minKeep: counts((r) => r % 3),
  };
  const { key, perRow: keyPerRow, Rng, foldIn } = anymax,
    keys = Array.from({ length: ROWS }, (_, r) => foldIn(key('tokens'), r + 3));

  describe('penalize, addBias, allow', () => {
    const offsets = Int32Array.from({ length: ROWS + 1 }, (_, r) => (r * (r - 1)) / 2),
      history = Int32Array.from({ length: offsets[ROWS]! }, (_, j) => ((j * 7) % 50) - 1),
      penalties = { offsets, repetition: perRow((r) => 1 + r / 20), frequency: perRow((r) => r / 9), presence: 0.3 },
      ids = Int32Array.of(3, 5, -1, N - 1, 3),
      bias = make.make(5, (i) => (i === 3 ? -Infinity : i - 2)),
      words = Math.ceil(N / 32),
      mask = Uint32Array.from({ length: ROWS * words }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    type Edits =
      Pick<typeof tokens, 'penalize' | 'addBias' | 'allow'> | Pick<typeof workers, 'penalize' | 'addBias' | 'allow'>;
    const calls: [string, (on: Edits, x: typeof logits, out?: typeof logits) => unknown][] = [
      ['penalize', (on, x, out) => on.penalize(x, N, history, { ...penalties, out })],
      ['addBias', (on, x, out) => on.addBias(x, N, ids, bias, { out })],
      ['allow', (on, x, out) => on.allow(x, N, mask, { out })],
      ['allow, one mask for all', (on, x, out) => on.allow(x, N, mask.subarray(0, words), { out })],
    ];
    const shared = (length: number): typeof logits =>
      new (logits.constructor as Float32ArrayConstructor)(new SharedArrayBuffer(length * logits.BYTES_PER_ELEMENT));

    test.each(calls)('%s', async (_, call) => {
      const expected = call(tokens, logits) as typeof logits;
      expect(expected).not.toEqual(logits);
      expectSame((await call(workers, logits)) as typeof logits, expected);
      const copy = logits.slice();
      expect(await call(workers, copy, copy)).toBe(copy);
      expectSame(copy, expected);
      // in shared memory: in place, and into a part of its input
      const wide = shared(ROWS * N + 5);
      wide.set(logits, 5);
      const moved = wide.subarray(0, ROWS * N);
      expect(await call(workers, wide.subarray(5), moved)).toBe(moved);
      expectSame(moved, expected);
      const there = shared(ROWS * N);
      there.set(logits);
      expect(await call(workers, there, there)).toBe(there);
      expectSame(there, expected);
      const resident = anymax.alloc(logits.constructor as Float32ArrayConstructor, ROWS * N);
      resident.view.set(logits);
      await call(workers, resident as never, resident as never);
      expectSame(resident.view as typeof logits, expected);
      resident.free();
    });

    test('their errors, with nothing written', async () => {
      const out = logits.slice();
      await expect(workers.penalize(logits, N, Int32Array.of(N), { ...penalties, out })).rejects.toThrow(/^history/);
      await expect(workers.penalize(logits, N, history, { out })).rejects.toThrow(/^offsets/);
      await expect(workers.addBias(logits, N, ids, bias.subarray(1), { out })).rejects.toThrow(/^values/);
      await expect(workers.allow(logits, N, mask.subarray(1), { out })).rejects.toThrow(/^mask/);
      await expect(workers.allow(logits, N, mask, { best: 1 } as object)).rejects.toThrow(TypeError);
      expectSame(out, logits);
    });
  });

  test('truncate', async () => {
    const expected = tokens.truncate(logits, N, options);
    expectSame(await workers.truncate(logits, N, options), expected);
    const out = logits.slice();
    expect(await workers.truncate(out, N, { ...options, out })).toBe(out);
    expectSame(out, expected);
  });

  test.each([false, true])('sampleTokens, temperatureLast %s', async (temperatureLast) => {
    for (const source of [() => key(1), () => new Rng(2), () => keys, () => keyPerRow(key(3))]) {
      const [one, many] = [logits, logits].map(() => make.make(ROWS, () => 7));
      const all = { ...options, temperatureLast };
      const expected = tokens.sampleTokens(source(), logits, N, { ...all, logProb: one! });
      const drawn = new Int32Array(ROWS);
      expect(await workers.sampleTokens(source(), logits, N, { ...all, logProb: many!, out: drawn })).toBe(drawn);
      expectSame(drawn, expected);
      expectSame(many!, one!);
      expectSame(await workers.sampleTokens(source(), logits, N, all), expected);
    }
  });

  test('a row alone draws what it draws in its batch', async () => {
    const batch = await workers.sampleTokens(keys, logits, N, options);
    const alone = keys.map((source, r) => {
      const own = Object.entries(options).map(([name, v]) => [name, typeof v === 'number' ? v : v.slice(r, r + 1)]);
      return tokens.sampleTokens([source], logits.slice(r * N, (r + 1) * N), N, Object.fromEntries(own) as object)[0]!;
    });
    expectSame(batch, Int32Array.from(alone));
  });

  test('no row, and errors, which leave an Rng and the arrays as they are', async () => {
    expectSame(
      await workers.sampleTokens(
        key(1),
        make.make(0, () => 0),
        N,
        { topK: 3 },
      ),
      new Int32Array(0),
    );
    const [rng, same] = [new Rng(4), new Rng(4)],
      logProb = make.make(ROWS, () => 7);
    await expect(workers.sampleTokens(rng, logits, N, { topP: 2, logProb })).rejects.toThrow(/^topP must be in/);
    await expect(workers.sampleTokens(rng, logits, N, { topK: counts(() => -1), logProb })).rejects.toThrow(/^topK/);
    await expect(workers.truncate(logits, N, { best: 1 } as object)).rejects.toThrow(TypeError);
    expectSame(
      logProb,
      make.make(ROWS, () => 7),
    );
    expectSame(await workers.sampleTokens(rng, logits, N), tokens.sampleTokens(same, logits, N));
  });
});
