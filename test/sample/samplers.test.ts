/**
 * categorical, gumbelTopK and exponentialRace: what never happens, what may change no draw, and their distributions.
 * Keys are fixed; each statistical test says how rarely a right sampler fails it under a fresh key (z = 5 is exceeded with
 * probability 2.9e-7 on one side) and the smallest error it sees.
 */
import { argmax, categorical, exponentialRace, type Floats, foldIn, gumbelMax, gumbelTopK, init, key } from 'anymax';
import { beforeAll, describe, expect, test } from 'vitest';
import { DTYPES, expectSame, inEverySetting, normals } from '../support/backends.ts';
import { chiSquare, softmaxOf, tally } from '../support/statistics.ts';

const ROOT = key('samplers');
const Z = 5;
const TEMPERATURES = [0, 1e-3, 0.5, 1, 3, Infinity];
/** One envelope an element, of 8 and of 32 vectors; draws one by one and, from n / 16 on, by table. */
const SHAPES = [1, 2, 10, 255, 256, 300, 2000, 40_000].flatMap((n) => [1, 3, 40, 3000].map((draws) => ({ n, draws })));

function repeated(row: Floats, rows: number): Floats {
  const all = new (row.constructor as Float32ArrayConstructor)(rows * row.length);
  for (let r = 0; r < rows; r++) all.set(row, r * row.length);
  return all;
}

inEverySetting((dtype, backend) => {
  const of = (...values: number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const shapes = backend === 'wasm' ? SHAPES : SHAPES.filter(({ n }) => n < 1000);

  test('categorical: in range, never masked; the same draws whatever the number of rows and where they go', () => {
    for (const { n, draws } of shapes) {
      const rows = n > 2000 ? 2 : 5;
      const x = normals(dtype, rows * n, n, 2).map((v, i) => (i % n > 0 && i % 3 === 1 ? -Infinity : v));
      for (const temperature of n < 300 ? TEMPERATURES : [1]) {
        const o = { draws, temperature };
        const drawn = categorical(ROOT, x, n, o);
        expect(drawn.length).toBe(rows * draws);
        drawn.forEach((index, i) => {
          if (!(x[Math.floor(i / draws) * n + index]! > -Infinity)) throw new Error(`n ${n}: drew ${index}`);
        });
        for (const count of [1, rows - 1]) {
          expectSame(categorical(ROOT, x.slice(0, count * n), n, o), drawn.slice(0, count * draws), `n ${n}, ${draws}`);
        }
        const out = new Int32Array(rows * draws + 2).subarray(1, -1);
        expect(categorical(ROOT, dtype.view(x, 1), n, { ...o, out })).toBe(out);
        expectSame(out, drawn, `n ${n}, ${draws} draws, views`);
      }
    }
  });

  test('categorical: across chunks, in place of nothing else', () => {
    const n = 1000,
      rows = 40,
      x = normals(dtype, rows * n, 5);
    for (const draws of [1, 100]) {
      const drawn = categorical(ROOT, x, n, { draws });
      expectSame(categorical(ROOT, x.slice(0, 17 * n), n, { draws }), drawn.slice(0, 17 * draws));
    }
  });

  test('categorical: -1 for NaN or nothing but -Infinity, the first +Infinity, argmax at T = 0, 0 for n = 1', () => {
    for (const n of [2, 5, 300]) {
      const last = n - 1;
      const plain = normals(dtype, n, n);
      const rows = [NaN, -Infinity, Infinity].map((v) => plain.map((w, i) => (v === -Infinity || i === last ? v : w)));
      rows[2]![0] = n > 2 ? 0 : Infinity;
      for (const draws of [1, 2, 400]) {
        for (const temperature of TEMPERATURES) {
          const drawn = rows.map((row) => [...new Set(categorical(ROOT, row, n, { draws, temperature }))]);
          expect(drawn, `n ${n} T ${temperature}`).toEqual([[-1], [-1], [n > 2 ? last : 0]]);
        }
        const cold = categorical(ROOT, plain, n, { draws, temperature: 0 });
        expect([...new Set(cold)]).toEqual([...argmax(plain, n)]);
        expectSame(categorical(ROOT, of(-3), 1, { draws }), new Int32Array(draws));
      }
    }
  });

  test('gumbelTopK: gumbelMax first; no class twice, none masked; -1 where they run out; sorted at T = 0', () => {
    for (const n of [1, 2, 3, 17, 64, 65, 300, 1000]) {
      const rows = 30,
        x = normals(dtype, rows * n, n, 2).map((v, i) => (i % 4 === 3 ? -Infinity : v));
      for (const temperature of TEMPERATURES) {
        const first = gumbelMax(ROOT, x, n, { temperature });
        expectSame(gumbelTopK(ROOT, x, n, 1, { temperature }), first, `n ${n} T ${temperature}`);
        for (const k of new Set([Math.ceil(n / 2), n])) {
          const drawn = gumbelTopK(ROOT, x, n, k, { temperature });
          for (let r = 0; r < rows; r++) {
            const row = x.subarray(r * n, (r + 1) * n),
              open = [...row.keys()].filter((i) => row[i]! > -Infinity);
            const taken = [...drawn.subarray(r * k, (r + 1) * k)];
            const real = taken.filter((index) => index >= 0);
            expect(taken[0]).toBe(first[r]);
            expect(real.length).toBe(Math.min(k, open.length));
            expect(taken.slice(real.length).every((index) => index === -1)).toBe(true);
            expect(new Set(real).size).toBe(real.length);
            expect(real.every((index) => row[index]! > -Infinity)).toBe(true);
            if (temperature === 0) expect(real).toEqual(open.sort((a, b) => row[b]! - row[a]! || a - b).slice(0, k));
          }
        }
      }
    }
    for (const temperature of TEMPERATURES) {
      const odd = of(1, NaN, 2, 0, Infinity, -Infinity, 5, Infinity, -Infinity, -Infinity, -Infinity, -Infinity);
      const drawn = [...gumbelTopK(ROOT, odd, 4, 4, { temperature })];
      expect(drawn.slice(0, 4)).toEqual([-1, -1, -1, -1]);
      // nothing finite is drawn beside +Infinity, but T = 0 sorts
      expect(drawn.slice(4)).toEqual([0, 3, temperature === 0 ? 2 : -1, -1, -1, -1, -1, -1]);
    }
  });

  test('exponentialRace: 0 never wins, the first +Infinity always; -1 for negative, NaN or no weights', () => {
    for (const n of [1, 2, 3, 9, 40, 300]) {
      const rows = 200,
        weights = normals(dtype, rows * n, n).map((v, i) => (i % n > 0 && i % 2 === 1 ? 0 : Math.abs(v)));
      const drawn = exponentialRace(ROOT, weights, n);
      drawn.forEach((index, r) => expect(weights[r * n + index]).toBeGreaterThan(0));
      for (const scale of [2 ** -60, 2 ** 40]) {
        expectSame(exponentialRace(ROOT, weights.map((w) => w * scale), n), drawn, `n ${n}, x ${scale}`); // prettier-ignore
      }
      const row = weights.slice(0, n);
      const at = (value: number, place: number): number => exponentialRace(ROOT, row.with(place, value), n)[0]!;
      for (let place = 0; place < n; place += 7) {
        expect(at(NaN, place)).toBe(-1);
        expect(at(-1e-30, place)).toBe(-1);
        expect(at(-Infinity, place)).toBe(-1);
        expect(at(Infinity, place)).toBe(place);
        if (place > 0) expect(exponentialRace(ROOT, row.with(place, Infinity).with(0, NaN), n)[0]).toBe(-1);
      }
      expect([...exponentialRace(ROOT, dtype.make(n), n)]).toEqual([-1]);
      expect([
        ...exponentialRace(
          ROOT,
          dtype.make(n, () => Infinity),
          n,
        ),
      ]).toEqual([0]);
    }
  });
});

describe.each(DTYPES)('distributions: $name', (dtype) => {
  beforeAll(() => init({ backend: 'wasm' }));
  const seed = foldIn(ROOT, dtype.name === 'float32' ? 32 : 64);
  const P = [0.1, 0.2, 0.3, 0.4];
  const LOGITS = dtype.make(4, (i) => Math.log(P[i]!));

  // 2.9e-7 each. 400 000 draws: of ten classes a probability that is off by 0.003 is seen, of a block of 40 000 classes
  // (256 classes of 157 each) one that is off by 15 %, such as a lane of an envelope that is left out.
  const CASES = [10, 300, 40_000].flatMap((n) =>
    (n > 1000 ? [1] : [1, 0.5, 3]).flatMap((temperature) =>
      (['single', 'few', 'table'] as const).map((how) => ({ n, temperature, how })),
    ),
  );
  test.each(CASES.filter(({ n, how }) => n > 16 || how !== 'few'))(
    'categorical draws from softmax(logits / T): n $n, T $temperature, $how',
    ({ n, temperature, how }) => {
      const row = normals(dtype, n, n, 1.5).map((v, i) => (i % 11 === 7 ? -Infinity : v));
      const total = 400_000;
      // many draws of a row that are fewer than n / 16: by thinning, one row after the other
      const perCall = how === 'table' ? total : how === 'few' ? Math.max(1, Math.ceil(n / 16) - 1) : 1;
      const rows = how === 'table' ? 1 : Math.min(how === 'single' ? total : 40_000, Math.ceil(4e6 / n));
      const drawn: number[] = Array<number>(n).fill(0);
      const logits = repeated(row, rows);
      for (
        let call = 0, done = 0;
        done < (n > 1000 && how === 'single' ? 4000 : total);
        call++, done += rows * perCall
      ) {
        const k = foldIn(foldIn(seed, n * 10 + temperature * 2), call);
        tally(categorical(k, logits, n, { draws: perCall, temperature }), n).forEach((c, i) => (drawn[i]! += c));
      }
      const p = softmaxOf(row, dtype.round(temperature));
      drawn.forEach((count, i) => row[i] === -Infinity && expect(count).toBe(0));
      // classes are joined until each block is expected often
      const blocks = Math.min(n, 256);
      const join = (values: readonly number[]): number[] => {
        const sums = Array<number>(blocks).fill(0);
        values.forEach((v, i) => (sums[i % blocks]! += v));
        return sums;
      };
      const counts = join(drawn);
      if (counts.reduce((a, b) => a + b) > 10_000) expect(chiSquare(counts, join(p))).toBeLessThan(Z);
      // and by place, for what is lost at the ends of groups
      const halves = (values: readonly number[]): number[] => {
        const sums = Array<number>(Math.min(n, 40)).fill(0);
        values.forEach((v, i) => (sums[Math.floor((i * sums.length) / n)]! += v));
        return sums;
      };
      expect(chiSquare(halves(drawn), halves(p))).toBeLessThan(Z);
    },
  );

  // 2.9e-7 each; where rows or draws share random numbers z is above 1000.
  test('categorical: rows, draws and keys are independent', () => {
    const n = 4,
      N = 200_000;
    const one = categorical(foldIn(seed, 1), repeated(LOGITS, N), n),
      many = categorical(foldIn(seed, 2), LOGITS, n, { draws: N }),
      thinned = categorical(foldIn(seed, 3), normals(dtype, 300, 3, 0.1), 300, { draws: 18 });
    expect(new Set(thinned).size).toBeGreaterThan(12);
    const joint = P.flatMap((a) => P.map((b) => a * b));
    for (const [a, b] of [
      [one, one.subarray(1)],
      [many, many.subarray(1)],
      [one, many],
      [one, categorical(foldIn(seed, 4), repeated(LOGITS, N), n)],
    ] as const) {
      const pairs = b.filter((_, i) => i % 2 === 0).map((v, i) => 4 * a[2 * i]! + v);
      expect(chiSquare(tally(pairs, 16), joint)).toBeLessThan(Z);
    }
  });

  // 2.9e-7 each; of 12 ordered pairs sees one whose probability is off by 0.003, such as draws with replacement.
  test.each([1, 0.5])('gumbelTopK: the first two are softmax, then softmax of the rest, T = %d', (temperature) => {
    const N = 400_000,
      p = softmaxOf(LOGITS, temperature);
    const drawn = gumbelTopK(foldIn(seed, 5), repeated(LOGITS, N), 4, 2, { temperature });
    const pairs = new Int32Array(N).map((_, r) => 4 * drawn[2 * r]! + drawn[2 * r + 1]!);
    const expected = p.flatMap((a, i) => p.map((b, j) => (i === j ? 0 : (a * b) / (1 - a))));
    expect(chiSquare(tally(pairs, 16), expected)).toBeLessThan(Z);
  });

  // 2.9e-7 each; sees a probability that is off by 0.003, of a hundred by 0.001.
  test.each([
    ['four', [1, 2, 3, 4]],
    ['with zeros', [0, 5, 0, 1, 4, 0]],
    ['a hundred', Array.from({ length: 100 }, (_, i) => (i * i) % 17)],
  ])('exponentialRace draws in proportion to the weights: %s', (_, weights) => {
    const n = weights.length,
      N = 300_000,
      total = weights.reduce((a, b) => a + b);
    const drawn = exponentialRace(foldIn(seed, 6), repeated(dtype.make(n, (i) => weights[i]! * 1e-6), N), n); // prettier-ignore
    expect(chiSquare(tally(drawn, n), weights.map((w) => w / total))).toBeLessThan(Z); // prettier-ignore
  });
});
